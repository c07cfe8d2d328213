import Corpora

/// What settings.json says of a model: which kind it is, and all that it was fitted with.
public struct StoredSettings<Fit: Codable & Sendable & Equatable>: Codable, Sendable, Equatable, CorpusRecord {
    /// Which kind of model: `lla`, or a baseline's name.
    public var model: String
    /// The settings of the fit.
    public var fit: Fit
    /// Times that an item had to be seen in what is observed.
    public var minCount: Int
    /// The share of each sequence, from its head, that the model could be fitted on.
    public var observe: Double
    /// Seconds of the longest pause within a sequence; nil: any.
    public var sessionGap: Double?
    /// Whether of an item that came several times in a row only the first was kept.
    public var dropRepeats: Bool
    /// nil: as many items as were frequent enough.
    public var vocabularySize: Int?
    /// nil: sequences of any length.
    public var minLength: Int?
    /// Words of texts that are no events, themselves, lest a later list by the same name changes what a model reads. nil: none.
    public var stopWords: [String]?
    /// Fingerprint of the model that the fit went on from (`WarmStart`); nil where it went on from none.
    public var warmStart: String?
    /// Whether events were in the order of times, and not in that of the file; nil in formats before 1.1, and where nobody said.
    public var hasTimes: Bool?

    enum CodingKeys: String, CodingKey {
        case model, fit, observe
        case minCount = "min_count"
        case sessionGap = "session_gap"
        case dropRepeats = "drop_repeats"
        case vocabularySize = "vocabulary_size"
        case minLength = "min_length"
        case stopWords = "stop_words"
        case warmStart = "warm_start"
        case hasTimes = "has_times"
    }

    /// - Parameters:
    ///   - model: `lla`, or a baseline's name.
    ///   - options: how the log was made into sequences.
    ///   - times: what the log said of time.
    public init(model: String, fit: Fit, options: CorpusOptions, times: LogTimes? = nil) {
        self.model = model
        self.fit = fit
        minCount = options.minCount
        observe = options.observe
        sessionGap = options.sessionGap
        dropRepeats = options.dropRepeats
        vocabularySize = options.vocabularySize
        minLength = options.minLength > 0 ? options.minLength : nil
        stopWords = options.stopWords == .empty ? nil : options.stopWords.words
        hasTimes = times?.areThere
    }
}

/// How the log of a fitted model was made into sequences: an evaluation has to do the same.
public protocol CorpusRecord: Sendable {
    /// Times that an item had to be seen in what is observed.
    var minCount: Int { get }
    /// The share of each sequence, from its head, that the model could be fitted on.
    var observe: Double { get }
    /// Seconds of the longest pause within a sequence; nil: any.
    var sessionGap: Double? { get }
    /// Whether of an item that came several times in a row only the first was kept.
    var dropRepeats: Bool { get }
    /// Items of the vocabulary at most; nil: as many as were frequent enough.
    var vocabularySize: Int? { get }
    /// Events of a sequence at least; nil: any number.
    var minLength: Int? { get }
    /// Words of texts that are no events; nil: none.
    var stopWords: [String]? { get }
    /// Whether events were in the order of times, and not in that of the file; nil where that was not kept.
    var hasTimes: Bool? { get }
}

/// That of LLA.
public typealias ModelDescription = StoredSettings<FitSettings>

extension ModelDescription {
    /// The kind of model that LLA is.
    public static let lla = "lla"

    /// - Parameters:
    ///   - times: what the log said of time.
    ///   - warmStart: the model that the fit went on from, if there was one.
    public init(fit: FitSettings, options: CorpusOptions, times: LogTimes? = nil, warmStart: WarmStart? = nil) {
        self.init(model: Self.lla, fit: fit, options: options, times: times)
        self.warmStart = warmStart?.fingerprint
    }
}
