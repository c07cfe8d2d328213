#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Numbers byte strings 0, 1, 2, … in the order in which they first come.
///
/// An open-addressing table over bytes in one arena: no String is made for a row of the log, only one for each
/// distinct name when all is read.
struct Interner: ~Copyable {
    private var names = ByteArena()
    /// Name n is `names[ends[n] ..< ends[n + 1]]`.
    private var ends = [0]
    /// Upper half: the upper half of the hash. Lower half: the number + 1; 0 is a free slot. A power of two of them, at most ¾ taken.
    private var slots: UnsafeMutableBufferPointer<UInt64>

    init() {
        slots = .allocate(capacity: 1024)
        slots.initialize(repeating: 0)
    }

    /// The names of a vocabulary, under their numbers there.
    init(_ names: some Sequence<String>) {
        self.init()
        for name in names {
            var name = name
            name.withUTF8 { _ = insert(UnsafeRawBufferPointer($0)) }
        }
    }

    deinit {
        slots.deallocate()
    }

    var count: Int { ends.count - 1 }

    /// The bytes of a name, valid until the next is added.
    subscript(number: Int) -> UnsafeRawBufferPointer { names[ends[number]..<ends[number + 1]] }

    func name(_ number: Int) -> String { String(decoding: self[number], as: UTF8.self) }

    /// The number of a name, or nil for one that was never added.
    func number(of name: UnsafeRawBufferPointer) -> UInt32? {
        let entry = slots[find(name, hash: Interner.hash(name))]
        return entry == 0 ? nil : UInt32(truncatingIfNeeded: entry) - 1
    }

    /// The number of a name, which is added if it is new.
    @inline(__always)
    mutating func insert(_ name: UnsafeRawBufferPointer) -> (number: UInt32, isNew: Bool) {
        let hash = Interner.hash(name)
        let slot = find(name, hash: hash)
        let entry = slots[slot]
        if entry != 0 { return (UInt32(truncatingIfNeeded: entry) - 1, false) }
        return (add(name, hash: hash, slot: slot), true)
    }

    @inline(never)
    private mutating func add(_ name: UnsafeRawBufferPointer, hash: UInt64, slot: Int) -> UInt32 {
        let number = UInt32(count)
        names.append(name)
        ends.append(names.count)
        slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(number + 1)
        if count * 4 > slots.count * 3 { grow() }
        return number
    }

    /// The slot that holds the name, or the free one where it belongs.
    @inline(__always)
    private func find(_ name: UnsafeRawBufferPointer, hash: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 { return slot }
            if (entry ^ hash) >> 32 == 0, matches(name, Int(UInt32(truncatingIfNeeded: entry)) - 1) { return slot }
            slot = (slot + 1) & mask
        }
    }

    /// Whether this is the name with that number.
    @inline(__always)
    func matches(_ name: UnsafeRawBufferPointer, _ number: Int) -> Bool {
        let known = self[number]
        guard known.count == name.count else { return false }
        guard let a = known.baseAddress, let b = name.baseAddress else { return true }
        return memcmp(a, b, name.count) == 0
    }

    private mutating func grow() {
        let larger = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: slots.count * 2)
        larger.initialize(repeating: 0)
        let mask = larger.count - 1
        for entry in slots where entry != 0 {
            var slot = Int(truncatingIfNeeded: entry >> 32) & mask
            while larger[slot] != 0 { slot = (slot + 1) & mask }
            larger[slot] = entry
        }
        slots.deallocate()
        slots = larger
    }

    /// Eight bytes at a time through a 64 × 64 -> 128 bit product whose halves are folded (as in wyhash).
    @inline(__always)
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        guard let base = bytes.baseAddress else { return 0 }
        let count = bytes.count
        var state = UInt64(truncatingIfNeeded: count) ^ 0x9E37_79B9_7F4A_7C15
        var at = 0
        while at + 8 <= count {
            state = fold(state ^ base.loadUnaligned(fromByteOffset: at, as: UInt64.self), 0xA076_1D64_78BD_642F)
            at += 8
        }
        var tail: UInt64 = 0
        if count & 4 != 0 {
            tail = UInt64(base.loadUnaligned(fromByteOffset: at, as: UInt32.self))
            at += 4
        }
        while at < count {
            tail = tail << 8 | UInt64(base.load(fromByteOffset: at, as: UInt8.self))
            at += 1
        }
        return fold(fold(state ^ tail, 0xE703_7ED1_A0B4_28DB), 0x8EBC_6AF0_9C88_C6E3)
    }

    @inline(__always)
    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
