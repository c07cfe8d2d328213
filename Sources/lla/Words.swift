/// The words of a command line, before the parser sees them.
enum Words {
    /// Joins a negative number to the option before it, which the parser would otherwise take for an option of its own:
    /// that `--topics -5` is refused for what is wrong with it.
    ///
    /// - Throws: a `Refusal` for a verb that there is not.
    static func prepared(_ words: [String]) throws -> [String] {
        if let verb = words.first, !verb.hasPrefix("-"), verb != "help", !verbs.contains(verb) {
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

    private static var verbs: [String] { LLA.configuration.subcommands.compactMap { $0.configuration.commandName } }

    private static func isOption(_ word: String) -> Bool {
        word.hasPrefix("-") && word != "-" && word != "--" && !isNegativeNumber(word)
    }

    private static func isNegativeNumber(_ word: String) -> Bool { word.hasPrefix("-") && Double(word) != nil }
}
