import Foundation
import Testing
@testable import Corpora

@Suite struct ForwardFilterTests {
    private func tiny() -> SyntheticSettings {
        var settings = SyntheticSettings()
        settings.topics = 4
        settings.items = 6
        settings.support = 0.5
        settings.sequences = 12
        settings.lengths = 1...5
        settings.dynamics = .tasks(count: 2, stay: 0.2, interruption: 0.3, meanRun: 2)
        return settings
    }

    /// p(w_1 … w_t) by summing over every path of states.
    private func enumerated(_ items: ArraySlice<UInt32>, _ process: SyntheticProcess) -> Double {
        let phi = process.topics.dense, chain = process.chain
        func sum(_ items: ArraySlice<UInt32>, _ ways: ArraySlice<TopicChain.Transition>) -> Double {
            guard let item = items.first else { return 1 }
            return ways.reduce(0) { total, way in
                let shown = phi[Int(chain.topic[way.to]) * process.topics.itemCount + Int(item)]
                return total + way.probability * shown * sum(items.dropFirst(), chain.row(way.to))
            }
        }
        return sum(items, chain.initial[...])
    }

    @Test(arguments: [1, 2, 3] as [UInt32])
    func agreesWithEnumeration(seed: UInt32) throws {
        var settings = tiny()
        settings.seed = seed
        let synthetic = try SyntheticCorpus(settings), process = synthetic.process, corpus = synthetic.corpus
        var filter = ForwardFilter(chain: process.chain, topics: process.topics)
        var sum = 0.0, tokens = 0
        for n in 0..<corpus.count {
            filter.reset()
            let items = corpus.sequence(n)
            var before = 1.0
            for (position, item) in items.enumerated() {
                let upTo = enumerated(items.prefix(position + 1), process)
                let logProbability = filter.next(Int(item))
                #expect(abs(logProbability - log(upTo / before)) < 1e-10)
                if position >= corpus.observed[n] {
                    sum += log(upTo / before)
                    tokens += 1
                }
                before = upTo
            }
        }
        let optimum = try synthetic.optimum()
        #expect(optimum.tokens == tokens)
        #expect(abs(optimum.perplexity / exp(-sum / Double(tokens)) - 1) < 1e-10)
    }

    @Test func probabilitiesOfTheNextItemSumToOne() throws {
        let synthetic = try SyntheticCorpus(tiny()), process = synthetic.process
        for n in 0..<synthetic.corpus.count {
            var filter = ForwardFilter(chain: process.chain, topics: process.topics)
            for item in synthetic.corpus.sequence(n) {
                let sum = (0..<6).reduce(0.0) { total, next in
                    var ahead = filter
                    return total + exp(ahead.next(next))
                }
                #expect(abs(sum - 1) < 1e-12)
                _ = filter.next(Int(item))
            }
        }
    }

    /// On the default log, chains that know less must do worse: one that forgets which task was interrupted, and the
    /// first-order chain with the log's own frequencies. Both gaps are many times the sampling error of 240,000 events.
    @Test func memoryIsWorthSomething() throws {
        let synthetic = try SyntheticCorpus(SyntheticSettings()), process = synthetic.process
        let best = try synthetic.optimum()
        #expect(best.tokens == 240_000)

        let forgetful = SyntheticProcess(process.settings, topics: process.topics, chain: process.chain.forgetful(topics: 20))
        let forgotten = try forgetful.optimum(of: synthetic.corpus)
        #expect(forgotten.perplexity > best.perplexity * 1.01)

        var counts = [Double](repeating: 0, count: 400)
        for n in 0..<synthetic.corpus.count {
            let path = synthetic.topics[synthetic.corpus.range(n)]
            for (from, to) in zip(path, path.dropFirst()) { counts[Int(from) * 20 + Int(to)] += 1 }
        }
        let firstOrder = TopicChain(topic: Array(0..<20), initial: TopicChain.uniform(20)) { topic in
            let row = counts[topic * 20..<topic * 20 + 20], total = row.reduce(0, +)
            return row.enumerated().map { TopicChain.Transition(to: $0, probability: $1 / total) }
        }
        let chained = try SyntheticProcess(process.settings, topics: process.topics, chain: firstOrder).optimum(of: synthetic.corpus)
        #expect(chained.perplexity > best.perplexity * 1.03)
    }

    @Test func itemsGoByName() throws {
        let synthetic = try SyntheticCorpus(tiny()), corpus = synthetic.corpus
        let reversed = Corpus(
            vocabulary: Vocabulary(items: corpus.vocabulary.items.reversed(), counts: corpus.vocabulary.counts.reversed()),
            users: corpus.users, items: corpus.items.map { 5 - $0 }, starts: corpus.starts, observed: corpus.observed)
        #expect(try synthetic.process.optimum(of: reversed) == synthetic.optimum())
        let phi = try synthetic.process.phi(over: reversed.vocabulary), dense = synthetic.process.topics.dense
        for topic in 0..<4 {
            for item in 0..<6 { #expect(phi[topic * 6 + item] == dense[topic * 6 + 5 - item]) }
        }
    }

    @Test func refusesForeignLogs() throws {
        let process = try SyntheticProcess(tiny())
        func log(_ names: [String], observed: Int = 0) -> Corpus {
            Corpus(vocabulary: Vocabulary(items: names, counts: names.map { _ in 1 }), users: ["u0"],
                   items: Array(0..<UInt32(names.count)), starts: [0, names.count], observed: [observed])
        }
        for name in ["milk", "i6", "i-1", "i", ""] {
            #expect(throws: SyntheticError.foreignItem(name)) { try process.optimum(of: log([name])) }
        }
        #expect(throws: SyntheticError.nothingToScore) { try process.optimum(of: log(["i0"], observed: 1)) }

        // A round 0 → 1 → 0 with no way to stay, and an item of its own for each topic.
        let topics = TrueTopics(items: [[.init(index: 0, probability: 1)], [.init(index: 1, probability: 1)]], itemCount: 2)
        let round = TopicChain(topic: [0, 1], initial: [.init(to: 0, probability: 1)]) { [.init(to: 1 - $0, probability: 1)] }
        let rigid = SyntheticProcess(tiny(), topics: topics, chain: round)
        #expect(try rigid.optimum(of: log(["i0", "i1"])).perplexity == 1)
        #expect(throws: SyntheticError.impossibleEvent(user: "u0", position: 0)) { try rigid.optimum(of: log(["i1", "i0"])) }
    }
}
