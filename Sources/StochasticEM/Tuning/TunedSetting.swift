import Kernels
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A setting that a search can choose; its name is that of the option that pins it, but for `tokensPerStep`, which `lanes` pins.
public enum TunedSetting: String, Codable, Sendable, CaseIterable {
    /// The settings of `FitSettings` that have these names.
    case variant, memory, topics, hidden, beta, dropout
    /// `FitSettings.inputDropout`, of networks that have an embedding.
    case inputDropout = "input-dropout"
    /// Adam's step where the fit begins, `FitSettings.adam.rate`.
    case learningRate = "learning-rate"
    /// B·T, chosen by B.
    case tokensPerStep = "tokens-per-step"

    /// Variants that are searched: `char` asks for names that say something, which not every log has, and is for whoever pins it.
    static let variants: [FitSettings.Variant] = [.topic, .word, .belief]

    /// What settings say.
    public func value(in settings: FitSettings) -> TunedValue {
        switch self {
        case .variant: .name(settings.variant.rawValue)
        case .memory: .name(settings.memory.rawValue)
        case .topics: .count(settings.topics)
        case .hidden: .count(settings.hidden)
        case .beta: .number(settings.beta)
        case .dropout: .number(settings.dropout)
        case .inputDropout: .number(settings.inputDropout)
        case .learningRate: .number(settings.adam.rate)
        case .tokensPerStep: .count((settings.lanes ?? FitSettings.fewestLanes) * settings.steps)
        }
    }

    /// Whether there is anything to choose, given all other settings.
    func isOpen(in settings: FitSettings, bounds: SearchBounds) -> Bool {
        switch self {
        case .inputDropout: settings.embedding != nil
        case .tokensPerStep: !bounds.lanes(settings).isEmpty
        default: true
        }
    }

    /// Puts a value drawn within bounds into settings.
    func draw(_ random: inout RandomStream, within bounds: SearchBounds, into settings: inout FitSettings) {
        switch self {
        case .variant: settings.variant = random.element(of: Self.variants)
        case .memory: settings.memory = random.element(of: FitSettings.Memory.allCases)
        case .topics:
            let drawn = random.logUniform(Double(bounds.topics.lowerBound)...Double(bounds.topics.upperBound))
            settings.topics = bounds.topics.clamping(Int(twoDigits(drawn)))
        case .hidden:
            let drawn = random.logUniform(Double(bounds.hidden.lowerBound)...Double(bounds.hidden.upperBound))
            settings.hidden = bounds.hidden.clamping(Int((drawn / 8).rounded()) * 8)
        case .beta: settings.beta = bounds.beta.clamping(twoDigits(random.logUniform(bounds.beta)))
        case .dropout: settings.dropout = bounds.dropout.clamping(twentieths(random.uniform(bounds.dropout)))
        case .inputDropout: settings.inputDropout = bounds.inputDropout.clamping(twentieths(random.uniform(bounds.inputDropout)))
        case .learningRate: settings.adam.rate = bounds.learningRate.clamping(twoDigits(random.logUniform(bounds.learningRate)))
        case .tokensPerStep: settings.lanes = random.element(of: bounds.lanes(settings))
        }
    }
}

/// What a setting was set to.
public enum TunedValue: Encodable, Sendable, Equatable, CustomStringConvertible {
    /// One of several choices, such as `word`.
    case name(String)
    /// A whole number, such as K.
    case count(Int)
    /// Any other number, such as β.
    case number(Double)

    public var description: String {
        switch self {
        case .name(let name): name
        case .count(let count): "\(count)"
        case .number(let number): "\(number)"
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .name(let name): try container.encode(name)
        case .count(let count): try container.encode(count)
        case .number(let number): try container.encode(number)
        }
    }
}

// Values are rounded before they are used, so that what is reported is what was tried, and the last bits of a logarithm,
// which differ between systems, do not matter.

/// A positive number with two significant digits.
private func twoDigits(_ value: Double) -> Double {
    let places = 1 - floor(log10(value)), scale = pow(10, abs(places))
    return places >= 0 ? (value * scale).rounded() / scale : (value / scale).rounded() * scale
}

/// To the nearest multiple of 0.05.
private func twentieths(_ value: Double) -> Double { (value * 20).rounded() / 20 }

extension ClosedRange {
    /// The value of the range that is nearest.
    fileprivate func clamping(_ value: Bound) -> Bound { Swift.min(Swift.max(value, lowerBound), upperBound) }
}

extension RandomStream {
    fileprivate mutating func element<Element>(of choices: [Element]) -> Element { choices[index(below: choices.count)] }

    fileprivate mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniformDouble()
    }

    /// Uniform in the logarithm, within positive bounds.
    fileprivate mutating func logUniform(_ range: ClosedRange<Double>) -> Double {
        exp(uniform(log(range.lowerBound)...log(range.upperBound)))
    }
}
