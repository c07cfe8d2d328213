import Kernels
import Testing
@testable import StochasticEM

@Suite struct LaneDealerTests {
    /// Lengths of many kinds: random, a single sequence, fewer than lanes, one that dwarfs all others, empty ones, ties.
    static let lengths: [[Int]] = {
        var random = RandomStream(seed: 5, purpose: .other)
        let drawn = (0..<20).map { _ in
            (0..<1 + random.index(below: 200)).map { _ in random.index(below: 1 + random.index(below: 60)) }
        }
        return drawn + [[1], [9], [3, 1], [100_000, 1, 1, 2], Array(repeating: 4, count: 37), [0, 0, 5, 0], [0], []]
    }()

    /// What a deal has to obey, or the first breach in words.
    static func breach(of lanes: [[Int32]], lengths: [Int]) -> String? {
        let dealt = lanes.joined().map(Int.init).sorted()
        if dealt != lengths.indices.filter({ lengths[$0] > 0 }) { return "not every sequence with events, once" }
        let loads = lanes.map { lane in lane.reduce(0) { $0 + lengths[Int($1)] } }
        // With the longest first, the lane that gets the last sequence was the lightest.
        if loads.max()! - loads.min()! > lengths.max() ?? 0 { return "uneven lanes" }
        return nil
    }

    @Test(arguments: lengths)
    func everySequenceOnceAndLanesEven(lengths: [Int]) {
        for lanes in [1, 2, 7, 16] {
            for epoch in 0..<3 {
                let dealer = LaneDealer(lengths: lengths, lanes: lanes, seed: 3, epoch: epoch)
                #expect(dealer.lanes.count == lanes)
                #expect(LaneDealerTests.breach(of: dealer.lanes, lengths: lengths) == nil)
                let longest = dealer.lanes.map { lane in lane.reduce(0) { $0 + lengths[Int($1)] } }.max()
                #expect(dealer.steps == longest)
            }
        }
    }

    @Test func badDealsAreSeen() {
        let lengths = [5, 5, 5, 5]
        #expect(LaneDealerTests.breach(of: [[0, 1], [2]], lengths: lengths) != nil)
        #expect(LaneDealerTests.breach(of: [[0, 1], [2, 2, 3]], lengths: lengths) != nil)
        #expect(LaneDealerTests.breach(of: [[0, 1, 2], [3]], lengths: lengths) != nil)
        #expect(LaneDealerTests.breach(of: [[0, 3], [2, 1]], lengths: lengths) == nil)
    }

    /// Of equal seeds comes one deal; another epoch or seed deals anew (40 sequences fall alike with probability 1 / 40!).
    @Test func dealtBySeedAndEpoch() {
        let lengths = (0..<40).map { 1 + $0 % 7 }
        func deal(seed: UInt64, epoch: Int) -> [[Int32]] {
            LaneDealer(lengths: lengths, lanes: 4, seed: seed, epoch: epoch).lanes
        }
        #expect(deal(seed: 1, epoch: 2) == deal(seed: 1, epoch: 2))
        #expect(deal(seed: 1, epoch: 2) != deal(seed: 1, epoch: 3))
        #expect(deal(seed: 1, epoch: 2) != deal(seed: 2, epoch: 2))
    }

    /// Another epoch puts other sequences together, and not the same ones in another order only.
    @Test func companyChanges() {
        let lengths = Array(repeating: 3, count: 40)
        let companies = Set((0..<20).map { Set(LaneDealer(lengths: lengths, lanes: 2, seed: 1, epoch: $0).lanes[0]) })
        #expect(companies.count == 20)
    }

    /// Long sequences must not always be read first: over 200 epochs the longest one stands anywhere in its lane.
    @Test func lanesAreShuffled() {
        let lengths = Array(repeating: 2, count: 9) + [3]
        let places = Set((0..<200).map { epoch in
            LaneDealer(lengths: lengths, lanes: 1, seed: 1, epoch: epoch).lanes[0].firstIndex(of: 9)
        })
        #expect(places.count == 10)
    }
}
