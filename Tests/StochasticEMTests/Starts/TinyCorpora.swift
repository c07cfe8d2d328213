import Corpora
import Kernels

/// A corpus from plain numbers.
func corpus(_ sequences: [[Int]], items: Int) -> Corpus {
    var starts = [0]
    for sequence in sequences { starts.append(starts[starts.count - 1] + sequence.count) }
    let events = sequences.joined().map { UInt32($0) }
    return Corpus(
        vocabulary: Vocabulary(
            items: (0..<items).map { "item \($0)" }, counts: (0..<items).map { item in events.count { Int($0) == item } }),
        users: sequences.indices.map { "user \($0)" }, items: events, starts: starts)
}

/// Walks that go round a ring of groups, each step to any item of the next group: what `ItemClusters` should find.
func ring(groups: Int, size: Int, walks: Int = 300, length: Int = 20, seed: UInt64 = 1) -> Corpus {
    var random = RandomStream(seed: seed, purpose: .synthesis)
    let sequences = (0..<walks).map { _ in
        let first = random.index(below: groups)
        return (0..<length).map { (first + $0) % groups * size + random.index(below: size) }
    }
    return corpus(sequences, items: groups * size)
}

/// Whether two labellings part things alike, whatever the labels.
func sameParts(_ a: [Int32], _ b: [Int32]) -> Bool {
    var forward: [Int32: Int32] = [:], backward: [Int32: Int32] = [:]
    return zip(a, b).allSatisfy { x, y in
        let known = forward[x] == nil && backward[y] == nil
        if known {
            forward[x] = y
            backward[y] = x
        }
        return forward[x] == y && backward[y] == x
    }
}
