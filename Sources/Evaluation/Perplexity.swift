#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Perplexity = exp(−mean log p̂(w_t | w_{<t})) over the tokens scored, with its standard error.
///
/// Tokens of one sequence resemble each other, so the sequence is the unit of chance: with L_n the log-likelihood and
/// T_n the tokens of sequence n, the mean m = ΣL_n / ΣT_n is a ratio estimate with
///
///     var(m) = N / (N − 1) · Σ (L_n − m T_n)² / (ΣT_n)²
///
/// (Cochran, Sampling Techniques, 6.4), and by the delta method the standard error of exp(−m) is exp(−m) √var(m).
/// N counts the sequences that have tokens.
public struct PerplexityMeter: Sendable, Equatable {
    /// Tokens scored.
    public private(set) var tokens = 0
    /// Tokens that could not be scored since their item is not in the vocabulary; they are in no other figure.
    public private(set) var outOfVocabulary = 0
    /// Sequences with tokens scored: N.
    public private(set) var sequences = 0
    /// ΣL_n, in nats.
    public private(set) var logLikelihood = 0.0
    private var sumOfSquares = 0.0  // ΣL²
    private var sumOfProducts = 0.0  // ΣLT
    private var sumOfSquaredTokens = 0.0  // ΣT²

    /// No sequences yet.
    public init() {}

    /// Adds a sequence.
    ///
    /// - Parameters:
    ///   - logLikelihood: the sum of its tokens' log p̂, in nats.
    ///   - tokens: how many were scored.
    ///   - outOfVocabulary: how many could not be.
    public mutating func add(logLikelihood: Double, tokens: Int, outOfVocabulary: Int = 0) {
        precondition(tokens >= 0 && outOfVocabulary >= 0, "numbers of tokens are not negative")
        self.outOfVocabulary += outOfVocabulary
        if tokens == 0 { return }
        self.tokens += tokens
        self.logLikelihood += logLikelihood
        sequences += 1
        sumOfSquares += logLikelihood * logLikelihood
        sumOfProducts += logLikelihood * Double(tokens)
        sumOfSquaredTokens += Double(tokens) * Double(tokens)
    }

    /// Adds the sequences of another. Sums of floating-point numbers: merge in a fixed order for results that repeat to the bit.
    public mutating func merge(_ other: PerplexityMeter) {
        tokens += other.tokens
        outOfVocabulary += other.outOfVocabulary
        sequences += other.sequences
        logLikelihood += other.logLikelihood
        sumOfSquares += other.sumOfSquares
        sumOfProducts += other.sumOfProducts
        sumOfSquaredTokens += other.sumOfSquaredTokens
    }

    /// Mean log p̂ a token, in nats; nil when no token was scored.
    public var meanLogLikelihood: Double? { tokens == 0 ? nil : logLikelihood / Double(tokens) }

    /// Nil when no token was scored; infinite when one had probability 0.
    public var perplexity: Double? { meanLogLikelihood.map { exp(-$0) } }

    /// Of the perplexity. Nil for fewer than two sequences, which show no variation, and for an infinite perplexity.
    public var standardError: Double? {
        guard sequences > 1, let m = meanLogLikelihood, let perplexity, perplexity.isFinite else { return nil }
        // Below zero only by rounding, when all sequences have the same mean.
        let squares = max(0, sumOfSquares - 2 * m * sumOfProducts + m * m * sumOfSquaredTokens)
        let n = Double(sequences)
        return perplexity * (n / (n - 1) * squares).squareRoot() / Double(tokens)
    }
}
