import Corpora
import Recurrence

/// What a fit needs of the machine's memory, known before it starts.
public struct FitCost: Codable, Sendable, Equatable {
    /// Bytes of the events of the log, of its observed part and of the training split, and of their sequences.
    public let corpus: Int
    /// Bytes of z: 8 an event.
    public let topics: Int
    /// Bytes of n_wk, and of the best epoch's copy.
    public let counts: Int
    /// Bytes of weights, gradients, Adam's two means and the best epoch's copy, and of what is made of weights for products.
    public let network: Int
    /// Bytes of the passes over blocks: the warm-up's, and that of the joint epochs where it differs.
    public let blocks: Int
    /// Bytes of the filter that validation is scored with, and of what is made of weights for that; 0 where nothing is kept aside.
    public let filter: Int
    /// Bytes of the table that topics are compared by after each epoch.
    public let comparison: Int

    /// Bytes of the values that a checkpoint is written from.
    public let checkpoint: Int

    /// Bytes of what the start finds topics by, which is gone before the first epoch; 0 where that is next to nothing.
    public let start: Int
    /// Bytes of the model that the fit goes on from; 0 where there is none.
    public let warmStart: Int
    /// Bytes of the program itself: its code, and what its libraries hold before any log is read.
    public let program: Int

    /// What fits whose own parts are next to nothing take (Experiments/Benchmarks/memory).
    static let ofProgram = 38_000_000

    /// Bytes of all parts, which are taken to be in memory at the same time, but for the start and what comes behind it.
    public var total: Int { corpus + topics + counts + network + blocks + warmStart + program + max(start, filter + comparison + checkpoint) }

    /// Bytes of a filter that reads so many sequences.
    public static func filter(sequences: Int, particles: Int, settings: FitSettings) -> Int {
        let shape = ParticleFilter.shape(sequences: sequences, particles: settings.variant.particles(of: particles))
        return pass(shape, columns: settings.topics, dropout: 0, settings: settings) + shape.cells * settings.topics * 4
    }

    /// Of a pass over blocks of a shape (SamplingPass): P copies of each cell, and the path's own where P > 1; what each copy of a
    /// lane hands on, counts and is fed with next; and room for the pass back.
    private static func pass(_ shape: BlockShape, columns: Int, dropout: Double, settings: FitSettings) -> Int {
        let h = settings.hidden, k = settings.topics, counted = settings.memory.kinds * k
        // An index and a weight for each row that an input is a mean of.
        let input = 2 * settings.feedback.entries
        // A row keeps its gates, s twice and c three times where there is one, one of `columns` (K, or topics of a sample), its input, what the memory says, and a mask with what it leaves (BlockTape).
        let cell = settings.recurrentCell.layout(hidden: h)
        let row = cell.width + 2 * h + 3 * cell.kept + 1 + columns + input + counted + (dropout > 0 ? 2 * h + 1 : 0)
        let rows = shape.cells * (shape.particles > 1 ? shape.particles + 1 : 1) * row
        let carried = shape.lanes * shape.particles * (h + cell.kept + input + counted) + shape.shards * shape.particles * counted
        return (rows + carried + (shape.cells + shape.lanes) * h) * 4
    }

    /// - Parameter corpus: the log, and what is observed of it.
    public static func estimate(for corpus: Corpus, settings: FitSettings, warmStart: WarmStart? = nil) -> FitCost {
        let training = corpus.training.withoutUnknown
        var settings = settings
        settings.start = settings.start.resolved(for: training)
        return estimate(
            events: corpus.items.count, sequences: corpus.count, items: corpus.vocabulary.count, neighbours: NeighbourMatrix.pairs(of: training),
            spelling: settings.spelling(of: corpus.vocabulary), settings: settings, warmStart: warmStart)
    }

    /// - Parameters:
    ///   - events, sequences, items: of the log: Σ n, N, V.
    ///   - neighbours: different pairs of items of which one follows the other; nil: not known, and taken for what is usual.
    ///   - spelling: of the items, where the variant reads that; nil: not known, and taken for what is usual.
    ///   - settings: where their start is `auto`, the one that takes more is taken.
    ///   - warmStart: the model that the fit goes on from, if there is one.
    public static func estimate(
        events: Int, sequences: Int, items: Int, neighbours: Int? = nil, spelling: Spelling? = nil, settings: FitSettings,
        warmStart: WarmStart? = nil
    ) -> FitCost {
        let k = settings.topics, h = settings.hidden
        let stride = (k + 15) / 16 * 16
        let single = settings.block(events: events), copies = settings.block(events: events, particles: settings.copies)
        // Rows of the input table, and those of them that a block multiplies out: of a vocabulary, as many as it reads and its lanes carry in.
        let table = settings.networkShape(items: items).rows
        let touched = settings.variant.readsItems ? min(table, single.cells + single.lanes + 1) : table
        let spelled = settings.variant == .char ? Spelled(spelling, settings: settings) : nil
        let cell = settings.recurrentCell.layout(hidden: h)
        let gates = cell.input.count, recurrent = h * cell.recurrent.count
        let input = settings.embedding.map { (spelled?.parameters ?? table * $0) + $0 * gates + gates } ?? table * gates
        // The used rows' product with the weights and the gradient of that, and the rows under their mask.
        // Where blocks read fewer topics than there are, rows alone as they are read.
        let asRead = settings.variant.readsItems || copies.rows >= table ? nil : copies.rows
        let multiplied = asRead != nil ? 0 : touched
        let derived = (settings.embedding.map { multiplied * ($0 + 2 * gates) + (asRead ?? 0) * $0 } ?? 0) + (spelled?.derived(rows: touched) ?? 0)
        // The softmax layer as rows, one a topic, and those of samples: their weights, and the gradients of one.
        let width = SampledSoftmaxLayer.width(hidden: h)
        let columns = settings.negatives.map { SampledSoftmaxLayer.columns(classes: k, negatives: $0) }
        let kept = settings.negatives.map {
            SampledSoftmaxLayer.memberFloats(rows: single.cells, classes: k, negatives: $0, hidden: h)
                + SampledSoftmaxLayer.columns(classes: k, negatives: $0) * width + 2 * k
        }
        let output = columns == nil ? h * k + k : k * width
        let parameters = recurrent + settings.recurrentCell.biases(hidden: h) + output + input + 2 * settings.memory.kinds
        // What validation reads from, in single precision: all rows and their product with the weights, the spellings' two LSTMs, and weights transposed.
        let read = (settings.embedding.map { table * ($0 + gates) } ?? 0) + (spelled?.prepared ?? 0) + recurrent + (columns == nil ? width * k : 0)
        // Those of rounded weights.
        let precision = settings.precision.bytes(
            hidden: h, gates: cell.recurrent.count, classes: columns == nil ? k : nil, shards: single.shards, block: single.cells)
        return FitCost(
            // Items of the whole log, of its observed part and of the training split; a name, a start and a length for each sequence.
            corpus: events * 4 * 3 + sequences * 3 * (16 + 16),
            topics: events * 4 * 2,
            // n_wk, and the best epoch's copy.
            counts: items * (stride + k) * 4,
            // Values, gradients and Adam's two means, and the best epoch's copy; the recurrent and the output weights transposed.
            network: parameters * 4 * 5 + (recurrent + (kept ?? width * k) + derived) * 4
                + precision,
            // The warm-up's pass, and that of the joint epochs.
            blocks: pass(single, columns: columns ?? k, dropout: settings.dropout, settings: settings)
                + (copies == single ? 0 : pass(copies, columns: columns ?? k, dropout: settings.dropout, settings: settings)),
            filter: settings.validation > 0
                ? filter(sequences: sequences, particles: settings.validationParticles, settings: settings) + read * 4 : 0,
            comparison: TopicHealth.bytes(items: items, topics: k),
            // Values, Adam's two means and the best epoch's copy; a topic for each event; of the counts and the best epoch's, a place
            // and a number for each that is not zero; and n_wk, from which they are taken.
            checkpoint: parameters * 4 * 4 + events * 4 + 2 * min(events, items * k) * 12 + items * k * 4,
            start: warmStart == nil
                ? start(events: events, items: items, neighbours: neighbours ?? min(events, 32 * items), settings: settings) : 0,
            warmStart: warmStart?.bytes ?? 0, program: ofProgram)
    }

    /// What reading spellings takes, in floats (SpelledRows).
    struct Spelled {
        let alphabet: Int
        let spelling: Spelling?
        let pieces: Int
        let width: Int  // E
        let row: Int
        let units: Int
        let gates: Int

        init(_ spelling: Spelling?, settings: FitSettings) {
            alphabet = spelling?.alphabet ?? 100
            self.spelling = spelling
            pieces = settings.shards
            width = settings.embedding ?? 0
            (row, units) = (settings.characterWidth, settings.characterUnits)
            gates = CellKind.lstm.layout(hidden: units).width
        }

        /// Characters, two LSTMs, what takes their states to a row, and the row of a first step.
        var parameters: Int { alphabet * row + 2 * (row * gates + gates + units * gates) + (2 * units + 1) * width + width }

        /// - Parameter rows: that a block learns.
        func derived(rows: Int) -> Int {
            // For each character that is read what a tape keeps; and of each row its states, their gradients and its own.
            let read = spelling?.charactersRead(names: rows, pieces: pieces) ?? 2 * rows * 16
            let tapes = read * (gates + 2 * units + 1 + 3 * units + 3)
            return tapes + rows * (4 * units + 1 + width) + prepared
        }

        /// Of both LSTMs the characters' product with the weights, its gradient, and the weights transposed.
        var prepared: Int { 2 * (alphabet * (row + 2 * gates) + units * gates) }
    }

    /// Of clusters of items: their neighbours (`NeighbourMatrix`), and the directions found in them (`TruncatedSVD`).
    private static func start(events: Int, items: Int, neighbours: Int, settings: FitSettings) -> Int {
        switch settings.start {
        case .lda, .random: return 0
        case .auto, .clusters, .hardClusters, .word: break
        }
        if items <= settings.topics { return 0 }
        let width = min(items, ItemClusters().dimensions + TruncatedSVD.usualOversampling), d = min(items, ItemClusters().dimensions)
        // A column and a value for each pair in both directions, and that once more: counts while it is made, then the transposed.
        let matrix = 2 * neighbours * 8 * 2
        // Each item's followers, and where rows begin; the subspace on the short side, on that of twice V, and the vectors.
        return matrix + max(events * 4 + items * 8 * 4, items * (3 * width + d) * 4)
    }
}
