/// A seeded way to damage a folder of files, as disks, copies and people do.
public struct FolderDamage: CustomStringConvertible, Sendable {
    /// File names and what they hold.
    public typealias Files = [String: [UInt8]]

    public enum Kind: String, CaseIterable, Sendable {
        case flippedBit, changedByte, truncated, longer, stretchLost, stretchTwice, stretchesSwapped, sectorOfZeros
        case fileLost, fileEmptied, filesSwapped, fileOfAnother
    }

    public let kind: Kind
    private let seed: UInt64

    /// - Parameter number: of the damage; equal seeds and numbers do equal damage.
    public init(seed: UInt64, number: Int) {
        kind = Kind.allCases[number % Kind.allCases.count]
        self.seed = seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(truncatingIfNeeded: number)
    }

    public var description: String { "\(kind) (\(seed))" }

    /// The damaged files.
    ///
    /// - Parameters:
    ///   - files: at least two.
    ///   - another: a folder of the same kind, of which a file may have strayed into this one.
    public func applied(to files: Files, another: Files) -> Files {
        var random = SplitMix(seed), result = files
        // Files of any size are as likely: small ones decide as much.
        let names = files.keys.sorted().shuffled(using: &random)
        let name = names[0]
        switch kind {
        case .fileLost: result[name] = nil
        case .fileEmptied: result[name] = []
        case .filesSwapped: (result[name], result[names[1]]) = (files[names[1]], files[name])
        case .fileOfAnother: result[name] = another[name]
        default: result[name] = damaged(files[name] ?? [], &random)
        }
        return result
    }

    private func damaged(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        guard !bytes.isEmpty else { return [UInt8.random(in: 0...255, using: &random)] }
        var bytes = bytes
        let at = Int.random(in: 0..<bytes.count, using: &random)
        let stretch = at..<min(bytes.count, at + Int.random(in: 1...64, using: &random))
        switch kind {
        case .flippedBit: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case .changedByte: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case .truncated: bytes.removeSubrange(at...)
        case .longer: bytes += (0..<stretch.count).map { _ in UInt8.random(in: 0...255, using: &random) }
        case .stretchLost: bytes.removeSubrange(stretch)
        case .stretchTwice: bytes.insert(contentsOf: Array(bytes[stretch]), at: at)
        case .stretchesSwapped:
            let other = Int.random(in: 0...bytes.count - stretch.count, using: &random)
            for offset in 0..<stretch.count { bytes.swapAt(at + offset, other + offset) }
        case .sectorOfZeros:
            let sector = at / 512 * 512
            for place in sector..<min(bytes.count, sector + 512) { bytes[place] = 0 }
        case .fileLost, .fileEmptied, .filesSwapped, .fileOfAnother: break
        }
        return bytes
    }
}
