import Testing
@testable import Evaluation

@Suite struct TopicMatchingTests {
    // Three distributions over four items.
    private let truth: [Double] = [
        0.5, 0.5, 0, 0,
        0, 0.5, 0.5, 0,
        0, 0, 0.25, 0.75,
    ]

    @Test func findsAPermutation() {
        let learned = Array(truth[8..<12] + truth[0..<4] + truth[4..<8])
        let matches = greedyMatching(learned: learned, truth: truth, items: 4)
        #expect(matches.map(\.learned) == [0, 1, 2])
        #expect(matches.map(\.truth) == [2, 0, 1])
        #expect(matches.allSatisfy { $0.totalVariation == 0 })
    }

    /// Both learned topics are nearest to true topic 0; the closer gets it, and the other takes what is left.
    @Test func eachTopicIsUsedOnce() {
        let learned: [Double] = [
            0.5, 0.25, 0.25, 0,
            0.5, 0.375, 0.125, 0,
        ]
        let matches = greedyMatching(learned: learned, truth: truth, items: 4)
        #expect(matches == [
            TopicMatch(learned: 1, truth: 0, totalVariation: 0.125),
            TopicMatch(learned: 0, truth: 1, totalVariation: 0.5),
        ])
    }

    @Test func disjointTopicsAreAtDistanceOne() {
        let matches = greedyMatching(learned: [0, 0, 0, 1], truth: [1, 0, 0, 0], items: 4)
        #expect(matches == [TopicMatch(learned: 0, truth: 0, totalVariation: 1)])
    }

    @Test func tiesGoToLowerNumbers() {
        let matches = greedyMatching(learned: [0.5, 0.5, 0.5, 0.5], truth: [1, 0, 0, 1], items: 2)
        #expect(matches.map { [$0.learned, $0.truth] } == [[0, 0], [1, 1]])
    }

    @Test func moreLearnedThanTrueTopicsLeavesTheWorstOut() {
        let learned = truth + [0.25, 0.25, 0.25, 0.25]
        let matches = greedyMatching(learned: learned, truth: truth, items: 4)
        #expect(matches.map(\.learned) == [0, 1, 2])
    }
}
