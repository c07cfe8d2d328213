import Corpora
import Kernels
import Recurrence
import StochasticEM
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Teaches an auto-encoder of histories: each event of the log is an example, its history in, itself out.
final class HistoryLearning {
    private let model: HistoryAutoencoder
    private let corpus: Corpus
    private let shards: Shards
    private let adam: AdamOptimizer
    private let tape: HistoryNetwork.Tape

    init(_ model: HistoryAutoencoder, _ corpus: Corpus, shards: Shards) {
        self.model = model
        self.corpus = corpus
        self.shards = shards
        var settings = AdamOptimizer.Settings()
        (settings.rate, settings.clipNorm) = (model.settings.learningRate, model.settings.clipNorm)
        adam = AdamOptimizer(model.network.parameters, settings: settings)
        tape = HistoryNetwork.Tape(rows: HistoryAutoencoder.batch, of: model.network)
    }

    /// One sweep over the log, its sequences in an order of its own.
    ///
    /// - Parameter progress: is told after each step how many events were read, and how many a second.
    /// - Throws: `Divergence` where a number is not finite.
    func epoch(_ number: Int, progress: (_ tokens: Int, _ pace: Double) throws -> Void) throws -> BaselineEpoch {
        let settings = model.settings, clock = ContinuousClock(), began = clock.now
        func pace(_ tokens: Int) -> Double { Double(tokens) / max(1e-9, (clock.now - began) / .seconds(1)) }
        var random = RandomStream(seed: settings.seed, purpose: .dealing, epoch: number)
        var order = Array(0..<corpus.count)
        order.shuffle(using: &random)
        var batch = HistoryNetwork.Batch(), tokens = 0, sum = 0.0
        func learn() throws {
            let said = model.network.gradient(batch, on: tape, shards: shards, pieces: HistoryAutoencoder.pieces)
            let share = (Double(number - 1) + Double(tokens) / Double(corpus.items.count)) / Double(settings.epochs)
            let norm = adam.step(rateFactor: 1 - (1 - settings.finalRate) * share, shards: shards, pieces: HistoryAutoencoder.pieces)
            if !said.isFinite || !norm.isFinite { throw divergence(in: "the loss or its gradient", epoch: number) }
            sum += said
            tokens += batch.targets.count
            batch.removeAll()
            try progress(tokens, pace(tokens))
        }
        for n in order {
            var history = ItemHistory()
            for position in 0..<corpus.length(n) {
                let item = corpus.items[corpus.starts[n] + position]
                add(history, next: item, epoch: number, sequence: n, position: position, to: &batch)
                history.observe(Int(item), decay: Float(settings.decay))
                if batch.targets.count == HistoryAutoencoder.batch { try learn() }
            }
        }
        if !batch.targets.isEmpty { try learn() }
        let parameters = model.network.parameters
        if let tensor = parameters.nameOfNotFinite(in: parameters.values) { throw divergence(in: "the weights \"\(tensor)\"", epoch: number) }
        return BaselineEpoch(epoch: number, trainPerplexity: exp(-sum / Double(max(1, tokens))), tokensPerSecond: pace(tokens))
    }

    func divergence(in what: String, epoch: Int) -> Divergence {
        Divergence(what: what, epoch: epoch, learningRate: model.settings.learningRate, clipNorm: model.settings.clipNorm)
    }

    /// Leaves out some of a history, and makes up for it by what is left.
    private func add(_ history: ItemHistory, next: UInt32, epoch: Int, sequence: Int, position: Int, to batch: inout HistoryNetwork.Batch) {
        let rate = Float(model.settings.inputDropout), scale = 1 / (1 - rate)
        var random = RandomStream(seed: model.settings.seed, purpose: .inputDropout, epoch: epoch, sequence: sequence, position: position)
        for (item, weight) in zip(history.items, history.weights) where rate == 0 || random.uniform() >= rate {
            batch.items.append(item)
            batch.x.append(log(1 + weight) * scale)
        }
        batch.starts.append(batch.items.count)
        batch.targets.append(next)
    }
}
