import Foundation

/// Colours of results: on a terminal alone, so that what goes to a file or a pipe is text and nothing else.
struct Ink {
    private let isOn: Bool

    /// As standard output takes it; `NO_COLOR` (https://no-color.org) and a terminal that calls itself dumb turn it off.
    static let ofStandardOutput: Ink = {
        let environment = ProcessInfo.processInfo.environment
        let isWanted = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        return Ink(isOn: isWanted && isatty(STDOUT_FILENO) == 1)
    }()

    /// What leads the eye, and is not what is read.
    func faint(_ text: String) -> String { painted(text, "2") }
    /// What a line is about.
    func strong(_ text: String) -> String { painted(text, "1") }
    /// A figure.
    func figure(_ text: String) -> String { painted(text, "36") }
    /// What came true.
    func good(_ text: String) -> String { painted(text, "32") }

    private func painted(_ text: String, _ code: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}

extension Ink {
    /// A tree as `TreeFormat.text` draws it: lines faint, shares as figures.
    func tree(_ text: String) -> String {
        guard isOn else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let lines = line.prefix { " │├└─".contains($0) }, rest = line.dropFirst(lines.count)
            guard let end = rest.firstIndex(of: "%") else { return faint(String(lines)) + rest }
            return faint(String(lines)) + figure(String(rest[...end])) + rest[rest.index(after: end)...]
        }.joined(separator: "\n")
    }
}
