import Foundation

/// A hidden chain small enough to write all its K^T paths down: what particles and beams are checked against.
///
/// θ_t is a row of a table that z_{t-1} picks, so that what was drawn matters for what comes.
public struct TinyChain: Sendable {
    /// K.
    public let topics: Int
    /// θ_1 (K).
    public let start: [Double]
    /// θ_t given z_{t-1}: K rows of K.
    public let transition: [[Double]]
    /// φ_k(w): K rows of V.
    public let emission: [[Double]]

    public init(start: [Double], transition: [[Double]], emission: [[Double]]) {
        topics = start.count
        self.start = start
        self.transition = transition
        self.emission = emission
    }

    /// p(z, w) for each path z, numbered with z_1 as the most significant digit.
    public func joint(_ items: [Int]) -> [Double] {
        let paths = (0..<items.count).reduce(1) { count, _ in count * topics }
        return (0..<paths).map { number in
            let path = digits(of: number, length: items.count)
            return path.indices.reduce(1.0) { p, t in
                let theta = t == 0 ? start : transition[path[t - 1]]
                return p * theta[path[t]] * emission[path[t]][items[t]]
            }
        }
    }

    /// z of a path's number.
    public func digits(of number: Int, length: Int) -> [Int] {
        var rest = number, path = [Int](repeating: 0, count: length)
        for t in (0..<length).reversed() {
            path[t] = rest % topics
            rest /= topics
        }
        return path
    }

    /// The number of a path.
    public func number(of path: [Int]) -> Int { path.reduce(0) { $0 * topics + $1 } }
}
