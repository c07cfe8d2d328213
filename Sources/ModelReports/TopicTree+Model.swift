import Corpora
import Kernels
import StochasticEM
import TopicHierarchies

extension TopicTree {
    /// The tree of a model's topics: linkage of the output's embeddings (Paper-notes H1). They are called by the items that they hold.
    ///
    /// - Parameter labelLength: items to a label.
    /// - Throws: `LinkageError` where an embedding is not finite.
    public init(topicsOf model: LatentLSTMAllocation, linkage method: Linkage.Method = .ward, labelLength: Int) throws {
        let linkage = try Linkage(points: model.topicEmbeddings.flatMap { $0 }, count: model.counts.topics, method: method)
        self.init(
            linkage: linkage, shares: model.shares, itemNames: model.vocabulary.items, labelLength: labelLength, phi: model.heldDistribution)
    }

    /// The tree of a model's items: linkage of the positive information that items have of the topics around them in a log (Paper-notes H4, H5).
    /// Items that the log has not are alike in this, and stand together.
    ///
    /// - Parameters:
    ///   - log: numbered by the model's vocabulary.
    ///   - labelLength: items to a label.
    /// - Throws: `LinkageError` where what the model expects is not finite.
    public init(
        itemsOf model: LatentLSTMAllocation, in log: Corpus, linkage method: Linkage.Method = .ward, labelLength: Int, shards: Shards
    ) throws {
        let around = TopicsAround(log, model: model, shards: shards), items = model.vocabulary.count
        let events = (0..<items).map { item in (0..<model.counts.topics).reduce(0) { $0 + model.counts.count(item, $1) } }
        let total = Double(max(1, events.reduce(0, +)))
        self.init(
            linkage: try Linkage(points: PositiveInformation.rows(of: around.sums, count: items), count: items, method: method),
            shares: events.map { Double($0) / total }, itemNames: model.vocabulary.items, labelLength: labelLength, leaf: .item
        ) { leaf in
            var only = [Float](repeating: 0, count: items)
            only[leaf] = 1
            return only
        }
    }

    /// Bytes that a tree of topics takes while it is made: distances of all from each other, and the embeddings that these are between.
    public static func bytesOfTopics(of model: LatentLSTMAllocation) -> Int {
        let topics = model.counts.topics
        return 8 * topics * topics + (4 + 8) * topics * model.network.shape.hidden
    }

    /// Bytes that a tree of items takes while it is made: distances of all from each other, and a table of topics for each of the shards that read.
    public static func bytesOfItems(of model: LatentLSTMAllocation) -> Int {
        let items = model.vocabulary.count, topics = model.counts.topics
        return 8 * items * items + 8 * 10 * items * topics
    }
}
