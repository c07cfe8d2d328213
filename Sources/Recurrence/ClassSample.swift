import Kernels

/// A random set of classes to compare an event's own with, drawn anew for each block.
///
/// Class k is in it with probability π_k, each class by itself (Poisson sampling):
///
///     π_k = min(1, c q_k),   q_k = ½ n_k / n + ½ / K,   c such that Σ π_k = N                        (Paper-notes L10)
///
/// Half goes by share, since what comes often is what an event has to be told from; half to all alike, so that no class that is
/// rarely in the set weighs much when it is.
public final class ClassSample: @unchecked Sendable {
    /// K.
    public let classes: Int
    /// N: how many are drawn on average; K where that is less.
    public let size: Int
    /// The most that a set may hold: six standard deviations more than N. A larger set, one of 10^9, is drawn anew.
    public let room: Int
    /// The set, ascending.
    public private(set) var members: [Int32] = []
    /// (K): log π_k.
    public let logInclusion: FloatBuffer
    private let inclusion: FloatBuffer

    /// - Parameter size: N, at least 1.
    public init(classes: Int, size: Int) {
        self.classes = classes
        self.size = min(size, classes)
        room = Self.room(classes: classes, size: size)
        inclusion = FloatBuffer(count: classes)
        logInclusion = FloatBuffer(count: classes)
        members.reserveCapacity(room)
    }

    /// `room` of a set before it is made.
    public static func room(classes: Int, size: Int) -> Int { min(classes, size + Int(6 * Float(size).squareRoot()) + 1) }

    /// Draws a set: O(K).
    ///
    /// - Parameters:
    ///   - counts: n_k, (K).
    ///   - random: the stream of a run of classes, by its number and that of the attempt: a stream holds 262,144 words.
    public func draw(counts: UnsafePointer<Int32>, random: (_ run: Int, _ attempt: Int) -> RandomStream) {
        setInclusion(counts)
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
