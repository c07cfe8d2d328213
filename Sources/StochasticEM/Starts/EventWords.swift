import Kernels

/// A random word for each event of a pass, by the event's number alone: it does not matter which others were asked for, or when.
final class EventWords {
    /// Words that are made at a time: enough for SIMD, few enough that a small group wastes little.
    private static let size = 256

    private let seed: UInt64
    private let purpose: RandomStream.Purpose
    private let sweep: Int
    private let side: Int
    private let words: UnsafeMutablePointer<UInt32>  // (size), those of the events from `first` on
    private var first = -1

    /// - Parameters:
    ///   - sweep: at most 2^24 - 1.
    ///   - side: keeps passes by item and passes by sequence apart.
    init(seed: UInt64, purpose: RandomStream.Purpose, sweep: Int, side: Int) {
        self.seed = seed
        self.purpose = purpose
        self.sweep = sweep
        self.side = side
        words = .allocate(capacity: EventWords.size)
        words.initialize(repeating: 0, count: EventWords.size)
    }

    deinit { words.deallocate() }

    /// Calls `body` with each event of a range, in order, and its word.
    @inline(__always)
    func forEach(_ events: Range<Int>, _ body: (_ event: Int, _ word: UInt32) -> Void) {
        var next = events.lowerBound
        while next < events.upperBound {
            let chunk = next / EventWords.size * EventWords.size
            if chunk != first { fill(from: chunk) }
            let end = min(events.upperBound, chunk &+ EventWords.size), words = words
            while next < end {
                body(next, words[next &- chunk])
                next &+= 1
            }
        }
    }

    private func fill(from chunk: Int) {
        first = chunk
        var random = RandomStream(
            seed: seed, purpose: purpose, epoch: sweep, position: chunk / EventWords.size, particle: side)
        random.fill(words, blocks: EventWords.size / 4)
    }
}
