import Kernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The draw of a topic that looks at all K of them.
///
///     θ = softmax(logits)
///     α = Σ_k θ_k φ_wk = p(w | past)
///     z ~ θ_k φ_wk / α                                           (Paper-notes S1)
///
/// In two parts, since particles are resampled by α *before* a topic is drawn (Paper-notes S4).
/// Nothing is allocated, and K need not be a multiple of 16.
///
/// **Underflow.** Logits more than 64 below the largest count as 64 below (θ_k ≥ 1.6e-28 θ_max), so no θ_k is
/// zero and log θ_k stays finite. Should every product θ_k φ_wk still underflow, the weights are θ alone, and α is
/// the smallest normal number: an item that no topic can explain says nothing about the topic.
/// **NaN and infinity** among the logits make α NaN; `topic(of:…)` then still returns a topic below K.
public enum DenseDraw {
    /// How far below the largest a logit counts.
    static let floor: Float = -64

    /// Floats of a row of weights for K topics: the weights, K rounded up to 16, then one running sum for each 16 of them.
    @inlinable
    public static func rowLength(topics: Int) -> Int { (topics + 15) / 16 * 17 }

    /// Σ of the weights of a row that `weigh` wrote, the last of its running sums: α, unless all products underflowed.
    @inlinable
    public static func total(of weights: UnsafePointer<Float>, topics: Int) -> Float { weights[rowLength(topics: topics) - 1] }

    /// Turns logits into θ in place, and writes θ_k φ_wk with their running sums.
    ///
    /// - Parameters:
    ///   - logits: (K), of any scale; θ on return.
    ///   - weights: (`rowLength`), overwritten.
    /// - Returns: α.
    public static func weigh(
        logits: UnsafeMutablePointer<Float>, item: Int, counts: TopicCounts, weights: UnsafeMutablePointer<Float>
    ) -> Float {
        let topics = counts.topics, blocks = counts.stride / 16
        let whole = topics / 16 * 16, tail = topics % 16
        let lowest = -Float.greatestFiniteMagnitude
        let last = tail > 0
            ? keeping(tail, of: logits.lanes(whole, count: tail), filler: lowest) : Lanes16(repeating: lowest)

        // The largest logit, by four chains of comparisons: a single one would wait for itself.
        var a = last, b = last, c = last, d = last
        var k = 0
        while k &+ 64 <= whole {
            a = larger(a, logits.lanes(k))
            b = larger(b, logits.lanes(k &+ 16))
            c = larger(c, logits.lanes(k &+ 32))
            d = larger(d, logits.lanes(k &+ 48))
            k &+= 64
        }
        while k < whole {
            a = larger(a, logits.lanes(k))
            k &+= 16
        }
        let top = largest(larger(larger(a, b), larger(c, d)))

        // e_k = exp(logit_k - max), kept among the weights for now.
        var sums = Lanes16.zero
        k = 0
        while k < whole {
            let e = Elementwise.exp(withinRange: floored(logits.lanes(k) - top))
            weights.setLanes(k, e)
            sums += e
            k &+= 16
        }
        if tail > 0 {
            let e = keeping(tail, of: Elementwise.exp(withinRange: floored(last - top)), filler: 0)
            weights.setLanes(whole, e)
            sums += e
        }

        // θ_k and θ_k φ_wk. Behind K, both are zero.
        let scale = 1 / sum(sums)
        let inverse = counts.inverseTotals, row = counts.row(item), beta = counts.concentration
        k = 0
        while k < whole {
            let theta = weights.lanes(k) * scale
            logits.setLanes(k, theta)
            weights.setLanes(k, theta * ((floats(row + k) + beta) * inverse.lanes(k)))
            k &+= 16
        }
        if tail > 0 {
            let theta = weights.lanes(whole) * scale
            logits.setLanes(whole, theta, count: tail)
            weights.setLanes(whole, theta * ((floats(row + whole) + beta) * inverse.lanes(whole)))
        }

        return summed(weights, blocks: blocks, theta: logits, topics: topics)
    }

    /// As `weigh`, to the bit, where θ is known already: an item is explained, and nothing else.
    ///
    /// - Parameters:
    ///   - theta: (K), as `weigh` left it in the place of the logits.
    ///   - weights: (`rowLength`), overwritten.
    /// - Returns: α.
    public static func explain(
        theta: UnsafePointer<Float>, item: Int, counts: TopicCounts, weights: UnsafeMutablePointer<Float>
    ) -> Float {
        let topics = counts.topics, blocks = counts.stride / 16
        let inverse = counts.inverseTotals, row = counts.row(item), beta = counts.concentration
        for k in stride(from: 0, to: blocks * 16, by: 16) {
            weights.setLanes(k, theta.lanes(k, count: topics - k) * ((floats(row + k) + beta) * inverse.lanes(k)))
        }
        return summed(weights, blocks: blocks, theta: theta, topics: topics)
    }

    /// A topic with probability proportional to its weight, by inversion of `uniform`.
    ///
    /// Always below K, and never one of weight zero, whatever `uniform` in [0, 1).
    ///
    /// - Parameter weights: a row that `weigh` wrote.
    public static func topic(of weights: UnsafePointer<Float>, topics: Int, at uniform: Float) -> Int {
        let blocks = (topics + 15) / 16
        let running = weights + blocks * 16
        let target = uniform * running[blocks - 1]
        // The block: the first whose running sum exceeds the target.
        var block = 0
        while block < blocks - 1 && !(running[block] > target) { block += 1 }
        // The rounding of u·total can reach the total: then the last block that has any weight.
        while block > 0 && !(running[block] > running[block - 1]) { block -= 1 }

        let start = block * 16
        let end = min(start + 16, topics)
        var left = target - (block > 0 ? running[block - 1] : 0)
        var chosen = -1
        for topic in start..<end where weights[topic] > 0 {
            // The block's sum was added in another order, so `left` may survive all of it: then the last one stands.
            chosen = topic
            left -= weights[topic]
            if left < 0 { break }
        }
        return chosen < 0 ? end - 1 : chosen
    }

    /// The largest weights of a row that `weigh` wrote, in descending order, ties by topic.
    ///
    /// - Parameters:
    ///   - count: how many at most; `indices` and `values` have room for as many.
    ///   - bound: what a weight has to exceed.
    /// - Returns: how many were found.
    public static func heaviest(
        of row: UnsafePointer<Float>, topics: Int, count: Int, above bound: Float,
        indices: UnsafeMutablePointer<Int32>, weights: UnsafeMutablePointer<Float>
    ) -> Int {
        let running = row + (topics + 15) / 16 * 16
        var found = 0, least = bound, before: Float = 0
        for start in stride(from: 0, to: topics, by: 16) {
            // No weight exceeds the sum of its sixteen; its rounding is that of the running sum.
            let sum = running[start / 16] - before
            before = running[start / 16]
            if sum + before * 0x1p-20 <= least || largest(row.lanes(start)) <= least { continue }
            for topic in start..<min(start + 16, topics) where row[topic] > least {
                var place = found < count ? found : count - 1
                while place > 0, weights[place - 1] < row[topic] {
                    weights[place] = weights[place - 1]
                    indices[place] = indices[place - 1]
                    place -= 1
                }
                weights[place] = row[topic]
                indices[place] = Int32(topic)
                found = min(found + 1, count)
                if found == count { least = max(bound, weights[count - 1]) }
            }
        }
        return found
    }

    /// Turns proportions θ (K) into the gradient of −weight · log Σ_k θ_k φ_wk in the logits, in place: weight · (θ − γ).
    ///
    /// - Parameter target: the topic whose log θ is returned.
    public static func posteriorGradient(
        _ theta: UnsafeMutablePointer<Float>, target: Int, item: Int, counts: TopicCounts, weight: Float
    ) -> Double {
        let topics = counts.topics, said = log(Double(max(theta[target], .leastNormalMagnitude)))
        let inverse = counts.inverseTotals, row = counts.row(item), beta = counts.concentration
        var sums = Lanes16.zero
        for k in stride(from: 0, to: topics, by: 16) {
            sums += theta.lanes(k, count: topics - k) * ((floats(row + k) + beta) * inverse.lanes(k))
        }
        let alpha = sum(sums)
        // An item that no topic explains teaches nothing.
        let scale = alpha < .leastNormalMagnitude ? 0 : weight / alpha, keep = alpha < .leastNormalMagnitude ? 0 : weight
        for k in stride(from: 0, to: topics, by: 16) {
            let proportions = theta.lanes(k, count: topics - k)
            let phi = (floats(row + k) + beta) * inverse.lanes(k)
            theta.setLanes(k, proportions * (keep - phi * scale), count: topics - k)
        }
        return said
    }

    /// Writes the running sums behind the weights; returns the last one, their total.
    @inline(__always)
    private static func runningSums(of weights: UnsafeMutablePointer<Float>, blocks: Int) -> Float {
        let running = weights + blocks * 16
        var total: Float = 0
        // From memory, and by quarters: a sum over the lanes of a register makes the compiler split all arithmetic before it.
        var quarters = UnsafeRawPointer(weights)
        for block in 0..<blocks {
            let left = quarters.loadUnaligned(as: SIMD4<Float>.self) + quarters.loadUnaligned(fromByteOffset: 16, as: SIMD4<Float>.self)
            let right = quarters.loadUnaligned(fromByteOffset: 32, as: SIMD4<Float>.self) + quarters.loadUnaligned(fromByteOffset: 48, as: SIMD4<Float>.self)
            let four = left + right
            total += (four.x + four.z) + (four.y + four.w)
            running[block] = total
            quarters += 64
        }
        return total
    }

    /// Writes the running sums behind the weights θφ; returns α.
    @inline(__always)
    private static func summed(_ weights: UnsafeMutablePointer<Float>, blocks: Int, theta: UnsafePointer<Float>, topics: Int) -> Float {
        let total = runningSums(of: weights, blocks: blocks)
        if total < .leastNormalMagnitude {
            explainNothing(theta: theta, topics: topics, weights: weights)
            return .leastNormalMagnitude
        }
        return total
    }

    /// Weights θ where all θφ underflowed.
    private static func explainNothing(theta: UnsafePointer<Float>, topics: Int, weights: UnsafeMutablePointer<Float>) {
        weights.update(from: theta, count: topics)
        _ = runningSums(of: weights, blocks: (topics + 15) / 16)
    }
}

@inline(__always)
private func floored(_ x: Lanes16) -> Lanes16 {
    x.replacing(with: Lanes16(repeating: DenseDraw.floor), where: x .< DenseDraw.floor)
}
