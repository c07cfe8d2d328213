import Foundation

extension Double {
    /// With as many digits as a reader needs: 0.0123, 1.23, 12.3, 1234.
    var shortly: String {
        guard isFinite else { return "\(self)" }
        return String(format: magnitude < 1 ? "%.4f" : magnitude < 10 ? "%.2f" : magnitude < 1000 ? "%.1f" : "%.0f", self)
    }

    /// With so many digits behind the point.
    func fixed(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }

    /// As a probability in a list: .41, .08, .003.
    var probability: String {
        let text = fixed(self < 0.01 ? 3 : 2)
        return text.hasPrefix("0") ? String(text.dropFirst()) : text
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

extension [String] {
    /// Joined by commas, in lines of at most `width` columns; lines behind the first begin with `indent` spaces, and the
    /// first has those columns taken.
    func wrapped(indent: Int, width: Int) -> String {
        var text = "", column = indent
        for (place, word) in enumerated() {
            let piece = place + 1 < count ? word + "," : word
            if place > 0 {
                if column + 1 + piece.count > width {
                    text += "\n" + String(repeating: " ", count: indent)
                    column = indent
                } else {
                    text += " "
                    column += 1
                }
            }
            text += piece
            column += piece.count
        }
        return text
    }
}
