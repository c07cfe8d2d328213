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
        // Nothing between the parts.
        ("20140407T105109.277Z", 1_396_867_869_277_000), ("20170107T185524", 1_483_815_324_000_000), ("20170107t185524,5", 1_483_815_324_500_000),
        ("20170107T185524+02:00", 1_483_808_124_000_000), ("20170107T185524-0530", 1_483_835_124_000_000), ("20170107T1855+01", 1_483_811_700_000_000),
        ("20170107T1855", 1_483_815_300_000_000), ("20161231T235960Z", 1_483_228_800_000_000), ("19691231T235959.5Z", -500_000),
        // Fourteen digits are a date where they can be, and else milliseconds; eight digits are seconds.
        ("20170107185524", 1_483_815_324_000_000), ("19000101000000", -2_208_988_800_000_000), ("21001231235959", 4_133_980_799_000_000),
        ("18991231235959", 18_991_231_235_959_000), ("21010101000000", 21_010_101_000_000_000), ("20170230000000", 20_170_230_000_000_000),
        ("20170107245524", 20_170_107_245_524_000), ("20170107185561", 20_170_107_185_561_000), ("-2017010718552", -2_017_010_718_552_000),
        ("20170107", 20_170_107_000_000), ("0000000000000000000000099", 99_000_000),
    ])
    func reads(text: String, expected: Int64) {
        #expect(microseconds(text) == expected)
    }

    @Test(arguments: [
        "", " ", "-", ".", "abc", "12x", "1e400", "nan", "inf", "0x10", "1.2.3", "99999999999999999999", "2017-13-01", "2017-02-29", "2017-00-10",
        "1900-02-29", "2017-01-32", "2017-1-7", "2017-01-07T", "2017-01-07T25:00", "2017-01-07T18", "2017-01-07T18:60", "2017-01-07T18:55:61",
        "2017-01-07T18:55:24.", "2017-01-07T18:55:24+", "2017-01-07T18:55:24+2", "2017-01-07T18:55:24+24:00", "2017-01-07T18:55:24ZZ", "2017-01-07x", "2017/01/07",
        "1396437466 ", "20170107T", "20170107T18", "20170107T185", "20170107T18552", "20170107T1855244", "20170107T2555", "20170107T185561", "20171307T185524",
        "20170229T185524", "20170107T185524.", "20170107T185524ZZ", "20170107T18:55:24", "2017-01-07T185524", "20170107 185524", "20170107185524Z", "2017010T185524",
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
            // The basic form has the same parts, and the digits alone say as much, in the centuries of which there are logs.
            let basic = text.replacing("-", with: "").replacing(":", with: "")
            #expect(microseconds(basic) == seconds * 1_000_000, "\(basic)")
            if 1900...2100 ~= date.year { #expect(microseconds(String(basic.filter(\.isNumber))) == seconds * 1_000_000, "\(basic)") }
        }
    }

    @Test(arguments: [
        ("5", TimeUnit.seconds), ("-99999999999", .seconds), ("5.5", .seconds), ("1.396437466E9", .seconds), ("20170131", .seconds),
        ("100000000000", .milliseconds), ("-100000000000", .milliseconds), ("99999999999999", .milliseconds), ("20170230000000", .milliseconds),
        ("100000000000000", .microseconds), ("99999999999999999", .microseconds), ("100000000000000000", .nanoseconds),
        ("-9223372036854775808", .nanoseconds), ("20170131185524", .digitsOfDate),
        // These mean the same whatever the unit.
        ("0", nil), ("-0.0", nil), ("0e5", nil), ("2017-01-31", nil), ("20170131T185524", nil),
    ])
    func sizeTellsTheUnit(text: String, unit: TimeUnit?) throws {
        let spelled = Array(text.utf8).withUnsafeBytes { Timestamp.read($0) }
        #expect(try #require(spelled).unit == unit)
    }

    @Test(arguments: [
        ("20170131", true), ("20000229", true), ("19000101", true), ("21001231", true), ("20170131.0", true), ("19000229", false), ("20170132", false),
        ("18991231", false), ("21010101", false), ("20170131.5", false), ("-20170131", false), ("2017-01-31", false), ("20170131185524", false), ("0", false),
    ])
    func someNumbersReadAsDates(text: String, expected: Bool) throws {
        let spelled = Array(text.utf8).withUnsafeBytes { Timestamp.read($0) }
        #expect(try #require(spelled).readsAsDate == expected)
    }
}
