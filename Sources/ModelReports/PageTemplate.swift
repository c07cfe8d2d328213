import Foundation

/// The page's parts, put together. They are files of their own beside this one, and are built into the program.
struct PageTemplate {
    /// In the order in which they stand in the page: what is used by others comes first.
    private static let scripts: [[UInt8]] = [
        PackageResources.elements_js, PackageResources.colours_js, PackageResources.labels_js, PackageResources.charts_js,
        PackageResources.fit_js, PackageResources.topics_js, PackageResources.map_js, PackageResources.tree_js,
        PackageResources.dynamics_js, PackageResources.traces_js, PackageResources.network_js, PackageResources.history_js,
        PackageResources.page_js,
    ]

    /// The page with contents in it.
    ///
    /// The places to fill are sought in the template alone, never in what was filled in: contents cannot open a place of their own.
    func filled(with contents: ReportContents) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = String(decoding: try encoder.encode(contents), as: UTF8.self)
        let pieces = [
            "title": contents.title.escapedForMarkup,
            "styles": text(PackageResources.page_css),
            "data": data.escapedForScript,
            "scripts": PageTemplate.scripts.map(text).joined(separator: "\n"),
        ]
        var page = "", rest = Substring(text(PackageResources.page_html))
        while let open = rest.range(of: "{{"), let close = rest.range(of: "}}") {
            page += rest[..<open.lowerBound]
            page += pieces[String(rest[open.upperBound..<close.lowerBound])] ?? ""
            rest = rest[close.upperBound...]
        }
        return page + rest
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
