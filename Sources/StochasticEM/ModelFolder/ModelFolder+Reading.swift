import Foundation

extension ModelFolder {
    /// Reads a model whose every byte is as it was written.
    ///
    /// A model that is being replaced at the same time is read as it was before or as it is after.
    ///
    /// - Throws: `ModelFolderError`: exit code 66 where there is none, 65 where it is damaged or of a later format.
    public static func read(_ path: String) throws -> ModelFiles {
        var attempts = 0
        while true {
            let folder = try OpenFolder(path)
            do {
                return try Parts(of: folder).contents()
            } catch where !folder.isStillInPlace && attempts < 8 {
                // It was replaced, and its files removed before they were all open. Under the name lies another folder now.
                attempts += 1
            }
        }
    }

    /// The files of one folder. All are open before any is read, so that they belong together even if the folder goes away.
    private struct Parts {
        let path: String
        let files: [String: InputFile]

        init(of folder: OpenFolder) throws {
            path = folder.path
            guard folder.contains(settingsFile) || folder.contains(sumsFile) else {
                throw ModelFolderError(
                    .notFound, file: path, what: "is a folder, but there is no model in it",
                    remedy: "name a folder that `lla fit` has written")
            }
            files = try Dictionary(uniqueKeysWithValues: (summedFiles + [sumsFile]).compactMap { name in
                folder.contains(name) ? (name, try InputFile(name, in: folder)) : nil
            })
        }

        func contents() throws -> ModelFiles {
            // A later format may have other files and sums: the version comes first.
            let settings = try file(settingsFile).allBytes()
            if let version = FormatVersion(settings: Data(settings)), version.major > formatVersion.major {
                throw ModelFolderError(
                    .newerFormat, file: "\(path)/\(settingsFile)",
                    what: "the model has format version \(version), this program reads up to \(formatVersion.major)",
                    remedy: "use a newer version of lla, or fit the model again with this one")
            }
            try checkSums()
            // Past this point a fault is not the disk's but the writer's.
            guard FormatVersion(settings: Data(settings))?.major == formatVersion.major else {
                throw ModelFolderError.damaged("\(path)/\(settingsFile)", "there is no format_version that this program knows")
            }
            let epochs = try file(trainingFile).allBytes().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            guard epochs.last?.isEmpty == true else {
                throw ModelFolderError.damaged("\(path)/\(trainingFile)", "its last line is cut off")
            }
            return ModelFiles(
                tensors: try Safetensors.read(file(tensorFile)).tensors,
                vocabulary: try VocabularyFile.decode(file(vocabularyFile).allBytes(), file: "\(path)/\(vocabularyFile)"),
                settings: Data(settings),
                training: epochs.dropLast().map { Data($0) })
        }

        private func file(_ name: String) throws -> InputFile {
            guard let file = files[name] else { throw ModelFolderError.damaged("\(path)/\(name)", "it is missing") }
            return file
        }

        private func checkSums() throws {
            let written = try file(sumsFile).allBytes()
            var lines = written.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            guard lines.popLast()?.isEmpty == true, lines.count == summedFiles.count else {
                throw ModelFolderError.damaged("\(path)/\(sumsFile)", "it does not list the \(summedFiles.count) files of a model")
            }
            for (line, name) in zip(lines, summedFiles) {
                guard sumLine(try file(name).sha256(), name).utf8.dropLast().elementsEqual(line) else {
                    throw ModelFolderError.damaged("\(path)/\(name)", "it does not have the checksum that \(sumsFile) lists for it")
                }
            }
        }
    }
}
