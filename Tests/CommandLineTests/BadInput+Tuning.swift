import Foundation

/// Searches that cannot be, and files of settings that a fit does not take.
extension BadInput {
    static let tuning = searches + trials + settings

    private static let searches = [
        wrong("a search without a place", ["tune", "log.tsv"], says: "--output <file>", remedy: "lla tune --help"),
        wrong("a search with one candidate", tune("--candidates", "1"), says: "--candidates 1 cannot be", remedy: "choose at least 2"),
        wrong("a search with no candidates", tune("--candidates", "0"), says: "--candidates 0 cannot be", remedy: "choose between 1 and"),
        wrong("a search that never narrows", tune("--reduction", "1"), says: "--reduction 1 cannot be", remedy: "choose between 2 and"),
        wrong("rounds of no epochs", tune("--min-epochs", "0"), says: "--min-epochs 0 cannot be", remedy: "choose at least 1"),
        wrong("a first round longer than the last", tune("--min-epochs", "5", "--epochs", "2"), says: "--min-epochs 5 is more than --epochs 2", remedy: "lower it"),
        wrong("topics between nothing", tune("--topics-between", "0-5"), says: "--topics-between 0-5 cannot be", remedy: "choose between 1 and"),
        wrong("topics the wrong way round", tune("--topics-between", "9-3"), says: "'9-3' is invalid for '--topics-between", remedy: "lla tune --help"),
        wrong("too many hidden units to search", tune("--hidden-between", "8-99999"), says: "--hidden-between 8-99999 cannot be", remedy: "choose between 1 and"),
        wrong("topics given and searched", tune("--topics", "5", "--topics-between", "3-9"), says: "--topics leaves no choice", remedy: "leave one of them out"),
        wrong("units given and searched", tune("-H", "5", "--hidden-between", "3-9"), says: "--hidden leaves no choice", remedy: "leave one of them out"),
        wrong("nothing to compare on", tune("--validation", "0"), says: "--validation 0.0 cannot be", remedy: "choose a share above 0"),
        wrong("a search with a setting out of range", tune("--beta", "0"), says: "--beta 0.0 cannot be", remedy: "positive number"),
        wrong(
            "nothing to search",
            tune(
                "-K", "4", "-H", "8", "--variant", "topic", "--memory", "none", "--beta", "0.1", "--dropout", "0", "--input-dropout", "0",
                "--learning-rate", "0.01", "--lanes", "8"),
            says: "--candidates 18 cannot be", remedy: "leave out an option"),
        wrong(
            "a search past all memory", tune("--topics-between", "900000-1000000", "--hidden-between", "16000-16384", "--min-count", "1"),
            says: "of memory, and there are", remedy: "lower the ends of --topics-between"),
        search("a search on a log with one user", "user\titem\n" + String(repeating: "u\ti\n", count: 9), says: "log.tsv: no sequence can be kept aside", remedy: "three users"),
        search("a search on users with one event", "user\titem\n" + (0..<20).map { "u\($0)\ti\n" }.joined(), says: "no user has two events", remedy: "check --user"),
        search("a search on an empty log", "", says: "log.tsv: the file is empty", remedy: "header line"),
        BadInput(
            name: "a search on no log", arguments: ["tune", "nowhere.tsv", "-o", "best.json"], code: 66, message: "nowhere.tsv: cannot open",
            remedy: "check the path"),
        place("a result in no folder", "nowhere/best.json", says: "nowhere/best.json: the folder", remedy: "make it first"),
        place("a result over a log", "log.tsv", says: "log.tsv: is there already and holds something else than settings", remedy: "name another file"),
        place("a result over a folder", ".", says: ".: is there already and is not a file", remedy: "name another file"),
        wrong("a result on standard output", ["tune", "log.tsv", "-o", "-"], says: "--output - cannot be", remedy: "name a file"),
        place("a result without a name", "", says: "is not a name for a file", remedy: "name one"),
    ]

    private static let trials = [
        BadInput(
            name: "a diary in the way of trials", files: ["log.tsv": Data(good.utf8), "best.json.trials.jsonl": Data("a diary\n".utf8)],
            arguments: tune(), code: 73, message: "best.json.trials.jsonl: is there already, and is no file of trials", remedy: "name another output"),
        BadInput(
            name: "trials of a later version",
            files: ["log.tsv": Data(good.utf8), "best.json.trials.jsonl": Data("{\"format_version\":\"9.0\"}\n".utf8)],
            arguments: tune(), code: 65, message: "best.json.trials.jsonl: the trials have format version 9.0", remedy: "use a newer version of lla"),
        BadInput(
            name: "trials of another search",
            files: ["log.tsv": Data(good.utf8), "best.json.trials.jsonl": Data("{\"format_version\":\"1.0\"}\n".utf8)],
            arguments: tune(), code: 73, message: "best.json.trials.jsonl: holds the trials of another search", remedy: "give the log and the options"),
    ]

    private static let settings = [
        file("settings that are no JSON", "topics = 5", says: "best.json: it is no JSON object", remedy: "lla tune"),
        file("settings with an unknown key", "{\"topcis\": 5}", says: "best.json: there is no setting \"topcis\"", remedy: "choose among"),
        file("settings out of range", "{\"topics\": 0}", says: "best.json: topics 0 cannot be", remedy: "choose between 1 and"),
        file("settings of the wrong kind", "{\"topics\": \"many\"}", says: "best.json: \"topics\" has a value that does not fit", remedy: "settings.json"),
        file("settings that contradict each other", "{\"embedding\": null}", says: "best.json: input-dropout 0.1 cannot be", remedy: "choose a width"),
        BadInput(
            name: "no file of settings", files: ["log.tsv": Data(good.utf8)], arguments: ["fit", "log.tsv", "-o", "out", "--settings", "nowhere.json"],
            code: 66, message: "nowhere.json: cannot be read", remedy: "lla tune"),
        BadInput(
            name: "an option that contradicts the file of settings", files: ["log.tsv": Data(good.utf8), "best.json": Data("{\"variant\": \"topic\", \"particles\": 8}".utf8)],
            arguments: ["fit", "log.tsv", "-o", "out", "--settings", "best.json", "--proposals", "3"], code: 64,
            message: "--proposals is for --sampler mh", remedy: "leave one of them out"),
        beside("particles beside a file with beliefs", ["--particles", "4"], says: "--particles 4 cannot be (the belief variant's", remedy: "choose 1"),
        BadInput(
            name: "beliefs beside a file with mh", files: ["log.tsv": Data(good.utf8), "best.json": Data("{\"sampler\": \"mh\", \"memory\": \"none\", \"particles\": 1}".utf8)],
            arguments: ["fit", "log.tsv", "-o", "out", "--settings", "best.json", "--variant", "belief"], code: 64,
            message: "--sampler mh cannot be", remedy: "choose --sampler dense"),
        beside("a beam beside a file with beliefs", ["--beam", "1"], says: "--beam 1 cannot be (the belief variant's", remedy: "leave it out"),
        beside("a kept path beside a file with beliefs", ["--conditional"], says: "--conditional cannot be (the belief variant's", remedy: "leave it out"),
        beside("particles of validation beside a file with beliefs", ["--validation-particles", "4"], says: "--validation-particles is for --variant topic", remedy: "leave one of them out"),
        BadInput(
            name: "patience beside a file that keeps nothing aside", files: ["log.tsv": Data(good.utf8), "best.json": Data("{\"validation\": 0}".utf8)],
            arguments: ["fit", "log.tsv", "-o", "out", "--settings", "best.json", "--patience", "3"], code: 64,
            message: "--patience is for what is kept aside", remedy: "leave one of them out"),
        beside("proposals of topics beside a file with beliefs", ["--sampler", "mh"], says: "--sampler mh cannot be", remedy: "choose --sampler dense"),
    ]

    // MARK: - Shorthands

    private static func tune(_ options: String...) -> [String] { ["tune", "log.tsv", "-o", "best.json"] + options }

    private static func search(_ name: String, _ log: String, says message: String, remedy: String) -> BadInput {
        BadInput(name: name, files: ["log.tsv": Data(log.utf8)], arguments: tune("--min-count", "1"), code: 65, message: message, remedy: remedy)
    }

    private static func place(_ name: String, _ path: String, says message: String, remedy: String) -> BadInput {
        BadInput(
            name: name, files: ["log.tsv": Data(good.utf8)], arguments: ["tune", "log.tsv", "-o", path], code: 73, message: message, remedy: remedy)
    }

    /// Options of which a file of settings leaves no use.
    private static func beside(_ name: String, _ options: [String], says message: String, remedy: String) -> BadInput {
        BadInput(
            name: name, files: ["log.tsv": Data(good.utf8), "best.json": Data("{\"variant\": \"belief\"}".utf8)],
            arguments: ["fit", "log.tsv", "-o", "out", "--settings", "best.json"] + options, code: 64, message: message, remedy: remedy)
    }

    private static func file(_ name: String, _ settings: String, says message: String, remedy: String) -> BadInput {
        BadInput(
            name: name, files: ["log.tsv": Data(good.utf8), "best.json": Data(settings.utf8)],
            arguments: ["fit", "log.tsv", "-o", "out", "--settings", "best.json"], code: 65, message: message, remedy: remedy)
    }
}
