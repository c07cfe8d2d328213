import Foundation
import Kernels
import Testing

/// Products in bf16, where the processor has them and where not.
@Suite struct PrecisionTests {
    /// oneDNN then takes the processor for one that has AVX-512 and no bf16.
    private static let without = ["ONEDNN_MAX_CPU_ISA": "AVX512_CORE"]

    @Test func itIsRefusedWhereTheProcessorHasNone() throws {
        let folder = try Folder()
        try folder.write("log.tsv", Data(BadInput.good.utf8))
        try folder.write("settings.json", Data("{\"precision\": \"bf16\"}".utf8))
        for options in [["--precision", "bf16"], ["--settings", "settings.json"]] {
            let outcome = try Program.run(["fit", "log.tsv", "-o", "out"] + FittedModel.small + options, in: folder, environment: Self.without)
            #expect(outcome.isExit && outcome.code == 64 && outcome.text == "")
            #expect(outcome.messages.contains("lla: --precision bf16 cannot be (this processor has neither avx512_bf16"), "it said: \(outcome.messages)")
            #expect(outcome.messages.contains("choose single"))
            #expect(try folder.entries() == ["log.tsv", "settings.json"])
        }
        // What is given goes before what a file says.
        let outcome = try Program.run(
            ["fit", "log.tsv", "-o", "out", "--settings", "settings.json", "--precision", "single"] + FittedModel.small, in: folder,
            environment: Self.without)
        #expect(outcome.code == 0, "it said: \(outcome.messages)")
    }

    /// A model is one of single precision, however it was fitted: it says the same where it could not have been fitted.
    @Test(.enabled(if: HalfProduct.isAvailable)) func modelsAreReadEverywhere() throws {
        let folder = try FittedModel.shared.get().copy()
        let fit = ["fit", "toy.tsv", "-q", "--observe", "0.6"] + FittedModel.small
        #expect(try Program.run(fit + ["-o", "half", "--precision", "bf16"], in: folder).code == 0)
        #expect(try Program.run(fit + ["-o", "half.again", "--precision", "bf16", "--threads", "1"], in: folder).code == 0)
        #expect(try Program.run(fit + ["-o", "single"], in: folder).code == 0)
        func tensors(_ model: String) throws -> Data { try Data(contentsOf: folder.path(model + "/model.safetensors")) }
        #expect(try tensors("half") == tensors("half.again"))
        #expect(try tensors("half") != tensors("single"))
        for verb in ["evaluate", "predict", "verify"] {
            let arguments = verb == "verify" ? [verb, "half"] : [verb, "half", "toy.tsv"]
            #expect(try Program.run(arguments, in: folder, environment: Self.without).code == 0)
        }
        // Going on from it is a fit: in the model's precision, unless another is asked for.
        let on = ["fit", "toy.tsv", "-q", "-o", "on", "--warm-start", "half", "--epochs", "1"]
        #expect(try Program.run(on, in: folder, environment: Self.without).code == 64)
        #expect(try Program.run(on + ["--precision", "single"], in: folder, environment: Self.without).code == 0)
    }
}
