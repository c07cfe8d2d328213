import ArgumentParser
import Kernels

/// How many threads a command works with.
struct ThreadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Threads to work with; results do not depend on it. (default: one a processor)", valueName: "count"))
    var threads: Int?

    mutating func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads \(threads) cannot be (choose between 1 and 1,024)")
        }
    }

    var shards: Shards { threads.map(Shards.init(threads:)) ?? .allProcessors }
}
