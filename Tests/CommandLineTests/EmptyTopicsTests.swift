import Foundation
import Testing

/// A model with more topics than items: most topics have no event, many a single item. What is said of each is said of what it holds.
@Suite struct EmptyTopicsTests {
    private static let topics = 120

    /// Four groups of users, each with five items of its own.
    private static let shared = Result {
        let folder = try Folder()
        let rows = (0..<400).map { "u\($0 / 20)\t\($0)\tg\($0 / 20 % 4) \(($0 * $0 + $0 / 7) % 5)\n" }
        try folder.write("log.tsv", Data(("user\ttime\titem\n" + rows.joined()).utf8))
        let fit = try Program.run(
            [
                "fit", "log.tsv", "-o", "m", "-q", "-K", "\(topics)", "-H", "4", "--epochs", "2", "--start", "lda", "--min-count", "1", "--variant", "topic",
            ], in: folder)
        guard fit.code == 0 else { throw FittedModel.Failure(messages: fit.messages) }
        return folder
    }

    private func run(_ arguments: [String]) throws -> Program.Outcome {
        let outcome = try Program.run(arguments, in: Self.shared.get())
        #expect(outcome.code == 0, "it said: \(outcome.messages)")
        return outcome
    }

    /// By topic, the items that it has events of: as the table of counts has them.
    private func held() throws -> [Int: [String]] {
        let rows = try run(["export", "m", "--format", "csv"]).text.components(separatedBy: "\r\n").dropFirst().dropLast()
        return Dictionary(grouping: rows.map { $0.components(separatedBy: ",") }, by: { Int($0[0]) ?? -1 }).mapValues { $0.map { $0[1] } }
    }

    @Test func topicsListWhatTheyHold() throws {
        let held = try held()
        #expect(held.count < Self.topics - 5 && held.values.contains { $0.count == 1 } && held.values.contains { $0.count > 1 })
        let said = try run(["topics", "m", "log.tsv", "--json"])
        let topics = try #require(try JSONSerialization.jsonObject(with: said.output) as? [[String: Any]])
        #expect(topics.compactMap { $0["topic"] as? Int } == Array(0..<Self.topics))
        var coherences: [Double] = []
        for (number, topic) in topics.enumerated() {
            let items = try #require(topic["items"] as? [[String: Any]]).compactMap { $0["item"] as? String }, own = held[number] ?? []
            #expect(items == Array(own.prefix(10)), "topic \(number)")
            #expect((topic["share"] as? Double == 0) == own.isEmpty)
            let coherence = topic["coherence"] as? Double
            #expect((coherence != nil) == (own.count > 1), "topic \(number)")
            if let coherence { coherences.append(coherence) }
        }
        let table = try run(["topics", "m", "log.tsv"]).lines
        #expect(table.count { $0.hasSuffix("%      –   no events") } == Self.topics - held.count)
        let mean = coherences.reduce(0, +) / Double(coherences.count)
        #expect(table.last == "mean NPMI, each topic counting alike: \(String(format: "%.3f", mean)) (\(Self.topics - coherences.count) have none)")
    }

    @Test(arguments: ["text", "json", "newick", "graphml", "dot"])
    func treesCallThemEmpty(format: String) throws {
        let held = try held(), tree = try run(["hierarchy", "m", "--format", format]).text
        for topic in 0..<Self.topics {
            #expect(tree.contains("topic \(topic) (empty)") == (held[topic] == nil), "topic \(topic)")
            #expect(tree.contains("topic \(topic): ") == (held[topic] != nil), "topic \(topic)")
        }
    }

    @Test func picturesAndPagesDoToo() throws {
        let held = try held(), dead = Self.topics - held.count
        let picture = try run(["hierarchy", "m", "--format", "svg"]).text
        #expect(picture.components(separatedBy: "<text ").dropFirst().count { $0.contains(">(empty)</tspan>") } == dead)
        for page in [["hierarchy", "m", "--format", "html"], ["report", "m", "log.tsv", "-o", "-"]] {
            let text = try run(page).text
            let open = try #require(text.range(of: "<script type=\"application/json\" id=\"report\">"))
            let close = try #require(text.range(of: "</script>", range: open.upperBound..<text.endIndex))
            let report = try #require(try JSONSerialization.jsonObject(with: Data(text[open.upperBound..<close.lowerBound].utf8)) as? [String: Any])
            let nodes = try #require((report["tree"] as? [String: Any])?["nodes"] as? [[String: Any]]), names = try #require(report["names"] as? [String])
            for topic in 0..<Self.topics {
                let items = try #require(nodes[topic]["items"] as? [Int]).map { names[$0] }
                #expect(Set(items).isSubset(of: held[topic] ?? []) && items.isEmpty == (held[topic] == nil))
            }
            guard let list = (report["topics"] as? [String: Any])?["list"] as? [[String: Any]] else { continue }
            for (topic, listed) in list.enumerated() {
                #expect(Set(try #require(listed["items"] as? [Int]).map { names[$0] }) == Set(held[topic] ?? []))
                #expect((listed["coherence"] != nil) == ((held[topic] ?? []).count > 1))
            }
        }
    }

    @Test func predictionsCallTopicsByWhatTheyHold() throws {
        let held = try held()
        for line in try run(["predict", "m", "log.tsv", "-k", "\(Self.topics)"]).lines {
            let user = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let topics = try #require(user["topics"] as? [[String: Any]])
            #expect(topics.count == Self.topics)
            for topic in topics {
                #expect(topic["items"] as? [String] == Array((held[try #require(topic["topic"] as? Int)] ?? []).prefix(3)))
            }
        }
    }

    /// pyLDAvis makes no map of laws that are all alike.
    @Test func ldavisLeavesThemOut() throws {
        let held = try held(), outcome = try run(["export", "m", "log.tsv", "--format", "ldavis"])
        #expect(outcome.messages.hasPrefix("lla: warning: \(Self.topics - held.count) of \(Self.topics) topics have no events and are left out: "), "it said: \(outcome.messages)")
        let fields = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
        #expect(Set(fields.keys) == ["topic_term_dists", "doc_topic_dists", "doc_lengths", "vocab", "term_frequency"])
        let terms = try #require(fields["topic_term_dists"] as? [[Double]]), documents = try #require(fields["doc_topic_dists"] as? [[Double]])
        let names = try #require(fields["vocab"] as? [String])
        #expect(terms.count == held.count && documents.count == 20)
        for (law, topic) in zip(terms, held.keys.sorted()) {
            let foremost = try #require(law.indices.max { law[$0] < law[$1] })
            #expect(held[topic]?.contains(names[foremost]) == true && Set(law).count > 1)
        }
        for row in documents { #expect(row.count == held.count && abs(row.reduce(0, +) - 1) < 1e-4) }
    }
}
