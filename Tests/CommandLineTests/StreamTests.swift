import Foundation
import Testing
import TestSupport

/// What goes where, and how the program takes its leave.
@Suite struct StreamTests {
    private static let verbs = ["fit", "evaluate", "predict", "topics", "hierarchy", "inspect", "tune", "synthesize", "verify"]

    @Test func aloneItNamesItsVerbsAndGivesAnExample() throws {
        let outcome = try Program.run([], in: Folder())
        #expect(outcome.code == 0)
        #expect(outcome.messages == "")
        #expect(Self.verbs.allSatisfy { outcome.text.contains("\n  \($0) ") })
        #expect(outcome.text.contains("lla fit clicks.tsv -o clicks.model"))
    }

    @Test(arguments: verbs)
    func helpIsAResult(_ verb: String) throws {
        let outcome = try Program.run([verb, "--help"], in: Folder())
        #expect(outcome.code == 0 && outcome.messages == "")
        #expect(outcome.text.contains("USAGE: lla \(verb)"))
    }

    @Test func helpOnAVerbIsItsHelp() throws {
        let outcome = try Program.run(["help", "fit"], in: Folder())
        #expect(outcome.code == 0 && outcome.text.contains("USAGE: lla fit"))
        #expect(try Program.run(["help"], in: Folder()).text == Program.run([], in: Folder()).text)
    }

    /// Every option of a fit that has a default says it.
    @Test func helpOfFitSaysEachDefault() throws {
        let text = try Program.run(["fit", "--help"], in: Folder()).text
        let entries = text.components(separatedBy: "\n  -")
        let without = ["o, --output", "-text", "-drop-repeats", "q, --quiet", "-version", "h, --help"]
        for entry in entries.dropFirst() where !without.contains(where: entry.hasPrefix) {
            #expect(entry.contains("default:"), "\(entry)")
        }
        #expect(entries.count > 30)
    }

    @Test func versionIsOneLine() throws {
        let outcome = try Program.run(["--version"], in: Folder())
        #expect(outcome.code == 0 && outcome.lines.count == 1)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionsAreThereForEveryShell(_ shell: String) throws {
        let folder = try Folder()
        let outcome = try Program.run(["--generate-completion-script", shell], in: folder)
        #expect(outcome.code == 0)
        #expect(Self.verbs.allSatisfy(outcome.text.contains))
        if shell == "bash", let bash = ExternalProgram(["bash"]) {
            try folder.write("lla.bash", outcome.output)
            #expect(try bash.run(["-n", "lla.bash"], in: folder.url.path).status == 0)
        }
    }

    @Test func aReaderWhoLeavesEndsItQuietly() throws {
        let folder = try FittedModel.shared.get().copy()
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let outcome = try Program.run(["predict", "toy.model", "toy.tsv"], in: folder, output: pipe.fileHandleForWriting)
        #expect(outcome.isExit && outcome.code == 0)
        #expect(outcome.messages == "")
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func aFullDiskIsSaid() throws {
        let folder = try FittedModel.shared.get().copy()
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let outcome = try Program.run(["topics", "toy.model"], in: folder, output: full)
        #expect(outcome.code == 74)
        #expect(outcome.messages.contains("standard output: cannot write"))
    }

    /// While the log is read there is nothing to go on from.
    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func stoppingAReadWritesNothing(_ number: Int32, code: Int32) throws {
        let folder = try FittedModel.shared.get().copy()
        let before = try folder.entries()
        do {
            let streams = try Program.Streams(), log = Pipe()
            let process = try Program.start(["fit", "-", "-o", "out"], in: folder, streams: streams, input: log)
            // More than the pipe holds: once it is through, the program reads, and waits for more.
            try log.fileHandleForWriting.write(contentsOf: Data(("user\titem\n" + String(repeating: "u\ti\n", count: 100_000)).utf8))
            kill(process.processIdentifier, number)
            process.waitUntilExit()
            let outcome = try streams.outcome(of: process)
            #expect(outcome.isExit && outcome.code == code)
            #expect(outcome.messages == "lla: stopped; nothing was written\n")
        }
        #expect(try folder.entries() == before)
    }

    /// The bar, as a terminal sees it.
    @Test(.enabled(if: ExternalProgram(["script"]) != nil && FileManager.default.fileExists(atPath: "/proc/self")))
    func aTerminalSeesABar() throws {
        let folder = try FittedModel.shared.get().copy()
        let script = try #require(ExternalProgram(["script"]))
        let seen = try script.run(
            ["-qec", "TERM=xterm '\(Program.path)' fit toy.tsv -o out -K 64 -H 256 --epochs 4 --min-count 1", "/dev/null"], in: folder.url.path)
        let text = String(decoding: seen.output, as: UTF8.self)
        #expect(seen.status == 0)
        #expect(text.contains("█") || text.contains("░"))
        #expect(text.contains("left\u{1B}[K"))
        #expect(text.contains("The model is in out."))
    }
}
