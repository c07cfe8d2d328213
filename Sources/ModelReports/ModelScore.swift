import Foundation
import StochasticEM

/// How well some model expected what came, as `lla evaluate --json` wrote it down: a report sets models beside each other by it.
public struct ModelScore: Encodable, Sendable, Equatable {
    /// What the report calls the model.
    public let name: String
    /// Events scored. Figures of models that were scored on other events cannot be compared.
    public let tokens: Int
    /// nil where it could not be said.
    public let perplexity: Double?
    /// Of the perplexity, the sequence being the unit of chance; nil where it could not be said.
    public let perplexityStandardError: Double?
    /// Share of the events whose item was among the first 20; nil where it was not asked for, or could not be said.
    public let recallAt20: Double?
    /// Mean of 1/rank of the event's item, 0 beyond rank 20; nil as the one before.
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
            let scores = try JSONDecoder().decode(Scores.self, from: bytes)
            name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            tokens = scores.tokens
            perplexity = scores.perplexity
            perplexityStandardError = scores.perplexityStandardError
            recallAt20 = scores.recallAt20
            reciprocalRankAt20 = scores.reciprocalRankAt20
        } catch {
            throw ModelFolderError(
                .damaged, file: path, what: "it holds no scores of a model", remedy: "write it with lla evaluate MODEL LOG --json > \(path)")
        }
    }

    /// As a file has them.
    private struct Scores: Decodable {
        let tokens: Int
        let perplexity, perplexityStandardError, recallAt20, reciprocalRankAt20: Double?

        private enum CodingKeys: String, CodingKey {
            case tokens, perplexity
            case perplexityStandardError = "perplexity_standard_error"
            case recallAt20 = "recall@20"
            case reciprocalRankAt20 = "mrr@20"
        }
    }
}
