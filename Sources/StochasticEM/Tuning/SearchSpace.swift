import Kernels

/// The settings that a search chooses from, and those that it leaves alone.
public struct SearchSpace: Codable, Sendable, Equatable {
    /// What is not searched; its seed is that of the search, too.
    public let base: FitSettings
    /// Between which values the others are drawn.
    public let bounds: SearchBounds
    /// In the order of `TunedSetting`.
    public let searched: [TunedSetting]

    /// Draws for one candidate before the space is taken to hold no other.
    private static let attempts = 1000

    /// - Parameters:
    ///   - base: valid by itself.
    ///   - pinned: settings that stay as they are in `base`.
    /// - Throws: `InvalidSetting`, also where nothing is left to search, or nothing kept aside to compare candidates on.
    public init(base: FitSettings, bounds: SearchBounds = SearchBounds(), pinned: Set<TunedSetting>) throws {
        try base.validate()
        try bounds.validate()
        guard base.validation > 0 else {
            throw InvalidSetting(
                name: "validation", value: "\(base.validation)", remedy: "candidates are compared on what is kept aside: choose a share above 0")
        }
        self.base = base
        self.bounds = bounds
        searched = TunedSetting.allCases.filter { !pinned.contains($0) && $0.isOpen(in: base, bounds: bounds) }
    }

    /// Candidates that differ from each other, each a function of the seed and its number: more of them begin with the same ones.
    ///
    /// Each setting has numbers of its own, so that to pin one leaves the draws of the others as they were.
    ///
    /// - Returns: `count` of them, or fewer where the space holds no more; at least one.
    /// - Throws: `InvalidSetting` where the pinned settings contradict all that could be chosen for the others.
    public func candidates(_ count: Int) throws -> [FitSettings] {
        var candidates: [FitSettings] = []
        for number in 0..<count {
            switch draw(number, besides: candidates) {
            case .found(let candidate): candidates.append(candidate)
            case .refused(let error) where candidates.isEmpty: throw error
            case .refused, .exhausted: return candidates
            }
        }
        return candidates
    }

    private enum Outcome {
        case found(FitSettings)
        /// None was valid.
        case refused(any Error)
        /// The valid ones are there already.
        case exhausted
    }

    private func draw(_ number: Int, besides others: [FitSettings]) -> Outcome {
        var outcome = Outcome.exhausted
        for attempt in 0..<Self.attempts {
            let candidate = candidate(number, attempt: attempt)
            do {
                try candidate.validate()
            } catch {
                if case .exhausted = outcome { outcome = .refused(error) }
                continue
            }
            if !others.contains(candidate) { return .found(candidate) }
        }
        return outcome
    }

    private func candidate(_ number: Int, attempt: Int) -> FitSettings {
        var candidate = base
        for setting in searched {
            let place = TunedSetting.allCases.firstIndex(of: setting) ?? 0
            var random = RandomStream(seed: base.seed, purpose: .tuning, sequence: number, position: attempt, particle: place)
            setting.draw(&random, within: bounds, into: &candidate)
        }
        // What is said of copies is said for the variant that takes them.
        if candidate.variant.isExact {
            candidate.particles = nil
            candidate.survivors = .resampled
        }
        return candidate
    }
}
