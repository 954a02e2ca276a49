public import Tensors

/// NumPy's archive of named arrays: a ZIP file of NPY files.
public enum NPZ {
  public typealias Named = (name: String, tensor: Tensor)

  public static func recognises(_ bytes: [UInt8]) -> Bool { ZIPArchive.recognises(bytes) }

  /// Reads a file; the arrays come in the order of the archive.
  public static func read(_ path: String, check: () throws -> Void = {}) throws -> [Named] {
    try parse(try FileBytes.read(path, check: check), name: path, check: check)
  }

  /// Reads the content of a file; members that are no NPY files are left out.
  ///
  /// - Throws: `FileProblem` naming the file and the member, what was found and what was expected.
  public static func parse(
    _ bytes: [UInt8], name: String, check: () throws -> Void = {}
  ) throws -> [Named] {
    let archive = try ZIPArchive(bytes, name: name)
    var arrays: [Named] = []
    for member in archive.members where member.name.hasSuffix(".npy") {
      try check()
      try StoragePool.shared.reserve(member.size)
      let content = try archive.content(of: member, check: check)
      let title = String(member.name.dropLast(4))
      guard !arrays.contains(where: { $0.name == title }) else {
        throw FileProblem.malformed(
          name, found: "two arrays '\(title)'", expected: "a name for each")
      }
      arrays.append((title, try NPY.parse(content, name: "\(name): \(member.name)", check: check)))
    }
    guard !arrays.isEmpty || archive.members.isEmpty else {
      throw FileProblem.malformed(
        name, found: "an archive of \(archive.members.count) files without an array",
        expected: "an NPZ file: members that end in .npy")
    }
    return arrays
  }

  /// The bytes of an archive; the same arrays give the same bytes.
  public static func encoded(
    _ arrays: [Named], isCompressed: Bool = false, path: String = "archive"
  ) throws -> [UInt8] {
    try ZIPArchive.encoded(
      arrays.map { ($0.name + ".npy", NPY.encoded($0.tensor)) }, isDeflated: isCompressed,
      path: path)
  }
}
