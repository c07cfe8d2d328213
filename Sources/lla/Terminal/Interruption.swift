import Dispatch
import Foundation

/// Ends the program when somebody stops it while nothing is written yet, and says so.
final class Interruption {
    private let sources: [any DispatchSourceSignal]

    /// From here on a stop ends the program at once; nothing may be half written.
    ///
    /// - Parameter farewell: what is said then.
    init(farewell: String = "nothing was written") {
        let queue = DispatchQueue(label: "lla.interruption")
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                StandardError.shared.line("lla: stopped; \(farewell)")
                // As a shell says it of what a signal ended: 130 or 143. The threads of the fit are not waited for.
                _exit(128 + number)
            }
            source.activate()
            return source
        }
    }

    /// From here on the program cannot be stopped: what is being written takes a moment, and then it ends by itself.
    func end() {
        for source in sources { source.cancel() }
    }
}
