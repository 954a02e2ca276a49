public import Catalog
internal import FoundationEssentials

/// Figures written to files.
public enum Export {
  private static let formats = ["svg", "png", "pdf", "txt", "html"]

  /// Writes a figure in the format that the file's ending names.
  ///
  /// The file is written beside its place and renamed, so that nobody sees half of it.
  static func save(
    _ figure: Figure, to path: String, scale: Double, context: Context
  ) throws {
    let place = context.resolve(path)
    let ending = path.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
    let format = path.contains(".") ? ending.lowercased() : ""
    guard formats.contains(format) else {
      throw Failure(
        .value, "cannot save a figure as '\(path)'", code: "L308",
        notes: ["known endings: " + formats.map { "." + $0 }.joined(separator: ", ")])
    }
    switch format {
    case "txt": try write(figure.media(theme: .light).text + "\n", to: place, named: path)
    case "html":
      let content = figure.html ?? figure.svg(theme: .light) ?? ""
      let title = Drawing.escape(figure.alternative)
      let page =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>\(title)</title>"
        + "</head>\n<body>\n\(content)\n</body>\n</html>\n"
      try write(page, to: place, named: path)
    default:
      guard let svg = figure.svg(theme: figure.theme ?? .light) else {
        throw Failure(
          .value, "a table has no picture to save as .\(format)",
          help: "save it as .html or .txt")
      }
      if format == "svg" { return try write(svg + "\n", to: place, named: path) }
      let bytes = try convert(svg, to: format, scale: scale, context: context)
      try write(Data(bytes), to: place, named: path)
    }
  }

  /// An SVG document as PNG or PDF, made by `rsvg-convert`.
  ///
  /// - Parameters:
  ///   - format: `png` or `pdf`.
  ///   - scale: pixels of a PNG per pixel of the picture.
  /// - Throws: `Failure` when the program is missing or cannot do it.
  public static func convert(
    _ svg: String, to format: String, scale: Double = 2, context: Context
  ) throws -> [UInt8] {
    let files = FileManager.default
    let folder = files.temporaryDirectory.appending(path: "gradus-\(UUID().uuidString)").path
    defer { try? files.removeItem(atPath: folder) }
    do {
      try files.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Failure(
        .os, "there is no place for temporary files in '\(files.temporaryDirectory.path)'")
    }
    let (drawing, result) = (folder + "/in.svg", folder + "/out." + format)
    try write(svg, to: drawing, named: drawing)
    try Converter.run(
      ["-f", format] + (format == "png" ? ["-z", "\(scale)"] : []) + ["-o", result, drawing],
      context: context)
    guard let bytes = files.contents(atPath: result) else {
      throw Failure(.os, "rsvg-convert wrote no .\(format) file")
    }
    return [UInt8](bytes)
  }

  private static func write(_ text: String, to place: String, named path: String) throws {
    try write(Data(text.utf8), to: place, named: path)
  }

  private static func write(_ bytes: Data, to place: String, named path: String) throws {
    do {
      try bytes.write(to: URL(filePath: place), options: .atomic)
    } catch {
      let folder = URL(filePath: place).deletingLastPathComponent().path
      if !FileManager.default.fileExists(atPath: folder) {
        throw Failure(
          .fileNotFound, "cannot write '\(path)': there is no folder '\(folder)'",
          help: "make the folder first, or give another path")
      }
      throw Failure(
        .permission, "cannot write '\(path)'", notes: ["the folder is '\(folder)'"],
        help: "choose a place you may write to")
    }
  }
}
