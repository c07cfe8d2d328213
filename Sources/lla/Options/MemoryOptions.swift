import ArgumentParser

/// What becomes of work that needs more memory than there is.
struct MemoryOptions: ParsableArguments {
    @Flag(help: "Begin even where more memory is needed than there is. (default: refuse)")
    var force = false

    /// - Throws: a `Refusal`, unless it was asked to go on all the same.
    func check(_ shortage: Memory.Shortage?) throws {
        guard let shortage else { return }
        let words = "\(shortage.work) needs \(bytes(shortage.needed)) of memory, and there are \(bytes(shortage.available))"
        if force { return StandardError.shared.line("lla: warning: \(words)") }
        throw Refusal(code: ExitCodes.usage, message: words, remedy: "\(shortage.remedy); --force goes on all the same")
    }
}
