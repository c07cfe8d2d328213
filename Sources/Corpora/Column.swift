#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One value an event, in pages that are asked of the system and given back to it one by one.
///
/// An array that grows holds old and new memory at once, and a heap keeps what was freed: both would break the promise of
/// how much memory an event costs. A column does neither, and pages that were not yet written to cost nothing.
struct Column<Element: BitwiseCopyable>: ~Copyable {
    private static var shift: Int { 18 }
    private static var mask: Int { (1 << shift) - 1 }
    private static var segmentBytes: Int { MemoryLayout<Element>.stride << shift }

    private var segments: UnsafeMutablePointer<UnsafeMutablePointer<Element>>
    private var room = 64
    private(set) var count = 0

    init() {
        segments = .allocate(capacity: room)
    }

    deinit {
        for segment in 0..<Self.segmentCount(count) { munmap(segments[segment], Self.segmentBytes) }
        segments.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    subscript(index: Int) -> Element {
        @inline(__always) get {
            assert(0..<count ~= index)
            return segments[index >> Self.shift][index & Self.mask]
        }
        @inline(__always) set {
            assert(0..<count ~= index)
            segments[index >> Self.shift][index & Self.mask] = newValue
        }
    }

    @inline(__always)
    mutating func append(_ value: Element) {
        if count & Self.mask == 0 { addSegment() }
        segments[count >> Self.shift][count & Self.mask] = value
        count += 1
    }

    @inline(__always)
    mutating func swapAt(_ a: Int, _ b: Int) {
        let kept = self[a]
        self[a] = self[b]
        self[b] = kept
    }

    /// Drops what lies behind the first `length` values.
    mutating func truncate(to length: Int) {
        for segment in Self.segmentCount(length)..<Self.segmentCount(count) { munmap(segments[segment], Self.segmentBytes) }
        count = length
    }

    private static func segmentCount(_ values: Int) -> Int { (values + mask) >> shift }

    @inline(never)
    private mutating func addSegment() {
        let index = count >> Self.shift
        if index == room {
            let larger = UnsafeMutablePointer<UnsafeMutablePointer<Element>>.allocate(capacity: room * 2)
            larger.update(from: segments, count: room)
            segments.deallocate()
            segments = larger
            room *= 2
        }
        let memory = mmap(nil, Self.segmentBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
        // As an array does that cannot grow.
        guard let memory, memory != MAP_FAILED else { preconditionFailure("out of memory") }
        segments[index] = memory.bindMemory(to: Element.self, capacity: 1 << Self.shift)
    }
}
