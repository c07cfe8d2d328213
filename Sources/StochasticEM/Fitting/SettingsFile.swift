import Foundation

/// Settings of a fit as a file: a JSON object with the keys that the `fit` of a model's `settings.json` has.
///
/// A file need not name all of them. Those that it names are checked: a key that is none is an error, not a setting left out.
public enum SettingsFile {
    /// Settings that are the defaults, but for those that the file names.
    ///
    /// - Throws: `ModelFolderError`: exit code 66 where there is no such file, 65 for unknown keys and for values that a fit would not take.
    public static func read(_ path: String) throws -> FitSettings {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ModelFolderError(
                .notFound, file: path, what: "cannot be read (\(error.localizedDescription))", remedy: "name a file that lla tune has written")
        }
        do {
            return try settings(bytes)
        } catch let fault as Fault {
            throw ModelFolderError(.damaged, file: path, what: fault.what, remedy: fault.remedy)
        }
    }

    /// Writes all settings, or nothing.
    ///
    /// - Throws: `ModelFolderError`: exit code 73 or 74.
    public static func write(_ settings: FitSettings, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        try ReplaceableFile.write(try encoder.encode(try value(of: settings)) + [UInt8(ascii: "\n")], to: path)
    }

    /// Refuses at once what `write` would refuse after hours of fitting, and to replace what is not a file of settings.
    ///
    /// - Throws: `ModelFolderError` (exit code 73).
    public static func checkCanWrite(to path: String) throws {
        guard try ReplaceableFile.checkCanWrite(to: path) else { return }
        do {
            _ = try read(path)
        } catch {
            throw ModelFolderError(
                .cannotCreate, file: path, what: "is there already and holds something else than settings",
                remedy: "name another file, or remove it yourself")
        }
    }

    /// What is wrong with a file, whatever its name.
    private struct Fault: Error {
        let what: String
        let remedy: String
    }

    private static func settings(_ bytes: Data) throws -> FitSettings {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: bytes), case .object(let fields) = value else {
            throw Fault(what: "it is no JSON object", remedy: "give one, such as {\"topics\": 50}, or a file that lla tune has written")
        }
        let defaults = try self.value(of: FitSettings())
        func decode(_ changes: JSONValue) throws -> FitSettings {
            try JSONDecoder().decode(FitSettings.self, from: JSONEncoder().encode(try defaults.overlaid(by: changes)))
        }
        // One by one first: decoders do not always say where a value is that does not fit.
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            do {
                _ = try decode(.object([key: value]))
            } catch is DecodingError {
                throw Fault(what: "\"\(key)\" has a value that does not fit", remedy: "give one as `settings.json` of a model has it")
            }
        }
        let settings = try decode(value)
        do {
            try settings.validate()
        } catch let error as InvalidSetting {
            throw Fault(what: "\(error.name) \(error.value) cannot be", remedy: error.remedy)
        }
        return settings
    }

    /// Settings as JSON, with a null for what is not set: all keys are there.
    private static func value(of settings: FitSettings) throws -> JSONValue {
        let value = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(settings))
        guard case .object(var fields) = value else { return value }
        for name in Mirror(reflecting: settings).children.compactMap(\.label) where fields[name] == nil { fields[name] = .null }
        return .object(fields)
    }
}

extension JSONValue {
    /// This value, with what another names put in its place.
    ///
    /// - Throws: for a key that this value does not have.
    fileprivate func overlaid(by other: JSONValue) throws -> JSONValue {
        guard case .object(var fields) = self, case .object(let others) = other else { return other }
        for (key, value) in others.sorted(by: { $0.key < $1.key }) {
            guard let mine = fields[key] else { throw SettingsFile.unknown(key, known: fields.keys.sorted()) }
            fields[key] = try mine.overlaid(by: value)
        }
        return .object(fields)
    }
}

extension SettingsFile {
    fileprivate static func unknown(_ key: String, known: [String]) -> any Error {
        Fault(what: "there is no setting \(String(reflecting: String(key.prefix(80))))", remedy: "choose among \(known.joined(separator: ", "))")
    }
}
