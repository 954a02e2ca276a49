internal import Catalog

/// Rows and columns: an HTML table, and one drawn with lines in text.
struct TableView {
  private let table: Table
  /// Rows shown, by index; a gap in them stands for what is left out.
  private let shown: [Int]
  private static let head = 20
  private static let tail = 5

  init(_ table: Table) {
    self.table = table
    let count = table.rows.count
    shown =
      count <= Self.head + Self.tail
      ? Array(0..<count) : Array(0..<Self.head) + Array((count - Self.tail)..<count)
  }

  var sentence: String {
    let size = "\(count(table.rows.count, "row")), \(count(table.columns.count, "column"))"
    return (table.title.isEmpty ? "Table of " : table.title + ": table of ") + size + "."
  }

  private func count(_ number: Int, _ word: String) -> String {
    "\(number) \(word)\(number == 1 ? "" : "s")"
  }

  /// All cells of a column as text; numbers with a common count of decimals.
  private func texts(_ column: Int) -> [String] {
    let cells = shown.map { row in
      column < table.rows[row].count ? table.rows[row][column] : Table.Cell.missing
    }
    let plain = cells.map { cell -> String in
      switch cell {
      case .text(let text): text
      case .whole(let value): String(value)
      case .number(let value): NumberText.label(value, digits: 4)
      case .missing: ""
      }
    }
    guard table.isNumeric(column) else { return plain }
    // Decimal points stand below each other.
    let decimals =
      plain.compactMap { text -> Int? in
        guard !text.contains("e"), let point = text.firstIndex(of: ".") else { return nil }
        return text.distance(from: point, to: text.endIndex)
      }.max() ?? 0
    return zip(cells, plain).map { cell, text in
      guard case .number(let value) = cell, value.isFinite, !text.contains("e"), decimals > 0 else {
        return text
      }
      let has = text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) } ?? 0
      let filler = has == 0 ? "." + String(repeating: "0", count: decimals - 1) : ""
      return text + filler + (has > 0 ? String(repeating: "0", count: decimals - has) : "")
    }
  }

  private var leftOut: Int { table.rows.count - shown.count }

  var lines: [String] {
    var columns: [[String]] = []
    var widths: [Int] = []
    for column in table.columns.indices {
      let texts = texts(column).map { clean($0) }
      columns.append(texts)
      let widest = (texts + [clean(table.columns[column].name)]).map { TextWidth.columns($0) }.max()
      widths.append(min(40, max(1, widest ?? 1)))
    }
    func rule(_ left: String, _ middle: String, _ right: String) -> String {
      left + widths.map { String(repeating: "─", count: $0 + 2) }.joined(separator: middle) + right
    }
    func row(_ cells: [String]) -> String {
      "│"
        + cells.enumerated().map { index, text in
          let fit = TextWidth.fit(text, columns: widths[index])
          return " " + TextWidth.pad(fit, columns: widths[index], toLeft: table.isNumeric(index))
            + " "
        }.joined(separator: "│") + "│"
    }
    var lines = table.title.isEmpty ? [] : [clean(table.title)]
    guard !table.columns.isEmpty else { return lines + ["no data"] + table.notes }
    lines.append(rule("┌", "┬", "┐"))
    lines.append(row(table.columns.map { clean($0.name) }))
    lines.append(rule("├", "┼", "┤"))
    for index in shown.indices {
      if leftOut > 0, index == Self.head { lines.append(row(widths.map { _ in "…" })) }
      lines.append(row(columns.map { $0[index] }))
    }
    lines.append(rule("└", "┴", "┘"))
    if leftOut > 0 { lines.append("… \(leftOut) rows not shown") }
    return lines + table.notes.map { clean($0) }
  }

  private func clean(_ text: String) -> String {
    String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
  }

  var html: String {
    var markup = Markup()
    markup.table(table)
    return markup.html
  }
}
