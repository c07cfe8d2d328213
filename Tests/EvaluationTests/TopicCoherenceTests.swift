import Corpora
import Evaluation
import Foundation
import Testing

@Suite struct TopicCoherenceTests {
    private func corpus(_ sequences: [[UInt32]], items: Int) -> Corpus {
        var starts = [0]
        for sequence in sequences { starts.append(starts[starts.count - 1] + sequence.count) }
        return Corpus(
            vocabulary: Vocabulary(items: (0..<items).map { "i\($0)" }, counts: [Int](repeating: 1, count: items)),
            users: sequences.indices.map { "u\($0)" }, items: sequences.flatMap { $0 }, starts: starts)
    }

    /// Four windows: {0,1}, {0,1}, {2,3}, {0,2}.
    @Test func agreesWithWhatIsCountedByHand() throws {
        let log = corpus([[0, 1], [1, 0], [2, 3], [0, 2]], items: 4)
        let found = TopicCoherence.npmi(of: [[0, 1], [0, 3], [0, 2], [2], [0, 1, 3]], in: log)
        // p(0) = 3/4, p(1) = 1/2, p(0,1) = 1/2; p(2) = 1/2, p(0,2) = 1/4.
        let zeroOne = log2(0.5 / (0.75 * 0.5)) / -log2(0.5)
        let zeroTwo = log2(0.25 / (0.75 * 0.5)) / -log2(0.25)
        #expect(abs(try #require(found[0]) - zeroOne) < 1e-12)
        #expect(found[1] == -1)
        #expect(abs(try #require(found[2]) - zeroTwo) < 1e-12)
        #expect(found[3] == nil)
        #expect(abs(try #require(found[4]) - (zeroOne - 2) / 3) < 1e-12)
    }

    @Test func itemsInEveryWindowAreWhollyCoherent() {
        #expect(TopicCoherence.npmi(of: [[0, 1]], in: corpus([[0, 1], [1, 0, 0]], items: 2)) == [1])
    }

    /// Windows of a sequence against windows cut out one by one.
    @Test func slidesAsIfEachWindowWereCutOut() {
        var state: UInt32 = 7
        let sequence = (0..<200).map { _ -> UInt32 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return (state >> 16) % 9
        }
        let cut = (0...sequence.count - 4).map { Array(sequence[$0..<$0 + 4]) }
        let topics = [[0, 1, 2], [3, 4], [5, 6, 7, 8], [8, 0]]
        let slid = TopicCoherence.npmi(of: topics, in: corpus([sequence], items: 9), window: 4)
        #expect(slid == TopicCoherence.npmi(of: topics, in: corpus(cut, items: 9), window: 4))
        #expect(slid != TopicCoherence.npmi(of: topics, in: corpus(cut, items: 9), window: 3))
    }
}
