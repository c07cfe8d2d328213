import Testing
import TestSupport
@testable import Corpora

@Suite struct UserStreamTests {
    private func all(_ stream: UserStream) throws -> [UserEvents] {
        var users: [UserEvents] = []
        while let user = try stream.next() { users.append(user) }
        return users
    }

    /// One user behind the other: what the stream hands over is what a corpus under the same vocabulary holds.
    @Test(arguments: 0..<16)
    func agreesWithACorpus(seed: Int) throws {
        var random = SplitMix(UInt64(seed))
        var text = "user\ttime\titem\n", lengths: [Int] = []
        for user in 0..<40 {
            lengths.append(Int.random(in: 1...20, using: &random))
            for _ in 0..<(lengths.last ?? 0) { text += "u\(user)\t\(Int.random(in: 0..<50, using: &random))\ti\(Int.random(in: 0..<6, using: &random))\n" }
        }
        let log = try LogFile(text)
        let vocabulary = Vocabulary(items: ["i4", "i1", "i0"], counts: [1, 1, 1])
        let options = try CorpusOptions(sessionGap: seed % 2 == 0 ? nil : 3, dropRepeats: seed % 4 > 1, minLength: seed < 8 ? 0 : 2 + seed % 4)
        let corpus = try Corpus.read([log.path], vocabulary: vocabulary, options: options)
        let users = try all(UserStream([log.path], vocabulary: vocabulary, options: options))
        #expect(users.map(\.user) == corpus.users)
        #expect(users.map(\.items) == (0..<corpus.count).map { Array(corpus.sequence($0)) })
        if seed % 4 == 0, options.minLength == 0 { #expect(zip(users, lengths).allSatisfy { $0.items.count + $0.outOfVocabulary == $1 }) }
        #expect(users.contains { $0.outOfVocabulary > 0 })

        // Unknown items that stay have numbers of their own for each user, and the names that the corpus has.
        let kept = try Corpus.read([log.path], vocabulary: vocabulary, unknown: .input, options: options)
        let strange = try all(UserStream([log.path], vocabulary: vocabulary, unknown: .input, options: options))
        func names(_ items: some Sequence<UInt32>, _ unknown: [String]) -> [String] { items.map { $0 < 3 ? vocabulary.items[Int($0)] : unknown[Int($0) - 3] } }
        #expect(strange.map { names($0.items, $0.unknown) } == (0..<kept.count).map { names(kept.sequence($0), kept.unknown) })
        #expect(strange.map(\.outOfVocabulary) == users.map(\.outOfVocabulary) && strange.contains { $0.unknown.count > 1 })
    }

    @Test func aUserWhoComesBackIsHandedOverAgain() throws {
        let log = try LogFile("user\titem\nu\ta\nv\ta\nu\tb\n")
        let users = try all(UserStream([log.path], vocabulary: Vocabulary(items: ["a", "b"], counts: [2, 1])))
        #expect(users == [
            UserEvents(user: "u", items: [0], outOfVocabulary: 0), UserEvents(user: "v", items: [0], outOfVocabulary: 0),
            UserEvents(user: "u", items: [1], outOfVocabulary: 0),
        ])
    }

    /// Rows may be several lines long, logs several, and users of several sessions begin once.
    @Test func itSaysWhereAUserBegins() throws {
        let first = try LogFile("user,item,time\n\nu,\"a\nb\",1\nu,a,99\nv,a,1\n", name: "a.csv"), second = try LogFile("user\titem\ttime\nu\tb\t1\n")
        let stream = try UserStream([first.path, second.path], vocabulary: Vocabulary(items: ["a"], counts: [1]), options: CorpusOptions(sessionGap: 5))
        #expect(stream.place == nil)
        var places: [String?] = []
        while try stream.next() != nil { places.append(stream.place) }
        #expect(places == ["\(first.path):3", "\(first.path):3", "\(first.path):6", "\(second.path):2"])
    }

    @Test func aUserIsHandedOverBeforeTheErrorBehind() throws {
        let log = try LogFile("user\titem\nu\ta\nv\tb\nw\n")
        let stream = try UserStream([log.path], vocabulary: Vocabulary(items: ["a"], counts: [1]))
        #expect(try stream.next()?.user == "u")
        #expect(logError { _ = try stream.next() }?.line == 4)
    }

    @Test(arguments: ["user\titem\nu\t\u{0}\n", "user\titem\n", ""])
    func errorsComeThrough(text: String) throws {
        let log = try LogFile(text)
        #expect(logError { _ = try all(UserStream([log.path], vocabulary: Vocabulary(items: ["a"], counts: [1]))) }?.kind == .badData)
    }

    @Test func unknownNamesAreCheckedToo() throws {
        for bytes in [Array("user\titem\nu\t".utf8) + [0xFF, 0x0A], Array("user\titem\n".utf8) + [0xFF, 0x09, 0x61, 0x0A]] {
            let log = try LogFile(bytes)
            let error = logError { _ = try all(UserStream([log.path], vocabulary: Vocabulary(items: ["a"], counts: [1]))) }
            #expect(error?.message == "invalid UTF-8")
            #expect(error?.line == 2)
        }
    }
}
