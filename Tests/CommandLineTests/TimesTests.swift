import Foundation
import Testing

/// Logs whose times are in a column that nobody named, and models that know whether theirs were read.
@Suite struct TimesTests {
    /// A log with its times under another name, rows shuffled so that they matter, and models of it: read in order, and in that of the file.
    private func folder() throws -> Folder {
        let folder = try FittedModel.shared.get().copy()
        let lines = String(decoding: try Data(contentsOf: folder.path("toy.tsv")), as: UTF8.self).split(separator: "\n")
        let header = String(try #require(lines.first)).replacing("time", with: "timestamp")
        // Users stay together, as predictions want them, and each one's events run backwards.
        let rows = lines.dropFirst().enumerated().sorted { a, b in
            let (u, v) = (user(a.element), user(b.element))
            return u != v ? u < v : a.offset > b.offset
        }
        try folder.write("stamped.tsv", Data((([header] + rows.map { String($0.element) }).joined(separator: "\n") + "\n").utf8))
        return folder
    }

    private func user(_ row: Substring) -> Substring { row.prefix { $0 != "\t" } }

    private func hasTimes(_ model: String, in folder: Folder) throws -> Bool? {
        let settings = try Data(contentsOf: folder.path("\(model)/settings.json"))
        return try #require(try JSONSerialization.jsonObject(with: settings) as? [String: Any])["has_times"] as? Bool
    }

    private static let notice =
        "lla: warning: no column is named \"time\", so events keep the file's order; a column is called \"timestamp\": --time timestamp\n"
    private static let mismatch =
        "lla: warning: the model was fitted on events in the order of their times, and those of this log, which has no column \"time\", "
        + "are read in the order of the file: --time timestamp\n"
    private static let opposite = "lla: warning: the model was fitted on events in the order of their file, and those of this log are read in the order of their times; "

    @Test func aFitSaysThatTimesWereNotRead() throws {
        let folder = try folder()
        let blind = try Program.run(["fit", "stamped.tsv", "-o", "blind", "-q", "--observe", "0.6"] + FittedModel.small, in: folder)
        #expect(blind.code == 0 && blind.messages == Self.notice)
        #expect(try hasTimes("blind", in: folder) == false)
        let seeing = try Program.run(["fit", "stamped.tsv", "-o", "seeing", "-q", "--time", "timestamp", "--observe", "0.6"] + FittedModel.small, in: folder)
        #expect(seeing.code == 0 && seeing.messages == "")
        #expect(try hasTimes("seeing", in: folder) == true && hasTimes("toy.model", in: folder) == true)
        let rival = try Program.run(["fit", "stamped.tsv", "-o", "rival", "-q", "--model", "markov", "--observe", "0.6"], in: folder)
        #expect(rival.code == 0 && rival.messages == Self.notice)
        #expect(try hasTimes("rival", in: folder) == false)
        let inspection = try Program.run(["inspect", "stamped.tsv"], in: folder)
        #expect(inspection.text.contains("\n! No column is named \"time\", so events keep the file's order; a column is called \"timestamp\": --time timestamp.\n"))
        // A fit that goes on from a model with times reads them too, or says that it does not.
        let further = try Program.run(["fit", "stamped.tsv", "-o", "further", "-q", "--warm-start", "toy.model", "--epochs", "1"], in: folder)
        #expect(further.code == 0 && further.messages == Self.mismatch)
    }

    private static let verbs: [(name: String, arguments: @Sendable (_ model: String) -> [String])] = [
        ("evaluate", { ["evaluate", $0, "stamped.tsv", "--without-ranking"] }),
        ("predict", { ["predict", $0, "stamped.tsv"] }),
        ("predict, gathered", { ["predict", $0, "stamped.tsv", "--gather"] }),
        ("trace", { ["trace", $0, "stamped.tsv", "--user", "u0"] }),
        ("topics", { ["topics", $0, "stamped.tsv"] }),
        ("report", { ["report", $0, "stamped.tsv", "-o", "-"] }),
        ("export", { ["export", $0, "stamped.tsv", "--format", "ldavis"] }),
        ("hierarchy", { ["hierarchy", $0, "stamped.tsv"] }),
    ]

    /// A model of events in order and a log that is read as it stands, and the other way round: said once, and no error.
    @Test(arguments: verbs.indices)
    func otherTimesThanTheModelsAreSaid(index: Int) throws {
        let (name, arguments) = Self.verbs[index], folder = try folder()
        let without = try Program.run(arguments("toy.model"), in: folder)
        #expect(without.code == 0 && without.messages == Self.mismatch, "\(name) said: \(without.messages)")
        let with = try Program.run(arguments("toy.model") + ["--time", "timestamp"], in: folder)
        #expect(with.code == 0 && with.messages == "", "\(name) said: \(with.messages)")
        // What is warned of is so: what comes out is another thing. Coherence and trees of items are of what lies near each other in either order.
        if !["topics", "hierarchy"].contains(name) { #expect(with.output != without.output, "\(name)") }

        // A model of before this was kept says nothing of it, and neither does the verb.
        try BadInput.replace("\"has_times\" : true,", by: "", in: folder.path("toy.model/settings.json"))
        try BadInput.sign(folder.path("toy.model"))
        let earlier = try Program.run(arguments("toy.model"), in: folder)
        #expect(earlier.code == 0 && earlier.messages == "" && earlier.output == without.output, "\(name) said: \(earlier.messages)")

        try BadInput.replace("\"format_version\"", by: "\"has_times\" : false, \"format_version\"", in: folder.path("toy.model/settings.json"))
        try BadInput.sign(folder.path("toy.model"))
        let blind = try Program.run(arguments("toy.model"), in: folder)
        #expect(blind.code == 0 && blind.messages == "", "\(name) said: \(blind.messages)")
        let opposite = try Program.run(arguments("toy.model") + ["--time", "timestamp"], in: folder)
        #expect(opposite.code == 0 && opposite.messages.hasPrefix(Self.opposite) && opposite.messages.split(separator: "\n").count == 1, "\(name) said: \(opposite.messages)")
    }
}
