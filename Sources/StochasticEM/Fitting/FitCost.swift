import Recurrence

/// What a fit needs of the machine's memory, known before it starts.
public struct FitCost: Codable, Sendable, Equatable {
    /// Bytes of each part.
    public let corpus: Int
    public let topics: Int
    public let counts: Int
    public let network: Int
    public let blocks: Int
    /// Of the filter that validation is scored with.
    public let filter: Int
    /// Of the table that topics are compared by after each epoch.
    public let comparison: Int

    /// Bytes of all parts, which are taken to be in memory at the same time.
    public var total: Int { corpus + topics + counts + network + blocks + filter + comparison }

    /// Bytes of a filter that reads so many sequences.
    public static func filter(sequences: Int, particles: Int, settings: FitSettings) -> Int {
        let shape = ParticleFilter.shape(sequences: sequences, particles: particles)
        return tape(shape, settings: settings) + shape.cells * settings.topics * 4
    }

    /// P copies of each cell, and the path's own where P > 1; a row keeps four gates, seven rows of H and one of K (BlockTape).
    private static func tape(_ shape: BlockShape, settings: FitSettings) -> Int {
        shape.cells * (shape.particles > 1 ? shape.particles + 1 : 1) * (11 * settings.hidden + settings.topics + 1) * 4
    }

    /// - Parameters:
    ///   - events, sequences, items: of the log: Σ n, N, V.
    public static func estimate(events: Int, sequences: Int, items: Int, settings: FitSettings) -> FitCost {
        let k = settings.topics, h = settings.hidden
        let stride = (k + 15) / 16 * 16
        let input = settings.embedding.map { (k + 1) * $0 + $0 * 4 * h + 4 * h } ?? (k + 1) * 4 * h
        // The input table's product with its weights and the gradient of that, and the table under its mask.
        let derived = settings.embedding.map { (k + 1) * ($0 + 8 * h) } ?? 0
        let parameters = 4 * h * h + h * k + k + input
        let single = BlockShape(lanes: settings.lanes, steps: settings.steps, shards: settings.shards)
        let copies = BlockShape(
            lanes: settings.lanes, steps: settings.steps, particles: settings.particles, shards: settings.shards)
        return FitCost(
            // Items of the whole log, of its observed part and of the training split; a name, a start and a length for each sequence.
            corpus: events * 4 * 3 + sequences * 3 * (16 + 16),
            topics: events * 4 * 2,
            // n_wk, and the best epoch's copy.
            counts: items * (stride + k) * 4,
            // Values, gradients and Adam's two means, and the best epoch's copy; the recurrent and the output weights transposed.
            network: parameters * 4 * 5 + (4 * h * h + h * k + derived) * 4,
            // The warm-up's pass, and that of the joint epochs.
            blocks: tape(single, settings: settings) + (copies == single ? 0 : tape(copies, settings: settings)),
            filter: settings.validation > 0
                ? filter(sequences: sequences, particles: settings.validationParticles, settings: settings) : 0,
            comparison: TopicHealth.bytes(items: items, topics: k))
    }
}
