import Testing
import TestSupport
@testable import Corpora

@Suite struct InternerTests {
    /// Against a dictionary, over names that share lengths, heads and tails, through many growths of the table.
    @Test func numbersAsADictionaryWould() {
        var random = SplitMix(7)
        var interner = Interner(), numbers: [[UInt8]: UInt32] = [:], names: [[UInt8]] = []
        for _ in 0..<200_000 {
            let length = Int.random(in: 0...20, using: &random)
            let name = (0..<length).map { _ in UInt8.random(in: 0...(length < 4 ? 255 : 3), using: &random) }
            let (number, isNew) = name.withUnsafeBytes { interner.insert($0) }
            #expect(isNew == (numbers[name] == nil))
            if isNew {
                numbers[name] = UInt32(names.count)
                names.append(name)
            }
            if numbers[name] != number { Issue.record("\(name) has number \(number), not \(String(describing: numbers[name]))") }
        }
        #expect(names.count > 20_000)
        #expect(interner.count == names.count)
        for (number, name) in names.enumerated() where !interner[number].elementsEqual(name) { Issue.record("name \(number) was lost") }
        let stranger: [UInt8] = Array(repeating: 9, count: 33)
        #expect(stranger.withUnsafeBytes { interner.number(of: $0) } == nil)
    }
}
