import Corpora
import Foundation
import Kernels
import Recurrence
import TopicSampling

extension LatentLSTMAllocation {
    /// The tensor of n_wk, (V, K).
    static let countsTensor = "item_topic_counts"

    /// Writes the model folder: all of it, or nothing.
    ///
    /// - Parameters:
    ///   - times: what the log said of time.
    ///   - warmStart: what the fit went on from, if anything.
    ///   - checkpoint: what becomes of one that lies there; a fit that has come to its end needs its own no more.
    /// - Throws: `ModelFolderError`, which leaves what was there before.
    public func save(
        to path: String, options: CorpusOptions, times: LogTimes? = nil, training: [EpochRecord], warmStart: WarmStart? = nil,
        checkpoint: ModelFolder.CheckpointPolicy = .carriedOver
    ) throws {
        var tensors = network.tensors
        tensors.append(Tensor(Self.countsTensor, shape: [vocabulary.count, counts.topics], counts.snapshot()))
        let files = try ModelFiles(
            tensors: tensors, vocabulary: vocabulary,
            settings: ModelDescription(fit: settings, options: options, times: times, warmStart: warmStart), training: training)
        try ModelFolder.write(files, to: path, checkpoint: checkpoint)
    }

    /// Reads a model folder, checks its checksums, and that its parts fit together.
    ///
    /// - Throws: `ModelFolderError`.
    public static func load(_ path: String) throws -> (model: LatentLSTMAllocation, description: ModelDescription, training: [EpochRecord]) {
        try assembled(from: ModelFolder.read(path), model: path)
    }

    /// Makes a model of what its folder holds, and checks that the parts fit together.
    ///
    /// - Parameter path: of the folder, for errors.
    /// - Throws: `ModelFolderError`.
    package static func assembled(
        from files: ModelFiles, model path: String
    ) throws -> (model: LatentLSTMAllocation, description: ModelDescription, training: [EpochRecord]) {
        let kind = try files.kind(model: path)
        guard kind == ModelDescription.lla else {
            throw ModelFolderError(
                .otherKind, file: path, what: "the model is \"\(kind)\", and this takes LLA",
                remedy: "name a model that lla fit has written without --model")
        }
        let description = try files.settings(as: ModelDescription.self, model: path)
        let settings = description.fit
        do {
            try settings.validate()
        } catch {
            throw ModelFolderError.damaged("\(path)/\(ModelFolder.settingsFile)", "\(error)")
        }
        guard files.vocabulary.count > 0 else {
            throw ModelFolderError.damaged("\(path)/\(ModelFolder.vocabularyFile)", "there is no item")
        }
        // Shapes are checked before anything of their size is allocated: a tensor that is there bounds them.
        let spelling = settings.spelling(of: files.vocabulary)
        let shape = settings.networkShape(items: files.vocabulary.count, spelling: spelling)
        let table = try files.numbers(
            countsTensor, shape: [files.vocabulary.count, settings.topics], as: Int32.self, model: path)
        guard table.allSatisfy({ $0 >= 0 }) else {
            throw ModelFolderError.damaged("\(path)/\(ModelFolder.tensorFile)", "a count is negative")
        }
        var totals = [Int](repeating: 0, count: settings.topics)
        for (place, count) in table.enumerated() { totals[place % settings.topics] += Int(count) }
        guard totals.allSatisfy({ $0 <= Int(Int32.max) }) else {
            throw ModelFolderError.damaged("\(path)/\(ModelFolder.tensorFile)", "a topic has more events than can be counted")
        }
        _ = try files.numbers("recurrent", shape: [shape.hidden, shape.cell.layout(hidden: shape.hidden).recurrent.count], as: Float.self, model: path)
        if let spelled = shape.spelled {
            _ = try files.numbers("character_embedding", shape: [spelled.characters, spelled.embedding], as: Float.self, model: path)
            _ = try files.numbers("forward_recurrent", shape: [spelled.hidden, 4 * spelled.hidden], as: Float.self, model: path)
        }
        let network = RecurrentNetwork(shape, spelling: spelling, seed: settings.seed)
        try network.takeWeights { name, rows, columns in
            let numbers = try files.numbers(name, shape: [rows, columns], as: Float.self, model: path)
            guard numbers.allSatisfy(\.isFinite) else {
                throw ModelFolderError.damaged("\(path)/\(ModelFolder.tensorFile)", "tensor \"\(name)\" is not finite")
            }
            return numbers
        }
        let counts = try TopicCounts(
            items: files.vocabulary.count, topics: settings.topics, concentration: Float(settings.beta))
        counts.restore(table)
        let decoder = JSONDecoder()
        let training = try files.training.map { line in
            do {
                return try decoder.decode(EpochRecord.self, from: line)
            } catch {
                throw ModelFolderError.damaged("\(path)/\(ModelFolder.trainingFile)", "a line cannot be understood (\(error))")
            }
        }
        let model = LatentLSTMAllocation(vocabulary: files.vocabulary, settings: settings, network: network, counts: counts)
        return (model, description, training)
    }
}
