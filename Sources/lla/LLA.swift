import ArgumentParser

@main
struct LLA: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "lla", abstract: "Latent LSTM Allocation.")
}
