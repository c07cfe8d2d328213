import TopicSampling

/// −mean log α_t: all topics by their posterior γ_t, of which the one on the path is a draw. The exact likelihood's gradient, where
/// the state does not depend on topics drawn (Paper-notes L2x).
struct PosteriorLoss: TopicLoss {
    let counts: TopicCounts

    func gradient(of part: DrawnPart) -> DrawnPart.Sums {
        part.forEachProportions { theta, topic, item in
            DenseDraw.posteriorGradient(theta, target: topic, item: item, counts: counts, weight: part.weight)
        }
    }
}
