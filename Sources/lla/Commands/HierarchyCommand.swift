import ArgumentParser

struct HierarchyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "hierarchy")
}
