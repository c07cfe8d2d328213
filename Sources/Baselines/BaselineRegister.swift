/// All baselines that there are. To add one is to add it here.
public enum BaselineRegister {
    /// In the order in which help lists them; no two have the same name.
    public static let all: [any Baseline.Type] = [
        Popularity.self, MarkovChain.self, SequentialLDA.self, DistanceDependentLDA.self, HiddenMarkovModel.self, WordLSTM.self, CharLSTM.self,
        HistoryAutoencoder.self,
    ]

    /// The baseline of that name; nil where there is none.
    public static func baseline(named name: String) -> (any Baseline.Type)? { all.first { $0.name == name } }
}
