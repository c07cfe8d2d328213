import Corpora
import Kernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Posteriors over the topics of a batch of sequences, by the scaled recursions (Rabiner, 1989):
///
///     α_t = (α_{t-1} A) ∘ φ_{w_t} / c_t,   c_t such that α_t sums to 1: c_t = p(w_t | w_1 … w_{t-1})
///     β_t = u_{t+1} Aᵀ,   u_t = φ_{w_t} ∘ β_t / c_t,   β_T = 1
///     p(z_t | w) = α_t ∘ β_t,   Σ_t p(z_t = i, z_{t+1} = j | w) = A_ij Σ_t α_t(i) u_{t+1}(j)
///
/// Sequences stand side by side, the longest first: a step is a product of matrices whose rows are those that have not ended. Row
/// `starts[t] + place` is step t of the sequence at that place.
final class ForwardBackward: @unchecked Sendable {
    private let topics: Int
    /// Room for R rows.
    private var rows = 0
    private var alpha = FloatBuffer(count: 0)     // (R, K)
    private var messages = FloatBuffer(count: 0)  // (R, K): β, then u
    private var previous = FloatBuffer(count: 0)  // (R, K): α of the step before, for each row behind a first step
    private(set) var posteriors = FloatBuffer(count: 0)  // (R, K)
    private var scales: [Float] = []              // (R): c
    /// Item of each row of the batch.
    private(set) var items: [UInt32] = []         // (R)
    private var starts: [Int] = []
    private var active: [Int] = []

    /// Sums over all batches since the last `clear`: of starts (K), and of Σ_t α_t(i) u_{t+1}(j) (K, K), which A is yet to multiply.
    let firstTopics: FloatBuffer
    let steps: FloatBuffer

    init(topics: Int) {
        self.topics = topics
        firstTopics = FloatBuffer(count: topics)
        steps = FloatBuffer(count: topics * topics)
    }

    func clear() {
        firstTopics.clear()
        steps.clear()
    }

    /// Lays out a batch.
    ///
    /// - Parameter sequences: the longest first.
    private func layOut(_ sequences: ArraySlice<Int>, of corpus: Corpus) {
        items.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        active.removeAll(keepingCapacity: true)
        let longest = sequences.first.map(corpus.length) ?? 0
        var living = sequences.count
        for t in 0..<longest {
            while living > 0, corpus.length(sequences[sequences.startIndex + living - 1]) <= t { living -= 1 }
            starts.append(items.count)
            active.append(living)
            for n in sequences.prefix(living) { items.append(corpus.items[corpus.starts[n] + t]) }
        }
        guard items.count > rows else { return }
        rows = items.count
        alpha = FloatBuffer(count: rows * topics)
        messages = FloatBuffer(count: rows * topics)
        previous = FloatBuffer(count: rows * topics)
        posteriors = FloatBuffer(count: rows * topics)
        scales = [Float](repeating: 0, count: rows)
    }

    /// α of all steps of a batch. Returns Σ log c_t = log p(w).
    func forward(_ sequences: ArraySlice<Int>, of corpus: Corpus, _ laws: HiddenMarkovLaws) -> Double {
        layOut(sequences, of: corpus)
        let k = topics
        var logLikelihood = 0.0
        for t in starts.indices {
            let mine = alpha.matrix(rows, k).rows(starts[t]..<starts[t] + active[t])
            if t == 0 {
                for r in 0..<mine.rows { mine.row(r).update(from: laws.start.base, count: k) }
            } else {
                GEMM.multiply(alpha.matrix(rows, k).rows(starts[t - 1]..<starts[t - 1] + active[t]), laws.steps.matrix(k, k), into: mine)
            }
            for r in 0..<mine.rows {
                let scale = laws.items.update(mine.row(r), with: Int(items[starts[t] + r]))
                scales[starts[t] + r] = scale
                logLikelihood += log(Double(scale))
            }
        }
        return logLikelihood
    }

    /// Leaves the posteriors of a batch, and adds up its starts and steps. Returns log p(w).
    func run(_ sequences: ArraySlice<Int>, of corpus: Corpus, _ laws: HiddenMarkovLaws) -> Double {
        let logLikelihood = forward(sequences, of: corpus, laws), k = topics
        let beta = messages.matrix(rows, k), alpha = alpha.matrix(rows, k)
        for t in starts.indices.reversed() {
            let step = starts[t]..<starts[t] + active[t]
            let going = t + 1 < starts.count ? active[t + 1] : 0
            if going > 0 {
                GEMM.multiply(
                    beta.rows(starts[t + 1]..<starts[t + 1] + going), .asIs, laws.steps.matrix(k, k), .transposed,
                    into: beta.rows(step.lowerBound..<step.lowerBound + going))
            }
            for r in step.lowerBound + going..<step.upperBound { beta.row(r).update(repeating: 1, count: k) }
            for r in step {
                let u = beta.row(r)
                VectorMath.multiply(alpha.row(r), u, into: posteriors.base + r * k, count: k)
                VectorMath.multiply(u, laws.items.row(Int(items[r])), into: u, count: k)
                let scale = 1 / scales[r]
                for i in stride(from: 0, to: k, by: 16) { u.setLanes(i, u.lanes(i, count: k - i) * scale, count: k - i) }
            }
        }
        guard let width = active.first else { return logLikelihood }
        for r in 0..<width { VectorMath.add(posteriors.base + r * k, to: firstTopics.base, count: k) }
        // Behind the first step each row's predecessor stands as many rows before it as its step before has.
        for t in starts.indices.dropFirst() {
            (previous.base + starts[t] * k).update(from: alpha.row(starts[t - 1]), count: active[t] * k)
        }
        let behind = width..<items.count
        if !behind.isEmpty {
            GEMM.multiply(previous.matrix(rows, k).rows(behind), .transposed, beta.rows(behind), .asIs, into: steps.matrix(k, k), keep: 1)
        }
        return logLikelihood
    }
}
