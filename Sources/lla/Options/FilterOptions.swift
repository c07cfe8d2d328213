import ArgumentParser

/// How a model reads sequences.
struct FilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Copies of each sequence that are averaged over: more are more exact, and slower.", valueName: "count"))
    var particles = 16

    mutating func validate() throws {
        if !(1...4096).contains(particles) { throw ValidationError("--particles \(particles) cannot be (choose between 1 and 4,096)") }
    }
}
