import ArgumentParser
import TopicHierarchies

/// What `lla hierarchy` writes: a tree in one of the formats that programs take, or a page for people.
enum HierarchyFormat: ExpressibleByArgument, Equatable {
    case export(TreeFormat)
    case html

    init?(argument: String) {
        if argument == HierarchyFormat.html.defaultValueDescription {
            self = .html
        } else if let format = TreeFormat(rawValue: argument) {
            self = .export(format)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .export(let format): format.rawValue
        case .html: "html"
        }
    }

    static let allValueStrings = TreeFormat.allCases.map(\.rawValue) + [HierarchyFormat.html.defaultValueDescription]
}
