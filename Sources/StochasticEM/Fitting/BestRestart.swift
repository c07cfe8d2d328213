/// Of several fits the best so far.
struct BestRestart {
    private var perplexity = Double.infinity
    /// nil where there is none yet.
    private var values: LearnedValues?

    init() {}

    /// Takes what a fit that has come to its end has learned, if it is better.
    mutating func offer(_ run: FitRun) {
        guard isBeaten(by: run) else { return }
        perplexity = run.bestPerplexity
        values = run.learned
    }

    /// The model of the best, the last one included; its network and counts hold it.
    func model(with last: FitRun) -> LatentLSTMAllocation { last.model(with: isBeaten(by: last) ? nil : values) }

    /// The first of equals stays.
    private func isBeaten(by run: FitRun) -> Bool { values == nil || run.bestPerplexity < perplexity }

    func save(to state: inout StateWriter) {
        state.add("perplexity", perplexity)
        if let values { state.inside("values") { values.save(to: &$0) } }
    }

    /// - Parameter run: of the same shapes.
    init(from state: StateReader, like run: FitRun) throws {
        perplexity = try state.number("perplexity")
        if state.has("values/weights") { values = try run.learned(from: state.part("values")) }
    }
}
