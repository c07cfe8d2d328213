import Kernels

/// Conditional sequential Monte Carlo, the step of particle Gibbs (Andrieu, Doucet & Holenstein, 2010): the path that
/// the sequence has now lives on, and the others are drawn around it.
///
/// Copy 0 goes on as itself, with the topic that the event has now (`Candidates.reference`). Every other survivor
/// chooses its ancestor among all P copies, copy 0 included, in proportion to α and on its own (multinomial: systematic
/// resampling would have to be conditioned on copy 0's survival), and then draws its topic from θ_k φ_wk / α.
///
/// With one path picked uniformly at the end this leaves p(z | w) invariant for every P ≥ 2, where `Resampling` is
/// biased by order 1/P. The price is that paths stick: early topics often stay what they were. P = 1 never moves.
///
/// An event without a reference leaves nothing to condition on: copy 0 is then drawn like the others.
/// Scores are not used. Should no copy have a positive α (a NaN upstream), each goes on as its own ancestor.
public struct ConditionalResampling: SurvivorPolicy {
    /// There is nothing to set.
    public init() {}

    public func begin(scores: UnsafeMutablePointer<Double>, copies: Int) {
        scores.update(repeating: 0, count: copies)
    }

    public func survive(
        _ candidates: Candidates, scores: UnsafeMutablePointer<Double>, random: inout RandomStream,
        ancestors: UnsafeMutablePointer<Int32>, topics: UnsafeMutablePointer<Int32>
    ) {
        var drawn = 0..<candidates.copies
        if let reference = candidates.reference {
            ancestors[0] = 0
            topics[0] = reference
            drawn = 1..<candidates.copies
        }
        let start = AncestorWalk(candidates.alphas, count: candidates.copies)
        for survivor in drawn {
            let share = Double(random.uniform())
            if var walk = start {
                ancestors[survivor] = walk.advance(to: share * walk.total)
            } else {
                ancestors[survivor] = Int32(survivor)
            }
            let row = candidates.row(Int(ancestors[survivor]))
            topics[survivor] = Int32(DenseDraw.topic(of: row, topics: candidates.topics, at: random.uniform()))
        }
    }
}
