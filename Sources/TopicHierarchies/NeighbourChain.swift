/// A merge as the chain finds it: clusters are named by their lowest points.
struct FoundMerge {
    let first: Int
    let second: Int
    let height: Double
}

/// The nearest-neighbour chain: go from a cluster to its nearest neighbour until two are each other's, and merge them.
///
/// A cluster lives in the slot of its lowest point.
struct NeighbourChain<Update: LanceWilliamsUpdate> {
    private let count: Int
    /// (K, K), symmetric; infinite on the diagonal and where a slot is empty.
    private var measures: [Double]
    /// Points in each slot's cluster; 0 for an empty slot.
    private var sizes: [Int]
    /// At which each slot's cluster was made.
    private var heights: [Double]
    private var chain: [Int] = []

    /// - Parameter squaredDistances: (K, K).
    init(squaredDistances: [Double], count: Int) {
        self.count = count
        measures = squaredDistances
        for i in measures.indices { measures[i] = Update.measure(squaredDistance: measures[i]) }
        for point in 0..<count { measures[point * count + point] = .infinity }
        sizes = Array(repeating: 1, count: count)
        heights = Array(repeating: 0, count: count)
        chain.reserveCapacity(count)
    }

    /// All K − 1 merges. A cluster's own merge stands before those that it is part of.
    mutating func merges() -> [FoundMerge] {
        var found: [FoundMerge] = []
        found.reserveCapacity(count - 1)
        // Every slot below this one is empty.
        var lowest = 0
        while found.count < count - 1 {
            // Rounding can leave a cluster in the chain that has since been merged.
            while let last = chain.last, sizes[last] == 0 { chain.removeLast() }
            if chain.isEmpty {
                while sizes[lowest] == 0 { lowest += 1 }
                chain.append(lowest)
            }
            let last = chain[chain.count - 1]
            let previous = chain.count > 1 ? chain[chain.count - 2] : nil
            let nearest = neighbour(of: last, otherwise: previous)
            if nearest == previous {
                chain.removeLast(2)
                found.append(merge(min(last, nearest), max(last, nearest)))
            } else {
                chain.append(nearest)
            }
        }
        return found
    }

    /// The nearest slot: the one that the chain came from, unless another is strictly nearer.
    private func neighbour(of slot: Int, otherwise previous: Int?) -> Int {
        measures.withUnsafeBufferPointer { measures in
            let row = measures.baseAddress! + slot * count
            var nearest = previous ?? (slot == 0 ? 1 : 0)
            var least = row[nearest]
            for other in 0..<count where row[other] < least {
                (nearest, least) = (other, row[other])
            }
            return nearest
        }
    }

    /// Empties slot `second` into slot `first`, the lower.
    private mutating func merge(_ first: Int, _ second: Int) -> FoundMerge {
        let between = measures[first * count + second]
        for other in 0..<count where sizes[other] > 0 && other != first && other != second {
            let union = Update.union(
                measures[first * count + other], measures[second * count + other], between,
                sizes: (Double(sizes[first]), Double(sizes[second]), Double(sizes[other])))
            measures[first * count + other] = union
            measures[other * count + first] = union
        }
        for other in 0..<count {
            measures[second * count + other] = .infinity
            measures[other * count + second] = .infinity
        }
        sizes[first] += sizes[second]
        sizes[second] = 0
        // A tree grows upwards, whatever the last bit says.
        heights[first] = max(Update.height(between), heights[first], heights[second])
        return FoundMerge(first: first, second: second, height: heights[first])
    }
}
