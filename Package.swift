// swift-tools-version: 6.1
import PackageDescription

// Targets stand in the order in which data flows through them: a log is read
// (Corpora), numbers are crunched (Kernels), topics are drawn (TopicSampling),
// a network learns their order (Recurrence), the two meet (StochasticEM), and
// what was fitted is compared, drawn, and scored.
let package = Package(
    name: "latent-lstm-allocation",
    platforms: [.macOS(.v14)],
    products: [
        .executable(name: "lla", targets: ["lla"]),
        .library(name: "LatentLSTMAllocation", targets: ["Corpora", "StochasticEM", "Baselines", "Evaluation", "TopicHierarchies", "ModelExports", "ModelReports"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // Libraries of the system, one module map each.
        .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
        .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"]), .brew(["onednn"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl"])]),

        // Click logs and text -> numbered sequences.
        .target(name: "Corpora", dependencies: ["CZlib", "CGSL"]),
        // Matrices, GEMM, SIMD exp/tanh/softmax, random streams, shards.
        .target(name: "Kernels", dependencies: ["COneDNN"]),
        // The SE-step's sampler: counts, alias table, dense draw, Metropolis-Hastings, particles. No networks here.
        .target(name: "TopicSampling", dependencies: ["Kernels"]),
        // The M-step's network: cell, input transform, softmax layer, back-propagation, Adam. No topics here.
        .target(name: "Recurrence", dependencies: ["Kernels"]),
        // Where the two meet: lanes, starts, the block loop, events, the fitted model.
        .target(name: "StochasticEM", dependencies: ["Corpora", "TopicSampling", "Recurrence", "CGSL", "CCrypto"]),
        // Rivals, behind the protocol that LLA itself obeys.
        .target(name: "Baselines", dependencies: ["Corpora", "Kernels", "TopicSampling", "Recurrence", "StochasticEM"]),
        // Linkage of topics, and the formats that trees are handed over in.
        .target(name: "TopicHierarchies", dependencies: ["Kernels"]),
        // Perplexity, next-item ranking, coherence, scores of trees.
        .target(name: "Evaluation", dependencies: ["Corpora", "StochasticEM", "TopicHierarchies", "CGSL"]),
        // A model as other programs take it: NumPy, pyLDAvis, tables.
        .target(name: "ModelExports", dependencies: ["Corpora", "CZlib", "Kernels", "StochasticEM"]),
        // A model and what it makes of a log, as one page; its styles and scripts are built into the program.
        .target(
            name: "ModelReports", dependencies: ["Corpora", "Evaluation", "Kernels", "Recurrence", "StochasticEM", "TopicHierarchies"],
            resources: ["page.html", "page.css", "elements.js", "colours.js", "charts.js", "labels.js", "fit.js", "topics.js", "map.js",
                "tree.js", "dynamics.js", "traces.js", "network.js", "history.js", "page.js"].map { .embedInCode("Page/" + $0) }),
        // The program: one subcommand a file, no arithmetic.
        .executableTarget(
            name: "lla",
            dependencies: [
                "Corpora", "Kernels", "TopicSampling", "StochasticEM", "Baselines", "Evaluation", "TopicHierarchies", "ModelExports", "ModelReports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // Tokens per second, beside the limit of the machine's matrix products: `make bench`.
        .executableTarget(
            name: "throughput", dependencies: ["Corpora", "StochasticEM"], path: "Experiments/Benchmarks/throughput"),
        // Seconds of LDA's sweeps, and the topics they reach, beside another program's: `make bench-peers`.
        .executableTarget(
            name: "lda-sweeps", dependencies: ["Corpora", "Kernels", "StochasticEM"], path: "Experiments/Benchmarks/lda-sweeps"),

        // What a sweep and its SE-step cost as topics become many.
        .executableTarget(
            name: "large-k", dependencies: ["Corpora", "StochasticEM"], path: "Experiments/Benchmarks/large-k", exclude: ["perplexity.py"]),

        // What one event of one user takes, its state kept.
        .executableTarget(
            name: "latency", dependencies: ["Corpora", "Kernels", "StochasticEM"], path: "Experiments/Benchmarks/latency"),

        // Rivals on a log, and a log whose truth is known: the figures of Experiments/accuracy.
        .executableTarget(
            name: "rivals", dependencies: ["Baselines", "Corpora", "Evaluation", "Kernels", "StochasticEM"],
            path: "Experiments/accuracy/rivals"),
        .executableTarget(
            name: "synthetic-recovery", dependencies: ["Corpora", "Evaluation", "Kernels", "StochasticEM"],
            path: "Experiments/accuracy/synthetic"),

        // Damages a model at thousands of seeded places: the figures of Experiments/robustness.
        .executableTarget(
            name: "damage", dependencies: ["StochasticEM", "TestSupport"], path: "Experiments/robustness/damage", exclude: ["run.sh"]),

        // Law checkers, enumerated posteriors, the chi-square test; golden values and the scripts that made them.
        .target(name: "TestSupport", dependencies: ["CGSL", "Kernels"], path: "Tests/Support",
            exclude: ["make_lstm_golden.py", "make_cells_golden.py", "make_char_golden.py", "make_linkage_golden.py", "make_coherence_golden.py", "make_information_golden.py", "make_safetensors_golden.py", "read_model.py", "read_safetensors.py"],
            resources: [.copy("Golden")]),
        .testTarget(name: "CorporaTests", dependencies: ["Corpora", "TestSupport"]),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "TestSupport"]),
        .testTarget(name: "TopicSamplingTests", dependencies: ["TopicSampling", "TestSupport"]),
        .testTarget(name: "RecurrenceTests", dependencies: ["Recurrence", "TestSupport"]),
        .testTarget(
            name: "StochasticEMTests",
            dependencies: ["Corpora", "Kernels", "TopicSampling", "Recurrence", "StochasticEM", "TestSupport"]),
        .testTarget(
            name: "BaselinesTests",
            dependencies: ["Baselines", "Corpora", "Evaluation", "Kernels", "Recurrence", "StochasticEM", "TopicSampling", "TestSupport"]),
        .testTarget(name: "EvaluationTests", dependencies: ["Corpora", "Evaluation", "Kernels", "TopicHierarchies", "TestSupport"]),
        .testTarget(name: "TopicHierarchiesTests", dependencies: ["Kernels", "TopicHierarchies", "TestSupport"]),
        .testTarget(name: "ModelExportsTests", dependencies: ["ModelExports", "TestSupport"]),
        .testTarget(name: "ModelReportsTests", dependencies: ["Corpora", "Kernels", "StochasticEM", "ModelReports", "TopicHierarchies"]),
        .testTarget(name: "CommandLineTests", dependencies: ["lla", "Baselines", "Kernels", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
