import Kernels

/// The largest difference between two runs of numbers, as a share of the largest magnitude expected.
///
/// Infinite where the lengths differ or a number is not finite, so that such a run passes under no tolerance.
public func discrepancy<Number: BinaryFloatingPoint>(_ actual: [Number], _ expected: [Double]) -> Double {
    guard actual.count == expected.count else { return .infinity }
    var difference = 0.0, magnitude = 0.0
    for (a, e) in zip(actual, expected) {
        guard a.isFinite, e.isFinite else { return .infinity }
        difference = max(difference, abs(Double(a) - e))
        magnitude = max(magnitude, abs(e))
    }
    return difference == 0 ? 0 : difference / magnitude
}

/// Standard normal variates, always the same for one seed.
public func normalFloats(_ count: Int, seed: UInt64, scale: Double = 1) -> [Float] {
    var random = RandomStream(seed: seed, purpose: .other)
    return (0..<count).map { _ in Float(random.normal() * scale) }
}
