import Foundation
import Kernels
import Testing
@testable import Evaluation

@Suite struct PerplexityTests {
    @Test func `Uniform guessing over V has perplexity V, and no error`() {
        var meter = PerplexityMeter()
        for tokens in [3, 10, 1, 500] { meter.add(logLikelihood: -log(64) * Double(tokens), tokens: tokens) }
        #expect(abs(meter.perplexity! - 64) < 1e-11)
        #expect(meter.standardError! < 1e-5)
        #expect(meter.tokens == 514 && meter.sequences == 4)
    }

    @Test func `The standard error is that of the ratio, by hand`() throws {
        var meter = PerplexityMeter()
        meter.add(logLikelihood: -4, tokens: 2)
        meter.add(logLikelihood: -3, tokens: 1)
        meter.add(logLikelihood: -2, tokens: 3, outOfVocabulary: 5)
        meter.add(logLikelihood: 0, tokens: 0, outOfVocabulary: 2)
        // m = −9/6; residuals −4 + 3, −3 + 1.5, −2 + 4.5.
        let squares = 1.0 + 2.25 + 6.25
        #expect(abs(meter.perplexity! - exp(1.5)) < 1e-12)
        let expected: Double = exp(1.5) * (1.5 * squares).squareRoot() / 6
        #expect(abs(meter.standardError! - expected) < 1e-12)
        #expect(meter.outOfVocabulary == 7 && meter.sequences == 3)
    }

    @Test func `Where nothing can be said, nothing is said`() {
        var meter = PerplexityMeter()
        #expect(meter.perplexity == nil && meter.standardError == nil && meter.meanLogLikelihood == nil)
        meter.add(logLikelihood: -1, tokens: 1)
        #expect(meter.perplexity != nil && meter.standardError == nil)
        meter.add(logLikelihood: -.infinity, tokens: 1)
        #expect(meter.perplexity == .infinity && meter.standardError == nil)
    }

    @Test func `Merging is adding`() {
        var random = RandomStream(seed: 1, purpose: .other)
        var whole = PerplexityMeter(), first = PerplexityMeter(), second = PerplexityMeter()
        for n in 0..<200 {
            let tokens = random.index(below: 20), value = -Double(tokens) * (3 + random.uniformDouble())
            whole.add(logLikelihood: value, tokens: tokens, outOfVocabulary: n % 3)
            if n < 90 { first.add(logLikelihood: value, tokens: tokens, outOfVocabulary: n % 3) }
            else { second.add(logLikelihood: value, tokens: tokens, outOfVocabulary: n % 3) }
        }
        first.merge(second)
        #expect(first.tokens == whole.tokens && first.outOfVocabulary == whole.outOfVocabulary && first.sequences == whole.sequences)
        #expect(abs(first.perplexity! - whole.perplexity!) < 1e-10)
        #expect(abs(first.standardError! - whole.standardError!) < 1e-9)
    }

    /// 2,000 corpora of 200 sequences, each with its own level: the spread of their perplexities is what each of them
    /// alone estimates it to be, within 10 %. (The relative error of a spread from 2,000 draws is 1.6 %, that of the mean
    /// estimate less: a false alarm is a matter of five standard deviations.) The seed is fixed. An error that took tokens for
    /// independent would be too small by more than half here.
    @Test func `The standard error is the spread of the perplexity`() {
        var random = RandomStream(seed: 2, purpose: .other)
        var perplexities: [Double] = [], errors: [Double] = [], tokenErrors: [Double] = []
        for _ in 0..<2000 {
            var meter = PerplexityMeter(), squares = 0.0
            for _ in 0..<200 {
                let tokens = 1 + random.index(below: 20), level = -3 + 0.3 * random.normal()
                let values = (0..<tokens).map { _ in level + 0.2 * random.normal() }
                squares += values.map { ($0 + 3) * ($0 + 3) }.reduce(0, +)
                meter.add(logLikelihood: values.reduce(0, +), tokens: tokens)
            }
            perplexities.append(meter.perplexity!)
            errors.append(meter.standardError!)
            tokenErrors.append(meter.perplexity! * squares.squareRoot() / Double(meter.tokens))
        }
        let mean = perplexities.reduce(0, +) / 2000
        let spread = (perplexities.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 1999).squareRoot()
        #expect(abs(errors.reduce(0, +) / 2000 / spread - 1) < 0.1)
        #expect(tokenErrors.reduce(0, +) / 2000 / spread < 0.5)
    }
}
