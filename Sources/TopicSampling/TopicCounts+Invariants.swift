extension TopicCounts {
    /// What every table of counts obeys, or the first breach in words:
    /// n_wk ≥ 0, Σ_w n_wk = n_k for each topic, nothing counted behind topic K.
    ///
    /// O(V·K): meant for `assert`, for tests, and for counts read from a file.
    public var violation: String? {
        var sums = [Int](repeating: 0, count: stride)
        for item in 0..<items {
            let row = row(item)
            for topic in 0..<stride {
                if row[topic] < 0 { return "item \(item) is counted \(row[topic]) times in topic \(topic)" }
                sums[topic] += Int(row[topic])
            }
        }
        for topic in 0..<stride {
            if sums[topic] != Int(totals[topic]) {
                return "topic \(topic) has a total of \(totals[topic]), but its items sum to \(sums[topic])"
            }
            if topic >= topics, sums[topic] != 0 { return "\(sums[topic]) events are counted behind the last topic" }
        }
        return nil
    }
}
