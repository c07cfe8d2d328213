import Foundation

/// The network in Double, one cell after another, written from the equations and not from the engine.
///
///     LSTM   a = x + s_{t-1} U                                 gates i, f, g, o, in blocks of H
///            c_t = σ(f) c_{t-1} + σ(i) tanh(g)
///            s_t = σ(o) tanh(c_t)
///     GRU    r = σ(x_r + s_{t-1} U_r), z = σ(x_z + s_{t-1} U_z)  x: n, r, z; U: r, z, n
///            n = tanh(x_n + r (s_{t-1} U_n + b_n))
///            s_t = (1 - z) n + z s_{t-1}
///     Elman  s_t = tanh(x + s_{t-1} U)
///     y_t = (m ⊙ s_t) W + b + Σ_f λ_f log(1 + n_f / α_f)        m: the dropout mask; n_f: running counts, which are given
///     loss = Σ weight · −log softmax(y_t)[z_t]
///
/// x is a row of the gate table or, where embeddings are learned, embedding · A + a; or a weighted sum of such rows. Where rows are spelled,
/// an embedding is s_f D_f + s_b D_b + d, s_f and s_b the last states of two LSTMs over the characters' rows.
public struct NaiveNetwork {
    public let hidden: Int  // H
    public let classes: Int  // K
    public let cell: Cell
    /// Of networks whose rows are spelled, the characters of each row but the last; character_embedding (A, ·), forward_recurrent,
    /// forward_input, forward_gate_bias and the same backward, spelling (2C, E), spelling_bias (E) and start_row (E) are then in the
    /// place of embedding.
    public var words: [[Int]] = []

    public enum Cell: String, Sendable, CaseIterable { case lstm, gru, elman }

    /// Row-major, under the engine's names: recurrent (H, 4H), output (H, K), output_bias (K), and either
    /// gate_table (rows, 4H) or embedding (rows, E), input (E, 4H), gate_bias (4H), with 3H for a GRU, which has candidate_bias (H)
    /// besides, and H for Elman's in the place of 4H; with running counts memory (F, 2), λ and log α.
    public var parameters: [String: [Double]]

    public init(hidden: Int, classes: Int, cell: Cell = .lstm, parameters: [String: [Double]]) {
        self.cell = cell
        self.hidden = hidden
        self.classes = classes
        self.parameters = parameters
    }

    /// A block of T×B cells; the cell of step t and lane l has number t · B + l.
    public struct Block: Sendable {
        public var steps: Int
        public var lanes: Int
        /// For each cell: the rows of the input table, whether a sequence starts, the target class, and what it weighs in the loss.
        public var inputs: [[Share]]
        public var starts: [Bool]
        public var targets: [Int]
        public var weights: [Double]
        /// s and c that the block before hands on, (B, H).
        public var carriedHidden: [Double]
        public var carriedCell: [Double]
        /// (T·B, H).
        public var mask: [Double]
        /// (T·B, F·K): running counts before each cell.
        public var counts: [[Double]]

        /// A row of the input table, and what it weighs.
        public struct Share: Sendable {
            public var row: Int
            public var weight: Double

            public init(row: Int, weight: Double) {
                self.row = row
                self.weight = weight
            }
        }

        /// Each input is one row, and nothing was counted.
        public init(
            steps: Int, lanes: Int, inputs: [Int], starts: [Bool], targets: [Int], weights: [Double],
            carriedHidden: [Double], carriedCell: [Double], mask: [Double]
        ) {
            self.steps = steps
            self.lanes = lanes
            self.inputs = inputs.map { [Share(row: $0, weight: 1)] }
            self.starts = starts
            self.targets = targets
            self.weights = weights
            self.carriedHidden = carriedHidden
            self.carriedCell = carriedCell
            self.mask = mask
            counts = [[Double]](repeating: [], count: steps * lanes)
        }
    }

    /// What a block comes to: (T·B, H), (T·B, H), (T·B, K), and the loss.
    public struct Outcome {
        public var hidden: [Double] = []
        public var cell: [Double] = []
        public var logits: [Double] = []
        public var loss = 0.0
    }

    public func run(_ block: Block) -> Outcome {
        let h = hidden
        let recurrent = parameters["recurrent"]!, output = parameters["output"]!, bias = parameters["output_bias"]!
        var outcome = Outcome()
        for t in 0..<block.steps {
            for lane in 0..<block.lanes {
                let number = t * block.lanes + lane
                var s = [Double](repeating: 0, count: h), c = s
                if !block.starts[number] {
                    let from = t == 0 ? lane * h : (number - block.lanes) * h
                    s = Array((t == 0 ? block.carriedHidden : outcome.hidden)[from..<from + h])
                    c = Array((t == 0 ? block.carriedCell : outcome.cell)[from..<from + h])
                }
                var x = [Double](repeating: 0, count: inputWidth)
                for share in block.inputs[number] {
                    for (j, value) in gateContribution(ofRow: share.row).enumerated() { x[j] += share.weight * value }
                }
                let width = recurrent.count / h
                var u = [Double](repeating: 0, count: width)
                for (i, value) in s.enumerated() {
                    for j in 0..<width { u[j] += value * recurrent[i * width + j] }
                }
                for j in 0..<h {
                    switch cell {
                    case .lstm:
                        let gates = (0..<4).map { x[$0 * h + j] + u[$0 * h + j] }
                        c[j] = sigmoid(gates[1]) * c[j] + sigmoid(gates[0]) * tanh(gates[2])
                        s[j] = sigmoid(gates[3]) * tanh(c[j])
                    case .gru:
                        let r = sigmoid(x[h + j] + u[j]), z = sigmoid(x[2 * h + j] + u[h + j])
                        let n = tanh(x[j] + r * (u[2 * h + j] + parameters["candidate_bias"]![j]))
                        s[j] = (1 - z) * n + z * s[j]
                    case .elman: s[j] = tanh(x[j] + u[j])
                    }
                }
                var logits = bias
                for j in 0..<h {
                    let value = s[j] * block.mask[number * h + j]
                    for k in 0..<classes { logits[k] += value * output[j * classes + k] }
                }
                if let memory = parameters["memory"] {
                    for (place, n) in block.counts[number].enumerated() {
                        let kind = place / classes
                        logits[place % classes] += memory[2 * kind] * log(1 + n / exp(memory[2 * kind + 1]))
                    }
                }
                let normaliser = log(logits.reduce(0) { $0 + exp($1) })
                outcome.loss += block.weights[number] * (normaliser - logits[block.targets[number]])
                outcome.hidden += s
                outcome.cell += c
                outcome.logits += logits
            }
        }
        return outcome
    }

    /// d loss / d parameter by central differences, error about 1e-10, for every parameter.
    public func finiteDifferences(_ block: Block, step: Double = 1e-5) -> [String: [Double]] {
        var moved = self
        return Dictionary(uniqueKeysWithValues: parameters.map { name, values in
            (name, values.indices.map { i in
                moved.parameters[name]![i] = values[i] + step
                let above = moved.run(block).loss
                moved.parameters[name]![i] = values[i] - step
                let below = moved.run(block).loss
                moved.parameters[name]![i] = values[i]
                return (above - below) / (2 * step)
            })
        })
    }

    /// Gates that the input has a part in, times H.
    private var inputWidth: Int {
        switch cell {
        case .lstm: 4 * hidden
        case .gru: 3 * hidden
        case .elman: hidden
        }
    }

    private func gateContribution(ofRow row: Int) -> [Double] {
        let width = inputWidth
        if let table = parameters["gate_table"] { return Array(table[row * width..<(row + 1) * width]) }
        let projection = parameters["input"]!, embedding = embedding(ofRow: row)
        var gates = parameters["gate_bias"]!
        for (i, value) in embedding.enumerated() {
            for j in 0..<width { gates[j] += value * projection[i * width + j] }
        }
        return gates
    }

    /// (E).
    public func embedding(ofRow row: Int) -> [Double] {
        if let table = parameters["embedding"] {
            let e = parameters["input"]!.count / inputWidth
            return Array(table[row * e..<(row + 1) * e])
        }
        return row < words.count ? embedding(spelling: words[row]) : parameters["start_row"]!
    }

    /// The same of any word.
    public func embedding(spelling word: [Int]) -> [Double] {
        var e = parameters["spelling_bias"]!
        let mix = parameters["spelling"]!, states = lastState(word, "forward") + lastState(word.reversed(), "backward")
        for (i, s) in states.enumerated() {
            for j in e.indices { e[j] += s * mix[i * e.count + j] }
        }
        return e
    }

    private func lastState(_ word: [Int], _ direction: String) -> [Double] {
        let u = parameters["\(direction)_recurrent"]!, a = parameters["\(direction)_input"]!, bias = parameters["\(direction)_gate_bias"]!
        let width = bias.count, n = width / 4, e = a.count / width, characters = parameters["character_embedding"]!
        var s = [Double](repeating: 0, count: n), c = s
        for character in word {
            var gates = bias
            for i in 0..<e { for j in 0..<width { gates[j] += characters[character * e + i] * a[i * width + j] } }
            for (i, value) in s.enumerated() { for j in 0..<width { gates[j] += value * u[i * width + j] } }
            for j in 0..<n {
                c[j] = sigmoid(gates[n + j]) * c[j] + sigmoid(gates[j]) * tanh(gates[2 * n + j])
                s[j] = sigmoid(gates[3 * n + j]) * tanh(c[j])
            }
        }
        return s
    }

    private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
