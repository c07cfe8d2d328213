import Kernels

extension RecurrentNetwork {
    /// A matrix that takes part in reading.
    public struct ReadingWeights: Sendable {
        /// As in `parameters`; `embedding` where rows are made of spellings.
        public let name: String
        /// (rows, columns): no copy where `parameters` has it. Valid for as long as this value lives.
        public let matrix: MatrixView
        /// Owns what the matrix shows.
        let owner: FloatBuffer
    }

    /// All that reading items takes, weights and biases by name, but for the memory. Rows made of spellings are fixed once a network
    /// is: they stand here as a table, in the place of what they are made by.
    public func readingWeights(shards: Shards) -> [ReadingWeights] {
        let spelled = input.twin().spelled
        let made = Set(spelled?.slots.map(\.name) ?? [])
        var weights = parameters.slots.filter { $0.name != "memory" && !made.contains($0.name) }
            .map { ReadingWeights(name: $0.name, matrix: parameters.value($0), owner: parameters.values) }
        if let spelled {
            let rows = spelled.all(shards: shards)
            weights.append(ReadingWeights(name: "embedding", matrix: rows.matrix(spelled.count, spelled.width), owner: rows))
        }
        return weights
    }

    /// Numbers that `readingWeights` come to.
    public var readingWeightsCount: Int {
        guard let spelled = input.spelled else { return parameters.learned }
        return parameters.learned - spelled.slots.reduce(0) { $0 + $1.count } + spelled.count * spelled.width
    }
}
