import ArgumentParser
import Baselines
import StochasticEM

/// How a model reads sequences.
struct FilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp(
        "Copies of each sequence that are averaged over, for LLA's topic variant: more are more exact, and slower.", valueName: "count", standard: Self.usual))
    var particles: Int?

    private static let usual = 16

    var count: Int { particles ?? Self.usual }

    /// A model of either kind, ready to read sequences.
    ///
    /// - Throws: `ModelFolderError`; a `Refusal` for particles of a model that has none, or where they need more memory than there is.
    func load(_ path: String, memory: MemoryOptions) throws -> StoredModel {
        var stored = try StoredModel.load(path)
        if var lla = stored.model as? LatentLSTMAllocation {
            try prepare(&lla, at: path, memory: memory)
            stored.model = lla
        } else if let particles {
            throw Refusal(
                code: ExitCodes.usage, place: path, message: "--particles \(particles) is for LLA, and the model is another", remedy: "leave it out")
        }
        return stored
    }

    /// Makes a model ready to read sequences.
    ///
    /// - Throws: a `Refusal` for particles that it has no use for, or that need more memory than there is.
    func prepare(_ model: inout LatentLSTMAllocation, at path: String, memory: MemoryOptions) throws {
        model.particles = try copies(for: model, at: path)
        try memory.check(Memory.shortage(forParticles: model.particles, of: model))
    }

    /// Copies that a model reads each sequence with.
    ///
    /// - Throws: a `Refusal` where they are asked of a model whose likelihood is exact.
    func copies(for model: LatentLSTMAllocation, at path: String) throws -> Int {
        if let particles, model.settings.variant.isExact {
            throw Refusal(
                code: ExitCodes.usage, place: path,
                message: "--particles \(particles) is for the topic variant, and the model is of the \(model.settings.variant) variant, which is read exactly",
                remedy: "leave it out")
        }
        return count
    }

    /// - Parameter reason: what there is no log for.
    /// - Throws: `ValidationError` for particles of a command that reads no sequences.
    func checkNoneGiven(_ reason: String) throws { try GivenWords.check(none: GivenWords.option("particles", particles), reason) }

    mutating func validate() throws {
        if !(1...4096).contains(count) { throw ValidationError("--particles \(count) cannot be (choose between 1 and 4,096)") }
    }
}
