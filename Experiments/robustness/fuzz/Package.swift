// swift-tools-version: 6.1
import PackageDescription

// Fuzzers of what reads foreign bytes, one a reader: run.sh builds and runs them. A package of its own, since libFuzzer brings
// its own `main`, which the engine's default build must not see.
let package = Package(
    name: "reader-fuzzers",
    dependencies: [.package(name: "latent-lstm-allocation", path: "../../..")],
    targets: [
        // Bytes in memory, handed out in small portions, and what every reader must obey.
        .target(name: "Harness", dependencies: [.product(name: "LatentLSTMAllocation", package: "latent-lstm-allocation")]),
    ] + ["csv", "jsonl", "gzip", "safetensors"].map { reader in
        .executableTarget(
            name: "fuzz-\(reader)", dependencies: ["Harness"], path: "Sources/\(reader)",
            // The entry point is libFuzzer's.
            swiftSettings: [.unsafeFlags(["-parse-as-library"])])
    },
    swiftLanguageModes: [.v6]
)
