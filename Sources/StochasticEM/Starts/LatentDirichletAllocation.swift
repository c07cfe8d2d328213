import Corpora
import Kernels
import TopicSampling

/// Topics from latent Dirichlet allocation, where each sequence is a bag of items: the paper's start.
///
/// Collapsed Gibbs sampling (Griffiths & Steyvers, 2004) by Metropolis-Hastings with cycled proposals
/// (LightLDA; Yuan et al., WWW 2015). For event i with item w of sequence d, counts without i itself:
///
///     π(k) ∝ (n_dk + α) (n_wk + β) / (n_k + Vβ)
///     q_d(k) ∝ n_dk + α                     the topic of a random event of d, or any topic: O(1)
///     q_w(k) ∝ (n_wk + β) / (n_k + Vβ)      alias tables from the counts at the sweep's start: O(1)
///
/// The acceptance puts both right, so the cost of an event does not grow with K. Two approximations are left, both of order one event
/// among those of its item and topic:
///
/// * The tables are built from the topics that they then move, so the chain adapts to itself. (Built once and kept, they leave π exact.)
/// * n_dk is always up to date. n_wk and n_k are so with `.afterEachToken`, on one thread. With `.inBatches` they stay as they
///   were at the start of a batch of sequences, but for the event itself; then the sequences of a batch are
///   independent, and what comes out is the same for any number of threads. One batch a sweep is what
///   WarpLDA does (Chen et al., VLDB 2016); more of them lag less behind.
public struct LatentDirichletAllocation: Start {
    /// When an event's new topic reaches n_wk and n_k.
    public enum CountUpdates: Sendable, Equatable {
        case afterEachToken
        /// This many times a sweep.
        case inBatches(Int)
    }

    /// Times that all events are gone through, at least 1.
    public var sweeps: Int
    /// α, the concentration of each sequence's law of topics: 0.1 suits short sequences; 50/K is usual for long texts.
    public var alpha: Float
    /// β, the concentration of each topic's law of items.
    public var beta: Float
    /// Pairs of a sequence and an item proposal that an event gets in a sweep.
    public var cycles: Int
    /// `.afterEachToken` runs on one thread.
    public var updates: CountUpdates

    /// - Throws: `InvalidParameter` where a number is not positive.
    public init(
        sweeps: Int = 100, alpha: Float = 0.1, beta: Float = 0.01, cycles: Int = 1, updates: CountUpdates = .inBatches(16)
    ) throws {
        guard sweeps > 0 else { throw InvalidParameter("sweeps", sweeps, remedy: "LDA needs at least one; 100 are usual") }
        guard cycles > 0 else { throw InvalidParameter("cycles", cycles, remedy: "an event needs at least one") }
        guard alpha.isNormal, alpha > 0 else { throw InvalidParameter("alpha", alpha, remedy: "choose a positive number") }
        guard beta.isNormal, beta > 0 else { throw InvalidParameter("beta", beta, remedy: "choose a positive number") }
        if case .inBatches(let batches) = updates, batches < 1 {
            throw InvalidParameter("batches", batches, remedy: "a sweep needs at least one; 16 follow the exact chain closely")
        }
        self.sweeps = sweeps
        self.alpha = alpha
        self.beta = beta
        self.cycles = cycles
        self.updates = updates
    }

    public func topics(for corpus: Corpus, topics k: Int, seed: UInt64, shards: Shards) -> [Int32] {
        self.topics(for: corpus, topics: k, seed: seed, shards: shards) { _, _ in }
    }

    /// The same, watched: `observe` is called after each sweep with its number, from 1 on, and a way to get the topics that all events
    /// have by then.
    public func topics(
        for corpus: Corpus, topics k: Int, seed: UInt64, shards: Shards, observe: (_ sweep: Int, _ topics: () -> [Int32]) throws -> Void
    ) rethrows -> [Int32] {
        var topics = RandomTopics().topics(for: corpus, topics: k, seed: seed, shards: shards)
        // β was checked, and a corpus with events has items: then counts can be had.
        guard k > 1, let sampler = try? LDASampler(self, corpus: corpus, topics: topics, k: k) else { return topics }
        for sweep in 1...sweeps {
            sampler.rebuildProposals(shards: shards)
            sampler.sweep(&topics, number: sweep, seed: seed, shards: shards)
            let now = topics
            try observe(sweep) { now }
        }
        return topics
    }
}

/// The chain over all events of one corpus.
final class LDASampler: @unchecked Sendable {
    let settings: LatentDirichletAllocation
    let corpus: Corpus
    /// What π reads.
    let counts: TopicCounts
    private let proposals: WordProposals
    /// 1 / (n_k + Vβ), and the same without the event itself.
    private let inverse: FloatBuffer
    private let inverseWithout: FloatBuffer
    /// Sequences in pieces of about as many events each.
    private let pieces: [Range<Int>]

    init(_ settings: LatentDirichletAllocation, corpus: Corpus, topics: [Int32], k: Int) throws {
        self.settings = settings
        self.corpus = corpus
        counts = try TopicCounts(items: corpus.vocabulary.count, topics: k, concentration: settings.beta)
        var events = [Int](repeating: 0, count: counts.items)
        for (item, topic) in zip(corpus.items, topics) {
            counts.add(item: Int(item), to: Int(topic))
            events[Int(item)] += 1
        }
        // Where topics move within a sweep, the tables go out of date: what they were built from must be kept.
        let built = settings.updates == .inBatches(1)
            ? counts : try TopicCounts(items: counts.items, topics: k, concentration: settings.beta)
        proposals = WordProposals(counts: built, events: events)
        inverse = FloatBuffer(count: k)
        inverseWithout = FloatBuffer(count: k)
        pieces = LDASampler.pieces(of: corpus, events: max(2048, corpus.items.count / 256))
    }

    private static func pieces(of corpus: Corpus, events: Int) -> [Range<Int>] {
        var pieces: [Range<Int>] = [], first = 0
        for n in 0..<corpus.count where corpus.starts[n + 1] - corpus.starts[first] >= events || n == corpus.count - 1 {
            pieces.append(first..<n + 1)
            first = n + 1
        }
        return pieces
    }

    /// Brings q_w up to date: before the first sweep, and before each where counts move once a sweep.
    func rebuildProposals(shards: Shards) {
        counts.refreshInverseTotals()
        if proposals.counts !== counts { proposals.counts.copy(from: counts) }
        proposals.rebuild(shards: shards)
    }

    /// Every event once.
    func sweep(_ topics: inout [Int32], number: Int, seed: UInt64, shards: Shards) {
        refreshInverses()
        switch settings.updates {
        case .afterEachToken:
            topics.withUnsafeMutableBufferPointer { buffer in
                guard let z = buffer.baseAddress else { return }
                run(0..<corpus.count, z: z, sweep: number, seed: seed) { item, old, new in
                    counts.move(item: item, from: old, to: new)
                    refreshInverse(old)
                    refreshInverse(new)
                }
            }
        case .inBatches(let batches):
            let before = topics
            for batch in 0..<batches {
                let own = Shards.slice(batch, of: batches, total: pieces.count)
                topics.withUnsafeMutableBufferPointer { buffer in
                    nonisolated(unsafe) let z = buffer
                    shards.forEach(own.count) { piece in
                        guard let z = z.baseAddress else { return }
                        run(pieces[own.lowerBound + piece], z: z, sweep: number, seed: seed) { _, _, _ in }
                    }
                }
                guard let first = own.first, let last = own.last else { continue }
                for event in corpus.starts[pieces[first].lowerBound]..<corpus.starts[pieces[last].upperBound] {
                    counts.move(item: Int(corpus.items[event]), from: Int(before[event]), to: Int(topics[event]))
                }
                refreshInverses()
            }
        }
    }

    private func refreshInverses() {
        for topic in 0..<counts.topics { refreshInverse(topic) }
    }

    private func refreshInverse(_ topic: Int) {
        let total = Float(counts.totals[topic]), base = counts.concentrationSum
        inverse.base[topic] = 1 / (total + base)
        // Of an empty topic no event can be left out; the value is never read.
        inverseWithout.base[topic] = 1 / (max(total, 1) - 1 + base)
    }

    /// The chains of all events of some sequences; `moved` hears of each that ended elsewhere.
    @inline(__always)
    private func run(
        _ sequences: Range<Int>, z: UnsafeMutablePointer<Int32>, sweep: Int, seed: UInt64,
        moved: (_ item: Int, _ old: Int, _ new: Int) -> Void
    ) {
        let k = counts.topics, alpha = settings.alpha, beta = settings.beta, cycles = settings.cycles
        let inverse = inverse.base, inverseWithout = inverseWithout.base, counts = counts, proposals = proposals
        let local = FloatBuffer(count: k), nd = local.base   // n_dk
        corpus.items.withUnsafeBufferPointer { items in
            for sequence in sequences {
                let events = corpus.range(sequence)
                let length = Double(events.count), span = length + Double(alpha) * Double(k)
                for i in events { nd[Int(z[i])] += 1 }
                var random = RandomStream(seed: seed, purpose: .start, epoch: sweep, sequence: sequence)
                for i in events {
                    let item = Int(items[i]), old = Int(z[i]), row = counts.row(item)
                    nd[old] -= 1

                    /// (n_wk + β) / (n_k + Vβ) without this event, which the tables count in `old`.
                    @inline(__always)
                    func phi(_ k: Int) -> Float {
                        k == old
                            ? (Float(row[k] &- 1) + beta) * inverseWithout[k] : (Float(row[k]) + beta) * inverse[k]
                    }

                    var current = old, currentPhi = phi(old)
                    for _ in 0..<cycles {
                        // From the sequence. This event itself stands for its current topic, so what q_d has of
                        // n_dk + α cancels against π, and φ alone decides.
                        let place = Double(random.nextWord()) * 0x1p-32 * span
                        let near = place < length
                            ? Int(z[events.lowerBound + Int(place)]) : min(k - 1, Int((place - length) / Double(alpha)))
                        if near != current {
                            let then = phi(near)
                            if (1 - random.uniform()) * currentPhi <= then {
                                current = near
                                currentPhi = then
                                z[i] = Int32(near)
                            }
                        }
                        // From the item.
                        let far = proposals.draw(item: item, random.uniformDouble())
                        if far != current {
                            let then = phi(far)
                            let bar = (1 - random.uniform()) * (nd[current] + alpha) * currentPhi * proposals.weight(item, far)
                            if bar <= (nd[far] + alpha) * then * proposals.weight(item, current) {
                                current = far
                                currentPhi = then
                                z[i] = Int32(far)
                            }
                        }
                    }
                    nd[current] += 1
                    if current != old { moved(item, old, current) }
                }
                for i in events { nd[Int(z[i])] = 0 }
            }
        }
    }
}
