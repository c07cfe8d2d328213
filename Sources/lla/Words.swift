import Foundation

/// The words of a command line, before the parser sees them.
enum Words {
    /// Joins a negative number to the option before it, which the parser would otherwise take for an option of its own:
    /// that `--topics -5` is refused for what is wrong with it.
    ///
    /// - Throws: a `Refusal` for a verb that there is not, or of which help is asked for.
    static func prepared(_ words: [String]) throws -> [String] {
        let named = words.first == "help" ? words.dropFirst().first : words.first
        if let verb = named, !verb.hasPrefix("-"), verb != "help", !verbs.contains(verb) {
            throw Refusal(
                code: ExitCodes.usage, message: "there is no verb \(verb)",
                remedy: "choose \(verbs.joined(separator: ", ")); lla alone says what they do")
        }
        var joined: [String] = []
        for word in words {
            if let last = joined.last, isOption(last), !last.contains("="), isNegativeNumber(word) {
                joined[joined.count - 1] = "\(last)=\(word)"
            } else {
                joined.append(word)
            }
        }
        return joined
    }

    /// The command line as it was typed, or one that a shell makes the same words of.
    static var commandLine: String {
        (["lla"] + CommandLine.arguments.dropFirst().map(quoted)).joined(separator: " ")
    }

    /// The same, with an option that may be there already.
    static func commandLine(with option: String) -> String {
        var words = Array(CommandLine.arguments.dropFirst())
        // Behind -- all words are logs.
        if !words.contains(option) { words.insert(option, at: words.firstIndex(of: "--") ?? words.endIndex) }
        return (["lla"] + words.map(quoted)).joined(separator: " ")
    }

    /// A word as a shell has to be given it; words that mean nothing special to it stay as they are.
    static func quoted(_ word: String) -> String {
        let plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./=,:+@%"
        let isPlain = !word.isEmpty && word.allSatisfy(plain.contains)
        return isPlain ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    private static var verbs: [String] { LLA.configuration.subcommands.compactMap { $0.configuration.commandName } }

    private static func isOption(_ word: String) -> Bool {
        word.hasPrefix("-") && word != "-" && word != "--" && !isNegativeNumber(word)
    }

    private static func isNegativeNumber(_ word: String) -> Bool { word.hasPrefix("-") && Double(word) != nil }
}
