@testable import Corpora

/// What every reader of logs obeys, whatever the bytes: it comes to an end, with rows that lie in order, or with an error that
/// names the file and a remedy; and it comes to the same however the bytes are cut.
package enum ReaderLaws {
    /// What came of a log.
    struct Outcome: Equatable {
        var rows: [[UInt8]] = []
        var lines: [Int] = []
        var errors: [LogError] = []
    }

    /// Reads the bytes in one go and in small portions, and compares.
    package static func check(_ bytes: UnsafeRawBufferPointer, as format: Format) {
        let whole = outcome(of: bytes, portion: max(bytes.count, 1), capacity: bytes.count + 16, format)
        let cut = outcome(of: bytes, portion: 1 + bytes.count % 7, capacity: 8, format)
        precondition(whole == cut, "the bytes' portions decide what is read")
        precondition(zip(whole.lines, whole.lines.dropFirst()).allSatisfy(<), "rows are not in order")
    }

    package enum Format { case csv, jsonLines }

    /// Goes on behind bad rows, as with leave to skip them.
    private static func outcome(of bytes: UnsafeRawBufferPointer, portion: Int, capacity: Int, _ format: Format) -> Outcome {
        var outcome = Outcome(), row = Row()
        func note(_ error: LogError) {
            precondition(error.kind == .badData && error.file == "fuzz" && !error.remedy.isEmpty && !error.message.isEmpty, "an error without words")
            precondition(error.fault == nil || error.line != nil, "a bad row without a line")
            outcome.errors.append(error)
        }
        do throws(LogError) {
            let reader = try LineReader(BytesInPortions(bytes, portion: portion), capacity: capacity)
            let rows: any RowSource = switch format {
            case .csv: try DelimitedRows(reader, format: .csv, layout: LogLayout(user: "u", time: .ifPresent("t"), item: "i"))
            case .jsonLines: try JSONRows(reader, layout: LogLayout(user: "u", time: .ifPresent("t"), item: "i"))
            }
            while true {
                do throws(LogError) {
                    guard try rows.next(&row) else { return outcome }
                    outcome.lines.append(row.line)
                    outcome.rows.append(Array(row.user))
                    outcome.rows.append(Array(row.item))
                    if let time = row.time {
                        outcome.rows.append(Array(time))
                        // Whatever it says, it is a time or none.
                        _ = Timestamp(time)
                    }
                    _ = isUTF8(row.user) && isUTF8(row.item)
                } catch {
                    note(error)
                    guard error.fault != nil else { return outcome }
                }
            }
        } catch {
            note(error)
            return outcome
        }
    }
}
