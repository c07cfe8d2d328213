import Kernels

/// How often each topic came in a sequence so far, for every copy of every lane: what the network's memory reads (Paper-notes M6).
///
/// A long count forgets nothing; a short one loses a fifth at each event.
package final class RunningCounts: @unchecked Sendable {
    /// Kinds of count, and what is left of each after one more event.
    package static let decays: [Float] = [1, 0.8]
    /// A count that faded below this is none: log(1 + n/α) is zero in single precision. Fading on it would come to numbers that are not normal,
    /// with which arithmetic is fifty times as slow, and which round back to themselves before they are zero.
    static let least: Float = 0x1p-60

    let kinds: Int
    let topics: Int
    private let particles: Int
    private let counts: FloatBuffer  // (B·P, F·K)
    private let scratch: FloatBuffer  // (shards, P·F·K)

    private var width: Int { kinds * topics }

    init(shape: BlockShape, kinds: Int, topics: Int) {
        self.kinds = kinds
        self.topics = topics
        particles = shape.particles
        counts = FloatBuffer(count: shape.lanes * shape.particles * kinds * topics)
        scratch = FloatBuffer(count: shape.shards * shape.particles * kinds * topics)
    }

    /// (F·K) of one copy.
    func row(_ lane: Int, _ copy: Int) -> UnsafeMutablePointer<Float> { counts.base + (lane * particles + copy) * width }

    /// A sequence starts.
    func clear(_ lane: Int, _ copy: Int) { row(lane, copy).update(repeating: 0, count: width) }

    /// Every survivor takes on its ancestor's counts; then they fade, and `add` puts the event in.
    ///
    /// - Parameter add: called with a survivor and one of its counts, (K).
    func advance(
        _ lane: Int, shard: Int, ancestors: UnsafePointer<Int32>, add: (_ survivor: Int, UnsafeMutablePointer<Float>) -> Void
    ) {
        if (0..<particles).contains(where: { Int(ancestors[$0]) != $0 }) {
            let room = scratch.base + shard * particles * width
            room.update(from: row(lane, 0), count: particles * width)
            for survivor in 0..<particles where Int(ancestors[survivor]) != survivor {
                row(lane, survivor).update(from: room + Int(ancestors[survivor]) * width, count: width)
            }
        }
        for survivor in 0..<particles {
            for kind in 0..<kinds {
                let n = row(lane, survivor) + kind * topics
                let decay = RunningCounts.decays[kind]
                if decay < 1 {
                    for k in stride(from: 0, to: topics, by: 16) {
                        let faded = n.lanes(k, count: topics - k) * decay
                        n.setLanes(k, faded.replacing(with: 0, where: faded .< RunningCounts.least), count: topics - k)
                    }
                }
                add(survivor, n)
            }
        }
    }

    /// All copies of a lane go on from one survivor.
    func carry(_ lane: Int, from picked: Int) {
        for copy in 0..<particles where copy != picked { row(lane, copy).update(from: row(lane, picked), count: width) }
    }
}

extension RunningCounts: Checkpointed {
    func save(to state: inout StateWriter) { state.add("counts", counts) }

    func restore(from state: StateReader) throws { try state.read("counts", into: counts) }
}
