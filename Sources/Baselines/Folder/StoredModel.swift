import StochasticEM

/// A model from its folder, of whichever kind: LLA, or a baseline.
public struct StoredModel: Sendable {
    /// The model, ready to read sequences.
    public var model: any SequenceModel
    /// How the log that it was fitted on was made into sequences.
    public let corpus: any CorpusRecord

    /// Reads a model folder, checks its checksums, and that its parts fit together.
    ///
    /// - Throws: `ModelFolderError`.
    public static func load(_ path: String) throws -> StoredModel {
        let files = try ModelFolder.read(path)
        guard let baseline = try BaselineRegister.baseline(of: files, model: path) else {
            let (model, description, _) = try LatentLSTMAllocation.assembled(from: files, model: path)
            return StoredModel(model: model, corpus: description)
        }
        return try assembled(baseline, from: files, model: path)
    }

    private static func assembled<Model: Baseline>(_ type: Model.Type, from files: ModelFiles, model path: String) throws -> StoredModel {
        let (model, description, _) = try Model.assembled(from: files, model: path)
        return StoredModel(model: model, corpus: description)
    }
}

extension BaselineRegister {
    /// The baseline whose folder it is; nil where it is LLA's.
    ///
    /// - Throws: `ModelFolderError` where it is neither.
    static func baseline(of files: ModelFiles, model path: String) throws -> (any Baseline.Type)? {
        let kind = try files.kind(model: path)
        if kind == ModelDescription.lla { return nil }
        if let found = baseline(named: kind) { return found }
        throw ModelFolderError(
            .otherKind, file: "\(path)/\(ModelFolder.settingsFile)", what: "the model is of a kind, \"\(kind.prefix(80))\", that this program does not know",
            remedy: "use a newer version of lla, or fit a model that this one knows")
    }
}
