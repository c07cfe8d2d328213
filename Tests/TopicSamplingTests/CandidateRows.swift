import Kernels
@testable import TopicSampling

/// Rows of weights that are given outright, with the running sums that `DenseDraw.weigh` would leave: P copies of K topics.
final class CandidateRows {
    let rows: FloatBuffer, alphas: FloatBuffer
    let copies: Int, topics: Int
    private let stride: Int

    /// - Parameter alphas: α of each copy; nil for the row's total.
    init(_ weights: [[Float]], alphas given: [Float]? = nil) {
        copies = weights.count
        topics = weights[0].count
        stride = DenseDraw.rowLength(topics: topics)
        rows = FloatBuffer(count: copies * stride)
        alphas = FloatBuffer(count: copies)
        let blocks = (topics + 15) / 16
        for (copy, row) in weights.enumerated() {
            let base = rows.base + copy * stride
            base.update(from: row, count: topics)
            var total: Float = 0
            for block in 0..<blocks {
                total += row[block * 16..<min(block * 16 + 16, topics)].reduce(0, +)
                base[blocks * 16 + block] = total
            }
            alphas.base[copy] = given?[copy] ?? total
        }
    }

    func candidates(reference: Int? = nil) -> Candidates {
        Candidates(
            copies: copies, topics: topics, weights: rows.base, rowStride: stride, alphas: alphas.base,
            reference: reference.map(Int32.init))
    }

    /// The topic of a copy that has most weight; the first where none has any.
    func heaviestTopic(of copy: Int) -> Int {
        let row = candidates().row(copy)
        return (0..<topics).reduce(0) { row[$1] > row[$0] ? $1 : $0 }
    }

    /// One step of a policy: ancestors and topics of the survivors, and their scores.
    func survive(
        _ policy: some SurvivorPolicy, scores: [Double], seed: UInt64 = 1, reference: Int? = nil
    ) -> (ancestors: [Int], topics: [Int], scores: [Double]) {
        var scores = scores, ancestors = [Int32](repeating: -1, count: copies), topics = ancestors
        var random = RandomStream(seed: seed, purpose: .survivors)
        policy.survive(
            candidates(reference: reference), scores: &scores, random: &random, ancestors: &ancestors, topics: &topics)
        return (ancestors.map(Int.init), topics.map(Int.init), scores)
    }
}

extension SurvivorPolicy {
    /// The scores that copies start with.
    func startScores(copies: Int) -> [Double] {
        var scores = [Double](repeating: .nan, count: copies)
        begin(scores: &scores, copies: copies)
        return scores
    }
}
