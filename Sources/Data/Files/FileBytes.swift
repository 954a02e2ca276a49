internal import CZlib
internal import FoundationEssentials
internal import Glibc
internal import Tensors

/// The bytes of a file, inflated when it is compressed with gzip.
///
/// This is the one place that talks to zlib and stdio: their interfaces are C pointers, so the
/// keyword `unsafe` stands here and nowhere else in Data.
///
/// `@safe`: the buffer is an array's own storage and the count passed with it is its length.
@safe
public enum FileBytes {
  /// Reads a whole file; `.gz` content is recognised by its first bytes, not by its name.
  ///
  /// Memory grows with what is really there, so a file that lies about its size costs nothing.
  ///
  /// - Parameters:
  ///   - limit: more bytes than this (after inflating) throw.
  ///   - check: called between chunks of 1 MiB, so that an interrupt stops the reading.
  /// - Throws: `FileProblem`, or whatever `check` throws.
  public static func read(
    _ path: String, limit: Int = 1 << 33, check: () throws -> Void = {}
  ) throws -> [UInt8] {
    guard !path.utf8.contains(0) else {
      throw FileProblem.unreadable(path, reason: "the name contains a zero byte")
    }
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else { throw FileProblem.system(path, errno) }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw FileProblem.unreadable(
        path, reason: facts.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : "it is no plain file")
    }
    guard let file = unsafe gzopen(path, "rb") else { throw FileProblem.system(path, errno) }
    defer { unsafe gzclose(file) }
    unsafe gzbuffer(file, 1 << 17)

    var bytes: [UInt8] = []
    bytes.reserveCapacity(max(0, min(Int(facts.st_size), limit)))
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      try check()
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe gzread(file, buffer.baseAddress, UInt32(buffer.count))
      }
      if count < 0 {
        let reason = unsafe problem(of: file)
        throw FileProblem.compressed(path, after: bytes.count, reason: reason)
      }
      if count == 0 { break }
      // A small compressed file may hold more than memory.
      try StoragePool.shared.reserve(2 * bytes.count)
      guard bytes.count <= limit - Int(count) else {
        throw FileProblem.unreadable(path, reason: "it holds more than \(limit) bytes")
      }
      bytes.append(contentsOf: chunk[..<Int(count)])
    }
    // A stream that stops in its middle is reported only here.
    var code: Int32 = 0
    _ = unsafe gzerror(file, &code)
    if code != Z_OK && code != Z_STREAM_END {
      let reason = unsafe problem(of: file)
      throw FileProblem.compressed(path, after: bytes.count, reason: reason)
    }
    return bytes
  }

  private static func problem(of file: gzFile) -> String {
    var code: Int32 = 0
    guard let text = unsafe gzerror(file, &code) else { return "zlib error \(code)" }
    if code == Z_BUF_ERROR { return "it ends too early" }
    let message = unsafe String(cString: text)
    // zlib puts the path before its message.
    return message.split(separator: ": ").last.map(String.init) ?? message
  }

  /// Writes a file beside its place and renames it, so that no half file is ever there.
  ///
  /// - Throws: `FileProblem.unwritable`.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileProblem) {
    guard !path.utf8.contains(0) else {
      throw .unwritable(path, reason: "the name contains a zero byte")
    }
    do {
      try FoundationEssentials.Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .unwritable(path, reason: "the system refused it")
    }
  }

  /// Whether a plain file of that name is there.
  public static func exists(_ path: String) -> Bool {
    guard !path.utf8.contains(0) else { return false }
    var facts = stat()
    return unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
  }

  /// Whether a folder of that name is there.
  public static func isFolder(_ path: String) -> Bool {
    guard !path.utf8.contains(0) else { return false }
    var facts = stat()
    return unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
  }

  /// The value of an environment variable.
  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
