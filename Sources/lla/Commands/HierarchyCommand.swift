import ArgumentParser
import StochasticEM
import TopicHierarchies

extension TreeFormat: ExpressibleByArgument {}
extension Linkage.Method: ExpressibleByArgument {}

struct HierarchyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hierarchy",
        abstract: "Draw the topics of a model as a tree.",
        discussion: """
            Topics are merged two by two, those with the most similar embeddings first: those
            that the network takes for the same sort of past.

              lla hierarchy clicks.model
              lla hierarchy clicks.model --format svg > tree.svg
              lla hierarchy clicks.model --branch 57 --format svg > part.svg
            """)

    @OptionGroup var input: ModelArgument

    @Option(help: ArgumentHelp(
        "text for a terminal, json for d3, newick for phylogeny programs, graphml for Gephi and yEd, dot for Graphviz, csv for tables, svg for papers.",
        valueName: "format"))
    var format = TreeFormat.text

    @Option(help: ArgumentHelp("Which topics are merged: ward's least increase in variance, or average distance.", valueName: "linkage"))
    var linkage = Linkage.Method.ward

    @Option(name: [.customShort("n"), .customLong("items")], help: ArgumentHelp("Items that a topic or branch is called by.", valueName: "count"))
    var count = 5

    @Option(help: ArgumentHelp(
        "A node to draw with all below it, by its number as csv and json have it; for text and svg. (default: the whole tree)",
        valueName: "node"))
    var branch: Int?

    mutating func validate() throws {
        if !(1...1000).contains(count) { throw ValidationError("--items \(count) cannot be (choose between 1 and 1,000)") }
    }

    func run() throws {
        let (model, _, _) = try LatentLSTMAllocation.load(input.model)
        let linkage = try Linkage(points: model.topicEmbeddings.flatMap { $0 }, count: model.counts.topics, method: linkage)
        let tree = TopicTree(
            linkage: linkage, shares: model.shares, itemNames: model.vocabulary.items, labelLength: count,
            phi: model.itemDistribution)
        try StandardOutput.write(try drawn(tree))
    }

    private func drawn(_ tree: TopicTree) throws -> String {
        let ink = Ink.ofStandardOutput
        guard let branch else { return format == .text ? ink.tree(format.render(tree)) : format.render(tree) }
        guard tree.nodes.indices.contains(branch) else {
            throw Refusal(
                code: ExitCodes.usage, message: "--branch \(branch) cannot be",
                remedy: "choose between 0 and \(tree.nodes.count - 1); --format csv lists the nodes")
        }
        guard let text = format.render(tree, branch: branch) else {
            throw Refusal(
                code: ExitCodes.usage, message: "--branch goes with drawings", remedy: "give --format text or svg, or leave it out")
        }
        return format == .text ? ink.tree(text) : text
    }
}
