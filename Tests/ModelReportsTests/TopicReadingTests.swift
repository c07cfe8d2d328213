import Corpora
import Kernels
import StochasticEM
import Testing
@testable import ModelReports

/// What is read from a log, against the model asked anew for every prefix of every sequence.
@Suite struct TopicReadingTests {
    @Test(arguments: [FitSettings.Variant.word, .belief])
    func `A trace says what the model expects behind each prefix`(variant: FitSettings.Variant) throws {
        let model = try SmallModel.make(variant: variant), log = SmallModel.log(for: model)
        let traces = TopicTrace.read(log, model: model, shards: Shards(threads: 2))
        #expect(traces.map(\.user) == log.users && traces.map(\.steps.count) == (0..<log.count).map(log.length))
        for (n, trace) in traces.enumerated() {
            let items = Array(log.sequence(n))
            for place in 0...items.count {
                let theta = PrefixReading.expected(model, behind: Array(items[..<place]), user: log.users[n])
                let told = place < items.count ? trace.steps[place].expected : trace.next
                #expect(told.count == 3 && told.map(\.probability) == told.map(\.probability).sorted(by: >))
                for share in told { #expect(abs(share.probability - Double(theta[share.topic])) < 1e-4) }
                guard place < items.count else { continue }
                let (gamma, alpha) = PrefixReading.posterior(model, theta, items[place])
                let step = trace.steps[place]
                #expect(step.item == Int(items[place]) && abs(step.probability - alpha) < 1e-4 * max(alpha, 1e-3) + 1e-6)
                #expect(abs(step.topic.probability - gamma[step.topic.topic]) < 1e-3 && step.topic.probability > (gamma.max() ?? 0) - 1e-3)
                #expect(step.rank == step.expected.firstIndex { $0.topic == step.topic.topic })
            }
        }
    }

    /// A log with unknown items, read by a model that reads them: a page's traces say what is expected behind all that came, and list the known alone.
    @Test func `Unknown items are read, and are no steps`() throws {
        let model = try SmallModel.make(variant: .char), v = model.vocabulary.count, shards = Shards(threads: 2)
        // Sequences longer than what is shown of one.
        let known = (0..<3).map { n in (0..<75 + n).map { UInt32(($0 * $0 + 7 * n) % v) } }
        let log = SmallModel.withUnknown(
            Corpus(
                vocabulary: model.vocabulary, users: known.indices.map { "user \($0)" }, items: Array(known.joined()),
                starts: known.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }))
        var names = ItemNames(model.vocabulary)
        let section = TraceSection(log, model: model, names: &names, shards: shards)
        // Those of 76 and 77 events are no shorter than most.
        #expect(section.traces.map(\.length) == [76, 77] && section.events == 120)
        func strays(_ log: Corpus) -> Int {
            var count = 0
            for (n, trace) in zip([1, 2], section.traces) {
                let items = Array(log.sequence(n)), places = items.indices.filter { items[$0] < v }
                for (step, place) in places.prefix(trace.items.count + 1).enumerated() {
                    let theta = PrefixReading.expected(model, behind: Array(items[..<place]), user: log.users[n], unknown: log.unknown)
                    let told = zip(trace.expectedProbabilities[step], theta.sorted(by: >).prefix(3))
                    if !told.allSatisfy({ abs($0 - Double($1)) < 1e-3 }) { count += 1 }
                    guard step < trace.items.count else { continue }
                    let alpha = PrefixReading.posterior(model, theta, items[place]).alpha
                    if abs(trace.probabilities[step] - alpha) > 1e-3 * alpha + 1e-6 { count += 1 }
                }
            }
            return count
        }
        for (n, trace) in zip([1, 2], section.traces) {
            #expect(trace.items.map { names.list[$0] } == known[n].prefix(60).map { model.vocabulary.items[Int($0)] })
        }
        #expect(strays(log) == 0)
        // The twin: as if the unknown items had not been.
        #expect(strays(log.withoutUnknown) > 20)
        #expect(ReportContents.facts(of: model, log: log).last?.value == 75 + 76 + 77)
    }

    @Test(arguments: [FitSettings.Variant.belief, .char])
    func `Flow is the mean of what is expected, weighed by the topic at hand`(variant: FitSettings.Variant) throws {
        let model = try SmallModel.make(variant: variant), plain = SmallModel.log(for: model), k = model.counts.topics
        // The char variant reads items that it does not know; they have no topic, and end a run.
        let log = variant == .char ? SmallModel.withUnknown(plain) : plain
        let flow = TopicFlow(log, model: model, group: Array(0..<k), groups: k, shards: Shards(threads: 2))
        var sums = [[Double]](repeating: [Double](repeating: 0, count: k), count: k), mass = [Double](repeating: 0, count: k)
        var visits = [Int](repeating: 0, count: k), runs = visits
        for n in 0..<log.count {
            let items = Array(log.sequence(n))
            var last = -1
            for place in items.indices {
                guard items[place] < model.vocabulary.count else {
                    last = -1
                    continue
                }
                let theta = PrefixReading.expected(model, behind: Array(items[..<place]), user: log.users[n], unknown: log.unknown)
                let next = PrefixReading.expected(model, behind: Array(items[...place]), user: log.users[n], unknown: log.unknown)
                let gamma = PrefixReading.posterior(model, theta, items[place]).gamma
                for j in 0..<k {
                    mass[j] += gamma[j]
                    for other in 0..<k { sums[j][other] += gamma[j] * Double(next[other]) }
                }
                let foremost = gamma.indices.max { gamma[$0] < gamma[$1] } ?? 0
                visits[foremost] += 1
                if foremost != last { runs[foremost] += 1 }
                last = foremost
            }
        }
        #expect(flow.events == log.knownEvents && flow.visits == visits && flow.runs == runs)
        for j in 0..<k {
            let next = try #require(flow.next(of: j))
            #expect(abs(next.reduce(0, +) - 1) < 1e-5)
            // Shares of γ below a thousandth are left out there.
            for other in 0..<k { #expect(abs(next[other] - sums[j][other] / mass[j]) < 5e-3, "from \(j) to \(other)") }
        }
        // Groups are sums.
        let halves = TopicFlow(log, model: model, group: (0..<k).map { $0 % 2 }, groups: 2, shards: Shards(threads: 1))
        #expect(abs(halves.mass.reduce(0, +) - Double(log.knownEvents)) < 1e-6)
    }

    /// Points of a plane, turned into more dimensions, lie on the map as they did: both ways to take them apart must show it.
    @Test(arguments: [4, 30])
    func `The map keeps what lies in a plane`(width: Int) {
        let points: [(Double, Double)] = [(0, 0), (3, 0), (0, 4), (-2, 1), (5, 5), (1, -3), (2, 2), (-4, -4)]
        // Two directions at right angles.
        func axis(_ offset: Int) -> [Double] { (0..<width).map { $0 % 2 == offset ? 1 / Double((width + 1 - offset) / 2).squareRoot() : 0 } }
        let (first, second) = (axis(0), axis(1))
        let map = TopicMap(points.map { point in (0..<width).map { Float(7 + point.0 * first[$0] + point.1 * second[$0]) } }).points
        func distance(_ a: (Double, Double), _ b: (Double, Double)) -> Double { ((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)).squareRoot() }
        var ratios: [Double] = []
        for i in points.indices {
            for j in points.indices where j > i {
                ratios.append(distance((map[i][0], map[i][1]), (map[j][0], map[j][1])) / distance(points[i], points[j]))
            }
        }
        let least = ratios.min() ?? 0, most = ratios.max() ?? 1
        #expect(least > 0 && most / least < 1.01)
        #expect(map.joined().map(abs).max() == 1)
    }
}
