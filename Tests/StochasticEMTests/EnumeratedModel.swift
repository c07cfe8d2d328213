import Corpora
import Foundation
import Kernels
import Recurrence
import TopicSampling

/// A model so small that all its K^T topic paths can be written down: the network in Double, one path at a time, from the equations.
///
///     (i f g o) = x + s_{t-1} U,   c_t = σ(f) c_{t-1} + σ(i) tanh(g),   s_t = σ(o) tanh(c_t)
///     θ_t = softmax(s_t W + b + Σ_f λ_f log(1 + n_f / α_f)),    φ_wk = (n_wk + β) / (n_k + V β)
///
/// with n_f the running counts of the topics so far: all of them, or with what is left of them after each event.
struct EnumeratedModel {
    let network: RecurrentNetwork
    let counts: TopicCounts
    private(set) var parameters: [String: [Double]]
    /// What each unit of the embedding (E) is multiplied by; nil where none is dropped.
    var inputMask: [Double]?

    var topics: Int { counts.topics }

    init(network: RecurrentNetwork, counts: TopicCounts) {
        self.network = network
        self.counts = counts
        parameters = [:]
        for slot in network.parameters.slots {
            let values = network.parameters.value(slot)
            parameters[slot.name] = (0..<slot.count).map { Double(values.base[$0]) }
        }
    }

    /// Weights and counts drawn at random, the weights so large that the path matters much for what comes.
    ///
    /// - Parameters:
    ///   - scale: weights are uniform on ± half of it, those of the forget gates' bias half of it higher; of a memory λ is uniform
    ///     on 0.4 to 1.4, and log α on ±1.
    ///   - inputs: rows of the input table without that of a start, which only those learn that a block reads; nil: K, all learned.
    ///   - memories: F, kinds of running counts.
    static func random(
        topics: Int = 3, items: Int = 5, hidden: Int = 4, scale: Float = 8, embedding: Int? = nil, inputs: Int? = nil,
        memories: Int = 0, seed: UInt64
    ) throws -> EnumeratedModel {
        let network = RecurrentNetwork(
            RecurrentNetwork.Shape(
                hidden: hidden, classes: topics, inputs: inputs ?? topics, embedding: embedding,
                learns: inputs == nil ? .all : .touched, memories: memories),
            seed: seed)
        // Not by the engine's own start, so that a change of that does not change the models.
        var random = RandomStream(seed: seed, purpose: .topicDraw)
        for slot in network.parameters.slots where slot.name != "memory" {
            let value = network.parameters.value(slot)
            let lifted = slot.name == "gate_table" || slot.name == "gate_bias" ? hidden..<2 * hidden : 0..<0
            for row in 0..<slot.rows {
                for column in 0..<slot.columns {
                    value.row(row)[column] = (random.uniform() - (lifted.contains(column) ? 0 : 0.5)) * scale
                }
            }
        }
        for slot in network.parameters.slots where slot.name == "memory" {
            for kind in 0..<slot.rows {
                network.parameters.value(slot).row(kind)[0] = 0.4 + random.uniform()
                network.parameters.value(slot).row(kind)[1] = 2 * random.uniform() - 1
            }
        }
        let counts = try TopicCounts(items: items, topics: topics, concentration: 0.5)
        var table = [Int32](repeating: 0, count: items * topics)
        for i in table.indices { table[i] = Int32(random.index(below: 4) * random.index(below: 30)) }
        counts.restore(table)
        return EnumeratedModel(network: network, counts: counts)
    }

    /// φ_wk.
    func phi(_ item: Int, _ topic: Int) -> Double {
        let beta = Double(counts.concentration)
        return (Double(counts.count(item, topic)) + beta) / (Double(counts.totals[topic]) + beta * Double(counts.items))
    }

    /// s_t and c_t.
    struct State {
        var hidden: [Double]
        var cell: [Double]
    }

    /// s_0 and c_0.
    var zero: State {
        let zeros = [Double](repeating: 0, count: network.shape.hidden)
        return State(hidden: zeros, cell: zeros)
    }

    /// The row of the input table that a sequence's first step reads.
    var startInput: Int { Int(network.startInput) }

    /// A row of the input table, and what it weighs in a mean.
    typealias Share = (row: Int, weight: Double)

    /// What is left of a running count after one more event, for each kind of count.
    static let decays = [1, 0.8]

    /// Running counts (F, K) of a sequence's start.
    var nothingCounted: [[Double]] {
        [[Double]](repeating: [Double](repeating: 0, count: topics), count: network.shape.memories)
    }

    /// Counts after one more event, which is of each topic by so much.
    func counted(_ before: [[Double]], _ event: [Double], decays: [Double] = EnumeratedModel.decays) -> [[Double]] {
        before.enumerated().map { kind, n in zip(n, event).map { $0 * decays[kind] + $1 } }
    }

    /// 1 for the topic, 0 for all others.
    private func only(_ topic: Int) -> [Double] { (0..<topics).map { $0 == topic ? 1 : 0 } }

    /// One step: the input's row, the state before it and the counts so far → the state, and θ_t.
    func step(_ input: Int, _ before: State, counts: [[Double]]) -> (state: State, theta: [Double]) {
        step([(input, 1)], before, counts: counts)
    }

    /// The same for a mean of rows.
    func step(_ input: [Share], _ before: State, counts: [[Double]]) -> (state: State, theta: [Double]) {
        let h = network.shape.hidden
        var gates = [Double](repeating: 0, count: 4 * h)
        for share in input {
            for (j, value) in inputPart(of: share.row).enumerated() { gates[j] += share.weight * value }
        }
        for i in 0..<h {
            for j in 0..<4 * h { gates[j] += before.hidden[i] * self["recurrent", i * 4 * h + j] }
        }
        var now = before
        for j in 0..<h {
            now.cell[j] = sigmoid(gates[h + j]) * before.cell[j] + sigmoid(gates[j]) * tanh(gates[2 * h + j])
            now.hidden[j] = sigmoid(gates[3 * h + j]) * tanh(now.cell[j])
        }
        let logits = (0..<topics).map { k in
            let remembered = counts.enumerated().reduce(0) {
                $0 + self["memory", 2 * $1.offset] * log(1 + $1.element[k] / exp(self["memory", 2 * $1.offset + 1]))
            }
            return (0..<h).reduce(self["output_bias", k] + remembered) { $0 + now.hidden[$1] * self["output", $1 * topics + k] }
        }
        let top = logits.max() ?? 0, sum = logits.reduce(0) { $0 + exp($1 - top) }
        return (now, logits.map { exp($0 - top) / sum })
    }

    private func inputPart(of row: Int) -> [Double] {
        let width = 4 * network.shape.hidden
        guard let e = network.shape.embedding else {
            return (0..<width).map { self["gate_table", row * width + $0] }
        }
        return (0..<width).map { j in
            (0..<e).reduce(self["gate_bias", j]) {
                $0 + self["embedding", row * e + $1] * (inputMask?[$1] ?? 1) * self["input", $1 * width + j]
            }
        }
    }

    private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    subscript(_ name: String, _ index: Int) -> Double {
        get { parameters[name]![index] }
        set { parameters[name]![index] = newValue }
    }

    /// What enumeration says of one sequence. A path's number has z_1 as its most significant digit.
    struct Posterior {
        /// p(z, w) of each path.
        var joint: [Double] = []
        /// Π γ_t of each path: the law of drawing forward only, which drops the weights α.
        var forward: [Double] = []
        /// p(w_t | w_{<t}) for each t.
        var predictive: [Double] = []
        /// p(w).
        var likelihood: Double { joint.reduce(0, +) }
    }

    /// - Parameters:
    ///   - input: the row that z_t and w_t feed to the step behind them; topic-LLA's unless said.
    func posterior(
        _ items: [Int], decays: [Double] = EnumeratedModel.decays, input next: (_ topic: Int, _ item: Int) -> Int = { z, _ in z }
    ) -> Posterior {
        var result = Posterior()
        var marginals = [Double](repeating: 0, count: items.count)
        func visit(_ t: Int, input: Int, state: State, counts: [[Double]], joint: Double, forward: Double) {
            guard t < items.count else {
                result.joint.append(joint)
                result.forward.append(forward)
                return
            }
            let (now, theta) = step(input, state, counts: counts)
            let weights = (0..<topics).map { theta[$0] * phi(items[t], $0) }
            let alpha = weights.reduce(0, +)
            marginals[t] += joint * alpha
            for z in 0..<topics {
                visit(
                    t + 1, input: next(z, items[t]), state: now, counts: counted(counts, only(z), decays: decays),
                    joint: joint * weights[z], forward: forward * weights[z] / alpha)
            }
        }
        visit(0, input: startInput, state: zero, counts: nothingCounted, joint: 1, forward: 1)
        result.predictive = marginals.indices.map { marginals[$0] / ($0 > 0 ? marginals[$0 - 1] : 1) }
        return result
    }

    /// Σ log θ_t(z_t) of one sequence's path.
    func topicLogLikelihood(of path: [Int]) -> Double {
        var state = zero, input = startInput, counts = nothingCounted, sum = 0.0
        for z in path {
            let (now, theta) = step(input, state, counts: counts)
            sum += log(theta[z])
            state = now
            input = z
            counts = counted(counts, only(z))
        }
        return sum
    }

    /// A path's number.
    func number(of path: some Sequence<Int>) -> Int { path.reduce(0) { $0 * topics + $1 } }
}
