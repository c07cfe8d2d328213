import Foundation

/// Values that an independent program computed; the script that made each file stands beside this one.
public enum Golden {
    /// The contents of `Golden/<name>.json`.
    ///
    /// - Throws: what Foundation says of a file that is missing or does not have the shape of `Value`.
    public static func load<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        let file = Bundle.module.bundleURL.appendingPathComponent("Golden/\(name).json")
        return try JSONDecoder().decode(type, from: Data(contentsOf: file))
    }
}
