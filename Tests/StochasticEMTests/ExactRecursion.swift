import Foundation
import TopicSampling
@testable import StochasticEM

/// Word-LLA and belief-LLA in Double, one event after another, from the equations: their state is a function of the items alone.
///
///     θ_t(k) from the state and n,   α_t = Σ_k θ_t(k) φ_wk,   γ_t(k) = θ_t(k) φ_wk / α_t,   n ← decay · n + γ_t
///
/// The next input is the row of w_t, or the mean under γ_t of the topics' rows: of the M most probable ones, those with a share
/// of 1/1000 at most left out, renormalised.
struct ExactRecursion {
    enum Carried { case word, belief(most: Int) }

    /// Something done wrong on purpose: what a comparison must notice.
    enum Fault: CaseIterable {
        case notRenormalised, allTopicsKept, oneTopicKept, startLikeAnyOther, inputNeverRead
        case countsOfTheLikeliestTopic, countsAfterTheEvent, countsThatNeverFade, nothingCounted
    }

    var model: EnumeratedModel
    let carried: Carried
    var fault: Fault?

    var feedback: any Feedback {
        switch carried {
        case .word: WordFeedback()
        case .belief(let most): BeliefFeedback(entries: most)
        }
    }

    struct Step {
        let input: [EnumeratedModel.Share]
        let counts: [[Double]]
        let theta: [Double]
        /// p(w_t | w_{<t}).
        let alpha: Double
    }

    func steps(_ items: [Int]) -> [Step] {
        var state = model.zero, input: [EnumeratedModel.Share] = [(model.startInput, 1)], counts = model.nothingCounted
        if fault == .startLikeAnyOther { input = [(0, 1)] }
        return items.map { item in
            let (now, theta) = model.step(input, state, counts: counts)
            let weights = theta.enumerated().map { $0.element * model.phi(item, $0.offset) }, alpha = weights.reduce(0, +)
            let gamma = weights.map { $0 / alpha }
            defer {
                state = now
                if fault != .inputNeverRead { input = next(item, gamma) }
                counts = counted(counts, gamma)
            }
            guard fault == .countsAfterTheEvent else { return Step(input: input, counts: counts, theta: theta, alpha: alpha) }
            let late = model.step(input, state, counts: counted(counts, gamma)).theta
            return Step(
                input: input, counts: counts, theta: late,
                alpha: late.enumerated().reduce(0) { $0 + $1.element * model.phi(item, $1.offset) })
        }
    }

    private func next(_ item: Int, _ gamma: [Double]) -> [EnumeratedModel.Share] {
        guard case .belief(let most) = carried else { return [(item, 1)] }
        var kept = gamma.indices.filter { gamma[$0] > 1e-3 }.sorted { gamma[$0] > gamma[$1] }.prefix(most)
        if fault == .allTopicsKept { kept = gamma.indices[...].map { $0 }[...] }
        if fault == .oneTopicKept { kept = kept.prefix(1) }
        let total = fault == .notRenormalised ? 1 : kept.reduce(0) { $0 + gamma[$1] }
        return kept.map { ($0, gamma[$0] / total) }
    }

    private func counted(_ counts: [[Double]], _ gamma: [Double]) -> [[Double]] {
        switch fault {
        case .countsOfTheLikeliestTopic:
            let likeliest = gamma.indices.max { gamma[$0] < gamma[$1] }
            return model.counted(counts, gamma.indices.map { $0 == likeliest ? 1 : 0 })
        case .countsThatNeverFade: return model.counted(counts, gamma, decays: [1, 1])
        case .nothingCounted: return counts
        default: return model.counted(counts, gamma)
        }
    }

    /// p(w_t | w_{<t}) for each t.
    func predictive(_ items: [Int]) -> [Double] { steps(items).map(\.alpha) }

    /// −Σ log p(w_t | w_{<t}) of another model whose inputs and counts are those of these steps: what the pass back sees, which
    /// lets nothing flow into them.
    func loss(_ model: EnumeratedModel, _ items: [Int], inputsOf steps: [Step]) -> Double {
        var state = model.zero, loss = 0.0
        for (item, step) in zip(items, steps) {
            let (now, theta) = model.step(step.input, state, counts: step.counts)
            loss -= log(theta.enumerated().reduce(0) { $0 + $1.element * model.phi(item, $1.offset) })
            state = now
        }
        return loss
    }
}
