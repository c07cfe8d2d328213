import Dispatch
import Foundation

/// What becomes of the wish to stop (SIGINT, SIGTERM): the program ends at once, or at the next moment that is a good one.
final class Interruption: @unchecked Sendable {
    /// What a stop does from now on.
    private enum Answer {
        /// Ends the program, behind some last words.
        case ends(farewell: String)
        /// Waits for `check`; a second stop does not.
        case waits(farewell: String)
    }

    private let mutex = NSLock()
    private var answer: Answer
    private var wish: Int32?
    /// Done before the program ends at once.
    private var cleanUp: @Sendable () -> Void = {}
    private var sources: [any DispatchSourceSignal] = []

    /// From here on a stop ends the program at once; nothing may be half written.
    ///
    /// - Parameter farewell: what is said then.
    init(farewell: String = "nothing was written") {
        answer = .ends(farewell: farewell)
        let queue = DispatchQueue(label: "lla.interruption")
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [weak self] in self?.receive(number) }
            source.activate()
            return source
        }
    }

    /// From here on a stop ends the program at once, behind other words; a stop that waits is answered by the next one.
    func endAtOnce(farewell: String) { mutex.withLock { answer = .ends(farewell: farewell) } }

    /// What is done before the program ends at once, by a thread of its own.
    func beforeTheEnd(_ cleanUp: @escaping @Sendable () -> Void) { mutex.withLock { self.cleanUp = cleanUp } }

    /// From here on a stop waits for `check`; a second one ends the program at once all the same.
    func waitForCheck(farewell: String) { mutex.withLock { answer = .waits(farewell: farewell) } }

    /// - Throws: `Stopped` where a stop waits.
    func check() throws {
        let stop: Stopped? = mutex.withLock {
            guard let wish, case .waits(let farewell) = answer else { return nil }
            return Stopped(signal: wish, farewell: farewell)
        }
        if let stop { throw stop }
    }

    /// From here on the program cannot be stopped: what is being written takes a moment, and then it ends by itself.
    func end() {
        for source in sources { source.cancel() }
    }

    private func receive(_ number: Int32) {
        let last: String? = mutex.withLock {
            switch answer {
            case .ends(let farewell): return farewell
            case .waits:
                if wish != nil { return "the block under way is lost" }
                wish = number
                return nil
            }
        }
        guard let last else { return StandardError.shared.line("lla: stopping behind this block; once more to stop at once") }
        mutex.withLock { cleanUp }()
        let stop = Stopped(signal: number, farewell: last)
        StandardError.shared.line(stop.words)
        // The threads of the fit are not waited for.
        _exit(stop.code)
    }
}

/// The program was stopped at a moment that it chose.
struct Stopped: Error {
    let signal: Int32
    let farewell: String

    /// As a shell says it of what a signal ended: 130 or 143.
    var code: Int32 { 128 + signal }
    var words: String { "lla: stopped; \(farewell)" }
}
