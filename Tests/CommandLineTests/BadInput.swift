import Foundation
import TestSupport
import Testing

/// Something that people type or feed, and what the program must say of it.
struct BadInput: Sendable, CustomTestStringConvertible {
    let name: String
    /// What lies in the folder, by name.
    var files: [String: Data] = [:]
    let arguments: [String]
    var input = Data()
    /// Done to a copy of a good model before the program runs; a copy is there only if this is.
    var damage: (@Sendable (Folder) throws -> Void)?
    let code: Int32
    let message: String
    let remedy: String

    var testDescription: String { name }

    static let all = logs + columns + foreign + missing + usage + values + outputs + models + tuning

    /// A fit of one file.
    private static func fit(
        _ name: String, _ contents: Data, as file: String = "log.tsv", _ options: [String] = [], code: Int32 = 65, says message: String, remedy: String
    ) -> BadInput {
        BadInput(
            name: name, files: [file: contents], arguments: ["fit", file, "-o", "out"] + options, code: code, message: message, remedy: remedy)
    }

    private static func fit(
        _ name: String, _ contents: String, as file: String = "log.tsv", _ options: [String] = [], code: Int32 = 65, says message: String, remedy: String
    ) -> BadInput {
        fit(name, Data(contents.utf8), as: file, options, code: code, says: message, remedy: remedy)
    }

    /// A fit with a list of stop words.
    private static func stopping(_ name: String, _ words: Data, says message: String, remedy: String) -> BadInput {
        BadInput(
            name: name, files: ["log.txt": Data("the cat sat\n".utf8), "words.txt": words],
            arguments: ["fit", "log.txt", "--text", "-o", "out", "--stop-words", "words.txt"], code: 65, message: message, remedy: remedy)
    }

    /// Six users with six events each, of which nothing is wrong.
    static let good = "user\ttime\titem\n" + (0..<36).map { "u\($0 / 6)\t\($0)\ti\($0 % 3)\n" }.joined()

    private static let logs = [
        fit("an empty file", "", says: "log.tsv: the file is empty", remedy: "header line"),
        fit("line ends alone", "\n\r\n\n", says: "log.tsv: the file is empty", remedy: "header line"),
        fit("a header alone", "user\ttime\titem\n", says: "log.tsv: there is no event", remedy: "at least one row"),
        fit("a short row", "user\titem\nu\ti\nu\n", says: "log.tsv:3: 1 field where the header has 2", remedy: "mend the row"),
        fit("a long row", "user,item\nu,i\nu,i,j\n", as: "log.csv", says: "log.csv:3: 3 fields where the header has 2", remedy: "quotes"),
        fit("a NUL byte", "user\titem\nu\ti\nu\ti\0\n", says: "log.tsv:3: NUL byte", remedy: "UTF-8"),
        fit("a user who is not UTF-8", Data("user\titem\nu".utf8) + [0xFF] + Data("\ti\n".utf8), says: "log.tsv:2: ", remedy: "UTF-8"),
        fit("an item that is not UTF-8", Data("user\titem\nu\ti".utf8) + [0xC0, 0x80] + Data("\n".utf8), says: "log.tsv:2: ", remedy: "UTF-8"),
        fit("a header that is not UTF-8", Data("user\titem\t".utf8) + [0xE9] + Data("\nu\ti\t\n".utf8), says: "log.tsv:1: ", remedy: "UTF-8"),
        fit("truncated gzip", gzip.prefix(gzip.count - 12), as: "log.tsv.gz", says: "log.tsv.gz: truncated gzip", remedy: "again"),
        fit("corrupt gzip", corrupted(gzip), as: "log.tsv.gz", says: "log.tsv.gz: corrupt gzip", remedy: "again"),
        fit("gzip with something behind it", gzip + Data("tail".utf8), as: "log.tsv.gz", says: "corrupt gzip: bytes behind its end", remedy: "again"),
        fit(
            "users with one event each", "user\titem\n" + (0..<20).map { "u\($0)\ti\n" }.joined(),
            says: "log.tsv: no user has two events", remedy: "check --user"),
        fit("items seen too rarely", good, ["--min-count", "1000"], says: "log.tsv: no item was seen 1000 times", remedy: "lower --min-count"),
        fit("a time that is none", "user\ttime\titem\nu\tsoon\ti\n", says: "log.tsv:2: no time: \"soon\"", remedy: "unix seconds or ISO 8601"),
        fit("an empty time", "user\ttime\titem\nu\t\ti\n", says: "log.tsv:2: no time", remedy: "ISO 8601"),
        fit(
            "times of two units", "user\ttime\titem\nu\t99999999999\ti\nu\t100000000001\ti\n",
            says: "log.tsv:3: the time \"100000000001\" is taken for milliseconds, and that of line 2 for seconds", remedy: "in one unit"),
        fit("tabs in a CSV", good, as: "log.csv", says: "the columns are user\\ttime\\titem", remedy: "--log-format tsv"),
        fit(
            "a quote that closes too late", "user,item\nu,\"i\nu,i\nu,\"j\"\n", as: "log.csv",
            says: "log.csv:2: text behind the closing quote of a field in the row that begins here: the quote closes in line 4", remedy: "close the quote"),
        fit("an empty user", "user\titem\n\ti\n", says: "log.tsv:2: \"user\" is empty", remedy: "drop the row"),
        fit("an empty item", "user\titem\nu\t\n", says: "log.tsv:2: \"item\" is empty", remedy: "drop the row"),
        fit("an unterminated quote", "user,item\nu,\"i\nu,i\n", as: "log.csv", says: "log.csv:2: unterminated quote", remedy: "close the quote"),
        fit("text behind a quote", "user,item\nu,\"i\"j\n", as: "log.csv", says: "log.csv:2: text behind the closing quote", remedy: "double the quotes"),
        fit("JSON that is cut off", "{\"user\": \"u\", \"item\": \"i\"}\n{\"user\": \"u\", \"it", as: "log.jsonl", says: "log.jsonl:2: ", remedy: "("),
        fit("JSON without an item", "{\"user\": \"u\"}\n", as: "log.jsonl", says: "log.jsonl:1: no key is named \"item\"", remedy: "--item NAME"),
        fit("JSON with an object for a user", "{\"user\": {}, \"item\": 1}\n", as: "log.jsonl", says: "log.jsonl:1: ", remedy: "("),
        fit("a JSON array", "[1, 2]\n", as: "log.jsonl", says: "log.jsonl:1: ", remedy: "("),
        fit("an empty JSON log", "", as: "log.jsonl", says: "log.jsonl: the file is empty", remedy: "one object a line"),
        fit("an empty text", "", as: "log.txt", ["--text"], says: "log.txt: the file is empty", remedy: "one document a line"),
        fit("a text without words", "- - -\n...\n", as: "log.txt", ["--text"], says: "log.txt: there is no event", remedy: "("),
        fit(
            "a text of stop words", "the of\nand\n", as: "log.txt", ["--text", "--stop-words", "english"],
            says: "log.txt: there is no event in it but stop words", remedy: "--stop-words none"),
        fit("sequences that are too short", good, ["--min-length", "7"], says: "log.tsv: no sequence has 7 events", remedy: "lower --min-length"),
        stopping("two stop words a line", Data("the\nof and\n".utf8), says: "words.txt:2: 2 words in \"of and\"", remedy: "one word a line"),
        stopping("a stop word that is none", Data("the\n\n...\n".utf8), says: "words.txt:3: no word in \"...\"", remedy: "one word a line"),
        stopping("no stop word", Data(), says: "words.txt: there is no word in it", remedy: "--stop-words none"),
        stopping("stop words that are not UTF-8", Data([0x61, 0x0A, 0xFF, 0x0A]), says: "words.txt:2: invalid UTF-8", remedy: "iconv"),
        BadInput(
            name: "no such list of stop words", files: ["log.txt": Data("a b\n".utf8)],
            arguments: ["fit", "log.txt", "--text", "-o", "out", "--stop-words", "French"], code: 66, message: "French: cannot open", remedy: "check the path"),
        BadInput(
            name: "nothing on standard input", arguments: ["fit", "-", "-o", "out"], code: 65, message: "standard input: the file is empty",
            remedy: "header line"),
        BadInput(
            name: "one log with times and one without",
            files: ["a.tsv": Data(good.utf8), "b.tsv": Data("user\titem\nu\ti\n".utf8)], arguments: ["fit", "a.tsv", "b.tsv", "-o", "out"],
            code: 65, message: "b.tsv:2: no \"time\" here", remedy: "give all events a time, or none"),
        BadInput(
            name: "nothing to inspect", files: ["log.tsv": Data()], arguments: ["inspect", "log.tsv"], code: 65,
            message: "log.tsv: the file is empty", remedy: "header line"),
    ]

    private static let columns = [
        fit("no user column", "who\titem\nu\ti\n", says: "log.tsv:1: no column is named \"user\"; the columns are who, item", remedy: "--user NAME"),
        fit("no item column", "user\twhat\nu\ti\n", says: "log.tsv:1: no column is named \"item\"", remedy: "--item NAME"),
        fit("no column of the name given", good, ["--time", "when"], says: "log.tsv:1: no column is named \"when\"", remedy: "--time NAME"),
        fit("sessions without times", "user\titem\nu\ti\n", ["--session-gap", "60"], says: "log.tsv:1: no column is named \"time\"", remedy: "--time NAME"),
        fit("two columns of one name", "user\titem\titem\nu\ti\tj\n", says: "log.tsv:1: 2 columns are named \"item\"", remedy: "--item NAME"),
    ]

    private static let foreign = [
        fit("a zip archive", Data([0x50, 0x4B, 0x03, 0x04, 0]), as: "log.zip", says: "log.zip:1: this is a zip archive", remedy: "unpack it"),
        fit("zstd data", Data([0x28, 0xB5, 0x2F, 0xFD, 0]), as: "log.zst", says: "log.zst:1: this is zstd data", remedy: "zstd -dc"),
        fit("bzip2 data", "BZh91AY", as: "log.bz2", says: "log.bz2:1: this is bzip2 data", remedy: "bzip2 -dc"),
        fit("xz data", Data([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]), as: "log.xz", says: "log.xz:1: this is xz data", remedy: "xz -dc"),
        fit("a Parquet file", "PAR1....", says: "log.tsv:1: this is a Parquet file", remedy: "as CSV first"),
        fit("UTF-16", Data([0xFF, 0xFE, 0x75, 0]), says: "log.tsv:1: this is UTF-16 text", remedy: "iconv"),
    ]

    private static let missing = [
        BadInput(name: "no such log", arguments: ["fit", "nowhere.tsv", "-o", "out"], code: 66, message: "nowhere.tsv: cannot open", remedy: "check the path"),
        BadInput(name: "a folder for a log", arguments: ["inspect", "."], code: 66, message: ".: is a directory", remedy: "name the log files in it"),
        BadInput(
            name: "a log inside a file", files: ["log.tsv": Data(good.utf8)], arguments: ["inspect", "log.tsv/log.tsv"], code: 66,
            message: "log.tsv/log.tsv: cannot open", remedy: "("),
        BadInput(name: "no such model", arguments: ["topics", "nowhere"], code: 66, message: "nowhere: ", remedy: "lla fit"),
        BadInput(name: "no model in the folder", arguments: ["hierarchy", "."], code: 66, message: "there is no model in it", remedy: "lla fit"),
        BadInput(
            name: "a log for a model", files: ["log.tsv": Data(good.utf8)], arguments: ["verify", "log.tsv"], code: 66, message: "log.tsv: ",
            remedy: "lla fit"),
        BadInput(
            name: "a log for predictions that is not there", arguments: ["predict", "toy.model", "nowhere.tsv"], damage: { _ in }, code: 66,
            message: "nowhere.tsv: cannot open", remedy: "check the path"),
    ]

    private static let usage = [
        wrong("an unknown option", ["fit", "log.tsv", "-o", "out", "--tpics", "3"], says: "--tpics", remedy: "--topics"),
        wrong("an unknown verb", ["train", "log.tsv"], says: "there is no verb train", remedy: "choose fit"),
        wrong("help on an unknown verb", ["help", "train"], says: "there is no verb train", remedy: "choose fit"),
        wrong("a fit without a log", ["fit", "-o", "out"], says: "<log>", remedy: "lla fit --help"),
        wrong("a fit without a place", ["fit", "log.tsv"], says: "--output <model>", remedy: "lla fit --help"),
        wrong("an option without a value", ["fit", "log.tsv", "-o", "out", "--topics"], says: "--topics <count>", remedy: "lla fit --help"),
        wrong("a word for a number", ["fit", "log.tsv", "-o", "out", "--topics", "many"], says: "'many' is invalid for '--topics", remedy: "lla fit --help"),
        wrong("a number past all numbers", ["fit", "log.tsv", "-o", "out", "--epochs", "99999999999999999999"], says: "--epochs", remedy: "lla fit --help"),
        wrong("a word for a width", ["fit", "log.tsv", "-o", "out", "--embedding", "wide"], says: "'wide' is invalid for '--embedding", remedy: "none"),
        wrong("a negative seed", ["fit", "log.tsv", "-o", "out", "--seed", "-1"], says: "--seed", remedy: "lla fit --help"),
        wrong("no such recurrent layer", ["fit", "log.tsv", "-o", "out", "--cell", "rnn"], says: "'rnn' is invalid for '--cell", remedy: "gru"),
        wrong("no such policy for unknown items", ["fit", "log.tsv", "-o", "out", "--unknown-items", "guess"], says: "'guess' is invalid for '--unknown-items", remedy: "skip"),
        wrong("characters for a variant without", ["fit", "log.tsv", "-o", "out", "--variant", "word", "--character-hidden", "9"], says: "--character-hidden 9 cannot be", remedy: "leave it out"),
        wrong("rows of characters for a variant without", ["fit", "log.tsv", "-o", "out", "--character-embedding", "4"], says: "--character-embedding 4 cannot be", remedy: "leave it out"),
        wrong("unknown items for a variant of topics", ["fit", "log.tsv", "-o", "out", "--unknown-items", "input"], says: "--unknown-items input cannot be", remedy: "choose skip"),
        wrong("a precision that the layer does not have", ["fit", "log.tsv", "-o", "out", "--cell", "gru", "--precision", "bf16"], says: "--precision bf16 cannot be", remedy: "choose single"),
        wrong("no such variant", ["fit", "log.tsv", "-o", "out", "--variant", "wrod"], says: "there is no such variant", remedy: "choose topic"),
        wrong("no such start", ["fit", "log.tsv", "-o", "out", "--start", "warm"], says: "'warm' is invalid for '--start", remedy: "clusters"),
        wrong("no such update of β", ["fit", "log.tsv", "-o", "out", "--beta-update", "newton"], says: "'newton' is invalid for '--beta-update", remedy: "minka"),
        wrong("no such precision", ["fit", "log.tsv", "-o", "out", "--precision", "half"], says: "'half' is invalid for '--precision", remedy: "bf16"),
        wrong("no such sampler", ["fit", "log.tsv", "-o", "out", "--sampler", "gibbs"], says: "'gibbs' is invalid for '--sampler", remedy: "mh"),
        wrong("no such format of trees", ["hierarchy", "m", "--format", "pdf"], says: "'pdf' is invalid for '--format", remedy: "newick"),
        wrong("no such linkage", ["hierarchy", "m", "--linkage", "single"], says: "'single' is invalid for '--linkage", remedy: "ward"),
        wrong("text with a format", ["inspect", "log.tsv", "--text", "--log-format", "csv"], says: "--text and --log-format contradict", remedy: "give one of them"),
        wrong("text with a time", ["inspect", "log.tsv", "--text", "--time", "t"], says: "--text has no columns", remedy: "leave one of them out"),
        wrong("text with an item's column", ["inspect", "log.tsv", "--text", "--item", "t"], says: "--text has no columns, and so no --item", remedy: "leave one of them out"),
        wrong("text with a user's column", ["inspect", "log.tsv", "--text", "--user", "t"], says: "--text has no columns, and so no --user", remedy: "leave one of them out"),
        wrong(
            "a trace of text with a user's column", ["trace", "m", "log.tsv", "--text", "--user", "3", "--user-column", "t"],
            says: "--text has no columns, and so no --user-column", remedy: "leave one of them out"),
        wrong("a window without a log", ["topics", "m", "--window", "5"], says: "--window is for coherence", remedy: "name one"),
        wrong("a window of one event", ["topics", "m", "log.tsv", "--window", "1"], says: "'1' is invalid for '--window", remedy: "lla topics --help"),
        wrong("a separator of a drawing", ["hierarchy", "m", "--separator", ":"], says: "--separator is for --score", remedy: "give both"),
        wrong("a separator that is nothing", ["hierarchy", "m", "--score", "--separator", ""], says: "--separator cannot be nothing", remedy: "such as /"),
        wrong("scores as a drawing", ["hierarchy", "m", "--score", "--format", "svg"], says: "--score is not written as --format svg", remedy: "choose text or json"),
        wrong("scores of a branch", ["hierarchy", "m", "--score", "--branch", "3"], says: "--branch goes with drawings", remedy: "leave one of them out"),
        wrong("stop words of a table", ["fit", "log.tsv", "-o", "out", "--stop-words", "english"], says: "--stop-words is for --text", remedy: "give both"),
        wrong("topics of a belief for a variant without", ["fit", "log.tsv", "-o", "out", "--belief-topics", "4"], says: "--belief-topics is for --variant belief", remedy: "leave one of them out"),
        wrong("a search for topics of a belief without one", ["tune", "log.tsv", "-o", "best.json", "--variant", "word", "--belief-topics", "4"], says: "--belief-topics is for --variant belief", remedy: "leave one of them out"),
        wrong("patience with nothing kept aside", ["fit", "log.tsv", "-o", "out", "--validation", "0", "--patience", "3"], says: "--patience is for what is kept aside", remedy: "leave one of them out"),
        wrong(
            "a rival's patience with nothing kept aside", ["fit", "log.tsv", "-o", "out", "--model", "hmm", "--validation", "0", "--patience", "3"],
            says: "--patience is for what is kept aside", remedy: "leave one of them out"),
        wrong(
            "particles for what is not kept aside", ["fit", "log.tsv", "-o", "out", "--validation", "0", "--validation-particles", "3"],
            says: "--validation-particles is for what is kept aside", remedy: "leave one of them out"),
        wrong(
            "particles for an exact validation", ["fit", "log.tsv", "-o", "out", "--variant", "word", "--validation-particles", "3"],
            says: "--validation-particles is for --variant topic; the word variant is scored exactly", remedy: "leave one of them out"),
        wrong(
            "particles for a search's exact validation", ["tune", "log.tsv", "-o", "best.json", "--variant", "char", "--validation-particles", "3"],
            says: "--validation-particles is for --variant topic; the char variant is scored exactly", remedy: "leave one of them out"),
        wrong("a beam for a variant without copies", ["fit", "log.tsv", "-o", "out", "--variant", "belief", "--beam", "4"], says: "--beam 4 cannot be", remedy: "leave it out"),
        wrong("proposals for a sampler without", ["fit", "log.tsv", "-o", "out", "--proposals", "2"], says: "--proposals is for --sampler mh", remedy: "leave one of them out"),
        wrong("tasks for a chain without", ["synthesize", "--dynamics", "markov", "--tasks", "3"], says: "--tasks is for --dynamics tasks", remedy: "leave one of them out"),
    ]

    /// Values out of range, refused before any file is looked at.
    private static let values = [
        value("topics", "0", "choose between 1 and"), value("topics", "-5", "choose between 1 and"), value("topics", "1000001", "choose between 1 and"),
        value("hidden", "0", "choose between 1 and"), value("hidden", "20000", "choose between 1 and"), value("embedding", "0", "choose between 1 and"),
        value("beta", "nan", "positive number"), value("beta", "0", "positive number"), value("beta", "inf", "positive number"),
        value("input-dropout", "1", "share from 0"), value("dropout", "1", "share from 0"), value("dropout", "-0.1", "share from 0"), value("epochs", "0", "at least 1"),
        value("epochs", "99999999999", "at most 1,048,575"), value("dropout", "0.99999999999", "share from 0"), value("input-dropout", "0.99999999999", "share from 0"),
        value("warm-up", "2", "share of the epochs"), value("particles", "0", "between 1 and 4,096"), value("particles", "5000", "between 1 and 4,096"),
        value("learning-rate", "nan", "positive number"), value("clip-norm", "0", "positive number"), value("final-rate", "-1", "from 0 to 1"),
        value("lanes", "0", "between 1 and"), value("steps", "0", "between 1 and"), value("shards", "99", "number of lanes"),
        value("validation", "0.9", "from 0 to 0.5"), value("patience", "0", "at least 1"), value("validation-particles", "0", "between 1 and"),
        value("observe", "0", "0.6 observes"), value("observe", "2", "0.6 observes"), value("observe", "nan", "0.6 observes"),
        value("vocabulary-size", "0", "give a number of items"), value("min-length", "-1", "0 keeps every sequence"),
        value("min-count", "0", "1 keeps every item"), value("session-gap", "0", "give seconds"), value("session-gap", "nan", "give seconds"),
        value("threads", "0", "choose between 1 and"), value("checkpoint-minutes", "-1", "one after each block"),
        value("checkpoint-minutes", "nan", "one after each block"),
        wrong(
            "blocks past all memory", ["fit", "log.tsv", "-o", "out", "--lanes", "65536", "--steps", "65536"], says: "--steps 65536 cannot be",
            remedy: "choose"),
        wrong(
            "embeddings dropped that there are not", ["fit", "log.tsv", "-o", "out", "--embedding", "none", "--input-dropout", "0.2"],
            says: "--input-dropout 0.2 cannot be", remedy: "choose a width with --embedding"),
        wrong(
            "particles for Metropolis-Hastings", ["fit", "log.tsv", "-o", "out", "--sampler", "mh", "--particles", "4"],
            says: "--particles 4 cannot be", remedy: "--particles 1 or --sampler dense"),
        fit(
            "a model past all memory", good, ["--topics", "1000000", "--hidden", "16384"], code: 64, says: "of memory, and there are",
            remedy: "choose fewer --topics"),
        wrong("no predictions", ["predict", "m", "log.tsv", "-k", "0"], says: "-k 0 cannot be", remedy: "choose between 1 and"),
        wrong("an observed share that is none", ["evaluate", "m", "log.tsv", "--observe", "2"], says: "--observe 2", remedy: "0.6 observes"),
        wrong("no particles to predict with", ["predict", "m", "log.tsv", "--particles", "0"], says: "--particles 0 cannot be", remedy: "choose between 1 and"),
        wrong("no items to a topic", ["topics", "m", "-n", "0"], says: "--items 0 cannot be", remedy: "choose between 1 and"),
        wrong("no items to a branch", ["hierarchy", "m", "-n", "-3"], says: "--items -3 cannot be", remedy: "choose between 1 and"),
        wrong("lengths the wrong way round", ["synthesize", "--lengths", "9-3"], says: "'9-3' is invalid for '--lengths", remedy: "lla synthesize --help"),
        wrong("lengths of nothing", ["synthesize", "--lengths", "0"], says: "--lengths 0 cannot be", remedy: "at least one event"),
        wrong(
            "lengths past all numbers", ["synthesize", "--lengths", "1-9223372036854775807"], says: "--lengths 1-9223372036854775807 cannot be",
            remedy: "at most 100,000,000 events"),
        wrong("a concentration that sums leave all numbers with", ["synthesize", "--concentration", "1e308"], says: "--concentration 1e+308 cannot be", remedy: "such as 0.3"),
        wrong("a concentration below all numbers", ["synthesize", "--concentration", "5e-324"], says: "--concentration 5e-324 cannot be", remedy: "such as 0.3"),
        wrong("one task", ["synthesize", "--tasks", "1"], says: "--tasks 1 cannot be", remedy: "give 2 to K"),
        wrong("topics without items", ["synthesize", "--support", "0"], says: "--support 0.0 cannot be", remedy: "share above 0"),
        wrong("a synthetic log past all memory", ["synthesize", "--topics", "2000000000", "--dynamics", "markov"], says: "--topics 2000000000 cannot be", remedy: "at most"),
        wrong("more users at a time than memory holds", ["synthesize", "--interleaved", "900000000"], says: "--interleaved 900000000 cannot be", remedy: "at most"),
        wrong("more successors than topics", ["synthesize", "--dynamics", "markov", "--successors", "20"], says: "--successors 20 cannot be", remedy: "K - 1"),
    ]

    private static let outputs = [
        place("a parent that is not there", "nowhere/out", says: "nowhere/out: ", remedy: "make it first"),
        place("a plain file in the way", "log.tsv", says: "log.tsv: is there already and is not a folder", remedy: "name a new folder"),
        place("a folder with other things in the way", "things", files: ["things/diary.txt": Data()], says: "things: is a folder that holds other things", remedy: "name a new folder"),
        place("the folder that one is in", ".", says: ".: ", remedy: "name a new folder"),
        place("no name", "", says: "is not a name for a folder", remedy: "name one"),
        BadInput(
            name: "a synthetic log in no folder", arguments: ["synthesize", "--sequences", "3", "-o", "nowhere/log.tsv"], code: 73,
            message: "nowhere/log.tsv: cannot write", remedy: "check the folder"),
        BadInput(
            name: "a truth in no folder", arguments: ["synthesize", "--sequences", "3", "-o", "log.tsv", "--truth", "nowhere/truth.json"],
            code: 73, message: "nowhere/truth.json: the folder", remedy: "make it first"),
        BadInput(
            name: "a truth in the place of a pipe", arguments: ["synthesize", "--sequences", "3", "-o", "log.tsv", "--truth", "pipe"],
            damage: { _ = mkfifo($0.path("pipe").path, 0o600) }, code: 73, message: "pipe: is there already and is not a file",
            remedy: "name another file"),
        BadInput(
            name: "a truth behind a link to a pipe", arguments: ["synthesize", "--sequences", "3", "-o", "log.tsv", "--truth", "link"],
            damage: {
                _ = mkfifo($0.path("pipe").path, 0o600)
                try FileManager.default.createSymbolicLink(atPath: $0.path("link").path, withDestinationPath: "pipe")
            }, code: 73, message: "link: is there already and is not a file", remedy: "name another file"),
        wrong(
            "a truth in the place of its log", ["synthesize", "-o", "new.tsv", "--truth", "./new.tsv"],
            says: "--truth and --output cannot be one file", remedy: "name two"),
        wrong("a model on standard output", ["fit", "log.tsv", "-o", "-"], says: "--output - cannot be", remedy: "name one"),
        wrong("a truth on standard output", ["synthesize", "-o", "new.tsv", "--truth", "-"], says: "--truth - cannot be", remedy: "name a file"),
    ]

    private static let models = [
        damaged("a flipped bit in the tensors", file: "model.safetensors", says: "checksum") { try flip($0.path("toy.model/model.safetensors")) },
        damaged("tensors cut off", file: "model.safetensors", says: "checksum") { try cut($0.path("toy.model/model.safetensors"), to: 100) },
        damaged("empty tensors", file: "model.safetensors", says: "checksum") { try cut($0.path("toy.model/model.safetensors"), to: 0) },
        damaged("no tensors", file: "model.safetensors", says: "missing") { try remove($0.path("toy.model/model.safetensors")) },
        damaged("no vocabulary", file: "vocabulary.tsv", says: "missing") { try remove($0.path("toy.model/vocabulary.tsv")) },
        damaged("another vocabulary", file: "vocabulary.tsv", says: "checksum") { try Data("number\titem\tcount\n".utf8).write(to: $0.path("toy.model/vocabulary.tsv")) },
        damaged("no checksums", file: "SHA256SUMS", says: "missing") { try remove($0.path("toy.model/SHA256SUMS")) },
        damaged("checksums of something else", file: "SHA256SUMS", says: "does not list") { try Data("x\n".utf8).write(to: $0.path("toy.model/SHA256SUMS")) },
        damaged("settings that are none", file: "settings.json", says: "checksum") { try Data("{".utf8).write(to: $0.path("toy.model/settings.json")) },
        damaged("settings of another model", file: "model.safetensors", says: "but the settings ask for") {
            try replace("\"topics\" : 4", by: "\"topics\" : 5", in: $0.path("toy.model/settings.json"))
            try sign($0.path("toy.model"))
        },
        damaged("settings that no fit would take", file: "settings.json", says: "beta") {
            try replace("\"beta\" : 0.001", by: "\"beta\" : -1", in: $0.path("toy.model/settings.json"))
            try sign($0.path("toy.model"))
        },
        damaged("epochs that are none", file: "training.jsonl", says: "cannot be understood") {
            try Data("epoch 1\n".utf8).write(to: $0.path("toy.model/training.jsonl"))
            try sign($0.path("toy.model"))
        },
        BadInput(
            name: "a model of a later version", arguments: ["topics", "toy.model"],
            damage: { try replace("\"format_version\" : \"1.", by: "\"format_version\" : \"9.", in: $0.path("toy.model/settings.json")) }, code: 65,
            message: "format version 9.", remedy: "use a newer version of lla"),
        BadInput(
            name: "a hierarchy of names without levels", arguments: ["hierarchy", "toy.model", "--score"], damage: { _ in }, code: 65,
            message: "is no path: there is no \"/\" in it", remedy: "--separator"),
        BadInput(
            name: "users who come back", arguments: ["predict", "toy.model", "-"],
            input: Data("user\titem\na\ti1\nb\ti2\na\ti3\n".utf8), damage: { _ in }, code: 65,
            message: "standard input:4: user \"a\" comes back", remedy: "--gather"),
        BadInput(
            name: "nothing to score", arguments: ["evaluate", "toy.model", "toy.tsv", "--observe", "1"], damage: { _ in }, code: 65,
            message: "toy.tsv: no event lies behind the observed share", remedy: "observe less: the model was fitted with --observe 0.6"),
        BadInput(
            name: "nothing to score of short sequences", arguments: ["evaluate", "toy.model", "-"], input: Data("user\titem\na\ti1\nb\ti2\n".utf8),
            damage: { _ in }, code: 65, message: "standard input: no event lies behind the observed share", remedy: "name a log with longer sequences"),
        BadInput(
            name: "particles without a log to draw", arguments: ["hierarchy", "toy.model", "--particles", "5"], damage: { _ in }, code: 64,
            message: "--particles has no use here", remedy: "name one behind the model"),
        BadInput(
            name: "columns without a log to draw", arguments: ["hierarchy", "toy.model", "--item", "sku"], damage: { _ in }, code: 64,
            message: "--item has no use here", remedy: "or leave it out"),
        BadInput(
            name: "rows to skip of no log", arguments: ["topics", "toy.model", "--skip-bad-rows", "0"], damage: { _ in }, code: 64,
            message: "--skip-bad-rows has no use here: coherence alone", remedy: "name one behind the model"),
        BadInput(
            name: "users of no log", arguments: ["topics", "toy.model", "--user", "user"], damage: { _ in }, code: 64,
            message: "--user has no use here: coherence alone", remedy: "name one behind the model"),
        BadInput(
            name: "a report's particles without a log", arguments: ["report", "toy.model", "-o", "r.html", "--particles", "5"], damage: { _ in }, code: 64,
            message: "--particles has no use here: no log is read", remedy: "name one behind the model"),
        BadInput(
            name: "text of no log in a report", arguments: ["report", "toy.model", "-o", "r.html", "--text"], damage: { _ in }, code: 64,
            message: "--text has no use here: no log is read", remedy: "name one behind the model"),
        BadInput(
            name: "particles of a table", arguments: ["export", "toy.model", "--format", "csv", "--particles", "3"], damage: { _ in }, code: 64,
            message: "--particles has no use here: --format csv reads no log", remedy: "choose ldavis"),
        BadInput(
            name: "times of arrays", arguments: ["export", "toy.model", "--format", "npz", "-o", "t.npz", "--time", "when"], damage: { _ in }, code: 64,
            message: "--time has no use here: --format npz reads no log", remedy: "choose ldavis"),
        BadInput(
            name: "nothing that the model knows", arguments: ["evaluate", "toy.model", "-"],
            input: Data("user\titem\na\tx\na\ty\na\tz\n".utf8), damage: { _ in }, code: 65,
            message: "standard input: no item behind the observed share", remedy: "check --item"),
        BadInput(
            name: "no coherence on what the model does not know", arguments: ["topics", "toy.model", "-"],
            input: Data("user\titem\na\tx\na\ty\n".utf8), damage: { _ in }, code: 65,
            message: "standard input: no item is one that the model knows", remedy: "check --item, or leave out the log"),
        BadInput(
            name: "rows that break off while predicting", arguments: ["predict", "toy.model", "-"],
            input: Data("user\titem\na\ti1\nb\n".utf8), damage: { _ in }, code: 65,
            message: "standard input:3: 1 field", remedy: "mend the row"),
    ]

    // MARK: - Shorthands

    static func wrong(_ name: String, _ arguments: [String], says message: String, remedy: String) -> BadInput {
        BadInput(name: name, files: ["log.tsv": Data(good.utf8)], arguments: arguments, code: 64, message: message, remedy: remedy)
    }

    private static func value(_ option: String, _ value: String, _ remedy: String) -> BadInput {
        // Numbers are shown as they were understood: 0 may come back as 0.0.
        wrong("--\(option) \(value)", ["fit", "log.tsv", "-o", "out", "--\(option)", value], says: "--\(option) ", remedy: remedy)
    }

    private static func place(_ name: String, _ path: String, files: [String: Data] = [:], says message: String, remedy: String) -> BadInput {
        BadInput(
            name: name, files: files.merging(["log.tsv": Data(good.utf8)]) { mine, _ in mine }, arguments: ["fit", "log.tsv", "-o", path], code: 73,
            message: message, remedy: remedy)
    }

    private static func damaged(
        _ name: String, file: String, says message: String, _ damage: @escaping @Sendable (Folder) throws -> Void
    ) -> BadInput {
        BadInput(
            name: name, arguments: ["topics", "toy.model"], damage: damage, code: 65, message: message,
            remedy: "toy.model/\(file): ")
    }

    // MARK: - Damage

    /// `good`, packed by gzip without a name in the header.
    private static let gzip = Data(base64Encoded: """
        H4sIAAAAAAACAzXQOxbDMAhE0XqyGgH6eUEuVLhJ7P0HjaHinbkdz+/84l7XiXWf1+cpKFhlX8GSfRVL97XYa+yNu6BzFwzughn7
        EbuUABGKQpTkYSSPmtSSetIgGWSSPA6SQUuQSpBqkpEqtJI8GsmjJ42kmXSQGux9gsf7BQ9NsqSaxE/8ATcIQ31JAQAA
        """, options: .ignoreUnknownCharacters) ?? Data()

    private static func corrupted(_ data: Data) -> Data {
        var bytes = [UInt8](data)
        for place in 12..<24 { bytes[place] ^= 0x5A }
        return Data(bytes)
    }

    private static func flip(_ file: URL) throws {
        var bytes = [UInt8](try Data(contentsOf: file))
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: file)
    }

    private static func cut(_ file: URL, to length: Int) throws { try Data(contentsOf: file).prefix(length).write(to: file) }

    private static func remove(_ file: URL) throws { try FileManager.default.removeItem(at: file) }

    static func replace(_ text: String, by other: String, in file: URL) throws {
        let old = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let new = old.replacingOccurrences(of: text, with: other)
        if new == old { throw NotThere(text: text) }
        try Data(new.utf8).write(to: file)
    }

    /// Writes checksums of the files as they are now: damage that no checksum tells.
    static func sign(_ model: URL) throws {
        let names = ["model.safetensors", "vocabulary.tsv", "settings.json", "training.jsonl"]
        guard let program = ExternalProgram(["sha256sum", "shasum"]) else { throw NotThere(text: "sha256sum") }
        let sums = try program.run((program.path.hasSuffix("shasum") ? ["-a", "256"] : []) + names, in: model.path).output
        try sums.write(to: model.appendingPathComponent("SHA256SUMS"))
    }

    private struct NotThere: Error {
        let text: String
    }
}
