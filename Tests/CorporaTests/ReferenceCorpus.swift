@testable import Corpora

/// The rules of `Corpus.read`, said as plainly as possible: arrays of strings and the library's sort, a copy at each step.
struct ReferenceCorpus {
    var users: [String] = []
    /// Raw events of each sequence.
    var sequences: [[String]] = []
    let options: CorpusOptions

    init(_ events: [(user: String, seconds: Double?, item: String)], _ options: CorpusOptions) {
        self.options = options
        var order: [String] = []
        for event in events where !order.contains(event.user) { order.append(event.user) }
        for user in order {
            var own: [(seconds: Double?, item: String)] = []
            // Insertion behind all that are not later: stable by construction.
            for event in events where event.user == user {
                var place = own.count
                while place > 0, let before = own[place - 1].seconds, let now = event.seconds, before > now { place -= 1 }
                own.insert((event.seconds, event.item), at: place)
            }
            var session: [String] = []
            for (at, event) in own.enumerated() {
                if at > 0, let gap = options.sessionGap, let now = event.seconds, let before = own[at - 1].seconds, now - before > gap {
                    close(&session, user)
                }
                session.append(event.item)
            }
            close(&session, user)
        }
        let long = sequences.indices.filter { sequences[$0].count >= options.minLength }
        (users, sequences) = (long.map { users[$0] }, long.map { sequences[$0] })
    }

    private mutating func close(_ session: inout [String], _ user: String) {
        var kept: [String] = []
        for item in session where !(options.dropRepeats && kept.last == item) { kept.append(item) }
        users.append(user)
        sequences.append(kept)
        session = []
    }

    func head(_ n: Int) -> ArraySlice<String> { sequences[n].prefix(max(1, Int(options.observe * Double(sequences[n].count)))) }

    /// Counts of items in observed heads.
    var counts: [String: Int] {
        var counts: [String: Int] = [:]
        for n in sequences.indices { for item in head(n) { counts[item, default: 0] += 1 } }
        return counts
    }

    /// What `Corpus.read` should give.
    func check(_ corpus: Corpus, known: Set<String>) -> [String] {
        var complaints: [String] = []
        if corpus.users != users { complaints.append("users \(corpus.users.prefix(5))") }
        let spelled = sequences.map { $0.filter(known.contains) }
        if corpus.spelled != spelled { complaints.append("items") }
        if corpus.observed != sequences.indices.map({ head($0).filter(known.contains).count }) { complaints.append("observed") }
        let unknown = sequences.indices.reduce(0) { $0 + sequences[$1].dropFirst(head($1).count).filter { !known.contains($0) }.count }
        if corpus.outOfVocabulary != unknown { complaints.append("out of vocabulary \(corpus.outOfVocabulary), not \(unknown)") }
        return complaints
    }
}
