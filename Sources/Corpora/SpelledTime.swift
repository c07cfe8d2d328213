/// A time as a log spells it.
struct SpelledTime: Equatable {
    let time: Timestamp
    /// nil: it can stand beside times of any unit, as ISO 8601 can, and 0, which is the same in all of them.
    let unit: TimeUnit?

    /// Whether it is a number of seconds that reads as a date, year first: 20170131.
    var readsAsDate: Bool {
        unit == .seconds && time.microseconds % Timestamp.perSecond == 0 && Timestamp.isDate(time.microseconds / Timestamp.perSecond)
    }
}
