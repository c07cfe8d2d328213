import Foundation

/// A known process of the kind that LLA assumes: topics follow a chain, and each shows items.
///
/// Everything is drawn from the seed, so that equal settings mean equal topics, chain and log.
/// More sequences of the same settings begin with the same sequences.
public struct SyntheticProcess: Sendable {
    /// What the process was drawn from, and how long its log is.
    public let settings: SyntheticSettings
    /// φ: which items each topic shows.
    public let topics: TrueTopics
    /// How one topic follows another.
    public let chain: TopicChain
    private let draws: [DiscreteTable]

    /// - Throws: `SyntheticError.setting`.
    public init(_ settings: SyntheticSettings) throws {
        try settings.validate()
        let random = GSLRandom(seed: settings.seed)
        let topics = TrueTopics(drawnBy: random, settings: settings)
        self.init(settings, topics: topics, chain: TopicChain(drawnBy: random, settings: settings))
    }

    /// A process with topics and a chain of the caller's own.
    init(_ settings: SyntheticSettings, topics: TrueTopics, chain: TopicChain) {
        self.settings = settings
        self.topics = topics
        self.chain = chain
        draws = topics.items.map { DiscreteTable(weights: $0.map(\.probability)) }
    }

    /// The name of item w in logs.
    public static func itemName(_ item: Int) -> String { "i\(item)" }

    /// The name of sequence n in logs.
    public static func userName(_ sequence: Int) -> String { "u\(sequence)" }

    /// How many of `length` events are for fitting: at least one, as where a log is read.
    public func observed(of length: Int) -> Int { observedHead(settings.observe, of: length) }

    /// Draws the sequences one by one.
    func source() -> Source { Source(process: self) }

    /// Sequences in order; holds no more than the one that was drawn last.
    struct Source {
        private let process: SyntheticProcess
        // Not the numbers that the topics were drawn with.
        private let random: GSLRandom
        /// Items and true topics of the sequence drawn last.
        private(set) var items: [UInt32] = []
        private(set) var topics: [UInt32] = []

        init(process: SyntheticProcess) {
            self.process = process
            random = GSLRandom(seed: process.settings.seed ^ 0x9E37_79B9)
        }

        mutating func drawSequence() {
            items.removeAll(keepingCapacity: true)
            topics.removeAll(keepingCapacity: true)
            let lengths = process.settings.lengths
            let length = lengths.lowerBound + (lengths.count > 1 ? random.index(below: lengths.count) : 0)
            var state = 0
            for position in 0..<length {
                state = position == 0 ? process.chain.start(random) : process.chain.step(state, random)
                let topic = process.chain.topic[state]
                topics.append(topic)
                items.append(process.topics.items[Int(topic)][process.draws[Int(topic)].draw(random)].index)
            }
        }
    }
}

/// The best that any model can do on a log, on average over logs.
public struct SyntheticOptimum: Codable, Sendable, Equatable {
    /// exp(-mean log p(w_t | w_<t)) over the scored events.
    public let perplexity: Double
    /// Events scored.
    public let tokens: Int
}

extension SyntheticProcess {
    /// Perplexity under the true parameters, of the events behind the observed part of each sequence, each given
    /// everything before it. Items go by name, so that the log may have been written, read and renumbered.
    ///
    /// - Parameters:
    ///   - corpus: a log of this process with no item left out. Its `observed` says which events are scored.
    ///   - sequences: how many sequences at the head of the corpus are scored; all if nil.
    /// - Throws: `SyntheticError.foreignItem`, `.impossibleEvent`, `.nothingToScore`.
    public func optimum(of corpus: Corpus, sequences: Int? = nil) throws -> SyntheticOptimum {
        let numbers = try numbers(of: corpus.vocabulary)
        var filter = ForwardFilter(chain: chain, topics: topics)
        var sum = 0.0, tokens = 0
        for n in 0..<min(sequences ?? corpus.count, corpus.count) {
            filter.reset()
            for (position, item) in corpus.sequence(n).enumerated() {
                let logProbability = filter.next(numbers[Int(item)])
                guard logProbability > -.infinity else {
                    throw SyntheticError.impossibleEvent(user: corpus.users[n], position: position)
                }
                if position >= corpus.observed[n] {
                    sum += logProbability
                    tokens += 1
                }
            }
        }
        if tokens == 0 { throw SyntheticError.nothingToScore }
        return SyntheticOptimum(perplexity: exp(-sum / Double(tokens)), tokens: tokens)
    }

    /// φ as (K, V of the vocabulary), row-major, in the vocabulary's numbering: what learned topics are compared with.
    /// A row sums to less than 1 by what the items that the vocabulary lacks would have.
    ///
    /// - Throws: `SyntheticError.foreignItem`.
    public func phi(over vocabulary: Vocabulary) throws -> [Double] {
        let numbers = try numbers(of: vocabulary), dense = topics.dense
        return (0..<topics.count).flatMap { topic in numbers.map { dense[topic * topics.itemCount + $0] } }
    }

    /// This process's number of each item of a vocabulary.
    private func numbers(of vocabulary: Vocabulary) throws -> [Int] {
        try vocabulary.items.map { name in
            guard name.first == "i", let number = Int(name.dropFirst()), number >= 0, number < topics.itemCount else {
                throw SyntheticError.foreignItem(name)
            }
            return number
        }
    }
}
