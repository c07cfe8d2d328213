import Foundation

/// A value for each shard that reads a log: written by that shard alone, and afterwards taken together in a fixed order.
final class ByShard<Value>: @unchecked Sendable {
    private final class Box {
        var value: Value
        init(_ value: Value) { self.value = value }
    }

    private let make: () -> Value
    private let lock = NSLock()
    private var boxes: [Int: Box] = [:]

    /// - Parameter make: the value that a shard begins with.
    init(_ make: @escaping () -> Value) { self.make = make }

    /// Changes a shard's value. Calls for one shard never come at the same time.
    func with(shard: Int, _ change: (inout Value) -> Void) {
        let box = lock.withLock {
            if let box = boxes[shard] { return box }
            let box = Box(make())
            boxes[shard] = box
            return box
        }
        change(&box.value)
    }

    /// By the shards' numbers.
    var inOrder: [Value] { lock.withLock { boxes.sorted { $0.key < $1.key }.map(\.value.value) } }
}
