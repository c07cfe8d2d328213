import Foundation
import TestSupport
import Testing

/// `lla export`, run as a user does, and read as the programs read that it is for.
@Suite struct ExportTests {
    private func run(_ arguments: [String], in folder: Folder) throws -> Program.Outcome {
        try Program.run(arguments, in: folder, input: Data())
    }

    /// What `lla topics` says of all items.
    private func topics(in folder: Folder) throws -> [[String: Any]] {
        let said = try run(["topics", "toy.model", "-n", "100000", "--json"], in: folder).output
        return try #require(try JSONSerialization.jsonObject(with: said) as? [[String: Any]])
    }

    @Test func aTableHoldsWhatTopicsHold() throws {
        let folder = try FittedModel.shared.get().copy()
        let outcome = try run(["export", "toy.model", "--format", "csv"], in: folder)
        #expect(outcome.code == 0 && outcome.messages == "")
        let rows = outcome.text.components(separatedBy: "\r\n").dropLast().map { $0.components(separatedBy: ",") }
        #expect(rows.first == ["topic", "item", "count", "probability"])
        var probabilities: [String: Double] = [:]
        for topic in try topics(in: folder) {
            for item in try #require(topic["items"] as? [[String: Any]]) {
                probabilities["\(try #require(topic["topic"] as? Int)) \(try #require(item["item"] as? String))"] = item["probability"] as? Double
            }
        }
        #expect(rows.count > 10)
        for row in rows.dropFirst() {
            let told = try #require(probabilities["\(row[0]) \(row[1])"]), written = try #require(Double(row[3]))
            #expect(abs(told - written) < 1e-6 && Int(row[2])! > 0)
        }
        // Written to a file it is the same.
        #expect(try run(["export", "toy.model", "--format", "csv", "-o", "topics.csv"], in: folder).code == 0)
        #expect(try Data(contentsOf: folder.path("topics.csv")) == outcome.output)
        // As it is to -, which is standard output and no file.
        #expect(try run(["export", "toy.model", "--format", "csv", "-o", "-"], in: folder).output == outcome.output)
        #expect(try !folder.entries().contains("-"))
    }

    @Test func ldavisTakesDistributions() throws {
        let folder = try FittedModel.shared.get().copy()
        let outcome = try run(["export", "toy.model", "toy.tsv", "--format", "ldavis"], in: folder)
        #expect(outcome.code == 0)
        let fields = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
        #expect(Set(fields.keys) == ["topic_term_dists", "doc_topic_dists", "doc_lengths", "vocab", "term_frequency"])
        let terms = try #require(fields["topic_term_dists"] as? [[Double]]), documents = try #require(fields["doc_topic_dists"] as? [[Double]])
        let lengths = try #require(fields["doc_lengths"] as? [Int]), frequency = try #require(fields["term_frequency"] as? [Int])
        let vocabulary = try #require(fields["vocab"] as? [String])
        #expect(terms.allSatisfy { $0.count == vocabulary.count } && documents.allSatisfy { $0.count == terms.count } && documents.count == lengths.count)
        for row in terms + documents { #expect(abs(row.reduce(0, +) - 1) < 1e-4 && row.allSatisfy { $0 >= 0 }) }
        #expect(lengths.reduce(0, +) == frequency.reduce(0, +) && lengths.allSatisfy { $0 > 0 } && frequency.count == vocabulary.count)
        #expect(try run(["export", "toy.model", "toy.tsv", "--format", "ldavis", "--threads", "1"], in: folder).output == outcome.output)
    }

    /// NumPy's numbers are the model's: counts give the probabilities, and those are what `lla topics` says.
    @Test(.enabled(if: ExternalProgram.pythonHas("numpy"))) func numpyReadsAllArrays() throws {
        let folder = try FittedModel.shared.get().copy()
        #expect(try run(["export", "toy.model", "--format", "npz", "-o", "toy.npz"], in: folder).code == 0)
        let script = """
            import json, numpy, sys
            arrays = numpy.load("toy.npz")
            counts, phi, items = arrays["item_topic_counts"], arrays["topic_item_probabilities"], arrays["items"].tolist()
            beta = json.load(open("toy.model/settings.json"))["fit"]["beta"]
            smooth = (counts.T + beta) / (counts.sum(0)[:, None] + beta * len(items))
            assert counts.shape == phi.T.shape and numpy.allclose(smooth, phi, atol=1e-6), abs(smooth - phi).max()
            for topic in json.load(open("topics.json")):
                for item in topic["items"]:
                    assert abs(phi[topic["topic"], items.index(item["item"])] - item["probability"]) < 1e-6
            output = arrays["network.output"]
            assert (arrays["topic_embeddings"] == output.T).all() and numpy.isfinite(output).all()
            print(len(items), sorted(arrays.files)[:3])
            """
        try JSONSerialization.data(withJSONObject: topics(in: folder)).write(to: folder.path("topics.json"))
        let seen = try #require(ExternalProgram.python).run(["-c", script], in: folder.path("").path)
        #expect(seen.status == 0, "\(String(decoding: seen.output, as: UTF8.self))")
    }

    @Test(arguments: [
        (["export", "toy.model"], Int32(64), "--format"),
        (["export", "toy.model", "--format", "mat"], 64, "mat"),
        (["export", "toy.model", "--format", "ldavis"], 64, "documents of a log"),
        (["export", "toy.model", "toy.tsv", "--format", "csv"], 64, "leave toy.tsv out"),
        (["export", "no.model", "--format", "csv"], 66, "no.model"),
        (["export", "toy.model", "no.tsv", "--format", "ldavis"], 66, "no.tsv"),
        (["export", "toy.model", "--format", "npz", "-o", "nowhere/toy.npz"], 73, "nowhere"),
    ])
    func whatCannotBeIsRefused(_ arguments: [String], code: Int32, says words: String) throws {
        let outcome = try run(arguments, in: FittedModel.shared.get().copy())
        #expect(outcome.code == code && outcome.messages.contains(words), "it said: \(outcome.messages)")
    }
}
