/// The largest few of many values.
public enum TopK {
    /// Indices of the `count` largest of `total` values, largest first, ties by index.
    public static func indices<Value: Comparable>(count: Int, of total: Int, value: (Int) -> Value) -> [Int] {
        guard count > 0 else { return [] }
        var best: [(value: Value, index: Int)] = []
        best.reserveCapacity(count + 1)
        for index in 0..<total {
            let candidate = value(index)
            if best.count == count, let last = best.last, candidate <= last.value { continue }
            // Behind all that are as large, so that ties stay in the order of their indices.
            var low = 0, high = best.count
            while low < high {
                let middle = (low + high) / 2
                if best[middle].value >= candidate { low = middle + 1 } else { high = middle }
            }
            best.insert((candidate, index), at: low)
            if best.count > count { best.removeLast() }
        }
        return best.map(\.index)
    }
}
