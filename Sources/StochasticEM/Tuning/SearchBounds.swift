/// Between which values a search looks.
public struct SearchBounds: Codable, Sendable, Equatable {
    /// K; uniform in the logarithm.
    public var topics = 20...400
    /// H; uniform in the logarithm.
    public var hidden = 32...256
    /// β; uniform in the logarithm.
    public var beta = 0.0005...0.05
    /// Share of the hidden units that is dropped; uniform, to the nearest 0.05.
    public var dropout = 0...0.5
    /// Share of the embedding's units that is dropped; uniform, to the nearest 0.05.
    public var inputDropout = 0...0.3
    /// Of Adam; uniform in the logarithm.
    public var learningRate = 0.001...0.01
    /// B·T, all equally likely.
    public var tokensPerStep = [128, 256, 512, 1024, 2048]

    /// The usual ones.
    public init() {}

    /// B that come to the tokens wanted with the T of settings, and that shards can share out.
    func lanes(_ settings: FitSettings) -> [Int] {
        tokensPerStep.map { $0 / settings.steps }.filter { $0 >= settings.shards }
    }

    /// - Throws: `InvalidSetting` for bounds outside what a fit can take.
    func validate() throws {
        func check(_ name: String, _ range: ClosedRange<Int>, _ set: (inout FitSettings, Int) -> Void) throws {
            for end in [range.lowerBound, range.upperBound] {
                var settings = FitSettings()
                set(&settings, end)
                do {
                    try settings.validate()
                } catch let error as InvalidSetting {
                    throw InvalidSetting(name: name, value: "\(range.lowerBound)-\(range.upperBound)", remedy: error.remedy)
                }
            }
        }
        try check("topics-between", topics) { $0.topics = $1 }
        try check("hidden-between", hidden) { $0.hidden = $1 }
    }
}
