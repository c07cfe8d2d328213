import Foundation

/// Where messages and progress go. At most one line of it is live: it is drawn over itself until it is done with.
///
/// Whoever reads it may be gone: that is no reason to end a fit, so that writes are not checked.
final class StandardError: @unchecked Sendable {
    static let shared = StandardError()

    /// Whether somebody looks at it, on a screen where a line can be drawn over.
    let isTerminal = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    private let lock = NSLock()
    private var hasLiveLine = false

    /// A line that stays.
    func line(_ text: String) {
        lock.withLock {
            put((hasLiveLine ? "\r\u{1B}[K" : "") + text + "\n")
            hasLiveLine = false
        }
    }

    /// A line that the next one replaces. For terminals only.
    func live(_ text: String) {
        lock.withLock {
            put("\r" + text.prefix(max(0, columns - 1)) + "\u{1B}[K")
            hasLiveLine = true
        }
    }

    /// Columns of the terminal.
    private var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    private func put(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { writeAll($0, to: STDERR_FILENO) }
    }
}
