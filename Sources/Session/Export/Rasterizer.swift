internal import Catalog
internal import FoundationEssentials
internal import Glibc

/// Turns an SVG picture into PNG or PDF with the program `rsvg-convert`.
///
/// A shim around `posix_spawn`, whose arguments are pointers.
enum Rasterizer {
  static func convert(_ svg: [UInt8], to format: String) throws -> [UInt8] {
    let base = FileManager.default.temporaryDirectory.path
    let folder = "\(base)/gradus-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (source, target) = (folder + "/in.svg", folder + "/out")
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try Data(svg).write(to: URL(filePath: source))
    } catch {
      throw Failure(.os, "there is no room for a temporary file in \(base)")
    }
    let words = ["rsvg-convert", "--format", format, "--zoom", format == "png" ? "2" : "1"]
    let status = run(words + ["--output", target, source])
    guard status != 127 else {
      throw Failure(
        .os, "the program rsvg-convert is missing, which makes .\(format) files",
        help: "sudo apt-get install librsvg2-bin; or export as .svg")
    }
    guard status == 0, let data = FileManager.default.contents(atPath: target) else {
      throw Failure(.os, "rsvg-convert could not make a .\(format) of the picture")
    }
    return Array(data)
  }

  /// The exit status; 127 when there is no such program.
  private static func run(_ words: [String]) -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) }
    unsafe arguments.append(nil)
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var process: pid_t = 0
    guard unsafe posix_spawnp(&process, words[0], nil, nil, &arguments, environ) == 0 else {
      return 127
    }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
  }
}
