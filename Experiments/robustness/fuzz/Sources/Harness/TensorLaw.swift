@testable import StochasticEM

/// What the reader of tensors obeys, whatever the bytes: tensors that can be written and read again, or an error of damage.
package enum TensorLaw {
    package static func check(_ bytes: [UInt8]) {
        let contents: Safetensors.Contents
        do {
            contents = try Safetensors.decode(bytes, name: "fuzz")
        } catch {
            guard let error = error as? ModelFolderError, error.exitCode == 65, error.file == "fuzz" else { preconditionFailure("\(error)") }
            return
        }
        for tensor in contents.tensors {
            let size = tensor.values.withBytes { $0.count }
            precondition(tensor.shape.reduce(1, *) * tensor.values.type.size == size, "a shape that is not that of the numbers")
        }
        do {
            let written = try Safetensors.encode(contents.tensors, metadata: contents.metadata)
            let again = try Safetensors.decode(written, name: "again")
            let rewritten = try Safetensors.encode(again.tensors, metadata: again.metadata)
            precondition(rewritten == written, "what was written is read as something else")
        } catch {
            preconditionFailure("what was accepted cannot be written: \(error)")
        }
    }
}
