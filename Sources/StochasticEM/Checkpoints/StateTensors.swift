import Kernels

/// The state of a fit as named tensors, put together part by part. A part's tensors bear its name before their own: `adam/mean`.
struct StateWriter {
    private(set) var tensors: [Tensor] = []
    private var path = ""

    mutating func add<Number: TensorElement>(_ name: String, _ numbers: [Number]) {
        tensors.append(Tensor(path + name, shape: [numbers.count], numbers))
    }

    mutating func add(_ name: String, _ number: Int) { add(name, [Int64(number)]) }

    mutating func add(_ name: String, _ number: Double) { add(name, [number]) }

    mutating func add(_ name: String, _ floats: FloatBuffer) { add(name, floats.array) }

    mutating func add(_ name: String, _ part: any Checkpointed) { inside(name) { part.save(to: &$0) } }

    /// What `body` adds bears a part's name.
    mutating func inside(_ name: String, _ body: (inout StateWriter) -> Void) {
        let outer = path
        path += "\(name)/"
        body(&self)
        path = outer
    }
}

/// The tensors that a `StateWriter` put together, as the part sees them whose turn it is.
struct StateReader {
    private let tensors: [String: Tensor]
    private let path: String
    /// What errors call the place that it all comes from.
    private let source: String

    /// - Parameter source: a file, for errors.
    init(_ tensors: [Tensor], source: String) {
        self.init(Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }, path: "", source: source)
    }

    private init(_ tensors: [String: Tensor], path: String, source: String) {
        self.tensors = tensors
        self.path = path
        self.source = source
    }

    /// What the part of that name wrote.
    func part(_ name: String) -> StateReader { StateReader(tensors, path: "\(path)\(name)/", source: source) }

    func has(_ name: String) -> Bool { tensors[path + name] != nil }

    /// - Parameter count: how many there must be; nil: any number.
    func numbers<Number: TensorElement>(_ name: String, count: Int?, as type: Number.Type = Number.self) throws -> [Number] {
        guard let tensor = tensors[path + name] else { throw damaged("there is no tensor \"\(path)\(name)\"") }
        guard let numbers = Number.taken(from: tensor.values) else {
            throw damaged("tensor \"\(path)\(name)\" is of type \(tensor.values.type.rawValue), which does not fit")
        }
        if let count, numbers.count != count {
            throw damaged("tensor \"\(path)\(name)\" has \(numbers.count) numbers, but settings and log ask for \(count)")
        }
        return numbers
    }

    /// Numbers that index something: none is taken that would lead outside.
    func numbers<Number: TensorElement & Comparable>(_ name: String, count: Int?, in range: ClosedRange<Number>) throws -> [Number] {
        let numbers = try numbers(name, count: count, as: Number.self)
        guard numbers.allSatisfy(range.contains) else {
            throw damaged("tensor \"\(path)\(name)\" has a number that is not within \(range.lowerBound) and \(range.upperBound)")
        }
        return numbers
    }

    func whole(_ name: String, in range: ClosedRange<Int>) throws -> Int {
        Int(try numbers(name, count: 1, in: Int64(range.lowerBound)...Int64(range.upperBound))[0])
    }

    func number(_ name: String) throws -> Double { try numbers(name, count: 1)[0] }

    func read(_ name: String, into floats: FloatBuffer) throws {
        let numbers = try numbers(name, count: floats.count, as: Float.self)
        floats.base.update(from: numbers, count: numbers.count)
    }

    func damaged(_ what: String) -> ModelFolderError { .damaged(source, what) }
}
