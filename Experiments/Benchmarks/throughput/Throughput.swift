import Corpora
import Foundation
import Kernels
import StochasticEM

/// Tokens per second of whole SEM sweeps, beside what the machine's matrix products would allow.
///
/// K=1000 with 8192 tokens a step, K=200 with an embedding of 64 and 512 tokens a step; the dense draw, one particle, a table of gates and single
/// precision where the row says nothing else. Prints a Markdown table, or the rows of it that are named: `throughput "K=1000 H=250, bf16"`.
/// Cost: about three minutes on two cores.
@main
struct Throughput {
    struct Work {
        let name: String
        let settings: FitSettings
        let events: Int
        let threads: Int
    }

    static func main() throws {
        let threads = Shards.allProcessors.threads, asked = CommandLine.arguments.dropFirst()
        print("| work | threads | tokens/s (median of 5) | GEMM limit, tokens/s | share |")
        print("|---|---|---|---|---|")
        for work in [
            Work(name: "K=1000 H=250", settings: large(embedding: nil), events: 200_000, threads: threads),
            Work(name: "K=1000 H=250, bf16", settings: half(large(embedding: nil)), events: 200_000, threads: threads),
            Work(name: "K=1000 H=250, one thread", settings: large(embedding: nil), events: 100_000, threads: 1),
            Work(name: "K=1000 H=250, one thread, bf16", settings: half(large(embedding: nil)), events: 100_000, threads: 1),
            Work(name: "K=1000 H=250, embedding of 64", settings: large(embedding: 64), events: 200_000, threads: threads),
            Work(name: "K=1000 H=250, embedding of 64, mh", settings: mh(large(embedding: 64)), events: 200_000, threads: threads),
            Work(name: "K=200 H=128", settings: small(), events: 400_000, threads: threads),
            Work(name: "K=200 H=128, bf16", settings: half(small()), events: 400_000, threads: threads),
            Work(name: "K=200 H=128, P=4", settings: small(particles: 4), events: 200_000, threads: threads),
            Work(name: "K=200 H=128, P=4, bf16", settings: half(small(particles: 4)), events: 200_000, threads: threads),
        ] where work.settings.precision.isAvailable && (asked.isEmpty || asked.contains(work.name)) {
            let limit = gemmFlops(threads: work.threads) / flopsPerToken(work.settings)
            let rate = try median(work)
            print(
                "| \(work.name) | \(work.threads) | \(Int(rate)) | \(Int(limit)) | \(Int((100 * rate / limit).rounded())) % |")
        }
    }

    static func large(embedding: Int?) -> FitSettings {
        var settings = FitSettings()
        (settings.topics, settings.hidden, settings.embedding) = (1000, 250, embedding)
        (settings.lanes, settings.steps, settings.shards, settings.particles) = (128, 64, 2, 1)
        return bare(settings)
    }

    static func small(particles: Int = 1) -> FitSettings {
        var settings = FitSettings()
        (settings.topics, settings.hidden, settings.embedding) = (200, 128, 64)
        (settings.lanes, settings.steps, settings.shards, settings.particles) = (16, 32, 2, particles)
        return bare(settings)
    }

    static func mh(_ settings: FitSettings) -> FitSettings {
        var settings = settings
        settings.sampler = .mh
        return settings
    }

    /// Products in bf16; left out where the processor has none.
    static func half(_ settings: FitSettings) -> FitSettings {
        var settings = settings
        settings.precision = .bf16
        return settings
    }

    /// Joint epochs alone, and no dropout.
    static func bare(_ settings: FitSettings) -> FitSettings {
        var settings = settings
        (settings.variant, settings.memory) = (.topic, .none)
        (settings.dropout, settings.inputDropout) = (0, 0)
        (settings.epochs, settings.warmUp, settings.validation, settings.start) = (5, 0, 0, .random)
        return settings
    }

    /// Multiplications and additions that a token costs: forward for each particle, twice that on the way back.
    /// What the input's embedding costs is left out: it is no part of the limit.
    static func flopsPerToken(_ settings: FitSettings) -> Double {
        let (h, k) = (Double(settings.hidden), Double(settings.topics))
        return Double(settings.copies + 2) * 2 * (4 * h * h + k * h)
    }

    static func median(_ work: Work) throws -> Double {
        var synthetic = SyntheticSettings()
        (synthetic.topics, synthetic.items, synthetic.lengths) = (100, 5000, 50...50)
        synthetic.sequences = work.events / 50
        synthetic.dynamics = .markov(successors: 5, stay: 0.3)
        let corpus = try SyntheticCorpus(synthetic).corpus
        let all = Corpus(vocabulary: corpus.vocabulary, users: corpus.users, items: corpus.items, starts: corpus.starts)
        var rates: [Double] = []
        _ = try Fit(settings: work.settings, shards: Shards(threads: work.threads)).run(all) { event in
            if case .epoch(let record) = event { rates.append(record.tokensPerSecond) }
        }
        return rates.sorted()[rates.count / 2]
    }

    /// Arithmetic of single-precision products of the shape that a step has, on all threads at once: operations a second, median of 5.
    static func gemmFlops(threads: Int) -> Double {
        let (m, k, n) = (32, 250, 1000)
        let sets = (0..<threads).map { _ in
            (FloatBuffer(count: m * k), FloatBuffer(count: k * n), FloatBuffer(count: m * n))
        }
        let repeats = 2000
        let rates = (0..<6).map { _ in
            let began = ContinuousClock.now
            Shards(threads: threads).forEach(threads) { thread in
                let (a, b, c) = sets[thread]
                for _ in 0..<repeats { GEMM.multiply(a.matrix(m, k), b.matrix(k, n), into: c.matrix(m, n)) }
            }
            return Double(2 * m * k * n * repeats * threads) / (began.duration(to: .now) / .seconds(1))
        }
        return rates.dropFirst().sorted()[2]
    }
}
