import Kernels
import Testing
@testable import StochasticEM

@Suite struct SearchSpaceTests {
    /// With a seed, and what else is wanted of the base.
    static func space(
        seed: UInt64 = 1, pinned: Set<TunedSetting> = [], bounds: SearchBounds = SearchBounds(), _ change: (inout FitSettings) -> Void = { _ in }
    ) throws -> SearchSpace {
        var base = FitSettings()
        base.seed = seed
        change(&base)
        return try SearchSpace(base: base, bounds: bounds, pinned: pinned)
    }

    /// What candidates of a space must obey, or nil.
    static func violation(_ candidates: [FitSettings], of space: SearchSpace) -> String? {
        let bounds = space.bounds
        for (index, candidate) in candidates.enumerated() {
            func inside<Value>(_ setting: TunedSetting, _ range: ClosedRange<Value>, _ value: Value) -> Bool {
                !space.searched.contains(setting) || range.contains(value)
            }
            do { try candidate.validate() } catch { return "invalid: \(error)" }
            let isInside = inside(.topics, bounds.topics, candidate.topics) && inside(.hidden, bounds.hidden, candidate.hidden)
                && inside(.beta, bounds.beta, candidate.beta) && inside(.dropout, bounds.dropout, candidate.dropout)
                && inside(.inputDropout, bounds.inputDropout, candidate.inputDropout)
                && inside(.learningRate, bounds.learningRate, candidate.adam.rate)
                && (!space.searched.contains(.tokensPerStep) || bounds.tokensPerStep.contains((candidate.lanes ?? 0) * candidate.steps))
            if !isInside { return "out of bounds" }
            if candidates[..<index].contains(candidate) { return "twice the same" }
            // All that is not searched is as in the base, but for what the variant decides.
            var rest = candidate
            for setting in space.searched {
                switch setting {
                case .variant: rest.variant = space.base.variant
                case .memory: rest.memory = space.base.memory
                case .topics: rest.topics = space.base.topics
                case .hidden: rest.hidden = space.base.hidden
                case .beta: rest.beta = space.base.beta
                case .dropout: rest.dropout = space.base.dropout
                case .inputDropout: rest.inputDropout = space.base.inputDropout
                case .learningRate: rest.adam.rate = space.base.adam.rate
                case .tokensPerStep: rest.lanes = space.base.lanes
                }
            }
            // Copies go with the variant: another than the base's takes its own number of them.
            if candidate.variant.isExact != space.base.variant.isExact {
                if candidate.particles != nil { return "copies that the variant does not take" }
                (rest.particles, rest.survivors) = (space.base.particles, space.base.survivors)
            }
            if rest != space.base { return "something pinned has moved" }
        }
        return nil
    }

    @Test func candidatesAreWithinBoundsAndDiffer() throws {
        let space = try Self.space()
        let candidates = try space.candidates(400)
        #expect(candidates.count == 400)
        #expect(space.searched == TunedSetting.allCases)
        #expect(Self.violation(candidates, of: space) == nil)
        // And they are spread over them.
        #expect(Set(candidates.map(\.variant)).count == 3 && Set(candidates.map(\.memory)).count == 3)
        #expect(Set(candidates.map { ($0.lanes ?? 0) * $0.steps }) == [128, 256, 512, 1024, 2048])
        #expect(Set(candidates.map(\.dropout)).count == 11 && Set(candidates.map(\.inputDropout)).count == 7)
        #expect(candidates.allSatisfy { $0.hidden % 8 == 0 })
        #expect(candidates.map(\.hidden).min().map { $0 < 48 } == true && candidates.map(\.hidden).max().map { $0 > 192 } == true)
    }

    /// Of n draws about half lie below the geometric mean; beyond 3.89 standard deviations is a false alarm in 1e-4.
    @Test func sizesAndRatesAreUniformInTheLogarithm() throws {
        func isBalanced(_ below: Int, of count: Int) -> Bool {
            abs(Double(below) - Double(count) / 2) < 3.89 * (Double(count) / 4).squareRoot()
        }
        let candidates = try Self.space(seed: 5).candidates(400)
        #expect(isBalanced(candidates.count { $0.topics < 89 }, of: 400))
        #expect(isBalanced(candidates.count { $0.beta < 0.005 }, of: 400))
        #expect(isBalanced(candidates.count { $0.adam.rate < 0.00316 }, of: 400))
        // The twin is uniform in the number itself.
        var random = RandomStream(seed: 5, purpose: .other)
        #expect(!isBalanced((0..<400).count { _ in 20 + 380 * random.uniformDouble() < 89 }, of: 400))
    }

    @Test func theLawSeesWhatIsWrong() throws {
        let space = try Self.space(pinned: [.beta])
        let good = try space.candidates(5)
        func spoilt(_ spoil: (inout FitSettings) -> Void) -> String? {
            var candidates = good
            spoil(&candidates[3])
            return Self.violation(candidates, of: space)
        }
        #expect(spoilt { _ in } == nil)
        #expect(spoilt { $0.topics = 401 } == "out of bounds")
        #expect(spoilt { $0.lanes = 5 } == "out of bounds")
        #expect(spoilt { $0 = good[1] } == "twice the same")
        #expect(spoilt { $0.beta = 0.002 } == "something pinned has moved")
        #expect(spoilt { $0.seed = 2 } == "something pinned has moved")
        #expect(spoilt { $0.hidden = 0 }?.hasPrefix("invalid") == true)
    }

    @Test func candidatesAreAFunctionOfTheSeed() throws {
        let one = try Self.space(seed: 1).candidates(12)
        #expect(try Self.space(seed: 1).candidates(12) == one)
        // More of them begin with the same.
        #expect(try Array(Self.space(seed: 1).candidates(40).prefix(12)) == one)
        let other = try Self.space(seed: 2).candidates(12)
        #expect(zip(one, other).allSatisfy { $0.topics != $1.topics || $0.beta != $1.beta || $0.adam.rate != $1.adam.rate })
    }

    @Test(arguments: TunedSetting.allCases)
    func pinnedSettingsStayAndOthersAreDrawnAsBefore(_ setting: TunedSetting) throws {
        let free = try Self.space().candidates(20)
        let space = try Self.space(pinned: [setting])
        let pinned = try space.candidates(20)
        #expect(!space.searched.contains(setting))
        #expect(Self.violation(pinned, of: space) == nil)
        #expect(pinned.allSatisfy { setting.value(in: $0) == setting.value(in: space.base) })
        for other in TunedSetting.allCases where other != setting {
            #expect(free.map(other.value(in:)) == pinned.map(other.value(in:)), "\(other)")
        }
        #expect(free.map(setting.value(in:)) != pinned.map(setting.value(in:)))
    }

    /// Two variants, one memory: where there are no more candidates, there are no more.
    @Test func aSmallSpaceIsUsedUp() throws {
        let all = Set(TunedSetting.allCases)
        #expect(try Self.space(pinned: all.subtracting([.variant, .memory])).candidates(50).count == 9)
        let proposing = try Self.space(pinned: all.subtracting([.variant, .memory])) {
            ($0.variant, $0.memory, $0.sampler, $0.particles) = (.topic, .none, .mh, 1)
        }
        // Metropolis-Hastings has no weights to make beliefs and memories of.
        #expect(try Set(proposing.candidates(50).map(\.variant)) == [.topic, .word])
        #expect(try proposing.candidates(50).allSatisfy { $0.memory == .none })
        #expect(try Self.space(pinned: all).candidates(50) == [FitSettings()])
    }

    @Test func copiesAreForTheVariantThatTakesThem() throws {
        let candidates = try Self.space { ($0.variant, $0.particles, $0.survivors) = (.topic, 6, .beam) }.candidates(30)
        #expect(candidates.allSatisfy { ($0.copies, $0.survivors) == ($0.variant == .topic ? (6, .beam) : (1, .resampled)) })
        #expect(try Self.space().candidates(30).allSatisfy { $0.copies == ($0.variant == .topic ? 4 : 1) })
    }

    @Test func whatIsNotThereIsNotSearched() throws {
        #expect(try !Self.space { ($0.embedding, $0.inputDropout, $0.variant) = (nil, 0, .topic) }.searched.contains(.inputDropout))
        // No number of lanes comes to so few tokens.
        #expect(try !Self.space { $0.steps = 4096 }.searched.contains(.tokensPerStep))
        let coarse = try Self.space { ($0.lanes, $0.shards) = (32, 32) }
        #expect(try Set(coarse.candidates(60).map(\.lanes)) == [32, 64])
    }

    @Test func contradictionsAreRefused() throws {
        func refused(_ make: () throws -> Void) throws -> String {
            try #require(throws: InvalidSetting.self, performing: make).name
        }
        #expect(try refused { _ = try Self.space { $0.validation = 0 } } == "validation")
        #expect(try refused { _ = try Self.space { $0.beta = -1 } } == "beta")
        var bounds = SearchBounds()
        bounds.topics = 0...5
        #expect(try refused { _ = try Self.space(bounds: bounds) } == "topics-between")
        bounds.topics = 1...5
        bounds.hidden = 1...20_000
        #expect(try refused { _ = try Self.space(bounds: bounds) } == "hidden-between")
        #expect(try refused { _ = try Self.space(pinned: [.memory]) { ($0.variant, $0.sampler, $0.particles, $0.memory) = (.topic, .mh, 1, .long) } } == "memory")
    }
}
