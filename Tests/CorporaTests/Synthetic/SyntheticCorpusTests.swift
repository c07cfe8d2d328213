import Testing
@testable import Corpora

/// Statistical tests here raise a false alarm for one seed in a million; the seeds are fixed.
private let falseAlarm = 1e-6

@Suite struct SyntheticCorpusTests {
    private func small(_ dynamics: SyntheticSettings.Dynamics, seed: UInt32 = 3) -> SyntheticSettings {
        var settings = SyntheticSettings()
        settings.topics = 6
        settings.items = 50
        settings.support = 0.3
        settings.sequences = 2_000
        settings.lengths = 10...30
        settings.dynamics = dynamics
        settings.seed = seed
        return settings
    }

    @Test func equalSettingsGiveEqualLogs() throws {
        let settings = small(.markov(successors: 2, stay: 0.3))
        let first = try SyntheticCorpus(settings), second = try SyntheticCorpus(settings)
        #expect(first.corpus.items == second.corpus.items)
        #expect(first.topics == second.topics)
        #expect(first.process.topics.dense == second.process.topics.dense)
        let other = try SyntheticCorpus(small(.markov(successors: 2, stay: 0.3), seed: 4))
        #expect(other.corpus.items != first.corpus.items)
        #expect(other.process.topics.dense != first.process.topics.dense)
    }

    @Test func moreSequencesBeginWithTheSame() throws {
        var settings = small(.markov(successors: 2, stay: 0.3))
        let short = try SyntheticCorpus(settings)
        settings.sequences = 3_000
        let long = try SyntheticCorpus(settings)
        #expect(long.corpus.items.starts(with: short.corpus.items))
    }

    @Test func logHasTheShapeAskedFor() throws {
        let synthetic = try SyntheticCorpus(small(.markov(successors: 2, stay: 0.3)))
        let corpus = synthetic.corpus
        #expect(corpus.count == 2_000 && corpus.vocabulary.count == 50)
        #expect(synthetic.topics.count == corpus.items.count)
        #expect(Set((0..<corpus.count).map(corpus.length)) == Set(10...30))
        #expect((0..<corpus.count).allSatisfy { corpus.observed[$0] == Int(0.6 * Double(corpus.length($0))) })
        #expect(corpus.vocabulary.counts.reduce(0, +) == corpus.items.count)
    }

    @Test func topicsAreSparseOverlappingDistributions() throws {
        let topics = try SyntheticProcess(SyntheticSettings()).topics
        for entries in topics.items {
            #expect(abs(entries.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
            #expect((0.05...0.12).contains(Double(entries.count) / 2_000))
        }
        #expect(topics.topics.allSatisfy { !$0.isEmpty }, "every item belongs to a topic")
        let ambiguous = topics.topics.filter { $0.count > 1 }.count
        #expect(ambiguous > 700, "many items belong to several topics: \(ambiguous)")
        for (item, entries) in topics.topics.enumerated() {
            for entry in entries { #expect(topics.dense[Int(entry.index) * 2_000 + item] == entry.probability) }
        }
    }

    /// Each topic's items against its row of φ. The twin compares with the topic after it.
    @Test func itemsFollowTheTrueTopics() throws {
        let synthetic = try SyntheticCorpus(small(.markov(successors: 2, stay: 0.3)))
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 50), count: 6)
        for (topic, item) in zip(synthetic.topics, synthetic.corpus.items) { counts[Int(topic)][Int(item)] += 1 }
        let phi = synthetic.process.topics.dense
        for topic in 0..<6 {
            let next = (topic + 1) % 6
            #expect(chiSquareTail(observed: counts[topic], probabilities: Array(phi[topic * 50..<topic * 50 + 50])) > falseAlarm)
            #expect(chiSquareTail(observed: counts[topic], probabilities: Array(phi[next * 50..<next * 50 + 50])) < falseAlarm)
        }
    }

    /// Pairs of neighbouring topics against the chain's rows. The twin compares with the chain of another seed.
    @Test func markovTopicsFollowTheirChain() throws {
        let synthetic = try SyntheticCorpus(small(.markov(successors: 2, stay: 0.3)))
        let other = try SyntheticProcess(small(.markov(successors: 2, stay: 0.3), seed: 9))
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 6), count: 6)
        for n in 0..<synthetic.corpus.count {
            let path = synthetic.topics[synthetic.corpus.range(n)]
            for (from, to) in zip(path, path.dropFirst()) { counts[Int(from)][Int(to)] += 1 }
        }
        for topic in 0..<6 {
            #expect(synthetic.process.chain.row(topic).count == 3)
            #expect(chiSquareTail(observed: counts[topic], probabilities: dense(synthetic.process.chain, topic)) > falseAlarm)
            #expect(chiSquareTail(observed: counts[topic], probabilities: dense(other.chain, topic)) < falseAlarm)
        }
    }

    private func dense(_ chain: TopicChain, _ state: Int) -> [Double] {
        var row = [Double](repeating: 0, count: chain.states)
        for way in chain.row(state) { row[way.to] += way.probability }
        return row
    }

    /// Where interruptions last one step and no topic lasts, each is seen at once: a topic of another task,
    /// and then the topic that was left.
    @Test func interruptedTasksAreResumedWhereTheyWereLeft() throws {
        let tasks = [[0, 1, 2], [3, 4, 5]]
        let chain = TopicChain(tasks: tasks, stay: 0, interruption: 0.3, meanRun: 1)
        let settings = small(.tasks(count: 2, stay: 0, interruption: 0.3, meanRun: 1))
        let topics = try SyntheticProcess(settings).topics
        let synthetic = SyntheticCorpus(SyntheticProcess(settings, topics: topics, chain: chain))
        var interruptions = 0
        for n in 0..<synthetic.corpus.count {
            let path = synthetic.topics[synthetic.corpus.range(n)].map(Int.init)
            var waiting: Int?
            for (from, to) in zip(path, path.dropFirst()) {
                if let left = waiting {
                    #expect(to == left)
                    waiting = nil
                } else if from / 3 == to / 3 {
                    #expect(to % 3 == (from + 1) % 3)
                } else {
                    #expect(to % 3 == 0, "a task cuts in at its first topic")
                    waiting = from
                    interruptions += 1
                }
            }
        }
        #expect(interruptions > 1_000)
    }

    /// Paths of four topics against their enumerated probabilities. The twin never returns to the task that it left.
    @Test func interruptedTopicsFollowTheirChain() throws {
        let chain = TopicChain(tasks: [[0, 1], [2, 3]], stay: 0.2, interruption: 0.2, meanRun: 2)
        var settings = small(.tasks(count: 2, stay: 0.2, interruption: 0.2, meanRun: 2))
        settings.topics = 4
        settings.sequences = 20_000
        settings.lengths = 4...4
        let topics = try SyntheticProcess(settings).topics
        let synthetic = SyntheticCorpus(SyntheticProcess(settings, topics: topics, chain: chain))
        var counts = [Int](repeating: 0, count: 256)
        for n in 0..<synthetic.corpus.count {
            counts[synthetic.topics[synthetic.corpus.range(n)].reduce(0) { $0 * 4 + Int($1) }] += 1
        }
        #expect(chiSquareTail(observed: counts, probabilities: pathProbabilities(chain)) > falseAlarm)
        #expect(chiSquareTail(observed: counts, probabilities: pathProbabilities(chain.forgetful(topics: 4))) < falseAlarm)
    }

    private func pathProbabilities(_ chain: TopicChain) -> [Double] {
        var probabilities = [Double](repeating: 0, count: 256)
        func walk(_ ways: ArraySlice<TopicChain.Transition>, _ share: Double, _ path: Int, _ left: Int) {
            if left == 0 { return probabilities[path] += share }
            for way in ways {
                walk(chain.row(way.to), share * way.probability, path * 4 + Int(chain.topic[way.to]), left - 1)
            }
        }
        walk(chain.initial[...], 1, 0, 4)
        return probabilities
    }
}

extension TopicChain {
    /// A broken twin of a chain of interrupted tasks: after an interruption it goes on anywhere.
    func forgetful(topics k: Int) -> TopicChain {
        TopicChain(topic: topic, initial: initial) { state in
            let row = row(state)
            if state < k { return Array(row) }
            let back = row.filter { $0.to < k }.reduce(0) { $0 + $1.probability }
            return row.filter { $0.to >= k } + TopicChain.uniform(k).map { Transition(to: $0.to, probability: back * $0.probability) }
        }
    }
}
