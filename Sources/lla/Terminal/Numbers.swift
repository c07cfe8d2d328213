import Foundation

extension Double {
    /// With as many digits as a reader needs: 0.0123, 1.23, 12.3, 1234.
    var shortly: String {
        guard isFinite else { return "\(self)" }
        return String(format: magnitude < 1 ? "%.4f" : magnitude < 10 ? "%.2f" : magnitude < 1000 ? "%.1f" : "%.0f", self)
    }
}

/// Bytes in the unit that suits them.
func bytes(_ count: Int) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB"]
    var amount = Double(count), unit = 0
    while amount >= 1000, unit < units.count - 1 {
        amount /= 1000
        unit += 1
    }
    return unit == 0 ? "\(count) bytes" : "\(amount.shortly) \(units[unit])"
}

extension String {
    /// Filled up with spaces at its end; longer ones are left alone.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }

    /// Filled up with spaces at its start.
    func right(to width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }
}
