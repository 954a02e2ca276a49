internal import Catalog
internal import FoundationEssentials

/// Reads and writes notebook files, format 4; writes 4.5, as nbformat does to the byte.
public enum NotebookFile {
  /// - Throws: `Failure` when the file cannot be read or is no notebook of format 4.
  public static func read(_ path: String) throws -> Notebook {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Failure(.fileNotFound, "there is no file '\(path)'")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure(.permission, "'\(path)' cannot be read")
    }
    do {
      return try decode(Array(data))
    } catch {
      var failure = Failure(error)
      failure.message = "'\(path)' is not a notebook: \(failure.message)"
      throw failure
    }
  }

  /// Writes beside the file and renames, so that a reader never sees half of it.
  public static func write(_ notebook: Notebook, to path: String) throws {
    do {
      try Data(encode(notebook)).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw Failure(
        .os, "'\(path)' cannot be written", help: "does the folder exist, and may you write there?")
    }
  }

  /// The notebook a file's bytes hold.
  public static func decode(_ bytes: [UInt8]) throws -> Notebook {
    let json = try JSON(parsing: bytes)
    guard let members = json.members, let cells = json["cells"]?.array else {
      throw Failure(.value, "it has no list of cells", notes: format(of: json))
    }
    guard json["nbformat"]?.int == 4 else {
      throw Failure(
        .value, "its format is not 4", notes: format(of: json),
        help: "convert it: jupyter nbconvert --to notebook")
    }
    var notebook = Notebook(metadata: json["metadata"] ?? .object([]))
    notebook.metadata = without(
      ["orig_nbformat", "orig_nbformat_minor", "signature"], notebook.metadata)
    notebook.others = members.filter {
      !["cells", "metadata", "nbformat", "nbformat_minor"].contains($0.key)
    }
    var ids: Set<String> = []
    for (index, cell) in cells.enumerated() {
      notebook.cells.append(try decode(cell, number: index + 1, ids: &ids))
    }
    return notebook
  }

  private static func format(of json: JSON) -> [String] {
    guard let major = json["nbformat"]?.int else { return [] }
    return ["it says format \(major).\(json["nbformat_minor"]?.int ?? 0)"]
  }

  private static func decode(
    _ json: JSON, number: Int, ids: inout Set<String>
  ) throws -> Notebook.Cell {
    guard let members = json.members, let name = json["cell_type"]?.string,
      let kind = Notebook.Cell.Kind(rawValue: name)
    else {
      throw Failure(.value, "its cell \(number) is of no known kind")
    }
    guard let source = json["source"].flatMap(joined) else {
      throw Failure(.value, "its cell \(number) has no source")
    }
    let id = unused(json["id"]?.string, number: number, source: source, in: &ids)
    var cell = Notebook.Cell(kind, id: id, source: source)
    cell.metadata = without(["trusted"], json["metadata"] ?? .object([]))
    cell.executionCount = json["execution_count"]?.int
    cell.outputs = (json["outputs"]?.array ?? []).map(joinedOutput)
    let known = ["cell_type", "source", "id", "metadata", "execution_count", "outputs"]
    cell.others = members.filter { !known.contains($0.key) }
    return cell
  }

  /// The cell's own id, or one made from its place and text where it has none of use.
  private static func unused(
    _ id: String?, number: Int, source: String, in ids: inout Set<String>
  ) -> String {
    if let id, isValid(id), ids.insert(id).inserted { return id }
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(number)\n\(source)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01b3 }
    while true {
      let digits = String(hash, radix: 16)
      let made = String(repeating: "0", count: 16 - digits.count) + digits
      if ids.insert(made).inserted { return made }
      hash &+= 1
    }
  }

  private static func isValid(_ id: String) -> Bool {
    (1...64).contains(id.utf8.count)
      && id.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  private static func without(_ keys: [String], _ json: JSON) -> JSON {
    guard let members = json.members else { return .object([]) }
    return .object(members.filter { !keys.contains($0.key) })
  }
}
