import Corpora
import StochasticEM

/// All baselines by name, and model folders of any kind.
public enum ModelCatalog {
    public static let baselines: [any Baseline.Type] = [Popularity.self, MarkovChain.self, SequentialLDA.self]

    /// The baseline of that name, or nil.
    public static func baseline(named name: String) -> (any Baseline.Type)? { baselines.first { $0.name == name } }

    /// Writes a baseline's model folder.
    public static func save(_ model: some Baseline, settings: BaselineSettings, options: CorpusOptions, to path: String) throws {
        let files = try ModelFiles(
            tensors: model.tensors, vocabulary: model.vocabulary,
            settings: ModelDescription(model: type(of: model).name, fit: settings, options: options),
            training: [EpochRecord]())
        try ModelFolder.write(files, to: path)
    }

    /// Reads a model folder, whatever kind of model it holds.
    ///
    /// - Throws: `ModelFolderError`.
    public static func load(_ path: String) throws -> any SequenceModel {
        let files = try ModelFolder.read(path), kind = try files.kind(model: path)
        if kind == "lla" { return try LatentLSTMAllocation.load(files, from: path).model }
        guard let baseline = baseline(named: kind) else {
            throw ModelFolderError.damaged("\(path)/\(ModelFolder.settingsFile)", "there is no kind of model named \"\(kind)\"")
        }
        let description = try files.settings(as: ModelDescription<BaselineSettings>.self, model: path)
        do {
            try description.fit.validate()
        } catch {
            throw ModelFolderError.damaged("\(path)/\(ModelFolder.settingsFile)", "\(error)")
        }
        return try baseline.init(files, settings: description.fit, model: path)
    }
}
