/// Places for values that several threads find, such as one for each event of a corpus; no two threads write to the same place.
public struct ParallelSlots<Value: Sendable>: @unchecked Sendable {
    private let base: UnsafeMutablePointer<Value>

    /// - Parameter write: gets the places, each of which begins as `start`; they are gone when it returns.
    public static func filled(with start: Value, count: Int, write: (ParallelSlots<Value>) -> Void) -> [Value] {
        [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
            buffer.initialize(repeating: start)
            initialized = count
            // No address where there is nothing, and then nothing is written.
            if let base = buffer.baseAddress { write(ParallelSlots(base: base)) }
        }
    }

    public subscript(_ place: Int) -> Value {
        get { base[place] }
        nonmutating set { base[place] = newValue }
    }
}
