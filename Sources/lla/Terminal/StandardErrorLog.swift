import Logging

/// The log of a command: a line each on standard error, warnings marked as such.
struct StandardErrorLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        StandardError.shared.line(event.level >= .warning ? "lla: warning: \(event.message)" : "\(event.message)")
    }
}

extension Logger {
    /// - Parameter quiet: whether to keep to warnings.
    static func ofProgram(quiet: Bool) -> Logger {
        Logger(label: "lla") { _ in StandardErrorLog(logLevel: quiet ? .warning : .info) }
    }
}
