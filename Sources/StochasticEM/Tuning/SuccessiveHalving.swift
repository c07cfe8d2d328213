/// Which candidates are given how many epochs: many a few, the best of them more (Jamieson and Talwalkar, 2016, algorithm 1).
///
/// Round i fits ⌊n/η^i⌋ candidates for r·η^i epochs each; r is as large as the epochs of the last round allow. There are as many
/// rounds as leave at least two candidates to compare, and at least `minEpochs` for the first. The paper's halving goes on with
/// a fit where it stopped; here each round fits anew, since rate, warm-up and patience follow the number of epochs.
public struct SuccessiveHalving: Codable, Sendable, Equatable {
    /// One round.
    public struct Rung: Codable, Sendable, Equatable {
        /// How many are fitted.
        public let candidates: Int
        /// Of each fit.
        public let epochs: Int
    }

    /// Round after round; at least one.
    public let rungs: [Rung]

    /// Fits of all rounds.
    public var trials: Int { rungs.reduce(0) { $0 + $1.candidates } }

    /// - Parameters:
    ///   - candidates: n, at least 1.
    ///   - reduction: η, at least 2: one in η goes on, with η times the epochs.
    ///   - epochs: of the last round, at most.
    ///   - minEpochs: of the first round; the last has `epochs` even if they are fewer.
    /// - Throws: `InvalidSetting`.
    public init(candidates: Int, reduction: Int, epochs: Int, minEpochs: Int) throws {
        func check(_ holds: Bool, _ name: String, _ value: Int, _ remedy: String) throws {
            if !holds { throw InvalidSetting(name: name, value: "\(value)", remedy: remedy) }
        }
        try check((1...100_000).contains(candidates), "candidates", candidates, "choose between 1 and 100,000")
        try check((2...100).contains(reduction), "reduction", reduction, "choose between 2 and 100: one in so many goes on")
        try check(epochs >= 1, "epochs", epochs, "choose at least 1")
        try check(minEpochs >= 1, "min-epochs", minEpochs, "choose at least 1")
        var share = 1, further = 0
        while candidates / (share * reduction) >= 2, epochs / (share * reduction) >= minEpochs {
            share *= reduction
            further += 1
        }
        var rungs = [Rung(candidates: candidates, epochs: epochs / share)]
        for _ in 0..<further {
            let last = rungs[rungs.count - 1]
            rungs.append(Rung(candidates: last.candidates / reduction, epochs: last.epochs * reduction))
        }
        self.rungs = rungs
    }
}
