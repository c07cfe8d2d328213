import StochasticEM
import Testing
@testable import ModelReports

/// What a page says that a model was fitted with.
@Suite struct FitSectionTests {
    private func told(_ settings: FitSettings) -> [String: String] {
        let list = FitSection([], settings: settings, scores: []).settings
        return Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0.value) })
    }

    @Test func `What was not set is said as it holds`() {
        var settings = FitSettings()
        settings.variant = .char
        let char = told(settings)
        for (name, value) in ["cell": "lstm", "unknownItems": "input", "characterEmbedding": "16", "characterHidden": "64", "particles": "1", "warmUp": "0.3"] {
            #expect(char[name] == value, "\(name)")
        }
        settings.variant = .topic
        let topic = told(settings)
        for (name, value) in ["cell": "lstm", "unknownItems": "skip", "characterEmbedding": "none", "characterHidden": "none", "particles": "4", "adam.rate": "0.003"] {
            #expect(topic[name] == value, "\(name)")
        }
        // Each under the name that settings.json has, and none is lost.
        #expect(Set(topic.keys) == Set(char.keys) && topic.count > 30)
    }

    @Test func `What was set is said as it was`() {
        var settings = FitSettings()
        (settings.variant, settings.cell, settings.unknownItems, settings.characterEmbedding, settings.characterHidden) = (.char, .gru, .skip, 3, 5)
        (settings.warmUp, settings.start, settings.lanes) = (0.7, .lda, 9)
        let told = told(settings)
        for (name, value) in [
            "cell": "gru", "unknownItems": "skip", "characterEmbedding": "3", "characterHidden": "5", "warmUp": "0.7", "start": "lda", "lanes": "9",
        ] { #expect(told[name] == value, "\(name)") }
        // There is none, and that is what holds.
        settings.embedding = nil
        #expect(self.told(settings)["embedding"] == "none")
    }
}
