internal import Catalog
internal import FoundationEssentials

/// Figures written to files.
enum Export {
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
      let drawing = place + ".\(Drawing.hash(svg)).svg"
      let result = place + ".\(Drawing.hash(svg)).\(format)"
      defer {
        try? FileManager.default.removeItem(atPath: drawing)
        try? FileManager.default.removeItem(atPath: result)
      }
      try write(svg, to: drawing, named: path)
      try Converter.run(
        ["-f", format] + (format == "png" ? ["-z", "\(scale)"] : []) + ["-o", result, drawing],
        context: context)
      guard let bytes = FileManager.default.contents(atPath: result) else {
        throw Failure(.os, "rsvg-convert wrote no file for '\(path)'")
      }
      try write(bytes, to: place, named: path)
    }
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
