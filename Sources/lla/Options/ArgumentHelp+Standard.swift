import ArgumentParser

extension ArgumentHelp {
    /// Help on an option that need not be given, and must be told from one that was: it says itself what holds otherwise.
    init(_ abstract: String, valueName: String, standard: some ExpressibleByArgument) {
        self.init("\(abstract) (default: \(standard.defaultValueDescription))", valueName: valueName)
    }
}
