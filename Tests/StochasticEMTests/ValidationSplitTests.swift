import Corpora
import Testing
@testable import StochasticEM

@Suite struct ValidationSplitTests {
    static let log = corpus((0..<41).map { n in (0..<1 + n % 5).map { ($0 + n) % 6 } }, items: 6)

    /// Users and events of a corpus.
    static func contents(_ corpus: Corpus) -> [String: [UInt32]] {
        Dictionary(uniqueKeysWithValues: (0..<corpus.count).map { (corpus.users[$0], Array(corpus.sequence($0))) })
    }

    @Test(arguments: [0.01, 0.1, 0.25, 0.5])
    func disjointAndComplete(share: Double) {
        let log = ValidationSplitTests.log
        let split = ValidationSplit(log, share: share, seed: 4)
        let training = ValidationSplitTests.contents(split.training)
        let validation = ValidationSplitTests.contents(split.validation)
        #expect(Set(training.keys).isDisjoint(with: validation.keys))
        #expect(training.merging(validation) { a, _ in a } == ValidationSplitTests.contents(log))
        // A sequence of one event has nothing to be predicted from.
        #expect(validation.values.allSatisfy { $0.count > 1 })
        let candidates = (0..<log.count).count { log.length($0) > 1 }
        #expect(validation.count == max(1, Int((share * Double(candidates)).rounded())))
    }

    @Test func bySeed() {
        func users(_ seed: UInt64) -> [String] { ValidationSplit(ValidationSplitTests.log, share: 0.3, seed: seed).validation.users }
        #expect(users(1) == users(1))
        #expect(users(1) != users(2))
    }

    @Test func smallLogsKeepTheirTraining() {
        #expect(ValidationSplit(ValidationSplitTests.log, share: 0, seed: 1).validation.count == 0)
        for sequences in 0..<5 {
            let log = corpus([[Int]](repeating: [0, 1, 0], count: sequences), items: 2)
            let split = ValidationSplit(log, share: 0.5, seed: 1)
            #expect(split.training.count >= min(2, sequences))
            #expect(split.training.count + split.validation.count == sequences)
        }
        // What has an order stays, where it is little: among sequences of one event, or as the longest of few.
        let singletons = [[Int]](repeating: [0], count: 99)
        for few in 0..<4 {
            let split = ValidationSplit(corpus([[Int]](repeating: [0, 1, 0, 1], count: few) + singletons, items: 2), share: 0.5, seed: 1)
            #expect(split.validation.count == max(0, few - 2))
        }
        let long = corpus([[Int](repeating: 0, count: 1000)] + [[Int]](repeating: [0, 1], count: 9), items: 2)
        for seed in 0..<40 {
            let split = ValidationSplit(long, share: 0.5, seed: UInt64(seed))
            #expect(split.validation.count == 5 && split.validation.items.count == 10)
        }
        let single = ValidationSplit(corpus([[0], [1], [0], [1]], items: 2), share: 0.5, seed: 1)
        #expect(single.validation.count == 0 && single.training.count == 4)
    }
}
