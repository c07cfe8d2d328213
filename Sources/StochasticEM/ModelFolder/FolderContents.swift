import Foundation

/// What lies in a model's folder besides what makes the model, and how large it is.
package struct FolderContents {
    /// Whether there is a checkpoint, whole as well.
    package let hasCheckpoint: Bool
    /// What nothing reads; sorted.
    package let otherFiles: [String]
    /// Of the files with checksums.
    package let bytes: Int
    package let formatVersion: String

    /// Looks at a folder whose files were read, and reads its checkpoint.
    ///
    /// - Throws: `ModelFolderError`.
    package init(ofModel path: String, _ files: ModelFiles) throws {
        let entries: [String]
        do {
            entries = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw ModelFolderError(.notFound, file: path, what: "cannot be listed", remedy: "check who may read it")
        }
        hasCheckpoint = entries.contains(ModelFolder.checkpointFolder)
        if hasCheckpoint { _ = try ModelFolder.read("\(path)/\(ModelFolder.checkpointFolder)") }
        let own = ModelFolder.summedFiles + [ModelFolder.sumsFile, ModelFolder.checkpointFolder]
        otherFiles = entries.filter { !own.contains($0) }.sorted()
        bytes = try ModelFolder.summedFiles.reduce(0) { try $0 + InputFile("\(path)/\($1)").count }
        // A folder without a version that is understood is not read.
        formatVersion = FormatVersion(settings: files.settings)?.description ?? ""
    }
}
