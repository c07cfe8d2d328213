extension LogInspection {
    /// What a reader should know before a fit; one sentence or two each.
    public var warnings: [String] {
        var warnings: [String] = []
        if let warning = logTimes.warning { warnings.append(warning.prefix(1).uppercased() + warning.dropFirst() + ".") }
        if order.looksSorted {
            warnings.append("Order is suspicious: of \(grouped(order.pairs)) pairs of frequent items, \(grouped(order.pairsInBothOrders)) come in both orders. "
                + "Sequences seem to be sorted sets; a model of order would learn the sort.")
        }
        if let orderWithinTies, orderWithinTies.looksSorted, !order.looksSorted {
            warnings.append("Events of one time seem to be sorted by item: of \(grouped(orderWithinTies.pairs)) pairs, "
                + "\(grouped(orderWithinTies.pairsInBothOrders)) come in both orders. Shuffle the rows of one user and time before a fit.")
        }
        if sequences == 0 {
            warnings.append("No sequence has \(minLength) events: nothing is left to fit. Lower --min-length.")
        } else if vocabulary == 0 {
            warnings.append("No item was seen \(minCount) times: nothing is left to fit. Lower --min-count.")
        } else if rows > 0, Double(events) < 0.5 * Double(rows) {
            warnings.append("\(percent(rows - events, rows)) of all events fall away with \(cuts). Lower what is too high, or use coarser items.")
        }
        if sequences > 0, lengths.ofOneEvent * 2 > sequences {
            warnings.append("\(percent(lengths.ofOneEvent, sequences)) of all sequences have one event: they teach nothing about order.")
        }
        return warnings
    }

    /// All of it, for people.
    public var report: String {
        var lines = [
            line("events", grouped(rows) + (badRows.total > 0 ? "; \(badRows.words)" : "")
                + (stopWords > 0 ? "; \(percent(stopWords, rows + stopWords)) of all words were stop words" : "")),
            line("users", grouped(users)),
            line("items", grouped(items)),
        ]
        if let times {
            lines.append(line("times", "\(moment(times.first)) to \(moment(times.last)); \(percent(times.ties, rows)) as the user's event before"))
        } else {
            lines.append(line("times", "none: events are in the order of the file"))
        }
        lines += [
            line("rows", isInOrder ? "users one behind the other" : "users interleaved"),
            line("repeats", "\(percent(repeats, rows)) have the item of the event before"),
            line("sequences", grouped(sequences) + (shortSequences > 0 ? "; \(grouped(shortSequences)) of fewer than \(minLength) events were left out" : "")),
            line("lengths", "mean \(oneDecimal(lengths.mean)); shortest \(lengths.shortest), quartiles \(lengths.lowerQuartile) \(lengths.median) "
                + "\(lengths.upperQuartile), 99 % \(lengths.ninetyNinth), longest \(grouped(lengths.longest))"),
            line("vocabulary", "\(grouped(vocabulary)) items seen at least \(minCount) times; \(percent(rareItems, items)) of the items are rarer"
                + (cutItems > 0 ? ", \(percent(cutItems, items)) are not among the most frequent" : "")),
            line("left", "\(grouped(events)) events, \(grouped(trainingEvents)) of them observed"),
        ]
        lines.append(line("order", describe(order)))
        if let orderWithinTies { lines.append(line("within ties", describe(orderWithinTies))) }
        lines.append(line("next items", describe(orderTest)))
        lines += warnings.map { "! " + $0 }
        return lines.joined(separator: "\n")
    }

    private var logTimes: LogTimes {
        if times == nil { return .fileOrder(unread: unreadTimes) }
        return datesAsNumbers ? .datesAsNumbers : .every
    }

    /// What events fall away with.
    private var cuts: String {
        var cuts = ["--min-count \(minCount)"]
        if cutItems > 0 { cuts.append("--vocabulary-size \(vocabulary)") }
        if shortSequences > 0 { cuts.append("--min-length \(minLength)") }
        return cuts.joined(separator: ", ") + " and repeats"
    }

    private func line(_ name: String, _ text: String) -> String {
        name + String(repeating: " ", count: max(1, 12 - name.count)) + text
    }

    private func describe(_ evidence: OrderEvidence) -> String {
        guard evidence.pairs > 0 else { return "no pair of items was seen often enough to tell" }
        return "\(percent(evidence.pairsInBothOrders, evidence.pairs)) of \(grouped(evidence.pairs)) pairs of frequent items come in both orders"
    }

    private func describe(_ test: OrderTest) -> String {
        guard test.tested > 0 else { return "no sequence is long enough to tell what order gives away" }
        return "\(percent(test.real)) foreseen from the item before, \(percent(test.shuffled)) once sequences are shuffled: "
            + "order carries \(test.carriesMuch ? "much" : "little")"
    }
}

private func percent(_ share: Double) -> String { oneDecimal(100 * share) + " %" }

/// 1,469,307.
private func grouped(_ number: Int) -> String {
    var text = ""
    for (place, digit) in String(number).reversed().enumerated() {
        if place > 0, place % 3 == 0, digit != "-" { text.append(",") }
        text.append(digit)
    }
    return String(text.reversed())
}

private func oneDecimal(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return "\(grouped(tenths / 10)).\(abs(tenths % 10))"
}

private func percent(_ part: Int, _ whole: Int) -> String {
    whole == 0 ? "0 %" : oneDecimal(100 * Double(part) / Double(whole)) + " %"
}

/// A date, if the number can be one of our days; else the number.
private func moment(_ seconds: Double) -> String {
    guard seconds >= 1e8 else { return seconds == seconds.rounded() ? grouped(Int(seconds)) : oneDecimal(seconds) }
    let date = Timestamp(microseconds: Int64(seconds) * Timestamp.perSecond).date
    func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(date.year)-\(padded(date.month))-\(padded(date.day))"
}
