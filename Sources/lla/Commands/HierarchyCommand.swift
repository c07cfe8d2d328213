import ArgumentParser
import Corpora
import Evaluation
import Foundation
import ModelReports
import StochasticEM
import TopicHierarchies

extension Linkage.Method: ExpressibleByArgument {}

struct HierarchyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hierarchy",
        abstract: "Draw the topics or the items of a model as a tree, or score the tree.",
        discussion: """
            Topics are merged two by two, those with the most similar embeddings first:
            those that the network takes for the same sort of past.

              lla hierarchy clicks.model
              lla hierarchy clicks.model --format svg > tree.svg
              lla hierarchy clicks.model --branch 57 --format svg > part.svg

            With a log, the tree is one of items: merged are those that the model meets
            among the same topics, as it reads the log. It takes memory for the distances
            of all items from each other.

              lla hierarchy clicks.model clicks.tsv --format html > items.html

            With --score, the tree is compared with a hierarchy that people made, where
            items' names are paths in it, such as dairy/cheese/gouda: by dendrogram purity
            (of two items of one label, which share of the smallest branch with both has
            it) and adjusted mutual information. In a tree of topics, an item belongs to
            the topic that it mostly has.

              lla hierarchy purchases.model --score
              lla hierarchy purchases.model purchases.tsv --score
            """)

    @OptionGroup var input: ModelArgument

    @Argument(help: ArgumentHelp("Logs whose items are to be the leaves.", valueName: "log"), completion: .file())
    var logs: [String] = []

    @Option(help: ArgumentHelp(
        "text for a terminal, json for d3, newick for phylogeny programs, graphml for Gephi and yEd, dot for Graphviz, csv for tables, svg for papers, html for a browser.",
        valueName: "format"))
    var format = HierarchyFormat.export(.text)

    @Option(help: ArgumentHelp("Which are merged: ward's least increase in variance, or average distance.", valueName: "linkage"))
    var linkage = Linkage.Method.ward

    @Option(name: [.customShort("n"), .customLong("items")], help: ArgumentHelp("Items that a topic or branch is called by; in a page at most five.", valueName: "count"))
    var count = 5

    @Option(help: ArgumentHelp(
        "A node to draw with all below it, by its number as csv and json have it; for text and svg. (default: the whole tree)",
        valueName: "node"))
    var branch: Int?

    @Flag(help: "Score the tree by the paths in items' names instead of drawing it; --format text or json.")
    var score = false

    @Option(help: ArgumentHelp("What divides the levels of a path in an item's name. (default: /)", valueName: "text"))
    var separator: String?

    @OptionGroup(title: "Log") var log: LogOptions
    @OptionGroup var filter: FilterOptions
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var memory: MemoryOptions

    mutating func validate() throws {
        if !(1...1000).contains(count) { throw ValidationError("--items \(count) cannot be (choose between 1 and 1,000)") }
        if !score, separator != nil { throw ValidationError("--separator is for --score (give both, or leave it out)") }
        if logs.isEmpty {
            let reason = "the tree of topics is drawn without a log (name one behind the model for a tree of items, or leave it out)"
            try log.checkNoneGiven(reason)
            try filter.checkNoneGiven(reason)
        }
        if separator == "" { throw ValidationError("--separator cannot be nothing (give what divides the levels, such as /)") }
        guard score else { return }
        if branch != nil { throw ValidationError("--branch goes with drawings, and --score with the whole tree (leave one of them out)") }
        if ![.export(.text), .export(.json)].contains(format) {
            throw ValidationError("--score is not written as --format \(format.defaultValueDescription) (choose text or json)")
        }
    }

    func run() throws {
        var (model, description, _) = try LatentLSTMAllocation.load(input.model)
        // Names that have no levels are refused before the tree is made.
        let labels = score ? try PathLabels(model.vocabulary.items, separator: separator ?? "/") : nil
        model.particles = try filter.copies(for: model, at: input.model)
        let tree = try tree(model, description)
        guard let labels else { return try StandardOutput.write(try drawn(tree, model)) }
        let scores = HierarchyScores(tree, model: model, labels: labels)
        if format == .export(.json) { return try StandardOutput.write(document: scores) }
        try StandardOutput.write(table(scores))
    }

    private func tree(_ model: LatentLSTMAllocation, _ description: ModelDescription) throws -> TopicTree {
        if logs.isEmpty {
            try memory.check(Memory.shortage(forTreeOfTopicsOf: model))
            return try TopicTree(topicsOf: model, linkage: linkage, labelLength: count)
        }
        try memory.check(Memory.shortage(forParticles: model.particles, of: model) ?? Memory.shortage(forTreeOfItemsOf: model))
        let corpus = try log.corpus(logs, of: model, description, remedy: "leave out the log")
        return try TopicTree(itemsOf: model, in: corpus, linkage: linkage, labelLength: count, shards: threads.shards)
    }

    private func table(_ scores: HierarchyScores) -> String {
        let ink = Ink.ofStandardOutput
        let others = scores.itemsWithoutTopic > 0 ? "; \(scores.itemsWithoutTopic) that no event was learned from are left out" : ""
        var lines = [
            "\(scores.items) items\(scores.topics.map { " of \($0) topics" } ?? "")\(others)",
            ink.faint("               dendrogram purity                     mutual information"),
            ink.faint("level  labels  items  by events  topics  no tree      topics  branches"),
        ]
        for level in scores.levels {
            func value(_ value: Double?, _ width: Int) -> String { (value?.fixed(3) ?? "–").right(to: width) }
            lines.append(
                ink.strong("\(level.level)".right(to: 5)) + "\(level.labels)".right(to: 8) + value(level.purity, 7) + value(level.purityByEvents, 11)
                    + value(level.topicPurity, 8) + value(level.purityOfOneNode, 9) + value(level.information, 12) + value(level.branchInformation, 10))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func drawn(_ tree: TopicTree, _ model: LatentLSTMAllocation) throws -> String {
        let ink = Ink.ofStandardOutput
        guard let branch else {
            switch format {
            case .html: return try TreePage(tree, of: model, title: URL(fileURLWithPath: input.model).lastPathComponent).html
            case .export(.text): return ink.tree(TreeFormat.text.render(tree))
            case .export(let format): return format.render(tree)
            }
        }
        guard tree.nodes.indices.contains(branch) else {
            throw Refusal(
                code: ExitCodes.usage, message: "--branch \(branch) cannot be",
                remedy: "choose between 0 and \(tree.nodes.count - 1); --format csv lists the nodes")
        }
        guard case .export(let part) = format, let text = part.render(tree, branch: branch) else {
            throw Refusal(
                code: ExitCodes.usage, message: "--branch goes with drawings", remedy: "give --format text or svg, or leave it out")
        }
        return part == .text ? ink.tree(text) : text
    }
}
