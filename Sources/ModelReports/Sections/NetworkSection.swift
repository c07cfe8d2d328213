import Foundation
import Kernels
import Recurrence
import StochasticEM

/// The network and the counts, for the page to read a history with: all that `lla predict` computes with.
///
/// Weights are whole numbers of 16 bits, of which the largest of a row stands for the row's largest: that moves no
/// probability by as much as 1e-4, and leaves room for twice the network that floats would.
struct NetworkSection: Encodable {
    struct Matrix: Encodable {
        let rows: Int
        let columns: Int
        /// The largest magnitude of each row.
        let scales: [Float]
        /// Row-major, 32767 · value / scale as two bytes a number, the lower first, in base64.
        let values: String
    }

    /// λ and α of a kind of running count, and what is left of the count after one more event (Paper-notes M6).
    struct Memory: Encodable {
        let weight: Double
        let concentration: Double
        let decay: Double
    }

    let variant: FitSettings.Variant
    /// Whether the network is fed with items, and not with topics.
    let readsItems: Bool
    let cell: FitSettings.Cell
    let hidden: Int
    let topics: Int
    /// Of what `lla predict` reads with, where topics are drawn.
    let isExact: Bool
    /// The most topics that a belief carries on, and the share below which it does not.
    let beliefTopics: Int
    let leastBelief: Double
    /// By the names that `model.safetensors` has; of items that are spelled the rows that their spellings come to, as `embedding`.
    let weights: [String: Matrix]
    let memory: [Memory]
    let beta: Double
    /// n_k.
    let totals: [Int]
    /// By place of the items' names, as the page numbers them: their numbers in the vocabulary.
    let vocabulary: [Int]
    /// n_wk of items in the vocabulary's order, see `packed`.
    let counts: String

    /// Bytes that the weights alone take in a page: where these are too many nothing needs to be packed.
    static func bytes(of model: LatentLSTMAllocation) -> Int { model.network.readingWeightsCount * 2 / 3 * 4 }

    /// - Parameter names: with all items taken in.
    init(_ model: LatentLSTMAllocation, names: ItemNames) {
        let network = model.network
        variant = model.settings.variant
        cell = network.shape.cell
        isExact = variant.isExact
        readsItems = variant.readsItems
        hidden = network.shape.hidden
        topics = model.counts.topics
        beliefTopics = min(model.settings.beliefTopics, topics)
        leastBelief = Double(BeliefFeedback.least)
        weights = Dictionary(
            uniqueKeysWithValues: network.readingWeights(shards: .allProcessors).map { ($0.name, Self.packed($0.matrix)) })
        memory = network.memory.map { memory in
            (0..<memory.kinds).map {
                Memory(
                    weight: Double(memory.weight($0)), concentration: Double(memory.concentration($0)),
                    decay: Double(RunningCounts.decays[$0]))
            }
        } ?? []
        beta = Double(model.counts.concentration)
        totals = (0..<topics).map { Int(model.counts.totals[$0]) }
        var numbers = [Int](repeating: 0, count: model.vocabulary.count)
        for item in 0..<model.vocabulary.count { numbers[names.placeTaken(of: item)] = item }
        vocabulary = numbers
        counts = Self.packed(model)
    }

    private static func packed(_ matrix: MatrixView) -> Matrix {
        var bytes = Data(capacity: 2 * matrix.rows * matrix.columns), scales: [Float] = []
        for r in 0..<matrix.rows {
            let row = matrix.row(r), largest = (0..<matrix.columns).reduce(Float(0)) { max($0, abs(row[$1])) }
            scales.append(largest)
            for c in 0..<matrix.columns {
                let bits = largest > 0 ? UInt16(bitPattern: Int16((32767 * (row[c] / largest)).rounded())) : 0
                bytes.append(UInt8(truncatingIfNeeded: bits))
                bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
            }
        }
        return Matrix(rows: matrix.rows, columns: matrix.columns, scales: scales, values: bytes.base64EncodedString())
    }

    /// Of each item the number of topics that hold it and, of these, how far each is from the one before and n_wk: whole
    /// numbers, seven bits a byte, the lowest first, with the eighth set where more follow.
    private static func packed(_ model: LatentLSTMAllocation) -> String {
        var bytes = Data()
        func add(_ number: Int) {
            var rest = number
            while rest > 0x7F {
                bytes.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
        for item in 0..<model.vocabulary.count {
            let held = (0..<model.counts.topics).filter { model.counts.count(item, $0) > 0 }
            add(held.count)
            var last = 0
            for topic in held {
                add(topic - last)
                add(model.counts.count(item, topic))
                last = topic
            }
        }
        return bytes.base64EncodedString()
    }
}
