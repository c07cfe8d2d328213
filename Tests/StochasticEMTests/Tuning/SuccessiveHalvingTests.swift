import Testing
@testable import StochasticEM

@Suite struct SuccessiveHalvingTests {
    typealias Rung = SuccessiveHalving.Rung

    /// Worked out by hand.
    static let schedules: [(candidates: Int, reduction: Int, epochs: Int, minEpochs: Int, rungs: [(Int, Int)])] = [
        (18, 3, 30, 3, [(18, 3), (6, 9), (2, 27)]),
        (27, 3, 81, 1, [(27, 9), (9, 27), (3, 81)]),
        (16, 2, 32, 1, [(16, 4), (8, 8), (4, 16), (2, 32)]),
        (17, 2, 33, 1, [(17, 4), (8, 8), (4, 16), (2, 32)]),
        // Epochs set the number of rounds.
        (16, 2, 8, 3, [(16, 4), (8, 8)]),
        (1000, 3, 30, 3, [(1000, 3), (333, 9), (111, 27)]),
        // One more round would leave a candidate with nobody to compare.
        (5, 3, 30, 3, [(5, 30)]), (6, 3, 30, 3, [(6, 10), (2, 30)]), (2, 2, 30, 3, [(2, 30)]), (1, 2, 30, 3, [(1, 30)]),
        // Too short for more than one.
        (50, 3, 2, 3, [(50, 2)]), (50, 3, 1, 1, [(50, 1)]),
    ]

    @Test(arguments: schedules.indices)
    func rungsAreThoseWorkedOutByHand(index: Int) throws {
        let (candidates, reduction, epochs, minEpochs, rungs) = Self.schedules[index]
        let halving = try SuccessiveHalving(candidates: candidates, reduction: reduction, epochs: epochs, minEpochs: minEpochs)
        #expect(halving.rungs == rungs.map(Rung.init(candidates:epochs:)))
        #expect(halving.trials == rungs.reduce(0) { $0 + $1.0 })
    }

    /// What every schedule must obey, or nil.
    static func violation(_ rungs: [Rung], candidates: Int, reduction: Int, epochs: Int, minEpochs: Int) -> String? {
        guard let first = rungs.first, let last = rungs.last else { return "no round" }
        if first.candidates != candidates { return "not all candidates begin" }
        for (rung, next) in zip(rungs, rungs.dropFirst()) {
            if next.candidates != rung.candidates / reduction { return "not one in \(reduction) goes on" }
            if next.epochs != rung.epochs * reduction { return "not \(reduction) times the epochs" }
        }
        if last.epochs > epochs { return "more epochs than there are" }
        let power = rungs.dropFirst().reduce(1) { power, _ in power * reduction }
        if (first.epochs + 1) * power <= epochs { return "epochs are left" }
        if rungs.count > 1, last.candidates < 2 { return "nobody to compare with" }
        if rungs.count > 1, first.epochs < minEpochs { return "the first round is too short" }
        if last.candidates / reduction >= 2, epochs / (power * reduction) >= minEpochs { return "a round is missing" }
        return nil
    }

    @Test func everyScheduleObeysTheLaw() throws {
        for candidates in 1...40 {
            for reduction in 2...5 {
                for epochs in [1, 2, 3, 7, 30, 100] {
                    for minEpochs in [1, 3, 10] {
                        let rungs = try SuccessiveHalving(
                            candidates: candidates, reduction: reduction, epochs: epochs, minEpochs: minEpochs).rungs
                        #expect(Self.violation(rungs, candidates: candidates, reduction: reduction, epochs: epochs, minEpochs: minEpochs) == nil)
                    }
                }
            }
        }
    }

    /// Schedules that are wrong, each in its own way.
    static let wrong: [(rungs: [(Int, Int)], says: String)] = [
        ([(17, 4), (9, 8), (4, 16), (2, 32)], "not one in 2 goes on"),
        ([(17, 4), (8, 9), (4, 16), (2, 32)], "not 2 times the epochs"),
        ([(16, 4), (8, 8), (4, 16), (2, 32)], "not all candidates begin"),
        ([(17, 2), (8, 4), (4, 8), (2, 16), (1, 32)], "nobody to compare with"),
        ([(17, 8), (8, 16), (4, 32)], "a round is missing"),
        ([(17, 3), (8, 6), (4, 12), (2, 24)], "epochs are left"),
        ([(17, 5), (8, 10), (4, 20), (2, 40)], "more epochs than there are"),
    ]

    @Test(arguments: wrong.indices)
    func theLawSeesWhatIsWrong(index: Int) {
        let rungs = Self.wrong[index].rungs.map(Rung.init(candidates:epochs:))
        #expect(Self.violation(rungs, candidates: 17, reduction: 2, epochs: 33, minEpochs: 3) == Self.wrong[index].says)
    }

    @Test(arguments: [
        ("candidates", 0, 3, 30, 3), ("candidates", 100_001, 3, 30, 3), ("reduction", 9, 1, 30, 3), ("reduction", 9, 101, 30, 3),
        ("epochs", 9, 3, 0, 3), ("min-epochs", 9, 3, 30, 0),
    ])
    func numbersOutOfRangeAreRefused(_ name: String, candidates: Int, reduction: Int, epochs: Int, minEpochs: Int) throws {
        let error = try #require(throws: InvalidSetting.self) {
            try SuccessiveHalving(candidates: candidates, reduction: reduction, epochs: epochs, minEpochs: minEpochs)
        }
        #expect(error.name == name && error.remedy.contains("choose"))
    }

    @Test func noNumbersOverflow() throws {
        let halving = try SuccessiveHalving(candidates: 100_000, reduction: 100, epochs: .max, minEpochs: 1)
        #expect(halving.rungs.map(\.candidates) == [100_000, 1000, 10])
    }
}
