import Foundation

extension Double {
    /// With four digits that count: more are not seen on a page, and would weigh.
    var brief: Double {
        guard isFinite, self != 0 else { return 0 }
        let scale = pow(10, 3 - floor(log10(magnitude)))
        // A number too small to be scaled is none that could be seen.
        guard scale.isFinite else { return 0 }
        return (self * scale).rounded() / scale
    }
}
