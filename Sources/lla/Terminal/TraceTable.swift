import ModelReports
import StochasticEM
import TopicHierarchies

/// A trace as lines of 80 columns.
struct TraceTable {
    private let model: LatentLSTMAllocation
    private let ink = Ink.ofStandardOutput
    private static let width = 80
    /// Columns of the number in front, of a topic, and of the three that were expected.
    private static let numberWidth = 5, topicWidth = 10, expectedWidth = 39

    init(_ model: LatentLSTMAllocation) { self.model = model }

    func text(_ trace: TopicTrace) -> String {
        let itemWidth = Self.width - Self.numberWidth - Self.topicWidth - Self.expectedWidth - 3
        var lines = [
            "user \(trace.user.printable): \(trace.steps.count) events of known items".cut(toWidth: Self.width),
            ink.faint(
                "event".right(to: Self.numberWidth) + " " + "item".padded(to: itemWidth) + " " + " topic".padded(to: Self.topicWidth)
                    + " expected before it"),
        ]
        for (place, step) in trace.steps.enumerated() {
            let item = model.vocabulary.items[step.item].printable.cut(toWidth: itemWidth)
            lines.append(
                "\(place + 1)".right(to: Self.numberWidth) + " " + item + String(repeating: " ", count: max(0, itemWidth - item.displayWidth)) + " "
                    + cell(step.topic).padded(to: Self.topicWidth) + " " + expected(step.expected, came: step.topic.topic))
        }
        lines.append(ink.faint("next".right(to: Self.numberWidth)) + " " + String(repeating: " ", count: itemWidth + Self.topicWidth + 2)
            + expected(trace.next, came: nil))
        let hits = trace.steps.count { $0.rank != nil }
        if !trace.steps.isEmpty {
            lines.append("the topic that came was among the three expected in \(hits) of \(trace.steps.count) events")
        }
        let named = Set(trace.next.map(\.topic) + trace.steps.map(\.topic.topic)).sorted()
        lines.append("")
        for topic in named {
            let items = model.topItems(of: topic, count: 5).map { model.vocabulary.items[$0.item].printable }.joined(separator: ", ")
            lines.append("\(topic)".right(to: Self.numberWidth) + " " + items.cut(toWidth: Self.width - Self.numberWidth - 1))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// "  12 .87": a topic and how likely it is.
    private func cell(_ share: TopicTrace.Share) -> String { "\(share.topic)".right(to: 4) + " " + share.probability.probability }

    private func expected(_ shares: [TopicTrace.Share], came: Int?) -> String {
        shares.map { share in
            let plain = share.topic == came ? "[\(cell(share))]" : " \(cell(share)) "
            let padded = plain.padded(to: Self.expectedWidth / 3)
            return share.topic == came ? ink.good(padded) : padded
        }.joined().trimmingEnd
    }
}

extension String {
    /// Without spaces at the end.
    fileprivate var trimmingEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
