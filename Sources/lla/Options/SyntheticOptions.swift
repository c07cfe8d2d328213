import ArgumentParser
import Corpora

/// What a synthetic log is drawn from; `SyntheticSettings` has the defaults.
struct SyntheticOptions: ParsableArguments {
    enum Dynamics: String, CaseIterable, ExpressibleByArgument { case tasks, markov }

    @Option(name: [.customShort("K"), .long], help: ArgumentHelp("Topics.", valueName: "count"))
    var topics = SyntheticSettings().topics

    @Option(help: ArgumentHelp("Items.", valueName: "count"))
    var items = SyntheticSettings().items

    @Option(help: ArgumentHelp("Sequences, one a user.", valueName: "count"))
    var sequences = SyntheticSettings().sequences

    @Option(help: ArgumentHelp("Events of a sequence: 60, or 20-100 for anything between.", valueName: "count"))
    var lengths = CountRange(SyntheticSettings().lengths)

    @Option(help: ArgumentHelp("The share of the items that each topic can show.", valueName: "share"))
    var support = SyntheticSettings().support

    @Option(help: ArgumentHelp("Dirichlet concentration of a topic over its items: the smaller, the fewer carry most of it.", valueName: "number"))
    var concentration = SyntheticSettings().concentration

    @Option(help: ArgumentHelp(
        "How topics follow each other: tasks that are interrupted, or a first-order markov chain.", valueName: "dynamics"))
    var dynamics = Dynamics.tasks

    @Option(help: ArgumentHelp("Tasks that the topics are dealt to; for tasks. (default: 4)", valueName: "count"))
    var tasks: Int?

    @Option(help: ArgumentHelp("Probability a step of an interruption; for tasks. (default: 0.1)", valueName: "share"))
    var interruption: Double?

    @Option(help: ArgumentHelp("Steps of an interruption, on average; for tasks. (default: 5)", valueName: "steps"))
    var meanRun: Double?

    @Option(help: ArgumentHelp("Topics that can follow a topic; for markov. (default: 3)", valueName: "count"))
    var successors: Int?

    @Option(help: ArgumentHelp("Probability that a topic lasts for another step.", valueName: "share"))
    var stay = 0.15

    @Option(help: ArgumentHelp("The share of each sequence that is not scored in the truth's optimum.", valueName: "share"))
    var observe = SyntheticSettings().observe

    @Option(help: ArgumentHelp("Where all random numbers come from, below 2^32.", valueName: "number"))
    var seed = SyntheticSettings().seed

    mutating func validate() throws {
        switch dynamics {
        case .tasks:
            if successors != nil { throw ValidationError("--successors is for --dynamics markov (leave one of them out)") }
        case .markov:
            for (name, isGiven) in [("tasks", tasks != nil), ("interruption", interruption != nil), ("mean-run", meanRun != nil)] where isGiven {
                throw ValidationError("--\(name) is for --dynamics tasks (leave one of them out)")
            }
        }
    }

    var settings: SyntheticSettings {
        var settings = SyntheticSettings()
        settings.topics = topics
        settings.items = items
        settings.sequences = sequences
        settings.lengths = lengths.range
        settings.support = support
        settings.concentration = concentration
        settings.dynamics = switch dynamics {
        case .tasks: .tasks(count: tasks ?? 4, stay: stay, interruption: interruption ?? 0.1, meanRun: meanRun ?? 5)
        case .markov: .markov(successors: successors ?? 3, stay: stay)
        }
        settings.observe = observe
        settings.seed = seed
        return settings
    }
}
