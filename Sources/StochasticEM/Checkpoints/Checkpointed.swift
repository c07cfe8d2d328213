/// A part of a fit that carries something from one block to the next, and so has to be in a checkpoint.
///
/// A part keeps what cannot be derived from the settings, the log and the other parts, and nothing else. What it takes on is what
/// it had, to the bit: a fit that goes on from a checkpoint ends as if it had never been stopped.
protocol Checkpointed {
    /// Adds what the part carries, under names of its own.
    func save(to state: inout StateWriter)

    /// Takes on what `save` added, in a part made from the same settings and log.
    ///
    /// - Throws: `ModelFolderError` of kind `damaged` where a tensor is missing or does not fit; the part may then be half restored.
    mutating func restore(from state: StateReader) throws
}
