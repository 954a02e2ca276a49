/// Rows and columns as an HTML table, long and wide ones cut in the middle.
struct TableMarkup {
  private let table: Table
  /// What is shown, by index; a gap stands for what is left out.
  private let rows: [Int]
  private let columns: [Int]
  private let isNumeric: [Bool]

  private static let cellLimit = 1000

  init(_ table: Table) {
    self.table = table
    rows = TableMarkup.kept(table.rows.count, head: 10, tail: 10, limit: 25, table.best)
    columns = TableMarkup.kept(table.columns.count, head: 12, tail: 4, limit: 20, nil)
    isNumeric = table.columns.indices.map { table.isNumeric($0) }
  }

  /// The indices of the head, of one place and of the tail; all when there are few.
  private static func kept(
    _ count: Int, head: Int, tail: Int, limit: Int, _ marked: Int?
  ) -> [Int] {
    guard count > limit else { return Array(0..<count) }
    let middle = marked.filter { (head..<(count - tail)).contains($0) }
    return Array(0..<head) + middle + Array((count - tail)..<count)
  }

  var html: String {
    var text = "<table class=\"dataframe\">\n<thead><tr>"
    let cells = columns.map { texts($0) }
    for (place, column) in columns.enumerated() {
      if isGap(place, in: columns) { text += "<th>…</th>" }
      let name = shown(table.columns[column].name)
      text += "<th scope=\"col\"\(style(column))>\(name)</th>"
    }
    text += "</tr></thead>\n<tbody>\n"
    for (place, row) in rows.enumerated() {
      if isGap(place, in: rows) { text += gap(row - rows[place - 1] - 1) }
      text += line(row, cells: cells.map { $0[place] })
    }
    return text + "</tbody>\n</table>"
  }

  private func line(_ row: Int, cells: [String]) -> String {
    let isBest = table.best == row
    var text = isBest ? "<tr style=\"font-weight:bold\" title=\"best\">" : "<tr>"
    for (place, column) in columns.enumerated() {
      if isGap(place, in: columns) { text += "<td>…</td>" }
      var cell = shown(cells[place])
      // On the side where it does not move numbers away from those above.
      if isBest, place == 0 { cell = isNumeric[0] ? "★ " + cell : cell + " ★" }
      if column == 0, !isNumeric[0] {
        text += "<th scope=\"row\"\(style(0))>\(cell)</th>"
      } else {
        text += "<td\(style(column))>\(cell)</td>"
      }
    }
    return text + "</tr>\n"
  }

  private func gap(_ count: Int) -> String {
    let width = columns.count + (columns.count < table.columns.count ? 1 : 0)
    return "<tr><td colspan=\"\(width)\" style=\"text-align:center\">"
      + "… \(count) more \(count == 1 ? "row" : "rows")</td></tr>\n"
  }

  private func isGap(_ place: Int, in kept: [Int]) -> Bool {
    place > 0 && kept[place] > kept[place - 1] + 1
  }

  private func style(_ column: Int) -> String {
    " style=\"text-align:\(isNumeric[column] ? "right" : "left")\""
  }

  private func shown(_ text: String) -> String {
    Markup.cut(text, to: TableMarkup.cellLimit).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).map { Markup.escaped(String($0)) }.joined(separator: "<br>")
  }

  /// The cells of a column that are shown; its numbers have their points below each other.
  private func texts(_ column: Int) -> [String] {
    let cells = rows.map { row in
      column < table.rows[row].count ? table.rows[row][column] : Table.Cell.missing
    }
    let isWhole = !cells.contains { if case .number = $0 { true } else { false } }
    let values = cells.compactMap { cell -> Double? in
      switch cell {
      case .number(let number): number
      case .whole(let whole): isWhole ? nil : Double(whole)
      case .text, .missing: nil
      }
    }
    var numbers = ShortNumber.column(values).makeIterator()
    return cells.map { cell in
      switch cell {
      case .text(let text): text
      case .whole(let whole) where isWhole: String(whole)
      case .number, .whole: numbers.next() ?? ""
      case .missing: "–"
      }
    }
  }
}

extension Optional where Wrapped == Int {
  /// As a list of one, when it is there and satisfies the condition.
  fileprivate func filter(_ condition: (Int) -> Bool) -> [Int] {
    map { condition($0) ? [$0] : [] } ?? []
  }
}
