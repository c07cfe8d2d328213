import CGSL

/// Pearson's test of counts against known probabilities: the chance of counts as far off as these or farther.
///
/// Cells expected fewer than 5 times are pooled. A count where the probability is 0 gives 0.
func chiSquareTail(observed: [Int], probabilities: [Double]) -> Double {
    let total = Double(observed.reduce(0, +))
    var statistic = 0.0, cells = 0, pooledCount = 0.0, pooledExpectation = 0.0
    func add(_ count: Double, _ expectation: Double) {
        statistic += (count - expectation) * (count - expectation) / expectation
        cells += 1
    }
    for (count, probability) in zip(observed, probabilities) {
        if probability == 0 {
            if count > 0 { return 0 }
        } else if total * probability < 5 {
            pooledCount += Double(count)
            pooledExpectation += total * probability
        } else {
            add(Double(count), total * probability)
        }
    }
    if pooledExpectation > 0 { add(pooledCount, pooledExpectation) }
    return cells < 2 ? 1 : gsl_cdf_chisq_Q(statistic, Double(cells - 1))
}
