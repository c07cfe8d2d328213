import Foundation

extension Golden {
    /// The bytes of `Golden/<file>`.
    public static func bytes(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Bundle.module.bundleURL.appendingPathComponent("Golden/\(file)")))
    }

    /// Where a script lies that stands beside this file.
    public static func script(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(name).path
    }
}
