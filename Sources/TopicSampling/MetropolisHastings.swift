import Kernels

/// The draw of a topic that looks at the few topics that its item was ever counted in (Paper-notes S7, S8; the fast
/// sampler of the paper, with the correction it leaves out; the split into sparse and dense as in AliasLDA, Li et al., KDD 2014).
///
/// With u_k = exp(logit_k), not normalised, and counts frozen while a block is sampled:
///
///     target     π(k) ∝ u_k (n_wk + β) / (n_k + Vβ)
///     proposal   g(k) ∝ u_k n_wk / (n_k + Vβ)  +  ũ_k β / (n_k + Vβ)
///     accept     min(1, π(k') g(k) / (π(k) g(k')))
///
/// The first part of g is exact and costs K_w logits; the second comes from an alias table that is built once for many tokens, which
/// is possible only since ũ stands in for u. The acceptance puts u back. The chain starts at the token's last topic.
/// The table may be older than the counts: what g has of it are the masses that it was built from.
///
/// **Scale.** u is only ever needed up to a factor: all exponents are taken relative to the larger of the stand-in's largest
/// logit and the largest logit of the item's own topics, so sums cannot overflow. A topic more than 80 above
/// that reference counts as 80 above, one more than 87 below as 87 below.
///
/// After `begin` this is read-only, for any number of threads with a `Scratch` each.
public final class MetropolisHastings: @unchecked Sendable {
    @usableFromInline let counts: TopicCounts
    /// K_w topics of each item; tell it of every move.
    public let nonzero: NonzeroTopics
    /// How many proposals a token gets.
    public let proposals: Int

    /// (stride): ũ_k β / (n_k + Vβ) when the table was built, ũ relative to `reference`.
    public let masses: FloatBuffer
    @usableFromInline let dense: AliasTable               // ∝ masses
    /// The logit at which ũ is 1.
    public private(set) var reference: Float = 0
    @usableFromInline private(set) var denseMass: Double = 0

    /// What one thread needs, and what it tells: how many of its proposals were accepted.
    public final class Scratch {
        @usableFromInline let logits: FloatBuffer         // (stride): logits, then u
        @usableFromInline let masses: FloatBuffer         // (stride)
        /// Proposals made since this scratch was made.
        public fileprivate(set) var proposed = 0
        /// Proposals accepted since then, those of the topic that the token has among them.
        public fileprivate(set) var accepted = 0

        /// - Parameter topics: K.
        public init(topics: Int) {
            logits = FloatBuffer(count: (topics + 15) / 16 * 16)
            masses = FloatBuffer(count: (topics + 15) / 16 * 16)
        }

        /// Accepted among proposed; a proposal of the topic that the token has counts as accepted.
        public var acceptanceRate: Double { proposed > 0 ? Double(accepted) / Double(proposed) : 0 }

        @usableFromInline
        func note(proposed: Int, accepted: Int) {
            self.proposed += proposed
            self.accepted += accepted
        }
    }

    /// - Throws: `InvalidParameter` unless there is at least one proposal.
    public init(counts: TopicCounts, proposals: Int) throws {
        guard proposals > 0 else {
            throw InvalidParameter("proposals", proposals, remedy: "the sampler needs at least one a token; 2 to 8 are usual")
        }
        self.counts = counts
        self.proposals = proposals
        nonzero = NonzeroTopics(counts)
        masses = FloatBuffer(count: counts.stride)
        dense = AliasTable(count: counts.topics)
    }

    /// Builds the table, after `counts.refreshInverseTotals()`: O(K).
    ///
    /// - Parameter logits: (K), a guess at the logits of the tokens to come, on their scale (the biases, or an
    ///   average over the last block). A bad guess lowers the acceptance rate, and changes nothing else.
    public func begin(standIn logits: UnsafePointer<Float>) {
        let topics = counts.topics, beta = counts.concentration
        var top = logits[0]
        for topic in 1..<max(topics, 1) where logits[topic] > top { top = logits[topic] }
        reference = top
        var k = 0
        while k < topics {
            let count = min(16, topics - k)
            let u = Elementwise.exp(logits.lanes(k, count: count) - top)
            masses.base.setLanes(k, u * (beta * counts.inverseTotals.lanes(k)), count: count)
            k += 16
        }
        denseMass = dense.rebuild(masses.base)
    }

    /// Builds the table that a sampler had which had these `masses` and this `reference`.
    public func resume(masses: [Float], reference: Float) {
        self.masses.base.update(from: masses, count: min(masses.count, counts.topics))
        self.reference = reference
        denseMass = dense.rebuild(self.masses.base)
    }

    /// The topic of one token after `proposals` steps of the chain.
    ///
    /// - Parameters:
    ///   - last: the topic that the token has now.
    ///   - random: the token's own stream.
    ///   - logits: W_k·s + b_k for those k that are asked for: K_w + `proposals` or so.
    @inlinable
    public func topic<Logits: LogitSource>(
        item: Int, last: Int, scratch: Scratch, random: inout RandomStream, logits: Logits
    ) -> Int {
        let beta = Double(counts.concentration), inverse = counts.inverseTotals
        let listed = nonzero.topics(of: item), listedCounts = nonzero.counts(of: item)
        let u = scratch.logits.base, sparse = scratch.masses.base

        // The exact part: u_k n_wk / (n_k + Vβ) over the K_w topics of the item.
        var top = reference
        logits.logits(of: listed, into: u)
        for place in 0..<listed.count where u[place] > top { top = u[place] }
        MetropolisHastings.exponentials(u, count: listed.count, minus: top)
        var sparseMass = 0.0
        for (place, topic) in listed.enumerated() {
            let mass = u[place] * Float(listedCounts[place]) * inverse[Int(topic)]
            sparse[place] = mass
            sparseMass += Double(mass)
        }
        // The stand-in's exponents are relative to its own largest logit.
        let lift = Double(MetropolisHastings.exponential(reference - top))
        let mass = sparseMass + denseMass * lift

        /// π(k) and g(k), up to factors that they share over k.
        @inline(__always)
        func weigh(_ k: Int, _ place: Int?) -> (target: Double, proposal: Double) {
            let n = place.map { Double(listedCounts[$0]) } ?? 0, scale = Double(inverse[k])
            let u = Double(place.map { u[$0] } ?? MetropolisHastings.exponential(logits.logit(k) - top))
            return (u * (n + beta) * scale, u * n * scale + Double(masses.base[k]) * lift)
        }

        var current = last
        var now = weigh(last, NonzeroTopics.place(of: last, in: listed))
        var accepted = 0
        for _ in 0..<proposals {
            let candidate: Int, place: Int?
            let point = Double(random.uniform()) * mass
            if point < sparseMass {
                let found = MetropolisHastings.place(of: point, in: sparse, count: listed.count)
                candidate = Int(listed[found])
                place = found
            } else {
                candidate = dense.draw(using: &random)
                place = NonzeroTopics.place(of: candidate, in: listed)
            }
            // 1 - uniform lies in (0, 1]: what has no mass is never accepted.
            let bar = 1 - Double(random.uniform())
            if candidate == current {
                accepted += 1
                continue
            }
            let then = weigh(candidate, place)
            if bar * now.target * then.proposal <= then.target * now.proposal {
                current = candidate
                now = then
                accepted += 1
            }
        }
        scratch.note(proposed: proposals, accepted: accepted)
        return current
    }

    /// x ← exp(x - shift), `count` floats and the padding behind them.
    @usableFromInline
    static func exponentials(_ x: UnsafeMutablePointer<Float>, count: Int, minus shift: Float) {
        var k = 0
        while k < count {
            x.setLanes(k, Elementwise.exp(x.lanes(k) - shift))
            k += 16
        }
    }

    /// The same for one number, bit for bit.
    @usableFromInline
    static func exponential(_ x: Float) -> Float {
        Elementwise.exp(Lanes16(repeating: min(x, 80)))[0]
    }

    /// Which of `masses` holds `point`; never one without mass.
    @usableFromInline
    static func place(of point: Double, in masses: UnsafePointer<Float>, count: Int) -> Int {
        var left = point, chosen = 0
        for place in 0..<count where masses[place] > 0 {
            chosen = place
            left -= Double(masses[place])
            if left < 0 { break }
        }
        return chosen
    }
}
