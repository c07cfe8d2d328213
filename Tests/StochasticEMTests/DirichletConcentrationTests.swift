@preconcurrency import CGSL
import Corpora
import Foundation
import Kernels
import Testing
import TopicSampling
@testable import StochasticEM

@Suite struct DirichletConcentrationTests {
    static let shards = Shards(threads: 2)

    static func counts(_ table: [[Int]]) throws -> TopicCounts {
        let counts = try TopicCounts(items: table.count, topics: table[0].count, concentration: 0.5)
        counts.restore(table.joined().map { Int32($0) })
        return counts
    }

    static func estimate(_ counts: TopicCounts) -> Double? {
        DirichletConcentration(counts, shards: shards).greatestLikelihood
    }

    /// Topics drawn from one Dirichlet law, and events from each: GSL's generator, not ours.
    static func drawn(beta: Double, items: Int, topics: Int, events: (Int) -> Int, seed: UInt) throws -> TopicCounts {
        let random = gsl_rng_alloc(gsl_rng_mt19937)
        defer { gsl_rng_free(random) }
        gsl_rng_set(random, seed)
        var table = [[Int]](repeating: [Int](repeating: 0, count: topics), count: items)
        var phi = [Double](repeating: 0, count: items), seen = [UInt32](repeating: 0, count: items)
        for topic in 0..<topics {
            gsl_ran_dirichlet(random, items, [Double](repeating: beta, count: items), &phi)
            gsl_ran_multinomial(random, items, UInt32(events(topic)), phi, &seen)
            for item in 0..<items { table[item][topic] = Int(seen[item]) }
        }
        return try counts(table)
    }

    /// L(β) as it stands in the books, cell by cell.
    static func logLikelihood(_ counts: TopicCounts, _ beta: Double) -> Double {
        let v = Double(counts.items)
        var sum = 0.0
        for topic in 0..<counts.topics {
            sum += lgamma(v * beta) - lgamma(Double(counts.totals[topic]) + v * beta)
            for item in 0..<counts.items { sum += lgamma(Double(counts.count(item, topic)) + beta) - lgamma(beta) }
        }
        return sum
    }

    /// The β of greatest L between e^-12 and e^6, by golden section over log β: L has one maximum at most (Levin & Reeds, 1977).
    static func slowMaximum(_ counts: TopicCounts) -> Double {
        let ratio = (5.0.squareRoot() - 1) / 2
        var low = -12.0, high = 6.0
        while high - low > 1e-7 {
            let left = high - ratio * (high - low), right = low + ratio * (high - low)
            if logLikelihood(counts, exp(left)) < logLikelihood(counts, exp(right)) { low = left } else { high = right }
        }
        return exp((low + high) / 2)
    }

    /// Minka's own steps, cell by cell, until they stand still.
    static func minka(_ counts: TopicCounts, from start: Double) -> Double {
        let v = Double(counts.items)
        var beta = start, last = 0.0
        while abs(beta - last) > 1e-10 * beta {
            var above = 0.0, below = 0.0
            for topic in 0..<counts.topics {
                below += gsl_sf_psi(Double(counts.totals[topic]) + v * beta) - gsl_sf_psi(v * beta)
                for item in 0..<counts.items { above += gsl_sf_psi(Double(counts.count(item, topic)) + beta) - gsl_sf_psi(beta) }
            }
            (last, beta) = (beta, beta * above / (v * below))
        }
        return beta
    }

    /// What is found is the top of L, and the point where Minka's steps stand still, wherever they begin; some counts are so large that they are not tallied in the array.
    @Test(arguments: [(0.003, 90), (0.05, 60), (0.7, 40), (6, 12)])
    func isTheMaximumOfTheExactLikelihood(beta: Double, items: Int) throws {
        let counts = try DirichletConcentrationTests.drawn(beta: beta, items: items, topics: 30, events: { 3 + 700 * $0 }, seed: 7)
        let top = DirichletConcentrationTests.slowMaximum(counts)
        let found = try #require(DirichletConcentrationTests.estimate(counts))
        // Golden section sees L's top only as sharply as rounding of L allows.
        #expect(abs(log(found / top)) < 1e-4)
        for start in [beta / 20, 50 * beta] {
            #expect(abs(log(DirichletConcentrationTests.minka(counts, from: start) / found)) < 1e-6, "from \(start)")
        }
        // Twins that must fail: next to the top L is lower.
        let best = DirichletConcentrationTests.logLikelihood(counts, top)
        for factor in [0.98, 1.02] { #expect(DirichletConcentrationTests.logLikelihood(counts, factor * top) < best) }
    }

    /// The β that counts were drawn with is found again to four standard errors, from the curvature of L: one false alarm in 15,000 seeds a case.
    @Test(arguments: [0.01, 0.1, 1, 4])
    func recoversWhatWasDrawnWith(beta: Double) throws {
        let counts = try DirichletConcentrationTests.drawn(beta: beta, items: 80, topics: 200, events: { 40 + $0 }, seed: 11)
        let found = try #require(DirichletConcentrationTests.estimate(counts))
        let step = 0.01
        let around = [-step, 0, step].map { DirichletConcentrationTests.logLikelihood(counts, found * exp($0)) }
        let error = (step * step / (2 * around[1] - around[0] - around[2])).squareRoot()
        #expect(error > 0 && error < 0.1)
        #expect(abs(log(found / beta)) < 4 * error, "β \(found), log off by \(log(found / beta) / error) standard errors")
        // The twin: β of half the size is not taken for it.
        #expect(abs(log(found / (beta / 2))) > 4 * error)
    }

    @Test func edges() throws {
        typealias T = DirichletConcentrationTests
        #expect(T.estimate(try T.counts([[0, 0], [0, 0], [0, 0]])) == nil)
        #expect(T.estimate(try T.counts([[5, 2, 9]])) == nil)
        // Each topic shows one item: the smaller β the better. All show all alike: the larger.
        #expect(T.estimate(try T.counts([[50, 0, 0], [0, 50, 0], [0, 0, 50]])) == DirichletConcentration.range.lowerBound)
        #expect(T.estimate(try T.counts([[500, 500], [500, 500], [500, 500]])) == DirichletConcentration.range.upperBound)
        // A topic without events changes nothing, and neither does the number of threads.
        let some = try T.counts([[9, 1], [0, 4], [3, 0]]), more = try T.counts([[9, 0, 1], [0, 0, 4], [3, 0, 0]])
        #expect(T.estimate(some) == T.estimate(more) && T.estimate(some) != nil)
        let drawn = try T.drawn(beta: 0.2, items: 50, topics: 40, events: { 100 * $0 }, seed: 3)
        #expect(T.estimate(drawn) == DirichletConcentration(drawn, shards: Shards(threads: 1)).greatestLikelihood)
    }

    /// A log of which half is scored while it is fitted, with a β far off, and an early best epoch.
    static func fitted(_ update: ConcentrationUpdate) throws -> (model: LatentLSTMAllocation, epochs: [EpochRecord], settings: FitSettings, log: Corpus) {
        var (settings, log) = try EarlyStoppingTests.overfit { ($0.warmUp, $0.beta) = (0.1, 2) }
        settings.betaUpdate = update
        let (model, epochs) = try SmallFit.run(log, settings)
        return (model, epochs, settings, log)
    }

    /// β moves with the joint epochs alone, belongs to the best of them, and goes with the model to disk and back.
    @Test func betaMovesWithTheFitAndGoesWithTheModel() throws {
        let (model, epochs, settings, log) = try DirichletConcentrationTests.fitted(.minka)
        let betas = epochs.compactMap(\.beta)
        #expect(betas.count == epochs.count)
        for (record, beta) in zip(epochs, betas) { #expect((beta == 2) == (record.phase == .warmUp)) }
        let scores = epochs.compactMap(\.validationPerplexity)
        let best = try #require(scores.indices.min { scores[$0] < scores[$1] })
        #expect(best + 1 < epochs.count && betas[best] != betas[epochs.count - 1], "the log was to be overfitted")
        #expect(model.settings.beta == betas[best] && model.counts.concentration == Float(betas[best]))
        #expect(abs(model.counts.inverseTotals[0] * (Float(model.counts.totals[0]) + model.counts.concentrationSum) - 1) < 1e-6)
        // It is the best epoch's β: with it the model scores what that epoch did, exactly.
        let split = ValidationSplit(log.training, share: settings.validation, seed: settings.seed)
        let filter = ParticleFilter(
            network: model.network.prepared(shards: Shards(threads: 1)), counts: model.counts, particles: settings.validationParticles, seed: settings.seed)
        let scored = filter.logLikelihood(
            split.validation, first: [Int](repeating: 0, count: split.validation.count), shards: Shards(threads: 1))
        #expect(exp(-scored.sum / Double(scored.tokens)) == scores.min())

        let folder = try TemporaryFolder(), path = folder.path + "/model"
        try model.save(to: path, options: .standard, training: epochs)
        let loaded = try LatentLSTMAllocation.load(path)
        #expect(loaded.model.settings == model.settings && loaded.model.counts.concentration == model.counts.concentration)
        #expect(reading(loaded.model, log) == reading(model, log))
        #expect(loaded.training == epochs)
    }

    @Test func fixedBetaStays() throws {
        let (model, epochs, settings, _) = try DirichletConcentrationTests.fitted(.fixed)
        #expect(epochs.allSatisfy { $0.beta == 2 } && model.settings == settings && model.counts.concentration == 2)
    }

    /// A folder from before β could move has no word of it.
    @Test func settingsWithoutItStillLoad() throws {
        let settings = SmallFit.settings { $0.betaUpdate = .minka }
        let json = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
        #expect(try JSONDecoder().decode(FitSettings.self, from: Data(json.utf8)) == settings)
        let old = json.replacing("\"betaUpdate\":\"minka\",", with: "").replacing(",\"betaUpdate\":\"minka\"", with: "")
        #expect(old.count < json.count)
        #expect(try JSONDecoder().decode(FitSettings.self, from: Data(old.utf8)) == SmallFit.settings())
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(FitSettings.self, from: Data(json.replacing("minka", with: "magic").utf8))
        }
    }
}
