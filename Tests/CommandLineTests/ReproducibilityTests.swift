import Foundation
import Testing

/// A failure here means that results depend on the machine's load or number of processors: the engine's first promise.
@Suite struct ReproducibilityTests {
    private func tensors(threads: Int, seed: Int, options: [String]) throws -> Data {
        let folder = try FittedModel.shared.get().copy()
        let outcome = try Program.run(
            ["fit", "toy.tsv", "-o", "out", "--threads", "\(threads)", "--seed", "\(seed)", "-q"] + FittedModel.small + options, in: folder)
        #expect(outcome.code == 0, "it said: \(outcome.messages)")
        return try Data(contentsOf: folder.path("out/model.safetensors"))
    }

    @Test(arguments: [[], ["--start", "lda", "--schedule", "full", "--embedding", "5"], ["--sampler", "mh", "--embedding", "none"]])
    func modelsDoNotDependOnThreads(_ options: [String]) throws {
        let one = try tensors(threads: 1, seed: 3, options: options)
        #expect(try tensors(threads: 1, seed: 3, options: options) == one)
        #expect(try tensors(threads: 2, seed: 3, options: options) == one)
        #expect(try tensors(threads: 8, seed: 3, options: options) == one)
        #expect(try tensors(threads: 1, seed: 4, options: options) != one)
    }

    @Test(arguments: ["predict", "evaluate"])
    func resultsDoNotDependOnThreads(_ verb: String) throws {
        let folder = try FittedModel.shared.get().copy()
        let one = try Program.run([verb, "toy.model", "toy.tsv", "--threads", "1"], in: folder)
        let eight = try Program.run([verb, "toy.model", "toy.tsv", "--threads", "8"], in: folder)
        #expect(one.code == 0 && one.output == eight.output)
    }
}
