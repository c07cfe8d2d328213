import Dispatch
import Foundation

/// Runs a fixed number of independent pieces of work on some number of threads.
///
/// What a piece computes must not depend on which thread runs it, nor on how many there
/// are: the number of pieces is part of a run's settings, the number of threads is not.
public struct Shards: Sendable {
    /// The most threads that work at a time, at least 1. No result depends on it.
    public let threads: Int

    /// - Parameter threads: at least 1.
    public init(threads: Int) {
        self.threads = max(1, threads)
    }

    /// As many threads as the machine has processors for this process.
    public static var allProcessors: Shards { Shards(threads: ProcessInfo.processInfo.activeProcessorCount) }

    /// Calls `body` once for each index below `count`, and returns when all are done.
    public func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
        let workers = min(threads, count)
        if workers <= 1 {
            for index in 0..<count { body(index) }
            return
        }
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            var index = worker
            while index < count {
                body(index)
                index += workers
            }
        }
    }

    /// The piece `index` of `count` that `0 ..< total` is cut into: sizes differ by one at most, in multiples of `unit`.
    public static func slice(_ index: Int, of count: Int, total: Int, unit: Int = 1) -> Range<Int> {
        let units = (total + unit - 1) / unit
        return min(total, units * index / count * unit)..<min(total, units * (index + 1) / count * unit)
    }
}
