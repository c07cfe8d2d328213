/// Places for values that several threads find, such as one for each event of a corpus; no two threads write to the same place.
public struct ParallelSlots<Value: Sendable>: @unchecked Sendable {
    private let base: UnsafeMutablePointer<Value>

    /// - Parameter write: gets the places, each of which begins as `start`; they are gone when it returns. It is not called where there is none.
    public static func filled(with start: Value, count: Int, write: (ParallelSlots<Value>) -> Void) -> [Value] {
        // The storage of an empty array is that of all empty ones, and an initialiser writes to it: a race with whoever reads one.
        if count == 0 { return [] }
        return [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
            buffer.initialize(repeating: start)
            initialized = count
            if let base = buffer.baseAddress { write(ParallelSlots(base: base)) }
        }
    }

    /// The value at a place, from 0 to below `count`. The place is not checked; no other thread may write to it meanwhile.
    public subscript(_ place: Int) -> Value {
        get { base[place] }
        nonmutating set { base[place] = newValue }
    }
}
