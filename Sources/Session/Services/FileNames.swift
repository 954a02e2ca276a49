internal import Catalog
internal import Glibc

/// Files of the working directory, for paths that are being written.
enum FileNames {
  /// How many entries of a folder are looked at, and told.
  private static let limit = (read: 5_000, told: 200)

  /// The paths that begin with the text, folders with a slash at their end; hidden ones only when
  /// asked for.
  ///
  /// - Parameter folder: where relative paths start; empty: the process's working directory.
  static func beginning(with text: String, in folder: String) -> [String] {
    let slash = text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
    let parent = String(text[..<slash])
    let start = String(text[slash...])
    var place = parent
    if !parent.hasPrefix("/") { place = (folder.isEmpty ? "." : folder) + "/" + parent }
    var found: [String] = []
    for name in names(in: place) where name.hasPrefix(start) {
      if name.hasPrefix("."), !start.hasPrefix(".") { continue }
      found.append(parent + name)
    }
    return Array(found.sorted().prefix(limit.told))
  }

  /// The names in a folder; empty when it cannot be read.
  ///
  /// `readdir` gives a pointer, so this is a shim around C.
  private static func names(in folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while names.count < limit.read, let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { text in
          unsafe String(cString: text)
        }
      }
      guard name != ".", name != ".." else { continue }
      let isFolder = unsafe entry.pointee.d_type == UInt8(DT_DIR)
      names.append(isFolder ? name + "/" : name)
    }
    return names
  }
}
