/// How many events at the head of a sequence a model may be fitted on: the share of them, rounded down, but at least one of those that there
/// are.
///
/// A share such as 0.7 is no number that a `Double` can be, and 0.7 × 90 comes to 62.99999999999999. So the product is raised by a 10⁻⁹ of
/// itself before it is rounded down: far more than what doubles are wrong by, and, for shares of two decimals, less than what any product
/// below the next whole number lacks of it in sequences of up to ten million events.
///
/// - Parameters:
///   - share: above 0, at most 1.
///   - length: of the sequence, in events.
func observedHead(_ share: Double, of length: Int) -> Int {
    let product = share * Double(length)
    return min(length, max(1, Int(product + product * 1e-9)))
}
