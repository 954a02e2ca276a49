internal import Catalog

/// A table as aligned text.
enum TableText {
  /// How tables look as the result of a cell: aligned text, and HTML beside it.
  static func media(_ tables: Table...) -> Media {
    var markup = Markup()
    for table in tables { markup.table(table) }
    return Media(tables.map { aligned($0) }.joined(separator: "\n\n"), markup)
  }

  static func aligned(_ table: Table, missing: String = "-") -> String {
    let cells =
      [table.columns.map(\.name)]
      + table.rows.map { row in
        row.map { cell in
          switch cell {
          case .text(let text): text
          case .whole(let whole): String(whole)
          case .number(let number): History.short(number)
          case .missing: missing
          }
        }
      }
    let widths = table.columns.indices.map { column in
      cells.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    let lines = cells.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let pad = String(repeating: " ", count: widths[column] - cell.count)
        line += column > 0 ? "  " : ""
        line += table.columns[column].isNumeric ? pad + cell : cell + pad
      }
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
    return ((table.title.isEmpty ? [] : [table.title]) + lines + table.notes)
      .joined(separator: "\n")
  }
}
