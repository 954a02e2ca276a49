internal import Catalog

extension NotebookFile {
  /// The bytes of the file: names sorted, one space per level, a line break at the end.
  public static func encode(_ notebook: Notebook) -> [UInt8] {
    var json = JSON.object(notebook.others)
    json.set("cells", to: .array(notebook.cells.map(encode)))
    json.set("metadata", to: notebook.metadata)
    json.set("nbformat", to: 4)
    json.set("nbformat_minor", to: 5)
    return json.encoded(.notebook) + [0x0A]
  }

  private static func encode(_ cell: Notebook.Cell) -> JSON {
    var json = JSON.object(
      cell.others.map { member in
        guard member.key == "attachments", let attachments = member.value.members else {
          return member
        }
        return (
          member.key,
          .object(attachments.map { ($0.key, $0.value.members.map(splitBundle) ?? $0.value) })
        )
      })
    json.set("cell_type", to: .string(cell.kind.rawValue))
    json.set("id", to: .string(cell.id))
    json.set("metadata", to: cell.metadata)
    json.set("source", to: split(cell.source))
    if cell.kind == .code {
      json.set("execution_count", to: cell.executionCount.map { .int($0) } ?? .null)
      json.set("outputs", to: .array(cell.outputs.map(splitOutput)))
    }
    return json
  }
}
