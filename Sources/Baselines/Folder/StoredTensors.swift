import StochasticEM

/// The tensors of a model's folder, for who makes a model of them: each is checked before it is handed out.
public struct StoredTensors {
    private let files: ModelFiles
    private let path: String

    /// - Parameter path: of the model, for errors.
    init(_ files: ModelFiles, model path: String) {
        self.files = files
        self.path = path
    }

    /// Weights, all of them finite.
    func weights(_ name: String, _ shape: Int...) throws -> [Float] {
        let numbers = try files.numbers(name, shape: shape, as: Float.self, model: path)
        guard numbers.allSatisfy(\.isFinite) else { throw damaged("tensor \"\(name)\" is not finite") }
        return numbers
    }

    /// Laws, one a row: no probability is negative, and each row sums to 1.
    func laws(_ name: String, _ rows: Int, _ columns: Int) throws -> [Float] {
        let numbers = try weights(name, rows, columns)
        for row in 0..<rows {
            let law = numbers[row * columns..<(row + 1) * columns]
            guard law.allSatisfy({ $0 >= 0 }), abs(law.reduce(0.0) { $0 + Double($1) } - 1) < 1e-3 else {
                throw damaged("row \(row) of tensor \"\(name)\" is no law: it does not sum to 1")
            }
        }
        return numbers
    }

    /// Counts, none of them negative.
    func counts(_ name: String, _ shape: Int...) throws -> [Int32] {
        let numbers = try files.numbers(name, shape: shape, as: Int32.self, model: path)
        guard numbers.allSatisfy({ $0 >= 0 }) else { throw damaged("a count is negative") }
        return numbers
    }

    /// Numbers of items, which are not checked to be below V.
    func numbers(_ name: String, _ count: Int) throws -> [UInt32] {
        try files.numbers(name, shape: [count], as: UInt32.self, model: path)
    }

    /// Of the file that tensors are in.
    func damaged(_ what: String) -> ModelFolderError { .damaged("\(path)/\(ModelFolder.tensorFile)", what) }
}
