import ArgumentParser
import StochasticEM

extension FitSettings.Cell: ExpressibleByArgument {}

/// How large a model is.
struct SizeOptions: ParsableArguments {
    /// The width of a topic's embedding, or none.
    struct Embedding: ExpressibleByArgument {
        let width: Int?

        init(width: Int?) { self.width = width }

        init?(argument: String) {
            if argument == "none" {
                width = nil
            } else if let width = Int(argument) {
                self.width = width
            } else {
                return nil
            }
        }

        var defaultValueDescription: String { width.map(String.init) ?? "none" }
    }

    @Option(name: [.customShort("K"), .long], help: ArgumentHelp("Topics.", valueName: "count", standard: FitSettings().topics))
    var topics: Int?

    @Option(name: [.customShort("H"), .long], help: ArgumentHelp("Hidden units of the recurrent layer.", valueName: "count", standard: FitSettings().hidden))
    var hidden: Int?

    @Option(help: ArgumentHelp(
        "The network's recurrent layer: lstm; gru, three quarters of its weights; elman, a quarter of them. (default: \(FitSettings().recurrentCell))",
        valueName: "cell"))
    var cell: FitSettings.Cell?

    @Option(help: ArgumentHelp(
        "Width of the row of a topic at the LSTM's input, or of an item where items are read; none, for topics alone: each topic's contribution to the gates is learned itself.",
        valueName: "count", standard: Embedding(width: FitSettings().embedding)))
    var embedding: Embedding?

    /// What was given takes the place of what is there.
    func apply(to settings: inout FitSettings) {
        settings.topics = topics ?? settings.topics
        settings.hidden = hidden ?? settings.hidden
        // One that has always been there goes without saying: what is equal has equal settings.
        settings.cell = cell.map { $0 == .lstm ? nil : $0 } ?? settings.cell
        guard let embedding else { return }
        settings.embedding = embedding.width
        // Its units are then not there to be left out.
        if embedding.width == nil { settings.inputDropout = 0 }
    }
}
