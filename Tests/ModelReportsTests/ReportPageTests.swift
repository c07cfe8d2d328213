import Foundation
import Kernels
import StochasticEM
import Testing
@testable import ModelReports

/// Pages as text: what stands in them, how much they weigh. How they behave is for `make test-browser`.
@Suite struct ReportPageTests {
    private static let nasty = [
        "<script>alert(1)</script>", "a</script><img src=x onerror=alert(1)>", "<!--", "{{data}}", "it's \"so\" & <b>", "\u{2028}line\u{2029}",
        "tab\tfeed\n", "\u{202E}turned", "名前 🧀", "", "__proto__", String(repeating: "long ", count: 200),
    ]

    private func page(
        _ model: LatentLSTMAllocation, title: String = "clicks.model", hasLog: Bool = true, threads: Int = 2
    ) throws -> ReportPage {
        try ReportPage(
            model, title: title, training: SmallModel.epochs, log: hasLog ? SmallModel.log(for: model) : nil, shards: Shards(threads: threads))
    }

    /// The object that scripts read.
    private func contents(_ page: ReportPage) throws -> [String: Any] {
        let open = try #require(page.html.range(of: "<script type=\"application/json\" id=\"report\">"))
        let close = try #require(page.html.range(of: "</script>", range: open.upperBound..<page.html.endIndex))
        let data = Data(page.html[open.upperBound..<close.lowerBound].utf8)
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test(arguments: FitSettings.Variant.allCases, [true, false])
    func `Names of a log are text, whatever is in them`(variant: FitSettings.Variant, hasLog: Bool) throws {
        let page = try page(SmallModel.make(variant: variant, names: Self.nasty), title: "</title><script>alert(2)</script>{{data}}", hasLog: hasLog)
        // The template's own two scripts, and no other.
        #expect(page.html.components(separatedBy: "<script").count == 3)
        #expect(page.html.components(separatedBy: "</script").count == 3)
        #expect(!page.html.contains("<!--") && !page.html.contains("<img"))
        #expect(page.html.contains("<title>&lt;/title&gt;&lt;script&gt;alert(2)&lt;/script&gt;{{data}}</title>"))
        let names = try #require(try contents(page)["names"] as? [String])
        for name in Self.nasty where name.count <= ItemNames.longest { #expect(names.contains(name)) }
        #expect(names.allSatisfy { $0.count <= ItemNames.longest })
    }

    @Test func `A page asks nothing of any network`() throws {
        let html = try page(SmallModel.make()).html
        #expect(html.contains("default-src 'none'"))
        // The one address is a name: that of the language of drawings.
        let addresses = html.components(separatedBy: "http").dropFirst().filter { !$0.hasPrefix("://www.w3.org/2000/svg'") && !$0.hasPrefix("-equiv") }
        #expect(addresses.isEmpty)
        for word in ["<link", "@import", "url(//", "fetch(", "XMLHttpRequest", "src=\""] { #expect(!html.contains(word), "\(word)") }
    }

    @Test func `Equal models and logs give equal pages, whatever the number of threads`() throws {
        let model = try SmallModel.make(variant: .topic)
        #expect(try page(model, threads: 1).html == page(model, threads: 2).html)
    }

    @Test func `A thousand topics fit into the page, and their network too`() throws {
        let page = try page(SmallModel.make(topics: 1000, items: 3400, hidden: 128, embedding: 128, countsAnItem: 20))
        #expect(page.html.utf8.count <= ReportPage.largest && page.withoutNetwork == nil)
    }

    @Test func `A network that is too large is left out, and the page says so`() throws {
        let page = try page(SmallModel.make(topics: 20, items: 9000, hidden: 16, embedding: 256, variant: .word))
        #expect(page.html.utf8.count <= ReportPage.largest)
        let reason = try #require(page.withoutNetwork)
        #expect(try contents(page)["withoutNetwork"] as? String == reason)
        #expect(try contents(page)["network"] == nil)
    }

    /// To a reader an accent upon an accent is no character of its own; it has bytes all the same.
    @Test func `No name fills a page`() throws {
        let page = try page(SmallModel.make(names: (0..<8).map { "\($0)e" + String(repeating: "\u{301}", count: 250_000) }))
        #expect(page.html.utf8.count <= ReportPage.largest && page.withoutNetwork == nil)
        let names = try #require(try contents(page)["names"] as? [String])
        #expect(names.count == 40 && names.allSatisfy { $0.unicodeScalars.count <= ItemNames.longest })
    }

    /// In ever less room one part after the other is left out, and the page says so; in the end there is none.
    @Test func `A page leaves out as much as it must`() throws {
        let model = try SmallModel.make(names: (0..<40).map { "item \($0) " + String(repeating: "<", count: 200) }), log = SmallModel.log(for: model)
        func page(in largest: Int) throws -> ReportPage {
            try ReportPage(
                model, title: "clicks.model", training: SmallModel.epochs, log: log, scores: [], shards: Shards(threads: 2), largest: largest)
        }
        var pages = try [page(in: .max)]
        for _ in 0..<3 {
            let largest = pages[pages.count - 1].html.utf8.count - 1, next = try page(in: largest)
            #expect(next.html.utf8.count <= largest)
            pages.append(next)
        }
        let found = try pages.map { try contents($0) }
        #expect(found.map { $0["network"] != nil } == [true, false, false, false])
        for part in ["topics", "map", "dynamics"] { #expect(found.map { $0[part] != nil } == [true, true, true, false], "\(part)") }
        for part in ["tree", "traces", "fit"] { #expect(found.allSatisfy { $0[part] != nil }, "\(part)") }
        let longest = found.map { (($0["names"] as? [String]) ?? []).map { $0.unicodeScalars.count }.max() }
        #expect(longest == [ItemNames.longest, ItemNames.longest, ItemNames.short, ItemNames.short])
        #expect(pages[0].withoutNetwork == nil && Set(pages.compactMap(\.withoutNetwork)).count == 3)
        #expect(found.map { $0["withoutNetwork"] as? String } == pages.map(\.withoutNetwork))
        // Whatever a page refers to by its place is there.
        let tree = try #require((found[3]["tree"] as? [String: Any])?["nodes"] as? [[String: Any]]), names = try #require(found[3]["names"] as? [String])
        #expect(tree.allSatisfy { (($0["items"] as? [Int]) ?? []).allSatisfy(names.indices.contains) && $0["items"] != nil })
        let traces = try #require((found[3]["traces"] as? [String: Any])?["traces"] as? [[String: Any]])
        #expect(!traces.isEmpty && traces.allSatisfy { (($0["items"] as? [Int]) ?? []).allSatisfy(names.indices.contains) })
        #expect(throws: PageTooLarge.self) { try page(in: pages[3].html.utf8.count - 1) }
    }

    @Test(arguments: [1, 2, 3])
    func `The fewest topics make a page`(topics: Int) throws {
        for hasLog in [true, false] {
            let contents = try contents(page(SmallModel.make(topics: topics, items: 5, names: Self.nasty), hasLog: hasLog))
            #expect((contents["map"] as? [[Double]])?.count == topics)
            #expect((contents["dynamics"] == nil) == !hasLog && (contents["traces"] == nil) == !hasLog)
        }
    }

    @Test func `Users have no names`() throws {
        let html = try page(SmallModel.make()).html
        #expect(!html.contains("user 3"))
    }
}
