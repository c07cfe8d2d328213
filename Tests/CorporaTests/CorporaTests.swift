import Testing
@testable import Corpora
