/// How far a cluster is from the union of two others, given how far it is from each.
///
/// The chain finds the right tree only for rules that never bring clusters closer (Bruynooghe's reducibility);
/// both of these are such.
protocol LanceWilliamsUpdate {
    /// What is computed with, from the squared distance of two points.
    static func measure(squaredDistance: Double) -> Double
    /// The measure of `other` and the union of `a` and `b`, from those of `a` and `other`, `b` and `other`, `a` and `b`, and the three sizes.
    static func union(
        _ aToOther: Double, _ bToOther: Double, _ aToB: Double, sizes: (a: Double, b: Double, other: Double)
    ) -> Double
    /// The height at which clusters merge that are this far apart.
    static func height(_ measure: Double) -> Double
}

/// d²(ab, o) = ((nₐ + nₒ) d²(a, o) + (n_b + nₒ) d²(b, o) − nₒ d²(a, b)) / (nₐ + n_b + nₒ); computed with squares.
enum WardUpdate: LanceWilliamsUpdate {
    static func measure(squaredDistance: Double) -> Double { squaredDistance }

    static func union(
        _ aToOther: Double, _ bToOther: Double, _ aToB: Double, sizes: (a: Double, b: Double, other: Double)
    ) -> Double {
        let sum = (sizes.a + sizes.other) * aToOther + (sizes.b + sizes.other) * bToOther - sizes.other * aToB
        // Below zero only by rounding.
        return max(0, sum / (sizes.a + sizes.b + sizes.other))
    }

    static func height(_ measure: Double) -> Double { measure.squareRoot() }
}

/// d(ab, o) = (nₐ d(a, o) + n_b d(b, o)) / (nₐ + n_b).
enum AverageUpdate: LanceWilliamsUpdate {
    static func measure(squaredDistance: Double) -> Double { squaredDistance.squareRoot() }

    static func union(
        _ aToOther: Double, _ bToOther: Double, _ aToB: Double, sizes: (a: Double, b: Double, other: Double)
    ) -> Double {
        (sizes.a * aToOther + sizes.b * bToOther) / (sizes.a + sizes.b)
    }

    static func height(_ measure: Double) -> Double { measure }
}
