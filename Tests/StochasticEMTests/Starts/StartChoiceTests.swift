import Corpora
import Foundation
import Kernels
import Testing
@testable import StochasticEM

@Suite struct StartChoiceTests {
    /// Each event from the user's own few items, in no order.
    static func baskets() -> Corpus {
        var random = RandomStream(seed: 3, purpose: .synthesis)
        let sequences = (0..<150).map { _ in
            let taste = (0..<8).map { _ in random.index(below: 60) }
            return (0..<40).map { _ in taste[random.index(below: 8)] }
        }
        return corpus(sequences, items: 60)
    }

    @Test func clustersForOrderAndLDAForTaste() {
        #expect(FitSettings.Start.auto.resolved(for: ring(groups: 5, size: 8)) == .clusters)
        #expect(FitSettings.Start.auto.resolved(for: StartChoiceTests.baskets()) == .lda)
        #expect(FitSettings.Start.auto.resolved(for: corpus([[0], [1]], items: 2)) == .lda)
        for start in FitSettings.Start.allCases where start != .auto {
            #expect(start.resolved(for: StartChoiceTests.baskets()) == start)
        }
    }

    /// A fit with `auto` is, to the bit, the one with the start that it names; and the model says which it was.
    @Test func autoIsTheStartThatItNames() throws {
        for (log, named) in [(ring(groups: 5, size: 8, walks: 80), FitSettings.Start.clusters), (StartChoiceTests.baskets(), .lda)] {
            var said: [String] = []
            let auto = SmallFit.settings { ($0.start, $0.epochs, $0.topics) = (.auto, 2, 5) }
            let model = try Fit(settings: auto, shards: Shards(threads: 2)).run(log) {
                if case .preparing(let what) = $0 { said.append(what) }
            }
            #expect(said == ["\(named.rawValue) start"] && model.settings.start == named)
            var settings = auto
            settings.start = named
            let other = try SmallFit.run(log, settings).model
            #expect(SmallFit.bits(other) == SmallFit.bits(model) && other.settings == model.settings)
            #expect(
                try FitSettings.Start.auto.method(auto, for: log).topics(for: log, topics: 5, seed: 1, shards: Shards(threads: 1))
                    == named.method(auto, for: log).topics(for: log, topics: 5, seed: 1, shards: Shards(threads: 1)))
        }
    }

    /// What is scored later has no say: the observed heads alone decide.
    @Test func whatIsScoredHasNoSay() throws {
        let walks = ring(groups: 5, size: 8, walks: 150, length: 40), baskets = StartChoiceTests.baskets()
        let sequences = (0..<150).map { (walks.sequence($0) + baskets.sequence($0)).map(Int.init) }
        let both = corpus(sequences, items: 60)
        let log = Corpus(
            vocabulary: both.vocabulary, users: both.users, items: both.items, starts: both.starts,
            observed: (0..<150).map { _ in 40 })
        let settings = SmallFit.settings { ($0.start, $0.epochs) = (.auto, 1) }
        #expect(try SmallFit.run(log, settings).model.settings.start == .clusters)
        let turned = corpus((0..<150).map { (baskets.sequence($0) + walks.sequence($0)).map(Int.init) }, items: 60)
        let other = Corpus(
            vocabulary: turned.vocabulary, users: turned.users, items: turned.items, starts: turned.starts,
            observed: (0..<150).map { _ in 40 })
        #expect(try SmallFit.run(other, settings).model.settings.start == .lda)
    }

    /// The default; and a folder from before there was a choice keeps the start that it names.
    @Test func autoIsTheDefault() throws {
        #expect(FitSettings().start == .auto)
        #expect(try JSONDecoder().decode([FitSettings.Start].self, from: Data("[\"clusters\",\"lda\",\"random\"]".utf8)) == [.clusters, .lda, .random])
    }
}
