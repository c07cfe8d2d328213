import Corpora
import Kernels
import StochasticEM

/// Some sequences of a log, event by event, without their users' names.
struct TraceSection: Encodable {
    struct Trace: Encodable {
        /// Events of known items that the sequence has; the page shows the first of them.
        let length: Int
        let items: [Int]
        let probabilities: [Double]
        let topics: [Int]
        let certainty: [Double]
        /// Three topics before each event and, last, behind all that are shown; with their probabilities.
        let expected: [[Int]]
        let expectedProbabilities: [[Double]]
    }

    let traces: [Trace]
    /// Of all events shown, those whose topic was among the three expected.
    let foreseen: Int
    let events: Int

    private static let shown = 12
    private static let longest = 60

    init(_ log: Corpus, model: LatentLSTMAllocation, names: inout ItemNames, shards: Shards) {
        let chosen = Self.choose(log), heads = chosen.map { Self.head(of: $0, in: log) }
        let cut = Corpus(
            vocabulary: log.vocabulary, users: chosen.map { log.users[$0] },
            items: heads.flatMap { log.items[$0] }, starts: heads.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) },
            unknown: log.unknown
        ).withItsUnknown
        let found = TopicTrace.read(cut, model: model, shards: shards)
        var traces: [Trace] = []
        for (n, trace) in zip(chosen, found) {
            let expected = trace.steps.map(\.expected) + [trace.next]
            traces.append(
                Trace(
                    length: log.knownLength(n), items: trace.steps.map { names.place(of: $0.item) },
                    probabilities: trace.steps.map(\.probability.brief), topics: trace.steps.map(\.topic.topic),
                    certainty: trace.steps.map(\.topic.probability.brief), expected: expected.map { $0.map(\.topic) },
                    expectedProbabilities: expected.map { $0.map(\.probability.brief) }))
        }
        self.traces = traces
        foreseen = found.reduce(0) { $0 + $1.steps.count { $0.rank != nil } }
        events = found.reduce(0) { $0 + $1.steps.count }
    }

    /// What is shown of a sequence: all that stands before the first known item too many.
    private static func head(of sequence: Int, in log: Corpus) -> Range<Int> {
        let events = log.range(sequence)
        return events.lowerBound..<(events.filter(log.isKnown).dropFirst(longest).first ?? events.upperBound)
    }

    /// Sequences at even distances among those that have no fewer known items than most.
    private static func choose(_ log: Corpus) -> [Int] {
        let lengths = (0..<log.count).map(log.knownLength), inOrder = lengths.sorted()
        guard let median = inOrder.isEmpty ? nil : inOrder[inOrder.count / 2] else { return [] }
        let eligible = lengths.indices.filter { lengths[$0] >= max(1, median) }
        let count = min(shown, eligible.count)
        return (0..<count).map { eligible[$0 * eligible.count / count] }
    }
}
