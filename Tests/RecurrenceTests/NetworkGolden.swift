import Kernels
@testable import Recurrence
import TestSupport

/// What PyTorch says of a small block: `Support/make_lstm_golden.py` and `make_cells_golden.py` tell how it was made.
struct NetworkGolden: Decodable {
    let steps, lanes, topics, embeddingWidth, hiddenUnits: Int
    let parameters: [String: [Double]]
    let initialHidden, initialCell: [Double]
    let inputs: [Int]
    let resets: [Bool]
    let targets: [Int]
    let hidden, cell, logits, finalHidden, finalCell: [Double]
    /// With all cells counted, and with three of them idle.
    let every, masked: Objective

    struct Objective: Decodable {
        let weights: [Double]
        let loss: Double
        let gradients: [String: [Double]]
    }

    static func load(_ cell: CellKind = .lstm) throws -> NetworkGolden { try Golden.load("\(cell.rawValue)_topic", as: NetworkGolden.self) }

    /// Under the engine's names.
    static func renamed(_ values: [String: [Double]]) -> [String: [Double]] {
        let names = ["gateBias": "gate_bias", "outputBias": "output_bias", "candidateBias": "candidate_bias"]
        return Dictionary(uniqueKeysWithValues: values.map { (names[$0.key] ?? $0.key, $0.value) })
    }

    func shape(_ cell: CellKind) -> RecurrentNetwork.Shape {
        .init(hidden: hiddenUnits, classes: topics, inputs: topics, embedding: embeddingWidth, cell: cell)
    }

    func naive(_ cell: CellKind) -> NaiveNetwork {
        NaiveNetwork(hidden: hiddenUnits, classes: topics, cell: cell.naive, parameters: NetworkGolden.renamed(parameters))
    }

    func block(_ objective: Objective) -> NaiveNetwork.Block {
        let total = objective.weights.reduce(0, +)
        return .init(
            steps: steps, lanes: lanes, inputs: inputs, starts: resets, targets: targets,
            weights: objective.weights.map { $0 / total }, carriedHidden: initialHidden, carriedCell: initialCell,
            mask: [Double](repeating: 1, count: steps * lanes * hiddenUnits))
    }

    /// The engine's network with these parameters.
    func network(_ cell: CellKind) -> RecurrentNetwork {
        let network = RecurrentNetwork(shape(cell), seed: 1)
        network.setParameters(naive(cell).parameters)
        return network
    }
}

/// What PyTorch's optimizers make of some steps, from the same file as the LSTM's values.
struct OptimizerGolden: Decodable {
    let adam: Adam
    let sparseAdam: SparseAdam
    let clipping: [Clipping]

    static func load() throws -> OptimizerGolden { try Golden.load("lstm_topic", as: OptimizerGolden.self) }

    struct Adam: Decodable {
        let rate, beta1, beta2, epsilon: Double
        let start: [Float]
        let gradients: [[Float]]
        let values: [[Double]]
    }

    struct SparseAdam: Decodable {
        let rows, columns: Int
        let rate, beta1, beta2, epsilon: Double
        let start: [Float]
        let steps: [Step]

        /// The rows that have a gradient, the gradients of those rows, and all values after the step.
        struct Step: Decodable {
            let touched: [Int32]
            let gradient: [Float]
            let values: [Double]
        }
    }

    struct Clipping: Decodable {
        let limit, norm: Double
        let before: [[Float]]
        let after: [[Double]]
    }
}

extension CellKind {
    var naive: NaiveNetwork.Cell { NaiveNetwork.Cell(rawValue: rawValue)! }
}

extension RecurrentNetwork {
    func setParameters(_ values: [String: [Double]]) {
        for slot in parameters.slots {
            let into = parameters.value(slot).base, from = values[slot.name]!
            precondition(from.count == slot.count, "\(slot.name) has \(slot.count) values")
            for i in 0..<slot.count { into[i] = Float(from[i]) }
        }
    }

    /// The values, or the gradients, of each slot by name.
    func byName(_ run: FloatBuffer) -> [String: [Float]] {
        Dictionary(uniqueKeysWithValues: parameters.slots.map {
            ($0.name, Array(UnsafeBufferPointer(start: run.base + $0.offset, count: $0.count)))
        })
    }

    /// The same network, read and multiplied out in Double.
    var naive: NaiveNetwork {
        var naive = NaiveNetwork(
            hidden: shape.hidden, classes: shape.classes, cell: shape.cell.naive,
            parameters: byName(parameters.values).mapValues { $0.map(Double.init) })
        if let spelling { naive.words = (0..<spelling.count).map { spelling[$0].map(Int.init) } }
        return naive
    }
}
