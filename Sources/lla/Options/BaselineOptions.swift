import ArgumentParser
import Baselines

/// What is fitted: LLA, or a rival of it.
enum FittedKind {
    case lla, independent
    case baseline(any Baseline.Type)

    init?(named name: String) {
        switch name {
        case "lla": self = .lla
        case IndependentLearner.name: self = .independent
        default:
            guard let baseline = BaselineRegister.baseline(named: name) else { return nil }
            self = .baseline(baseline)
        }
    }

    static let names = ["lla", IndependentLearner.name] + BaselineRegister.all.map { $0.name }

    /// A line each, for help.
    static let list = ([("lla", "Latent LSTM Allocation (the default)"), (IndependentLearner.name, IndependentLearner.summary)]
        + BaselineRegister.all.map { ($0.name, $0.summary) })
        .map { "  \($0.padding(to: 13))\($1)" }.joined(separator: "\n")
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}

/// Which model is fitted, and the options that rivals alone have.
struct BaselineOptions: ParsableArguments {
    @Option(
        name: .customLong("model"),
        help: ArgumentHelp("What to fit: lla, or a rival to compare it with: \(FittedKind.names.dropFirst().joined(separator: ", ")). (default: lla)", valueName: "name"),
        completion: .list(FittedKind.names), transform: BaselineOptions.kind)
    var kind: FittedKind?

    @Option(help: ArgumentHelp(
        "Concentration of each sequence over topics (\u{03B1}), for models that have it. (default: \(SequentialLDA.Settings().alpha); \(HiddenMarkovModel.Settings().alpha) for hmm)",
        valueName: "number"))
    var alpha: Double?

    @Option(help: ArgumentHelp(
        "Passes of a sampler over the log, for models that have one. (default: \(SequentialLDA.Settings().sweeps) for lda, \(DistanceDependentLDA.Settings().sweeps) for ddlda)",
        valueName: "count"))
    var sweeps: Int?

    @Option(help: ArgumentHelp("What is left of an event's weight one event later, for models that forget. (default: the best of a few on what is kept aside; 0.8 for autoencoder)", valueName: "share"))
    var decay: Double?

    var given: [GivenOption] {
        let all: [(String, (any Sendable)?)] = [("alpha", alpha), ("sweeps", sweeps), ("decay", decay)]
        return all.compactMap { name, value in value.map { GivenOption(name, $0) } }
    }

    private static let kind: @Sendable (String) throws -> FittedKind = { name in
        if let kind = FittedKind(named: name) { return kind }
        throw ValidationError("there is no such model (choose \(FittedKind.names.joined(separator: ", ")))")
    }
}
