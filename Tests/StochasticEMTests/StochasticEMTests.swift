import Testing
@testable import StochasticEM
