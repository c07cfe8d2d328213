import Corpora
import Foundation
import Kernels
import Testing
import TopicSampling
@testable import StochasticEM

@Suite struct SavedModelTests {
    static func fitted(_ change: (inout FitSettings) -> Void = { _ in }) throws -> (model: LatentLSTMAllocation, epochs: [EpochRecord], log: Corpus) {
        let log = try SmallFit.log().corpus
        let settings = SmallFit.settings {
            $0.epochs = 2
            change(&$0)
        }
        let (model, epochs) = try SmallFit.run(log, settings)
        return (model, epochs, log)
    }

    /// What is loaded is what was saved: every number, and all that it says of a log, to the bit.
    @Test(arguments: ReproducibilityTests.ways.indices)
    func roundTrip(way: Int) throws {
        let (model, epochs, log) = try SavedModelTests.fitted(ReproducibilityTests.ways[way].change)
        let folder = try TemporaryFolder(), path = folder.path + "/model"
        let options = try CorpusOptions(
            minCount: 3, vocabularySize: 70, observe: 0.6, sessionGap: 1800, dropRepeats: true, minLength: 2, stopWords: StopWords(["the", "of"]))
        try model.save(to: path, options: options, times: .fileOrder(unread: []), training: epochs)
        let (loaded, description, training) = try LatentLSTMAllocation.load(path)
        #expect(SmallFit.bits(loaded) == SmallFit.bits(model))
        #expect(loaded.settings == model.settings && loaded.vocabulary == model.vocabulary)
        #expect(description == ModelDescription(fit: model.settings, options: options, times: .fileOrder(unread: [])) && description.hasTimes == false)
        #expect(training == epochs)
        #expect(loaded.counts.violation == nil)
        #expect(reading(loaded, log) == reading(model, log))
        let before = Predictor(model, count: 4, shards: Shards(threads: 1)).predict(log)
        #expect(Predictor(loaded, count: 4, shards: Shards(threads: 1)).predict(log) == before)
    }

    /// What describes a model of an earlier version says nothing of settings that came later: they are as they were then.
    @Test func earlierDescriptionsAreRead() throws {
        let options = try CorpusOptions(minCount: 3, vocabularySize: 70, minLength: 2, stopWords: StopWords(["the"]))
        let whole = ModelDescription(fit: FitSettings(), options: options, times: .every)
        #expect(whole.vocabularySize == 70 && whole.minLength == 2 && whole.stopWords == ["the"] && whole.hasTimes == true)
        let encoded = try JSONSerialization.jsonObject(with: JSONEncoder().encode(whole))
        var object = try #require(encoded as? [String: Any])
        for key in ["vocabulary_size", "min_length", "stop_words", "has_times"] { #expect(object.removeValue(forKey: key) != nil) }
        let earlier = try JSONDecoder().decode(ModelDescription.self, from: JSONSerialization.data(withJSONObject: object))
        #expect(earlier == ModelDescription(fit: FitSettings(), options: try CorpusOptions(minCount: 3)))
    }

    /// Folders whose checksums are right and whose parts do not fit together: refused, with the file that is at fault.
    static let damages: [(name: String, file: String, spoil: @Sendable (inout ModelFiles) throws -> Void)] = [
        ("no counts", ModelFolder.tensorFile, { $0.tensors.removeAll { $0.name == "item_topic_counts" } }),
        ("no recurrent weights", ModelFolder.tensorFile, { $0.tensors.removeAll { $0.name == "recurrent" } }),
        ("no bias", ModelFolder.tensorFile, { $0.tensors.removeAll { $0.name == "output_bias" } }),
        ("no gate table", ModelFolder.tensorFile, { $0.tensors.removeAll { $0.name == "gate_table" } }),
        ("weights of another shape", ModelFolder.tensorFile, { files in
            try replace(&files, "output") { Tensor("output", shape: [$0.shape[1], $0.shape[0]], try floats($0)) }
        }),
        ("flattened weights", ModelFolder.tensorFile, { files in
            try replace(&files, "recurrent") { Tensor("recurrent", shape: [$0.shape[0] * $0.shape[1]], try floats($0)) }
        }),
        ("counts as floats", ModelFolder.tensorFile, { files in
            try replace(&files, "item_topic_counts") { Tensor($0.name, shape: $0.shape, [Float](repeating: 1, count: $0.shape[0] * $0.shape[1])) }
        }),
        ("a weight that is not a number", ModelFolder.tensorFile, { files in try spoilWeight(&files, .nan) }),
        ("an infinite weight", ModelFolder.tensorFile, { files in try spoilWeight(&files, -.infinity) }),
        ("a negative count", ModelFolder.tensorFile, { files in try spoilCounts(&files) { $0[7] = -1 } }),
        ("counts beyond 32 bits", ModelFolder.tensorFile, { files in
            try spoilCounts(&files) { for i in $0.indices { $0[i] = .max } }
        }),
        ("an item too few", ModelFolder.tensorFile, { files in
            files.vocabulary = Vocabulary(items: files.vocabulary.items.dropLast(), counts: files.vocabulary.counts.dropLast())
        }),
        ("an empty vocabulary", ModelFolder.vocabularyFile, { files in
            files.vocabulary = Vocabulary(items: [], counts: [])
            try replace(&files, "item_topic_counts") { Tensor($0.name, shape: [0, $0.shape[1]], [Int32]()) }
        }),
        ("another K", ModelFolder.tensorFile, { try edit(&$0, "\"topics\" : 6", "\"topics\" : 7") }),
        ("an absurd K", ModelFolder.tensorFile, { try edit(&$0, "\"topics\" : 6", "\"topics\" : 900000") }),
        ("K = 0", ModelFolder.settingsFile, { try edit(&$0, "\"topics\" : 6", "\"topics\" : 0") }),
        ("another H", ModelFolder.tensorFile, { try edit(&$0, "\"hidden\" : 12", "\"hidden\" : 16000") }),
        ("negative β", ModelFolder.settingsFile, { try edit(&$0, "\"beta\" : 0.1", "\"beta\" : -1") }),
        ("an unknown sampler", ModelFolder.settingsFile, { try edit(&$0, "\"dense\"", "\"magic\"") }),
        ("no H", ModelFolder.settingsFile, { try edit(&$0, "\"hidden\"", "\"width\"") }),
        ("an epoch that is none", ModelFolder.trainingFile, { $0.training[0] = Data("{\"epoch\":1}".utf8) }),
    ]

    @Test(arguments: damages.indices)
    func damagedFoldersAreRefused(index: Int) throws {
        let (name, file, spoil) = SavedModelTests.damages[index]
        let (model, epochs, _) = try SavedModelTests.fitted { $0.epochs = 1 }
        let folder = try TemporaryFolder(), path = folder.path + "/model"
        try model.save(to: path, options: .standard, training: epochs)
        _ = try LatentLSTMAllocation.load(path)
        var files = try ModelFolder.read(path)
        try spoil(&files)
        try ModelFolder.write(files, to: path)
        let error = try #require(throws: ModelFolderError.self, "\(name)") { _ = try LatentLSTMAllocation.load(path) }
        #expect(error.exitCode == 65)
        #expect(error.file == "\(path)/\(file)", "\(name): \(error)")
    }

    /// Tensors that only some variants have are asked for as the others are.
    @Test(arguments: ["memory", "embedding", "input", "gate_bias"])
    func variantsMissTheirTensors(name: String) throws {
        let (model, epochs, _) = try SavedModelTests.fitted {
            ($0.variant, $0.embedding, $0.memory, $0.particles, $0.epochs) = (.word, 5, .both, 1, 1)
        }
        let folder = try TemporaryFolder(), path = folder.path + "/model"
        try model.save(to: path, options: .standard, training: epochs)
        let whole = try ModelFolder.read(path)
        let spoils: [(inout ModelFiles) throws -> Void] = [
            { files in files.tensors.removeAll { $0.name == name } },
            { files in
                // A row too many: another vocabulary, or another F.
                try SavedModelTests.replace(&files, name) {
                    Tensor(name, shape: [$0.shape[0] + 1, $0.shape[1]], try SavedModelTests.floats($0) + [Float](repeating: 0, count: $0.shape[1]))
                }
            },
        ]
        for spoil in spoils {
            var files = whole
            try spoil(&files)
            try ModelFolder.write(files, to: path)
            let error = try #require(throws: ModelFolderError.self) { _ = try LatentLSTMAllocation.load(path) }
            #expect(error.file == "\(path)/\(ModelFolder.tensorFile)")
        }
        try ModelFolder.write(whole, to: path)
        #expect(SmallFit.bits(try LatentLSTMAllocation.load(path).model) == SmallFit.bits(model))
    }

    /// Nothing to spoil: the table of damages would test nothing.
    struct NothingToSpoil: Error {}

    static func replace(_ files: inout ModelFiles, _ name: String, _ with: (Tensor) throws -> Tensor) throws {
        guard let place = files.tensors.firstIndex(where: { $0.name == name }) else { throw NothingToSpoil() }
        files.tensors[place] = try with(files.tensors[place])
    }

    static func floats(_ tensor: Tensor) throws -> [Float] {
        guard let numbers = Float.taken(from: tensor.values) else { throw NothingToSpoil() }
        return numbers
    }

    static func spoilWeight(_ files: inout ModelFiles, _ value: Float) throws {
        try replace(&files, "gate_table") {
            var numbers = try floats($0)
            numbers[numbers.count - 1] = value
            return Tensor($0.name, shape: $0.shape, numbers)
        }
    }

    static func spoilCounts(_ files: inout ModelFiles, _ spoil: (inout [Int32]) -> Void) throws {
        try replace(&files, "item_topic_counts") {
            guard var numbers = Int32.taken(from: $0.values) else { throw NothingToSpoil() }
            spoil(&numbers)
            return Tensor($0.name, shape: $0.shape, numbers)
        }
    }

    static func edit(_ files: inout ModelFiles, _ old: String, _ new: String) throws {
        let text = String(decoding: files.settings, as: UTF8.self)
        guard text.contains(old) else { throw NothingToSpoil() }
        files.settings = Data(text.replacing(old, with: new).utf8)
    }
}
