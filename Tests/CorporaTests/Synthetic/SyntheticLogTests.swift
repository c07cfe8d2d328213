import Foundation
import Testing
@testable import Corpora

@Suite struct SyntheticLogTests {
    private var settings: SyntheticSettings {
        var settings = SyntheticSettings()
        settings.topics = 6
        settings.items = 50
        settings.support = 0.3
        settings.sequences = 25
        settings.lengths = 3...12
        settings.dynamics = .tasks(count: 2, stay: 0.2, interruption: 0.2, meanRun: 3)
        return settings
    }

    private func lines(interleaved: Int) throws -> [[Substring]] {
        var text: [UInt8] = []
        let events = try SyntheticLog(settings, interleaved: interleaved).write { text += $0 }
        let lines = try #require(String(validating: text, as: UTF8.self)).split(separator: "\n")
        #expect(lines.first == "user\ttime\titem")
        #expect(events == lines.count - 1)
        return lines.dropFirst().map { $0.split(separator: "\t") }
    }

    @Test(arguments: [1, 4, 100])
    func holdsTheCorpusOfTheSameSettings(interleaved: Int) throws {
        let corpus = try SyntheticCorpus(settings).corpus
        var events: [Substring: [(time: Int, item: String)]] = [:]
        for line in try lines(interleaved: interleaved) {
            try #require(line.count == 3)
            events[line[0], default: []].append((try #require(Int(line[1])), String(line[2])))
        }
        #expect(events.count == corpus.count)
        for n in 0..<corpus.count {
            let ours = try #require(events[Substring(corpus.users[n])])
            #expect(ours.map(\.item) == corpus.sequence(n).map { corpus.vocabulary.items[Int($0)] })
            #expect(zip(ours, ours.dropFirst()).allSatisfy { $0.time < $1.time })
        }
    }

    @Test func interleavingMixesUsers() throws {
        let apart = try lines(interleaved: 1).map(\.[0]), mixed = try lines(interleaved: 4).map(\.[0])
        let changes = { (users: [Substring]) in zip(users, users.dropFirst()).filter { $0 != $1 }.count }
        #expect(changes(apart) == 24)
        #expect(changes(mixed) > 100)
    }

    @Test func writesFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var text: [UInt8] = []
        let log = try SyntheticLog(settings)
        log.write { text += $0 }
        let path = folder.appendingPathComponent("log.tsv").path
        try log.write(toFile: path)
        #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) == text)

        let truth = try SyntheticTruth(of: log.process, scoring: 10)
        #expect(try JSONDecoder().decode(SyntheticTruth.self, from: truth.encoded()) == truth)

        let missing = folder.appendingPathComponent("missing/log.tsv").path
        let error = try #require(throws: SyntheticError.self) { try log.write(toFile: missing) }
        guard case .cannotCreate(missing, _) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func reportsAFullDisk() throws {
        guard FileManager.default.isWritableFile(atPath: "/dev/full") else { return }
        #expect(throws: SyntheticError.self) { try SyntheticLog(settings).write(toFile: "/dev/full") }
    }

    @Test func truthTellsTopicsAndTheOptimumOfTheHead() throws {
        let corpus = try SyntheticCorpus(settings)
        let truth = try SyntheticTruth(of: corpus.process, scoring: 10)
        #expect(truth.scoredSequences == 10)
        #expect(try truth.optimum == corpus.process.optimum(of: corpus.corpus, sequences: 10))
        #expect(try SyntheticTruth(of: corpus.process).optimum == corpus.optimum())
        for (topic, told) in truth.topics.enumerated() {
            #expect(told.probabilities == told.probabilities.sorted(by: >))
            let dense = Dictionary(uniqueKeysWithValues: zip(told.items, told.probabilities))
            for item in 0..<50 {
                #expect(dense["i\(item)", default: 0] == corpus.process.topics.dense[topic * 50 + item])
            }
        }
    }

    @Test func refusesNoUserAtATime() {
        #expect(throws: SyntheticError.self) { try SyntheticLog(settings, interleaved: 0) }
    }
}
