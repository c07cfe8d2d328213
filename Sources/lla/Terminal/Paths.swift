import Foundation

/// Paths, compared by where they lead.
enum Paths {
    /// Whether two paths name the same place, links followed as far as there is something.
    static func areSame(_ path: String, _ other: String) -> Bool { standard(path) == standard(other) }

    private static func standard(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}
