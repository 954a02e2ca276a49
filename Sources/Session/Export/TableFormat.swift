internal import Catalog

/// Tables as text of several kinds.
enum TableFormat: String {
  case csv
  case tsv
  case md
  case tex
  case html
  case json

  func text(of table: Table) -> String {
    switch self {
    case .csv: separated(table, by: ",")
    case .tsv: separated(table, by: "\t")
    case .md: markdown(table)
    case .tex: tabular(table)
    case .html: page(table)
    case .json: array(table).text(.notebook) + "\n"
    }
  }

  private func separated(_ table: Table, by separator: String) -> String {
    func field(_ text: String) -> String {
      let needsQuotes = text.contains {
        $0 == "\"" || $0 == "\n" || $0 == "\r\n" || String($0) == separator
      }
      guard needsQuotes else { return text }
      return "\""
        + text.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"") + "\""
    }
    let lines = [table.columns.map(\.name)] + table.rows.map { $0.map(\.exact) }
    return lines.map { $0.map(field).joined(separator: separator) + "\n" }.joined()
  }

  private func markdown(_ table: Table) -> String {
    func row(_ cells: [String]) -> String {
      "| " + cells.map { $0.replacing(["|": "\\|", "\n": " "]) }.joined(separator: " | ") + " |\n"
    }
    return row(table.columns.map(\.name))
      + row(table.columns.map { $0.isNumeric ? "---:" : "---" })
      + table.rows.map { row($0.map(\.readable)) }.joined()
  }

  private func tabular(_ table: Table) -> String {
    let escapes: [Character: String] = [
      "&": "\\&", "%": "\\%", "$": "\\$", "#": "\\#", "_": "\\_", "{": "\\{", "}": "\\}",
      "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "\\": "\\textbackslash{}",
    ]
    func row(_ cells: [String]) -> String {
      "  " + cells.map { $0.replacing(escapes) }.joined(separator: " & ") + " \\\\\n"
    }
    let alignment = table.columns.map { $0.isNumeric ? "r" : "l" }.joined()
    return "\\begin{tabular}{\(alignment)}\n" + row(table.columns.map(\.name)) + "  \\hline\n"
      + table.rows.map { row($0.map(\.readable)) }.joined() + "\\end{tabular}\n"
  }

  private func page(_ table: Table) -> String {
    func cell(_ text: String, _ tag: String, isNumeric: Bool) -> String {
      let name = tag.prefix { $0 != " " }
      let style = isNumeric ? " style=\"text-align: right\"" : ""
      return "<\(tag)\(style)>\(Markup.escaped(text))</\(name)>"
    }
    func numeric(_ index: Int) -> Bool {
      table.columns.indices.contains(index) && table.columns[index].isNumeric
    }
    var text = "<table>\n"
    if !table.title.isEmpty { text += "<caption>\(Markup.escaped(table.title))</caption>\n" }
    let heads = table.columns.map { cell($0.name, "th scope=\"col\"", isNumeric: $0.isNumeric) }
    text += "<thead><tr>\(heads.joined())</tr></thead>\n<tbody>\n"
    for row in table.rows {
      let cells = row.enumerated().map { cell($1.readable, "td", isNumeric: numeric($0)) }
      text += "<tr>\(cells.joined())</tr>\n"
    }
    return text + "</tbody>\n</table>\n"
  }

  private func array(_ table: Table) -> JSON {
    .array(
      table.rows.map { row in
        .object(zip(table.columns, row).map { (key: $0.name, value: $1.json) })
      })
  }
}

extension Table.Cell {
  /// With all digits, so that reading it gives the same number.
  fileprivate var exact: String {
    switch self {
    case .text(let text): text
    case .number(let number): number.isNaN ? "nan" : "\(number)"
    case .whole(let number): "\(number)"
    case .missing: ""
    }
  }

  fileprivate var readable: String {
    switch self {
    case .text(let text): text
    case .number(let number): ShortNumber.text(number)
    case .whole(let number): "\(number)"
    case .missing: ""
    }
  }

  fileprivate var json: JSON {
    switch self {
    case .text(let text): .string(text)
    case .number(let number): .number(number)
    case .whole(let number): .int(number)
    case .missing: .null
    }
  }
}

extension String {
  /// With characters replaced by what stands for them.
  fileprivate func replacing(_ escapes: [Character: String]) -> String {
    var text = ""
    for character in self { text += escapes[character] ?? String(character) }
    return text
  }
}
