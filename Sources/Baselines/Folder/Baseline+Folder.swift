import Corpora
import Foundation
import StochasticEM

extension Baseline {
    /// Writes the model folder: all of it, or nothing.
    ///
    /// - Parameter times: what the log said of time.
    /// - Throws: `ModelFolderError`, which leaves what was there before.
    public func save(to path: String, options: CorpusOptions, times: LogTimes? = nil, training: [BaselineEpoch]) throws {
        let files = try ModelFiles(
            tensors: tensors, vocabulary: vocabulary,
            settings: StoredSettings(model: Self.name, fit: settings, options: options, times: times), training: training)
        try ModelFolder.write(files, to: path, checkpoint: .dropped)
    }

    /// Makes a model of what its folder holds, and checks that the parts fit together.
    ///
    /// - Parameter path: of the folder, for errors.
    /// - Throws: `ModelFolderError`.
    static func assembled(
        from files: ModelFiles, model path: String
    ) throws -> (model: Self, description: StoredSettings<Settings>, training: [BaselineEpoch]) {
        let description = try files.settings(as: StoredSettings<Settings>.self, model: path)
        do {
            try description.fit.validate()
        } catch {
            throw ModelFolderError.damaged("\(path)/\(ModelFolder.settingsFile)", "\(error)")
        }
        guard files.vocabulary.count > 0 else {
            throw ModelFolderError.damaged("\(path)/\(ModelFolder.vocabularyFile)", "there is no item")
        }
        let model = try Self(StoredTensors(files, model: path), vocabulary: files.vocabulary, settings: description.fit)
        let decoder = JSONDecoder()
        let training = try files.training.map { line in
            do {
                return try decoder.decode(BaselineEpoch.self, from: line)
            } catch {
                throw ModelFolderError.damaged("\(path)/\(ModelFolder.trainingFile)", "a line cannot be understood (\(error))")
            }
        }
        return (model, description, training)
    }
}
