/// What a log's times are numbers of. A number's size tells it: of no two units can it mean a time after 3 March 1973.
enum TimeUnit: Equatable {
    case seconds, milliseconds, microseconds, nanoseconds
    /// A date and a time of day, digit by digit: 20170131185524.
    case digitsOfDate

    /// What a time is taken for, in a message.
    var words: String {
        switch self {
        case .seconds: "seconds"
        case .milliseconds: "milliseconds"
        case .microseconds: "microseconds"
        case .nanoseconds: "nanoseconds"
        case .digitsOfDate: "the digits of a date"
        }
    }
}
