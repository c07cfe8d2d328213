extension Column<UInt32> {
    /// Values below this can be moved by `invert`.
    static let valueLimit: UInt32 = 1 << 31

    /// Of a permutation, makes the inverse: at each place, who goes there. On the way, brings each of `values` to its place.
    ///
    /// Both in place, following the cycles of the permutation. What was brought home is marked by the top bit of the value
    /// until all are, so that no cycle is followed twice.
    ///
    /// - Parameter values: as many as there are places, each below `valueLimit`.
    mutating func invert(moving values: inout Column<UInt32>) {
        for first in 0..<count where values[first] < Self.valueLimit {
            var mover = first, value = values[first], place = Int(self[first])
            repeat {
                let displaced = (value: values[place], place: Int(self[place]))
                values[place] = value | Self.valueLimit
                self[place] = UInt32(mover)
                (mover, value, place) = (place, displaced.value, displaced.place)
            } while mover != first
        }
        for place in 0..<count { values[place] &= ~Self.valueLimit }
    }
}
