import Foundation
import Kernels
import StochasticEM

/// A model as an archive of NumPy arrays, for `numpy.load`:
///
/// - `items` (V): names;
/// - `item_topic_counts` (V, K): n_wk;
/// - `topic_item_probabilities` (K, V): φ (Paper-notes M5);
/// - `topic_embeddings` (K, H): the softmax layer's rows, of which the tree of topics is made;
/// - `network.NAME`: each tensor of the network, as `model.safetensors` has it.
public struct NumpyExport {
    /// The archive.
    public let bytes: Data

    /// - Throws: `ArchiveTooLarge`.
    public init(_ model: LatentLSTMAllocation) throws {
        let v = model.vocabulary.count, k = model.counts.topics
        var archive = ZipArchive()
        func add(_ name: String, _ array: NumpyArray) throws { try archive.add(name + ".npy", array.bytes) }
        try add("items", NumpyArray((0..<v).map { model.vocabulary.items[$0] }))
        try add("item_topic_counts", NumpyArray(model.counts.snapshot(), shape: [v, k]))
        try add("topic_item_probabilities", NumpyArray((0..<k).flatMap { model.itemDistribution(of: $0) }, shape: [k, v]))
        let embeddings = model.topicEmbeddings
        try add("topic_embeddings", NumpyArray(embeddings.flatMap { $0 }, shape: [k, embeddings.first?.count ?? 0]))
        for slot in model.network.parameters.slots {
            let values = Array(UnsafeBufferPointer(start: model.network.parameters.value(slot).base, count: slot.count))
            try add("network." + slot.name, NumpyArray(values, shape: [slot.rows, slot.columns]))
        }
        bytes = archive.bytes
    }
}
