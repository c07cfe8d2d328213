import Foundation
import StochasticEM
import TestSupport

/// Damages a model folder at many seeded places; each must be refused. See run.sh.
///
///     damage MODEL ANOTHER CASES SEED
@main struct Damage {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let cases = Int(arguments[3]), let seed = UInt64(arguments[4]) else {
            print("damage MODEL ANOTHER CASES SEED")
            exit(64)
        }
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("damaged-\(UUID().uuidString)").path
        let trials = try DamageTrials(of: arguments[1], another: arguments[2], at: place, judge: judge)
        let start = Date()
        let summary = try trials.run(cases, seed: seed) { number, damage in
            // The last line before a crash says which damage it was.
            if number % 1000 == 0 { print("\(number): \(damage)") }
        }
        for kind in FolderDamage.Kind.allCases { print("\(kind.rawValue) \(summary.trials[kind, default: 0])") }
        print(String(
            format: "%d of %d refused; the longest took %.3f s, all of them %.0f s", summary.refused, summary.count, summary.longest,
            Date().timeIntervalSince(start)))
        for finding in summary.findings { print(finding) }
        exit(summary.findings.isEmpty && summary.refused == cases ? 0 : 1)
    }

    /// By what a prediction reads, and then by what a fit goes on from, where there is such a thing.
    static func judge(_ path: String) -> DamageTrials.Verdict {
        do {
            _ = try LatentLSTMAllocation.load(path)
            let checkpoint = try CheckpointFolder(model: path).latest()
            return .found(checkpoint == nil ? "it was loaded" : "it was loaded, and its checkpoint too")
        } catch let error as ModelFolderError {
            let isClear = [65, 66].contains(error.exitCode) && error.file.hasPrefix(path) && !error.what.isEmpty && !error.remedy.isEmpty
            return isClear ? .refused : .found("it was refused with \(error)")
        } catch {
            return .found("it was refused with \(error)")
        }
    }
}
