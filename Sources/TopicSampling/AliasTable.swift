import Kernels

/// Draws from a fixed discrete law in O(1) (Walker, 1977; built as in Vose, 1991).
///
/// The unit square is cut into one column an outcome; a column belongs to its own outcome up to a
/// threshold, and to one other above.
public final class AliasTable: @unchecked Sendable {
    /// One column.
    @frozen
    public struct Entry: Sendable {
        /// Heights below this, in [0, 1], belong to the column's own outcome.
        public var threshold: Float
        /// The outcome of heights from the threshold on.
        public var alias: UInt32

        /// - Parameter threshold: in [0, 1].
        @inlinable
        public init(threshold: Float, alias: UInt32) {
            self.threshold = threshold
            self.alias = alias
        }
    }

    /// Outcomes.
    public let count: Int
    @usableFromInline let entries: UnsafeMutablePointer<Entry>
    private let builder: Builder

    /// A table in which every outcome is equally likely.
    public init(count: Int) {
        precondition(count > 0, "a law needs an outcome")
        self.count = count
        entries = .allocate(capacity: count)
        for column in 0..<count { entries[column] = Entry(threshold: 1, alias: UInt32(column)) }
        builder = Builder(capacity: count)
    }

    /// - Parameter weights: at least one, else as for `rebuild`.
    public convenience init(weights: [Float]) {
        self.init(count: weights.count)
        weights.withUnsafeBufferPointer { if let base = $0.baseAddress { rebuild(base) } }
    }

    deinit { entries.deallocate() }

    /// Takes on the law proportional to `weights` (`count`), in O(count) and without allocating.
    ///
    /// - Parameter weights: finite and not negative; if all are zero, every outcome is equally likely.
    /// - Returns: their sum.
    @discardableResult
    public func rebuild(_ weights: UnsafePointer<Float>) -> Double {
        builder.fill(entries, weights: weights, count: count)
    }

    /// An outcome. Never one of weight zero.
    ///
    /// The column is drawn as a whole number: a uniform float has 2^24 values, and so few cannot be dealt alike among many columns.
    @inlinable
    public func draw(using random: inout RandomStream) -> Int {
        let column = random.index(below: count)
        return draw(at: column, random.uniform())
    }

    /// The same where the column is known, and the height in it, uniform on [0, 1).
    @inlinable
    public func draw(at column: Int, _ height: Float) -> Int { AliasTable.draw(at: column, height, entries) }

    /// The same from a table that lies elsewhere.
    @inlinable
    public static func draw(at column: Int, _ height: Float, _ entries: UnsafePointer<Entry>) -> Int {
        let entry = entries[column]
        return height < entry.threshold ? column : Int(entry.alias)
    }

    /// The probability of an outcome, as the table encodes it: O(count), for tests.
    public func probability(of outcome: Int) -> Double {
        var sum = Double(entries[outcome].threshold)
        for column in 0..<count where Int(entries[column].alias) == outcome {
            sum += 1 - Double(entries[column].threshold)
        }
        return sum / Double(count)
    }
}

extension AliasTable {
    /// The work space of building tables of up to `capacity` outcomes. One for each thread.
    public final class Builder: @unchecked Sendable {
        private let scaled: UnsafeMutablePointer<Double>
        /// Columns below the average from the front, those above it from the back.
        private let worklist: UnsafeMutablePointer<UInt32>
        private let capacity: Int

        /// - Parameter capacity: the most outcomes of a table, 12 bytes each; `fill` traps on more.
        public init(capacity: Int) {
            self.capacity = capacity
            scaled = .allocate(capacity: max(capacity, 1))
            worklist = .allocate(capacity: max(capacity, 1))
        }

        deinit {
            scaled.deallocate()
            worklist.deallocate()
        }

        /// Writes a table for `weights`; see `AliasTable.rebuild`.
        @discardableResult
        public func fill(_ entries: UnsafeMutablePointer<Entry>, weights: UnsafePointer<Float>, count: Int) -> Double {
            precondition(count <= capacity, "the work space is too small")
            var total = 0.0, heaviest = 0
            for outcome in 0..<count {
                total += Double(weights[outcome])
                if weights[outcome] > weights[heaviest] { heaviest = outcome }
            }
            guard total > 0, total.isFinite else {
                for column in 0..<count { entries[column] = Entry(threshold: 1, alias: UInt32(column)) }
                return 0
            }
            // Scaled so that the average is 1: a column is full, too low, or has something to give away.
            var low = 0, high = count
            for outcome in 0..<count {
                scaled[outcome] = Double(weights[outcome]) * Double(count) / total
                if scaled[outcome] < 1 {
                    worklist[low] = UInt32(outcome)
                    low += 1
                } else {
                    high -= 1
                    worklist[high] = UInt32(outcome)
                }
            }
            while low > 0 && high < count {
                let poor = Int(worklist[low - 1]), rich = Int(worklist[high])
                entries[poor] = Entry(threshold: Float(scaled[poor]), alias: UInt32(rich))
                scaled[rich] -= 1 - scaled[poor]
                low -= 1
                if scaled[rich] < 1 {
                    high += 1
                    worklist[low] = UInt32(rich)
                    low += 1
                }
            }
            // What is left is full up to rounding. An outcome of weight zero must not win by that.
            for rest in 0..<low {
                let poor = Int(worklist[rest])
                entries[poor] = weights[poor] > 0
                    ? Entry(threshold: 1, alias: UInt32(poor)) : Entry(threshold: 0, alias: UInt32(heaviest))
            }
            for rest in high..<count {
                entries[Int(worklist[rest])] = Entry(threshold: 1, alias: worklist[rest])
            }
            return total
        }
    }
}
