import CGSL

/// Pearson's test: the probability of a misfit as large as this or larger, were `expected` the law of `observed`.
///
/// A test that fails below p = 1e-4 raises one false alarm in ten thousand seeds, and none or always for a fixed one.
///
/// - Parameters:
///   - observed: how often each outcome came up.
///   - expected: the law, up to a factor. An outcome of probability zero that came up gives 0.
/// - Returns: the p-value. Outcomes with fewer than five expected hits are pooled.
public func chiSquare(observed: [Int], expected: [Double]) -> Double {
    precondition(observed.count == expected.count, "one law for one histogram")
    let trials = Double(observed.reduce(0, +)), mass = expected.reduce(0, +)
    var statistic = 0.0, cells = 0
    var rareHits = 0.0, rareExpected = 0.0
    for (hits, weight) in zip(observed, expected) {
        let mean = trials * weight / mass
        if mean <= 0 {
            if hits > 0 { return 0 }
        } else if mean < 5 {
            rareHits += Double(hits)
            rareExpected += mean
        } else {
            statistic += (Double(hits) - mean) * (Double(hits) - mean) / mean
            cells += 1
        }
    }
    if rareExpected > 0 {
        statistic += (rareHits - rareExpected) * (rareHits - rareExpected) / max(rareExpected, 1e-300)
        cells += 1
    }
    return cells > 1 ? gsl_cdf_chisq_Q(statistic, Double(cells - 1)) : 1
}

/// The two-sided p-value of a mean of independent samples, were `expected` its expectation (normal approximation).
public func zTest(samples: [Double], expected: Double) -> Double {
    let n = Double(samples.count), mean = samples.reduce(0, +) / n
    let variance = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    if variance == 0 { return mean == expected ? 1 : 0 }
    return 2 * gsl_cdf_ugaussian_Q(abs(mean - expected) / (variance / n).squareRoot())
}
