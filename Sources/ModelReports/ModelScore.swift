import Foundation
import StochasticEM

/// How well some model expected what came, as `lla evaluate --json` wrote it down: a report sets models beside each other by it.
public struct ModelScore: Codable, Sendable, Equatable {
    /// What the report calls the model.
    public let name: String
    /// Events scored. Figures of models that were scored on other events cannot be compared.
    public let tokens: Int
    /// nil where it could not be said.
    public let perplexity: Double?
    public let perplexityStandardError: Double?
    public let recallAt20: Double?
    public let reciprocalRankAt20: Double?

    private enum CodingKeys: String, CodingKey {
        case name, tokens, perplexity
        case perplexityStandardError = "perplexity_standard_error"
        case recallAt20 = "recall@20"
        case reciprocalRankAt20 = "mrr@20"
    }

    /// What a file holds, under the file's name without its ending.
    ///
    /// - Throws: `ModelFolderError`: exit code 66 where there is no such file, 65 where it holds something else.
    public init(file path: String) throws {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ModelFolderError(
                .notFound, file: path, what: "cannot be read (\(error.localizedDescription))", remedy: "name a file that lla evaluate --json has written")
        }
        do {
            self = try JSONDecoder().decode(Unnamed.self, from: bytes).score(name: URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent)
        } catch {
            throw ModelFolderError(
                .damaged, file: path, what: "it holds no scores of a model", remedy: "write it with lla evaluate MODEL LOG --json > \(path)")
        }
    }

    init(name: String, tokens: Int, perplexity: Double?, perplexityStandardError: Double?, recallAt20: Double?, reciprocalRankAt20: Double?) {
        self.name = name
        self.tokens = tokens
        self.perplexity = perplexity
        self.perplexityStandardError = perplexityStandardError
        self.recallAt20 = recallAt20
        self.reciprocalRankAt20 = reciprocalRankAt20
    }

    /// The same as a file has it.
    private struct Unnamed: Decodable {
        let tokens: Int
        let perplexity, perplexityStandardError, recallAt20, reciprocalRankAt20: Double?

        private typealias CodingKeys = ModelScore.CodingKeys

        func score(name: String) -> ModelScore {
            ModelScore(
                name: name, tokens: tokens, perplexity: perplexity, perplexityStandardError: perplexityStandardError, recallAt20: recallAt20,
                reciprocalRankAt20: reciprocalRankAt20)
        }
    }
}
