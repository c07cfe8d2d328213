import Testing
@testable import TopicHierarchies
