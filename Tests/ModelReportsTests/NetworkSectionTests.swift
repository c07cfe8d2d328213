import Foundation
import StochasticEM
import Testing
@testable import ModelReports

/// What is packed for the page, unpacked again.
@Suite struct NetworkSectionTests {
    @Test(arguments: [12, nil])
    func `Weights come back to a part in 65,534 of their row's largest`(embedding: Int?) throws {
        let model = try SmallModel.make(embedding: embedding)
        var names = ItemNames(model.vocabulary)
        names.takeAll()
        let section = NetworkSection(model, names: names)
        for slot in model.network.parameters.slots where slot.name != "memory" {
            let packed = try #require(section.weights[slot.name]), bytes = try #require(Data(base64Encoded: packed.values))
            let value = model.network.parameters.value(slot)
            #expect(packed.rows == slot.rows && packed.columns == slot.columns && bytes.count == 2 * slot.count)
            for r in 0..<slot.rows {
                for c in 0..<slot.columns {
                    let place = 2 * (r * slot.columns + c)
                    let number = Int16(bitPattern: UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8)
                    #expect(abs(Float(number) * packed.scales[r] / 32767 - value.row(r)[c]) <= packed.scales[r] / 65000)
                }
            }
        }
        #expect(section.memory.count == 2 && section.weights["memory"] == nil)
    }

    /// An odd fit may drive log α past what a float holds: a page holds a number all the same.
    @Test(arguments: [-300, 300] as [Float])
    func `A concentration is a number, whatever was learned`(logarithm: Float) throws {
        let model = try SmallModel.make(), memory = try #require(model.network.memory)
        model.network.parameters.value(memory.slot).row(0)[1] = logarithm
        var names = ItemNames(model.vocabulary)
        names.takeAll()
        let section = NetworkSection(model, names: names)
        #expect(section.memory[0].concentration.isFinite && section.memory[0].concentration > 0)
        #expect(throws: Never.self) { try JSONEncoder().encode(section) }
    }

    /// What a spelling comes to is fixed once a model is: the page gets the rows, and nothing that they are made by.
    @Test func `Items that are spelled have rows`() throws {
        let model = try SmallModel.make(variant: .char)
        var names = ItemNames(model.vocabulary)
        names.takeAll()
        let section = NetworkSection(model, names: names)
        #expect(Set(section.weights.keys) == ["recurrent", "output", "output_bias", "input", "gate_bias", "embedding"])
        let table = try #require(section.weights["embedding"])
        #expect(table.rows == model.vocabulary.count + 1 && table.columns == 12 && section.readsItems && section.isExact)
        #expect(Set(table.scales).count > model.vocabulary.count / 2)
    }

    @Test func `Counts come back as they are`() throws {
        let model = try SmallModel.make(topics: 300, items: 25, countsAnItem: 40)
        var names = ItemNames(model.vocabulary)
        // Asked for out of order: places are not numbers.
        _ = names.place(of: 17)
        names.takeAll()
        let section = NetworkSection(model, names: names)
        #expect(section.vocabulary.map { model.vocabulary.items[$0] } == names.list && section.vocabulary[0] == 17)
        let bytes = [UInt8](try #require(Data(base64Encoded: section.counts)))
        var place = 0
        func next() -> Int {
            var number = 0, shift = 0
            while bytes[place] > 0x7F {
                number |= Int(bytes[place] & 0x7F) << shift
                (place, shift) = (place + 1, shift + 7)
            }
            place += 1
            return number | Int(bytes[place - 1]) << shift
        }
        for item in 0..<model.vocabulary.count {
            var counts = [Int](repeating: 0, count: 300), topic = 0
            for _ in 0..<next() {
                topic += next()
                counts[topic] = next()
            }
            #expect(counts == (0..<300).map { model.counts.count(item, $0) })
        }
        #expect(place == bytes.count && counts(atLeast: 128, in: model))
    }

    /// Whether numbers of two bytes were among them: else half of the packing was not seen.
    private func counts(atLeast least: Int, in model: LatentLSTMAllocation) -> Bool {
        (0..<model.vocabulary.count).contains { item in (0..<model.counts.topics).contains { model.counts.count(item, $0) >= least } }
    }
}
