import ModelReports
import StochasticEM
import TopicHierarchies

/// A trace as lines of 80 columns, one an event. Events are numbered by their places in the sequence; those of unknown items, which have no topic,
/// stand among the others.
struct TraceTable {
    private let model: LatentLSTMAllocation
    private let ink = Ink.ofStandardOutput
    private static let width = 80
    /// Columns of the number in front, of a topic, and of the three that were expected.
    private static let numberWidth = 5, topicWidth = 10, expectedWidth = 39

    init(_ model: LatentLSTMAllocation) { self.model = model }

    func text(_ trace: PlacedTrace) -> String {
        let itemWidth = Self.width - Self.numberWidth - Self.topicWidth - Self.expectedWidth - 3
        let steps = trace.steps.map(\.step), strangers = trace.events.count - steps.count
        let session = trace.session.map { ", session \($0.number) of \($0.count)" } ?? ""
        let others = strangers > 0 ? ", \(strangers) of unknown ones" : ""
        var lines = [
            "user \(trace.user.printable)\(session): \(steps.count) events of known items\(others)".cut(toWidth: Self.width),
            ink.faint(
                "event".right(to: Self.numberWidth) + " " + "item".padded(to: itemWidth) + " " + " topic".padded(to: Self.topicWidth)
                    + " expected before it"),
        ]
        for (place, event) in zip(1..., trace.events) {
            let number = "\(place)".right(to: Self.numberWidth) + " "
            switch event {
            case .known(let step):
                lines.append(
                    number + fitted(model.vocabulary.items[step.item], itemWidth) + " " + cell(step.topic).padded(to: Self.topicWidth) + " "
                        + expected(step.expected, came: step.topic.topic))
            case .unknown(let name): lines.append(ink.faint(number + fitted(name, itemWidth) + "  unknown"))
            }
        }
        lines.append(ink.faint("next".right(to: Self.numberWidth)) + " " + String(repeating: " ", count: itemWidth + Self.topicWidth + 2)
            + expected(trace.next, came: nil))
        let hits = steps.count { $0.rank != nil }
        if !steps.isEmpty {
            lines.append("the topic that came was among the three expected in \(hits) of \(steps.count) events")
        }
        let named = Set(trace.next.map(\.topic) + steps.map(\.topic.topic)).sorted()
        lines.append("")
        for topic in named {
            let items = model.topItems(of: topic, count: 5).map { model.vocabulary.items[$0.item].printable }.joined(separator: ", ")
            lines.append(
                "\(topic)".right(to: Self.numberWidth) + " "
                    + (model.isEmpty(topic) ? ink.faint("no events") : items.cut(toWidth: Self.width - Self.numberWidth - 1)))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A name in so many columns.
    private func fitted(_ name: String, _ width: Int) -> String {
        let cut = name.printable.cut(toWidth: width)
        return cut + String(repeating: " ", count: max(0, width - cut.displayWidth))
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
