import Testing
@testable import TopicSampling
