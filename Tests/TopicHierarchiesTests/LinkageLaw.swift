@testable import TopicHierarchies

/// What every linkage obeys, computed from the members of the clusters themselves, without any update formula.
enum LinkageLaw {
    /// What a linkage does wrong; nothing if it is right.
    ///
    /// - Parameter tolerance: relative, of heights.
    static func violations(of linkage: Linkage, points: [Float], method: Linkage.Method, tolerance: Double = 1e-9) -> [String] {
        let count = linkage.count
        var found: [String] = []
        var members = Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, [$0]) })
        if linkage.merges.count != count - 1 { found.append("\(linkage.merges.count) merges of \(count) points") }
        var last = 0.0
        for (index, merge) in linkage.merges.enumerated() {
            guard merge.a < merge.b, let a = members[merge.a], let b = members[merge.b] else {
                found.append("merge \(index) is of clusters that are not there, or in the wrong order")
                return found
            }
            let height = distance(a, b, points, count, method)
            if abs(merge.height - height) > tolerance * max(height, 1e-300) + 1e-12 {
                found.append("merge \(index) is at \(merge.height), its clusters are \(height) apart")
            }
            if merge.height < last { found.append("merge \(index) is below the one before it") }
            last = merge.height
            // Both methods are reducible, so that in the order of heights each merge is of the two closest clusters there are.
            let open = members.keys.sorted()
            for (place, i) in open.enumerated() {
                for j in open[(place + 1)...] where distance(members[i]!, members[j]!, points, count, method) < height * (1 - tolerance) - 1e-12 {
                    found.append("at merge \(index), \(i) and \(j) are closer than \(merge.a) and \(merge.b)")
                }
            }
            members[merge.a] = nil
            members[merge.b] = nil
            members[count + index] = a + b
            if merge.size != a.count + b.count { found.append("merge \(index) says size \(merge.size)") }
        }
        return found
    }

    private static func distance(_ a: [Int], _ b: [Int], _ points: [Float], _ count: Int, _ method: Linkage.Method) -> Double {
        let width = points.count / count
        func row(_ i: Int) -> [Double] { points[i * width..<(i + 1) * width].map(Double.init) }
        func euclid(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot() }
        switch method {
        case .average:
            return a.flatMap { i in b.map { euclid(row(i), row($0)) } }.reduce(0, +) / Double(a.count * b.count)
        case .ward:
            func centre(_ cluster: [Int]) -> [Double] {
                (0..<width).map { e in cluster.map { row($0)[e] }.reduce(0, +) / Double(cluster.count) }
            }
            let (m, n) = (Double(a.count), Double(b.count))
            return (2 * m * n / (m + n)).squareRoot() * euclid(centre(a), centre(b))
        }
    }
}
