import Foundation

/// The program under test, run as a user does.
struct Program {
    /// What a run left behind.
    struct Outcome {
        let code: Int32
        /// Whether it ended by itself, and not by a signal.
        let isExit: Bool
        let output: Data
        let messages: String

        var text: String { String(decoding: output, as: UTF8.self) }
        var lines: [Substring] { text.split(separator: "\n") }
    }

    /// Beside the tests' own binary, where the build puts both.
    static let path: String = {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
        let folder = bundle.map { $0.bundleURL.deletingLastPathComponent() } ?? Bundle.main.bundleURL
        return folder.appendingPathComponent("lla").path
    }()

    /// Runs to the end.
    ///
    /// - Parameters:
    ///   - folder: where it runs.
    ///   - input: what it finds on standard input.
    ///   - output: where results go instead of the outcome.
    ///   - environment: what is added to the tests' own.
    static func run(
        _ arguments: [String], in folder: Folder, input: Data = Data(), output: FileHandle? = nil, environment: [String: String] = [:]
    ) throws -> Outcome {
        let files = try Streams(input: input)
        let process = try start(arguments, in: folder, streams: files, output: output, environment: environment)
        process.waitUntilExit()
        return try files.outcome(of: process)
    }

    /// Sets the program going.
    ///
    /// - Parameters:
    ///   - input, output: what takes the place of a stream.
    static func start(
        _ arguments: [String], in folder: Folder, streams: Streams, input: Pipe? = nil, output: FileHandle? = nil, environment: [String: String] = [:]
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, added in added }
        process.standardInput = input ?? streams.input
        process.standardOutput = output ?? streams.output
        process.standardError = streams.messages
        try process.run()
        return process
    }

    /// The three streams as files, so that no pipe can fill up and nothing waits for anything. They are in a folder of their own: what
    /// the program leaves where it runs is its doing alone, however long this lives.
    final class Streams {
        let input: FileHandle
        let output: FileHandle
        let messages: FileHandle
        private let folder: Folder
        private let paths: [URL]

        init(input: Data = Data()) throws {
            folder = try Folder()
            paths = ["in", "out", "err"].map(folder.path)
            try input.write(to: paths[0])
            for path in paths[1...] { try Data().write(to: path) }
            self.input = try FileHandle(forReadingFrom: paths[0])
            output = try FileHandle(forWritingTo: paths[1])
            messages = try FileHandle(forWritingTo: paths[2])
        }

        /// What was said so far.
        func said() throws -> String { String(decoding: try Data(contentsOf: paths[2]), as: UTF8.self) }

        func outcome(of process: Process) throws -> Outcome {
            Outcome(
                code: process.terminationStatus, isExit: process.terminationReason == .exit,
                output: try Data(contentsOf: paths[1]), messages: try said())
        }
    }
}

/// A folder of a test's own, gone with it.
final class Folder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("lla-tests-\(UUID().uuidString)").resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> URL { url.appendingPathComponent(name) }

    func write(_ name: String, _ contents: Data) throws { try contents.write(to: path(name)) }

    /// What it holds, hidden files too.
    func entries() throws -> Set<String> { Set(try FileManager.default.contentsOfDirectory(atPath: url.path)) }
}

extension Program.Outcome {
    /// Whether anything on standard error would move a cursor.
    var movesCursor: Bool {
        messages.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" }
    }
}
