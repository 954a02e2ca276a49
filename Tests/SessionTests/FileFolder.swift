import FoundationEssentials

/// A folder of its own that is removed with it.
final class FileFolder {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.path + "/gradus-test-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path + "/" + name)), as: UTF8.self)
  }
}
