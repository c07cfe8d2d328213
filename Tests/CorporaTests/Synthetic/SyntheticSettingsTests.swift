import Foundation
import Testing
@testable import Corpora

@Suite struct SyntheticSettingsTests {
    /// A change that makes the named setting senseless.
    struct Bad: Sendable {
        let name: String
        let change: @Sendable (inout SyntheticSettings) -> Void

        init(_ name: String, _ change: @escaping @Sendable (inout SyntheticSettings) -> Void) {
            self.name = name
            self.change = change
        }
    }

    @Test func defaultsAreValid() throws {
        try SyntheticSettings().validate()
    }

    @Test(arguments: [
        Bad("topics") { $0.topics = 0 },
        Bad("topics") { $0.topics = 5_000; $0.items = 5_000 },
        Bad("items") { $0.items = 0 },
        Bad("sequences") { $0.sequences = -1 },
        Bad("lengths") { $0.lengths = 0...5 },
        Bad("lengths") { $0.lengths = 1...100_000_001 },
        Bad("support") { $0.support = 0 },
        Bad("support") { $0.support = 1.5 },
        Bad("support") { $0.support = .nan },
        Bad("support") { $0.support = 0.0001 },
        Bad("concentration") { $0.concentration = 0 },
        Bad("concentration") { $0.concentration = .infinity },
        Bad("concentration") { $0.concentration = .nan },
        Bad("concentration") { $0.concentration = 1e307 },
        Bad("concentration") { $0.concentration = .leastNonzeroMagnitude },
        Bad("observe") { $0.observe = 1.1 },
        Bad("topics") { $0.topics = 1; $0.dynamics = .markov(successors: 1, stay: 0) },
        Bad("successors") { $0.dynamics = .markov(successors: 20, stay: 0) },
        Bad("stay") { $0.dynamics = .markov(successors: 3, stay: 1) },
        Bad("tasks") { $0.dynamics = .tasks(count: 1, stay: 0.1, interruption: 0.1, meanRun: 5) },
        Bad("tasks") { $0.dynamics = .tasks(count: 21, stay: 0.1, interruption: 0.1, meanRun: 5) },
        Bad("stay") { $0.dynamics = .tasks(count: 4, stay: -0.1, interruption: 0.1, meanRun: 5) },
        Bad("interruption") { $0.dynamics = .tasks(count: 4, stay: 0.1, interruption: 1, meanRun: 5) },
        Bad("meanRun") { $0.dynamics = .tasks(count: 4, stay: 0.1, interruption: 0.1, meanRun: 0.5) },
    ])
    func refusesWhatMakesNoSense(bad: Bad) throws {
        var settings = SyntheticSettings()
        bad.change(&settings)
        let error = try #require(throws: SyntheticError.self) { try SyntheticProcess(settings) }
        #expect("\(error)".contains("\(bad.name) = "))
    }

    /// At both ends of its range a topic's probabilities are numbers, and sum to 1.
    @Test(arguments: [1e-100, 1e100]) func anyConcentrationInRangeMakesTopics(concentration: Double) throws {
        var settings = SyntheticSettings()
        settings.concentration = concentration
        for topic in try SyntheticProcess(settings).topics.items {
            #expect(abs(topic.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
        }
    }

    @Test(arguments: [
        SyntheticSettings.Dynamics.markov(successors: 3, stay: 0.25),
        .tasks(count: 4, stay: 0.15, interruption: 0.1, meanRun: 5),
    ])
    func survivesJSON(dynamics: SyntheticSettings.Dynamics) throws {
        var settings = SyntheticSettings()
        settings.dynamics = dynamics
        settings.lengths = 10...90
        let json = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode(SyntheticSettings.self, from: json) == settings)
    }
}
