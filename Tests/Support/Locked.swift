import Foundation

/// A value that one thread at a time gets at. `Synchronization.Mutex` would do, but that the thread sanitizer does not see what it does, and
/// takes what it guards for unguarded.
public final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    public init(_ value: Value) { self.value = value }

    public func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
