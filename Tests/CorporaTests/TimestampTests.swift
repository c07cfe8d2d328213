import Foundation
import Testing
import TestSupport
@testable import Corpora

@Suite struct TimestampTests {
    private func microseconds(_ text: String) -> Int64? {
        Array(text.utf8).withUnsafeBytes { Timestamp($0)?.microseconds }
    }

    @Test(arguments: [
        ("0", 0), ("1396437466", 1_396_437_466_000_000), ("-5", -5_000_000), ("1396437466.94", 1_396_437_466_940_000),
        ("-0.25", -250_000), ("7.", 7_000_000), (".5", 500_000), ("1.396437466E9", 1_396_437_466_000_000), ("12.34567899", 12_345_678),
        // Milliseconds, microseconds, nanoseconds.
        ("1396437466940", 1_396_437_466_940_000), ("1396437466940123", 1_396_437_466_940_123), ("1396437466940123456", 1_396_437_466_940_123),
        ("-1396437466940123456", -1_396_437_466_940_123),
        ("1970-01-01", 0), ("1970-01-01T00:00:01Z", 1_000_000), ("2000-02-29 12:00", 951_825_600_000_000),
        ("2014-04-07T10:51:09.277Z", 1_396_867_869_277_000), ("2017-01-07T18:55:24", 1_483_815_324_000_000),
        ("2017-01-07T18:55:24+02:00", 1_483_808_124_000_000), ("2017-01-07T18:55:24-0530", 1_483_835_124_000_000),
        ("2017-01-07 18:55:24 UTC", 1_483_815_324_000_000), ("2017-01-07T18:55+01", 1_483_811_700_000_000),
        ("1969-12-31T23:59:59.5Z", -500_000), ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
    ])
    func reads(text: String, expected: Int64) {
        #expect(microseconds(text) == expected)
    }

    @Test(arguments: [
        "", " ", "-", ".", "abc", "12x", "1e400", "nan", "inf", "0x10", "1.2.3", "99999999999999999999", "2017-13-01", "2017-02-29", "2017-00-10",
        "1900-02-29", "2017-01-32", "2017-1-7", "2017-01-07T", "2017-01-07T25:00", "2017-01-07T18", "2017-01-07T18:60", "2017-01-07T18:55:61",
        "2017-01-07T18:55:24.", "2017-01-07T18:55:24+", "2017-01-07T18:55:24+2", "2017-01-07T18:55:24+24:00", "2017-01-07T18:55:24ZZ", "2017-01-07x", "2017/01/07",
        "1396437466 ",
    ])
    func refuses(text: String) {
        #expect(microseconds(text) == nil)
    }

    /// The calendar of another hand, over four centuries.
    @Test func agreesWithFoundationOnDays() throws {
        let formatter = ISO8601DateFormatter()
        var random = SplitMix(5)
        for _ in 0..<2000 {
            let seconds = Int64.random(in: -6_000_000_000...7_000_000_000, using: &random)
            let text = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
            #expect(microseconds(text) == seconds * 1_000_000, "\(text)")
            let date = Timestamp(microseconds: seconds * 1_000_000).date
            #expect(text.hasPrefix(String(format: "%04d-%02d-%02d", date.year, date.month, date.day)), "\(text)")
        }
    }
}
