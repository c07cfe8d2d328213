import Testing
@testable import Kernels

@Suite struct MatrixViewTests {
    private func values(_ view: MatrixView) -> [[Float]] {
        (0..<view.rows).map { r in (0..<view.columns).map { view.row(r)[$0] } }
    }

    @Test func windowsShowRowsAndColumns() {
        let buffer = FloatBuffer((0..<24).map(Float.init))
        let whole = buffer.matrix(4, 5, from: 2)
        #expect(values(whole)[0] == [2, 3, 4, 5, 6])
        #expect(values(whole)[3] == [17, 18, 19, 20, 21])
        #expect(values(whole.rows(1..<3)) == [[7, 8, 9, 10, 11], [12, 13, 14, 15, 16]])
        #expect(values(whole.columns(3..<5)) == [[5, 6], [10, 11], [15, 16], [20, 21]])
        #expect(values(whole.columns(1..<4).rows(2..<4).columns(2..<3)) == [[15], [20]])
        #expect(values(whole.rows(4..<4)) == [])
        whole.columns(4..<5).row(2)[0] = -1
        #expect(buffer.array[16] == -1)
    }

    @Test(arguments: [0, 1, 15, 16, 1000]) func buffersAreAlignedAndZero(count: Int) {
        let buffer = FloatBuffer(count: count)
        #expect(Int(bitPattern: buffer.base) % 64 == 0)
        #expect(buffer.array == [Float](repeating: 0, count: count))
        buffer.base.update(repeating: 3, count: count)
        #expect(buffer.array == [Float](repeating: 3, count: count))
        buffer.clear()
        #expect(buffer.array == [Float](repeating: 0, count: count))
    }
}
