import Kernels
import TopicSampling

/// What becomes of β, the concentration of topics over items, as a fit goes on.
public enum ConcentrationUpdate: String, Codable, Sendable, CaseIterable {
    /// It stays as it was set.
    case fixed
    /// After each joint epoch it is set to what the counts make most likely (`DirichletConcentration`).
    case minka

    /// After a joint epoch, before the epoch is scored.
    func renew(_ counts: TopicCounts, shards: Shards) {
        switch self {
        case .fixed: break
        case .minka:
            guard let beta = DirichletConcentration(counts, shards: shards).greatestLikelihood else { return }
            counts.setConcentration(Float(beta))
        }
    }
}

extension KeyedDecodingContainer {
    /// Settings that were written before β could be anything but fixed say nothing of it.
    func decode(_ type: ConcentrationUpdate.Type, forKey key: Key) throws -> ConcentrationUpdate {
        try decodeIfPresent(type, forKey: key) ?? .fixed
    }
}
