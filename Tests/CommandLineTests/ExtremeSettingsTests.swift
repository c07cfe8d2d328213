import Foundation
import Testing

/// Settings and logs at the edge, as a user gives them: the fit ends with a model that predicts, or says why not.
@Suite struct ExtremeSettingsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var log = Self.log
        var options: [String] = []
        /// What it ends with, and words that it must say; 0 and a model where there are none.
        var refusal: (code: Int32, words: String)?

        var testDescription: String { name }

        /// 30 users with ten events each.
        static let log = "user\titem\n" + (0..<300).map { "u\($0 / 10)\ti\($0 * $0 % 11)\n" }.joined()
        static func of(_ events: [(user: Int, item: Int)]) -> String { "user\titem\n" + events.map { "u\($0.user)\ti\($0.item)\n" }.joined() }
    }

    static let cases = [
        Case(name: "one topic", options: ["-K", "1"]),
        Case(name: "more topics than items", options: ["-K", "500"]),
        Case(name: "one hidden unit", options: ["-H", "1"]),
        Case(name: "an embedding of one", options: ["--embedding", "1"]),
        Case(name: "one of each", options: ["-K", "1", "-H", "1", "--embedding", "1", "--lanes", "1", "--shards", "1", "--steps", "1"]),
        Case(name: "β of 1e-9", options: ["--beta", "1e-9"]),
        Case(name: "β of 1e-29, and learned", options: ["--beta", "1e-29", "--beta-update", "minka"]),
        Case(name: "a β that no float holds", options: ["--beta", "1e-300"], refusal: (64, "--beta 1e-300 cannot be (choose a positive number")),
        Case(name: "a rate of 10", options: ["--learning-rate", "10"]),
        Case(name: "a rate of 1e30", options: ["--learning-rate", "1e30", "--clip-norm", "1e30"], refusal: (69, "lower --learning-rate (it is 1e+30)")),
        Case(name: "no learning", options: ["--learning-rate", "1e-30"]),
        Case(name: "dropout of nearly all", options: ["--dropout", "0.99", "--input-dropout", "0.99"]),
        Case(name: "one lane", options: ["--lanes", "1"]),
        Case(name: "one particle", options: ["--particles", "1"]),
        Case(name: "64 particles", options: ["--particles", "64"]),
        Case(name: "an empty file", log: "", refusal: (65, "empty")),
        Case(name: "a heading and no events", log: Case.of([]), refusal: (65, "there is no event in it")),
        Case(name: "one user", log: Case.of((0..<40).map { (0, $0 % 7) })),
        Case(name: "one item", log: Case.of((0..<40).map { ($0 / 8, 0) })),
        Case(name: "one user with one item", log: Case.of((0..<40).map { _ in (0, 0) })),
        Case(name: "one event", log: Case.of([(0, 0)]), refusal: (65, "no user has two events to learn from")),
        Case(name: "two events", log: Case.of([(0, 0), (0, 1)])),
        Case(name: "a long sequence among short ones", log: Case.of((0..<20_000).map { (0, $0 * $0 % 13) } + (1..<40).map { ($0 / 2, $0 % 13) })),
        Case(name: "four thousand particles", options: ["--particles", "4096", "--lanes", "1", "--shards", "1", "--steps", "2"]),
    ]
    static let variants = [["--variant", "topic"], ["--variant", "belief"], ["--variant", "word"], ["--sampler", "mh"]]

    @Test(arguments: cases) func itWorksOrSaysWhyNot(_ one: Case) throws {
        let folder = try Folder()
        try folder.write("log.tsv", Data(one.log.utf8))
        for variant in Self.variants where !(one.options.contains("--particles") && variant.last != "topic") {
            let small = ["-K", "5", "-H", "6", "--epochs", "3"].paired.filter { !one.options.contains($0[0]) }.flatMap { $0 }
            let fit = try Program.run(["fit", "log.tsv", "-o", "out", "-q", "--min-count", "1"] + small + variant + one.options, in: folder)
            if let (code, words) = one.refusal {
                #expect(fit.isExit && fit.code == code && fit.messages.contains(words), "\(variant): it said: \(fit.messages)")
                continue
            }
            #expect(fit.isExit && fit.code == 0, "\(variant): it said: \(fit.messages)")
            #expect(try Program.run(["verify", "out"], in: folder).code == 0)
            let said = try Program.run(["predict", "out", "-", "-k", "100"], in: folder, input: Data("user\titem\nu0\ti0\nnew\ti1\n".utf8))
            #expect(said.code == 0 && said.lines.count == 2)
            for line in said.lines {
                let user = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                let probabilities = try #require(user["items"] as? [[String: Any]]).compactMap { $0["probability"] as? Double }
                #expect(abs(probabilities.reduce(0, +) - 1) < 1e-3 && probabilities.allSatisfy { $0 >= 0 })
            }
        }
    }
}

extension [String] {
    /// Options with their values.
    fileprivate var paired: [[String]] { stride(from: 0, to: count, by: 2).map { [self[$0], self[$0 + 1]] } }
}
