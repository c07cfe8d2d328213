import Corpora
import Kernels
import Testing
import TopicSampling
@testable import StochasticEM

@Suite struct PredictorTests {
    static func model() throws -> (model: LatentLSTMAllocation, log: Corpus) {
        let log = try SmallFit.log().corpus
        return (try SmallFit.run(log, SmallFit.settings()).model, log)
    }

    /// A log of other users than those of the fit, one of them without a known event.
    static func strangers(_ model: LatentLSTMAllocation, count: Int = 30) -> Corpus {
        var random = RandomStream(seed: 9, purpose: .other)
        let sequences = (0..<count).map { n in (0..<n % 7).map { _ in UInt32(random.index(below: 60)) } }
        return log(model, Array(zip(sequences.indices.map { "stranger \($0)" }, sequences)))
    }

    static func log(_ model: LatentLSTMAllocation, _ users: [(name: String, items: [UInt32])]) -> Corpus {
        Corpus(
            vocabulary: model.vocabulary, users: users.map(\.name), items: users.flatMap(\.items),
            starts: users.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.items.count) })
    }

    /// One prediction a user in the log's order, largest first, each a share; all items and all topics sum to 1.
    @Test func predictionsAreLaws() throws {
        let (model, _) = try PredictorTests.model()
        let log = PredictorTests.strangers(model)
        let predictions = Predictor(model, count: 1000, shards: Shards(threads: 2)).predict(log)
        #expect(predictions.map(\.user) == log.users)
        for prediction in predictions {
            let items = prediction.items.map(\.probability), topics = try #require(prediction.topics)
            #expect(items.count == 60 && topics.count == 6)
            #expect(abs(items.reduce(0, +) - 1) < 1e-4)
            #expect(abs(topics.reduce(0) { $0 + $1.probability } - 1) < 1e-4)
            #expect(items == items.sorted(by: >) && items.allSatisfy { $0 > 0 })
            #expect(Set(prediction.items.map(\.item)) == Set(model.vocabulary.items))
            for topic in topics {
                #expect(topic.items == model.topItems(of: topic.topic, count: 3).map { model.vocabulary.items[$0.item] })
            }
        }
        // Histories matter, and users without one are all told the same.
        #expect(Set(predictions.map { $0.items.prefix(5).map(\.item) }).count > 1)
        let newcomers = predictions.indices.filter { log.length($0) == 0 }
        #expect(newcomers.count > 1 && Set(newcomers.map { predictions[$0].items.map(\.probability) }).count == 1)
    }

    @Test func shortListsAreHeadsOfLongOnes() throws {
        let (model, _) = try PredictorTests.model()
        let log = PredictorTests.strangers(model)
        let long = Predictor(model, count: 60, shards: Shards(threads: 1)).predict(log)
        for count in [0, 1, 5] {
            let short = Predictor(model, count: count, shards: Shards(threads: 2)).predict(log)
            #expect(short.map(\.items) == long.map { Array($0.items.prefix(count)) })
            #expect(short.map { $0.topics?.count } == long.map { _ in min(count, 6) })
        }
    }

    @Test func nobodyIsACase() throws {
        let (model, _) = try PredictorTests.model()
        let predictor = Predictor(model, count: 3, shards: Shards(threads: 2))
        #expect(predictor.predict(PredictorTests.log(model, [])).isEmpty)
        let newcomer = predictor.predict(PredictorTests.log(model, [("somebody", [])]))
        #expect(newcomer.count == 1 && newcomer[0].items.count == 3)
    }

    /// p(w) behind a history is θ̄ · φ: the same numbers that reading gives at the position behind the last event.
    @Test func predictsWhatReadingExpects() throws {
        let (model, _) = try PredictorTests.model()
        let log = PredictorTests.strangers(model)
        let behind = reading(model, log, from: (0..<log.count).map(log.length))
        let predictions = Predictor(model, count: 60, shards: Shards(threads: 2)).predict(log)
        #expect(behind.count == log.count)
        for (expected, prediction) in zip(behind, predictions) {
            for item in prediction.items {
                let number = try #require(model.vocabulary.number(of: item.item))
                #expect(Float(item.probability) == expected[Int(number)])
            }
        }
    }

    /// What is predicted for a user does not depend on who else is in the file, nor on the order. The number of rows in a product may
    /// change the last bits of a float, hence 1e-5; a topic drawn otherwise would show at 1 / (10 P) at least.
    @Test func othersDoNotMatter() throws {
        let (model, _) = try PredictorTests.model()
        let crowd = PredictorTests.strangers(model, count: 150)
        func users(_ numbers: [Int]) -> Corpus {
            PredictorTests.log(model, numbers.map { (crowd.users[$0], Array(crowd.sequence($0))) })
        }
        func behind(_ log: Corpus) -> [[Float]] { reading(model, log, from: (0..<log.count).map(log.length)) }
        let all = behind(crowd), backwards = Array(behind(users((0..<150).reversed())).reversed())
        var largest: Float = 0
        func compare(_ a: [Float], _ b: [Float]) { for (x, y) in zip(a, b) { largest = max(largest, abs(x - y)) } }
        for n in 0..<150 { compare(all[n], backwards[n]) }
        for n in 0..<20 { compare(all[n], behind(users([n]))[0]) }
        let pairs = behind(users([3, 12, 19]))
        for (row, n) in [3, 12, 19].enumerated() { compare(all[n], pairs[row]) }
        #expect(largest <= 1e-5)
        // Another name draws other topics, and that is visible.
        let renamed = behind(PredictorTests.log(model, [("somebody else", Array(crowd.sequence(6)))]))[0]
        #expect(zip(renamed, all[6]).contains { abs($0 - $1) > 1e-5 })
    }
}
