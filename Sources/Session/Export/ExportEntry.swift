internal import Catalog
internal import FoundationEssentials
internal import Plots

/// `export(thing, "file.csv", …)`.
enum ExportEntry {
  static let entry = Entry(
    "export", "Writes a value to files; each file's ending says in which form.",
    Parameter("value", Value.self, "a table, array, figure, history or model"),
    Parameter(
      "paths", Rest<String>.self, "files, relative to the working directory", passing: .rest),
    .context, example: "export(progress, \"progress.txt\")",
    details: """
      Tables, histories and arrays: .csv, .tsv, .json, .md, .tex, .html. Figures: .svg, .png, .pdf;
      .csv for what they show. Arrays and dicts of arrays: .npy, .npz, .safetensors. Anything: .txt.
      Other endings are for the value's own `save`.
      """
  ) { value, paths, context in
    guard !paths.values.isEmpty else {
      throw Failure(.value, "export() needs the name of a file", help: "export(x, \"x.csv\")")
    }
    for path in paths.values {
      try context.check()
      try write(value, to: path, context)
    }
    return .none
  }

  private static let pictures = ["svg", "png", "pdf"]

  private static func write(_ value: Value, to path: String, _ context: Context) throws {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.contains(".") ? name.split(separator: ".").last?.lowercased() ?? "" : ""
    if let format = TableFormat(rawValue: ending), let table = try table(of: value) {
      return try put(Array(format.text(of: table).utf8), path, context)
    }
    switch ending {
    case "txt", "svg", "png", "pdf", "html":
      let media = try context.media(of: value)
      if ending == "txt" { return try put(Array((media.text + "\n").utf8), path, context) }
      if ending == "html", let html = media.html { return try put(Array(html.utf8), path, context) }
      guard pictures.contains(ending), let svg = media.svg else { break }
      if ending == "svg" { return try put(Array(svg.utf8), path, context) }
      return try put(try Export.convert(svg, to: ending, context: context), path, context)
    default:
      if try ExportArrays.write(value, to: context.resolve(path)) { return }
      if case .object(let object) = value, let save = object.type.member("save") {
        _ = try save.call(
          Arguments(
            receiver: value, positional: [.string(context.resolve(path))], context: context))
        return
      }
    }
    throw Failure(
      .value, "a \(value.typeName) cannot be written as '.\(ending)'",
      help: Nearest.question(
        ending,
        among: ["csv", "tsv", "json", "md", "tex", "html", "txt", "npy", "npz", "safetensors"]
          + pictures)
        ?? "help(export) says which endings there are")
  }

  private static func table(of value: Value) throws -> Table? {
    switch value {
    case .object(let object):
      if let table = try object.table() { return table }
      if case .table(let table)? = try object.facts() { return table }
      if let numbers = try object.numbers() { return try Table(exporting: numbers) }
      return try object.facts().map { try Table(exporting: $0) }
    case .list(let view):
      guard let numbers = try view.doubles() else { return nil }
      return try Table(exporting: Numbers(shape: [numbers.count], values: numbers))
    default: return nil
    }
  }

  private static func put(_ bytes: [UInt8], _ path: String, _ context: Context) throws {
    do {
      try Data(bytes).write(to: URL(filePath: context.resolve(path)), options: .atomic)
    } catch {
      throw Failure(
        .os, "'\(path)' cannot be written", help: "does the folder exist, and may you write there?")
    }
  }
}
