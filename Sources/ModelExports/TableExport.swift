import StochasticEM

/// A model's topics as a table: `topic,item,count,probability`, a row for each item that a topic has events of, in RFC 4180's CSV.
/// Topics stand in their order, and in each the items with most events first.
public struct TableExport {
    /// The whole table, heading included; each line ends in CR LF.
    public let text: String

    /// The table of all K topics.
    public init(_ model: LatentLSTMAllocation) {
        let names = (0..<model.vocabulary.count).map { Self.field(model.vocabulary.items[$0]) }
        var text = "topic,item,count,probability\r\n"
        for topic in 0..<model.counts.topics {
            let phi = model.itemDistribution(of: topic)
            let items = names.indices.map { ($0, model.counts.count($0, topic)) }.filter { $0.1 > 0 }
            for (item, count) in items.sorted(by: { ($1.1, $0.0) < ($0.1, $1.0) }) {
                text += "\(topic),\(names[item]),\(count),\(phi[item])\r\n"
            }
        }
        self.text = text
    }

    /// In quotes where the field would be cut otherwise.
    static func field(_ name: String) -> String {
        let divides: (Unicode.Scalar) -> Bool = { $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n" }
        guard name.unicodeScalars.contains(where: divides) else { return name }
        return "\"" + name.unicodeScalars.reduce(into: "") { $0 += $1 == "\"" ? "\"\"" : String($1) } + "\""
    }
}
