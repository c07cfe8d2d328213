import Recurrence

/// −mean log θ_t(z_t), z_t on the path picked (Paper-notes L2).
struct DrawnTopicsLoss: TopicLoss {
    func gradient(of part: DrawnPart) -> DrawnPart.Sums {
        let k = part.pass.network.shape.classes
        return part.forEachProportions { theta, topic, _ in
            SoftmaxLayer.lossGradient(theta, target: topic, weight: part.weight, count: k)
        }
    }
}
