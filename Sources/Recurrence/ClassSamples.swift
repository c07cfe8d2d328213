import Kernels

/// Random sets of classes to compare events' own with, drawn anew for each block: several, which share out its rows.
///
/// Class k is in a set with probability π_k, each class by itself, and in each set anew (Poisson sampling):
///
///     π_k = min(1, c q_k),   q_k = ½ n_k / n + ½ / K,   c such that Σ π_k = N                        (Paper-notes L10)
///
/// Half goes by share, since what comes often is what an event has to be told from; half to all alike, so that no class that is
/// rarely in a set weighs much when it is. Where G sets share out a block's events, the noise that sampling adds to the gradient of a
/// class falls to 1/G of its variance, while products take as long as with one.
public final class ClassSamples: @unchecked Sendable {
    /// K.
    public let classes: Int
    /// N: how many a set has on average; K where that is less.
    public let size: Int
    /// The most that a set may hold: six standard deviations more than N. A larger set, one of 10^9, is drawn anew.
    public let room: Int
    /// The sets, each ascending, in the order of the rows that they are for.
    public private(set) var sets: [[Int32]] = []
    /// (K): log π_k.
    public let logInclusion: FloatBuffer
    private let inclusion: FloatBuffer
    /// Rows that share a set, in the block at hand.
    private var rowsOfASet = 1

    /// - Parameter size: N, at least 1.
    public init(classes: Int, size: Int) {
        self.classes = classes
        self.size = min(size, classes)
        room = Self.room(classes: classes, size: size)
        inclusion = FloatBuffer(count: classes)
        logInclusion = FloatBuffer(count: classes)
    }

    /// `room` of a set before it is made.
    public static func room(classes: Int, size: Int) -> Int { min(classes, size + Int(6 * Float(size).squareRoot()) + 1) }

    /// Rows that share a set: 64, of which products are still fast, or more where there would be over 32 sets to draw.
    static func rowsOfASet(rows: Int) -> Int { max(64, (rows + 31) / 32) }

    /// Sets of a block of so many rows.
    static func sets(rows: Int) -> Int { (rows + rowsOfASet(rows: rows) - 1) / rowsOfASet(rows: rows) }

    /// Draws the sets of a block: O(K) each.
    ///
    /// - Parameters:
    ///   - counts: n_k, (K).
    ///   - rows: of the block.
    ///   - random: the stream of a set, by its number, for a run of classes, by its number and that of the attempt: a stream holds
    ///     262,144 words.
    public func draw(counts: UnsafePointer<Int32>, rows: Int, random: (_ set: Int, _ run: Int, _ attempt: Int) -> RandomStream) {
        setInclusion(counts)
        rowsOfASet = Self.rowsOfASet(rows: rows)
        let wanted = Self.sets(rows: rows)
        if sets.count != wanted {
            sets = [[Int32]](repeating: [], count: wanted)
            for g in 0..<wanted { sets[g].reserveCapacity(room) }
        }
        for g in 0..<wanted { fill(&sets[g]) { random(g, $0, $1) } }
    }

    private func fill(_ members: inout [Int32], random: (_ run: Int, _ attempt: Int) -> RandomStream) {
        let run = 1 << 16
        var attempt = 0
        repeat {
            members.removeAll(keepingCapacity: true)
            for first in stride(from: 0, to: classes, by: run) {
                var stream = random(first / run, attempt)
                for k in first..<min(first + run, classes) where stream.uniform() < inclusion.base[k] { members.append(Int32(k)) }
            }
            attempt += 1
        } while members.count > room
    }

    /// Calls for each run of the given rows of a block that shares a set.
    func forEachSet(_ rows: Range<Int>, _ body: (_ set: Int, _ run: Range<Int>) -> Void) {
        var first = rows.lowerBound
        while first < rows.upperBound {
            let g = first / rowsOfASet
            let end = min(rows.upperBound, (g + 1) * rowsOfASet)
            body(g, first..<end)
            first = end
        }
    }

    /// Where a class stands in a set; nil where it does not.
    func place(_ k: Int, in set: Int) -> Int? {
        let members = sets[set], wanted = Int32(truncatingIfNeeded: k)
        var low = 0, high = members.count
        while low < high {
            let middle = (low + high) / 2
            if members[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < members.count && members[low] == wanted ? low : nil
    }

    private func setInclusion(_ counts: UnsafePointer<Int32>) {
        var total = 0.0
        for k in 0..<classes { total += Double(counts[k]) }
        // q_k up to a factor; with nothing counted all classes are alike.
        let even = max(total, 1) / Double(classes)
        // c rises as classes come to their limit of 1, until no further one does.
        var scale = 0.0, certain = -1
        while true {
            var left = 0.0, full = 0
            for k in 0..<classes {
                let q = Double(counts[k]) + even
                if scale * q >= 1 { full += 1 } else { left += q }
            }
            if full == certain { break }
            certain = full
            scale = left > 0 ? Double(size - min(full, size)) / left : scale
            if full >= size { break }
        }
        for k in 0..<classes { inclusion.base[k] = size == classes ? 1 : Float(min(1, scale * (Double(counts[k]) + even))) }
        for k in stride(from: 0, to: classes, by: 16) {
            logInclusion.base.setLanes(k, Elementwise.log(inclusion.base.lanes(k, count: classes - k)), count: classes - k)
        }
    }
}
