/// What a synthetic log is drawn from, and how much of it.
///
/// The defaults are those that acceptance is measured on: 20 topics over 2,000 items,
/// 10,000 sequences of 60 events, tasks that are interrupted.
public struct SyntheticSettings: Codable, Sendable, Equatable {
    /// How one topic follows another. Which topics follow which is drawn from the seed.
    public enum Dynamics: Codable, Sendable, Equatable {
        /// A first-order chain: a topic lasts with probability `stay`, else it gives way to one
        /// of `successors` others, with probabilities drawn from a flat Dirichlet distribution.
        case markov(successors: Int, stay: Double)

        /// Tasks that are interrupted: the topics are dealt to `count` tasks, and a task goes round its own
        /// topics in a fixed order, each lasting with probability `stay`. With probability `interruption` a
        /// step, another task cuts in at its first topic, runs for `meanRun` steps on average (a geometric
        /// number), and then the first goes on at the topic where it was left.
        ///
        /// What follows an interruption cannot be told from the last topic alone; a recurrent network can carry it.
        case tasks(count: Int, stay: Double, interruption: Double, meanRun: Double)
    }

    /// K.
    public var topics = 20
    /// V.
    public var items = 2_000
    /// N.
    public var sequences = 10_000
    /// Events of a sequence: uniform on this range.
    public var lengths = 60...60
    /// The share of the items that each topic can show; K times this is the number of topics that share an item.
    public var support = 0.08
    /// Dirichlet concentration of a topic over its items: the smaller, the fewer items carry most of it.
    public var concentration = 0.3
    /// How one topic follows another.
    public var dynamics = Dynamics.tasks(count: 4, stay: 0.15, interruption: 0.1, meanRun: 5)
    /// The share at the head of each sequence that is for fitting; the rest is scored.
    public var observe = 0.6
    /// GSL's Mersenne twister takes 32 bits.
    public var seed: UInt32 = 1

    /// The defaults.
    public init() {}

    /// States of the chain that drives the topics: K, or K + K² where a task may be interrupted.
    public var states: Int {
        switch dynamics {
        case .markov: topics
        case .tasks: topics * (1 + topics)
        }
    }

    /// - Throws: `SyntheticError.setting` for the first setting that makes no sense, with a remedy.
    public func validate() throws {
        // Counts are 32 bits wide in files and in GSL's random integers.
        let most = Int(Int32.max)
        try require((1...1_000_000).contains(topics), "topics", "\(topics)", "ask for at least one, and at most 1,000,000")
        try require((1...100_000_000).contains(items), "items", "\(items)", "ask for at least one, and at most 100,000,000")
        try require((1...most).contains(sequences), "sequences", "\(sequences)", "ask for at least one, and at most 2,147,483,647")
        let shownLengths = lengths.lowerBound == lengths.upperBound ? "\(lengths.lowerBound)" : "\(lengths.lowerBound)-\(lengths.upperBound)"
        try require(lengths.lowerBound >= 1, "lengths", shownLengths, "a sequence needs at least one event")
        try require(lengths.upperBound <= 100_000_000, "lengths", shownLengths, "ask for at most 100,000,000 events a sequence")
        try require(support > 0 && support <= 1, "support", "\(support)", "give a share above 0 and at most 1, such as 0.08")
        try require((support * Double(items)).rounded() >= 1, "support", "\(support)",
                    "no item would be left to a topic; give at least \(1 / Double(items))")
        // What is held in memory: 16 bytes for each item that a topic can show, twice, and a sequence.
        let shown = Double(topics) * support * Double(items)
        try require(shown <= 2e8, "items", "\(items)", "ask for topics times support times items of at most 200,000,000")
        // Beyond, what a topic's probabilities are made of would leave the range of numbers.
        try require(concentration >= 1e-100 && concentration <= 1e100, "concentration", "\(concentration)", "give a number from 1e-100 to 1e100, such as 0.3")
        try require(observe >= 0 && observe <= 1, "observe", "\(observe)", "give a share from 0 to 1, such as 0.6")
        try validateDynamics()
        try require(states <= 20_000_000, "topics", "\(topics)", "interrupted tasks need K + K² states; ask for at most 4,000 topics, or for markov dynamics")
    }

    private func validateDynamics() throws {
        switch dynamics {
        case .markov(let successors, let stay):
            try require(topics >= 2, "topics", "\(topics)", "a chain needs at least two")
            try require((1..<topics).contains(successors), "successors", "\(successors)", "give 1 to K - 1 = \(topics - 1)")
            try require(stay >= 0 && stay < 1, "stay", "\(stay)", "give a probability from 0 to below 1")
        case .tasks(let count, let stay, let interruption, let meanRun):
            try require(count >= 2 && count <= topics, "tasks", "\(count)", "give 2 to K = \(topics), so that each task has a topic and another can cut in")
            try require(stay >= 0 && stay < 1, "stay", "\(stay)", "give a probability from 0 to below 1")
            try require(interruption >= 0 && interruption < 1, "interruption", "\(interruption)", "give a probability from 0 to below 1")
            try require(meanRun >= 1 && meanRun.isFinite, "meanRun", "\(meanRun)", "a run lasts at least 1 step")
        }
    }

    private func require(_ holds: Bool, _ name: String, _ value: String, _ remedy: String) throws {
        if !holds { throw SyntheticError.setting(name: name, value: value, remedy: remedy) }
    }
}

/// Why a synthetic log could not be drawn, written or scored.
public enum SyntheticError: Error, Equatable, CustomStringConvertible {
    /// A setting that makes no sense, its value as text, and what to do about it: a clause without a full stop.
    case setting(name: String, value: String, remedy: String)
    /// An item of a log that the process does not know.
    case foreignItem(String)
    /// An event that has probability 0 under the process.
    case impossibleEvent(user: String, position: Int)
    /// Every event of the log is in the observed part.
    case nothingToScore
    /// The file cannot be made.
    case cannotCreate(path: String, reason: String)
    /// The file cannot be written to its end, and is gone.
    case cannotWrite(path: String, reason: String)

    public var description: String {
        switch self {
        case .setting(let name, let value, let remedy):
            "synthetic log: \(name) = \(value) cannot be: \(remedy)"
        case .foreignItem(let item):
            "item '\(item)' is not of this synthetic process: score the log that was drawn with the same settings"
        case .impossibleEvent(let user, let position):
            "event \(position + 1) of '\(user)' cannot happen under this synthetic process: score the log that was drawn with the same settings, with no item left out"
        case .nothingToScore:
            "no event lies behind the observed part of its sequence: observe a smaller share"
        case .cannotCreate(let path, let reason), .cannotWrite(let path, let reason):
            "\(path): cannot write: \(reason)"
        }
    }
}
