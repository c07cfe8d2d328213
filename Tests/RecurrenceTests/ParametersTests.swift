import Kernels
import Testing
@testable import Recurrence

@Suite struct ParametersTests {
    static let sizes = [(1, 1), (3, 5), (16, 1), (1, 17), (4, 16), (7, 9)]

    private func layout() -> Parameters.Layout {
        var layout = Parameters.Layout()
        for (i, size) in Self.sizes.enumerated() { _ = layout.add("slot \(i)", size.0, size.1) }
        return layout
    }

    @Test func slotsStandInOrderAlignedAndApart() {
        let parameters = Parameters(layout())
        #expect(parameters.slots.map(\.name) == Self.sizes.indices.map { "slot \($0)" })
        var end = 0
        for (slot, size) in zip(parameters.slots, Self.sizes) {
            #expect(slot.rows == size.0 && slot.columns == size.1 && slot.count == size.0 * size.1)
            #expect(slot.offset >= end && slot.offset < end + 16)
            for view in [parameters.value(slot), parameters.gradient(slot)] {
                #expect(Int(bitPattern: view.base) % 64 == 0)
                #expect(view.rows == size.0 && view.columns == size.1 && view.stride == size.1)
            }
            end = slot.offset + slot.count
        }
        #expect(parameters.count >= end && parameters.count < end + 16 && parameters.count % 16 == 0)
        #expect(parameters.gradients.count == parameters.count)
        #expect(parameters.learned == Self.sizes.reduce(0) { $0 + $1.0 * $1.1 })
    }

    @Test func valuesAndGradientsStartAtZero() {
        let parameters = Parameters(layout())
        #expect((parameters.values.array + parameters.gradients.array).allSatisfy { $0 == 0 })
    }

    @Test func drawFillsItsSlotAndNoOther() {
        let parameters = Parameters(layout())
        let drawn = parameters.slots[4]
        parameters.drawUniform(drawn, bound: 0.25, seed: 11)
        for (i, value) in parameters.values.array.enumerated() {
            if (drawn.offset..<drawn.offset + drawn.count).contains(i) {
                #expect(value != 0 && abs(value) <= 0.25)
            } else {
                #expect(value == 0)
            }
        }
    }

    @Test func slotsAreDrawnDifferentlyAndRepeatably() {
        var layout = Parameters.Layout()
        let first = layout.add("first", 4, 4), second = layout.add("second", 4, 4)
        func draw(seed: UInt64) -> [Float] {
            let parameters = Parameters(layout)
            parameters.drawUniform(first, bound: 1, seed: seed)
            parameters.drawUniform(second, bound: 1, seed: seed)
            return parameters.values.array
        }
        let values = draw(seed: 1)
        #expect(Set(values).count == values.count)
        #expect(values == draw(seed: 1))
        #expect(Set(values).isDisjoint(with: draw(seed: 2)))
    }
}
