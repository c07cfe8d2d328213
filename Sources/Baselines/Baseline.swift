import Corpora
import Kernels
import StochasticEM

/// A rival of LLA: fitted to a log, kept in a folder of the same kind, and read by the same evaluator.
///
/// What a conformer is called, which options it takes and what it keeps is all that it has to say. `BaselineRegister` lists the
/// conformers; nothing else knows them by name.
public protocol Baseline: SequenceModel {
    /// What a fit of it depends on besides the log.
    associatedtype Settings: BaselineSettings

    /// What `lla fit --model` and `settings.json` call it.
    static var name: String { get }

    /// What it is: a clause for a list of all.
    static var summary: String { get }

    /// What it was fitted with; choices that were left to the fit are named.
    var settings: Settings { get }

    /// Bytes that a fit needs besides the log, about.
    static func memory(for training: Corpus, settings: Settings) -> Int

    /// Fits the observed part of a corpus. The model depends on the log and the settings alone, bit by bit.
    ///
    /// - Parameters:
    ///   - settings: valid ones.
    ///   - shards: threads to work with.
    ///   - observe: is told how far it is; what it throws ends the fit.
    static func fitted(
        to corpus: Corpus, settings: Settings, shards: Shards, observe: (BaselineEvent) throws -> Void
    ) throws -> Self

    /// All that was learned.
    var tensors: [Tensor] { get }

    /// The model again, from what `tensors` gave.
    ///
    /// - Parameters:
    ///   - vocabulary: of at least one item.
    ///   - settings: valid ones.
    /// - Throws: `ModelFolderError` where tensors are missing, or do not fit; shapes are checked before anything of their size is made.
    init(_ tensors: StoredTensors, vocabulary: Vocabulary, settings: Settings) throws
}

/// What a baseline depends on besides the log.
public protocol BaselineSettings: Codable, Sendable, Equatable {
    /// The usual ones.
    init()

    /// Options of `lla fit` that say something of these settings; all others are refused.
    static var options: [BaselineOption<Self>] { get }

    /// What becomes of items that are too rare for the vocabulary, and of others that the model does not know.
    var unknownItemsPolicy: UnknownItems { get }

    /// - Throws: `InvalidSetting` for the first that is out of its range.
    func validate() throws
}

extension BaselineSettings {
    public var unknownItemsPolicy: UnknownItems { .skip }

    /// The usual settings, but for the options given.
    ///
    /// - Throws: `UnusedOption` for one that these settings have no use for; `InvalidSetting`.
    public init(_ given: [GivenOption], model: String) throws {
        self.init()
        for option in given {
            guard let place = Self.options.first(where: { $0.name == option.name }) else {
                throw UnusedOption(name: option.name, model: model, used: Self.options.map(\.name))
            }
            place.put(option.value, in: &self)
        }
        try validate()
    }

    func check(_ holds: Bool, _ name: String, _ value: any Sendable, _ remedy: String) throws {
        if !holds { throw InvalidSetting(name: name, value: "\(value)", remedy: remedy) }
    }
}
