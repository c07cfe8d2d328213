import Foundation

/// A program of the machine that tests are run on, such as a second opinion in Python.
public struct ExternalProgram: Sendable {
    public let path: String

    /// The first of the given names that is an executable file, as a path or by `PATH`.
    public init?(_ names: [String]) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        // A variable that is set to nothing names nothing.
        let candidates = names.filter { !$0.isEmpty }.flatMap { name in name.contains("/") ? [name] : folders.map { "\($0)/\(name)" } }
        guard let found = candidates.first(where: FileManager.default.isExecutableFile) else { return nil }
        path = found
    }

    /// Python 3: the one that the environment variable `LLA_PYTHON` names, or the system's.
    public static let python = ExternalProgram([ProcessInfo.processInfo.environment["LLA_PYTHON"], "python3"].compactMap { $0 })

    /// Whether Python has the given modules.
    public static func pythonHas(_ modules: String...) -> Bool {
        // One that cannot even be started has nothing.
        (try? python?.run(["-c", "import \(modules.joined(separator: ", "))"]).status) == 0
    }

    /// Runs to the end.
    public func run(_ arguments: [String], in folder: String? = nil) throws -> (status: Int32, output: Data) {
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}
