internal import Catalog

/// The part of Markdown that help and the manual are written in, read once and shown in any form.
///
/// Headings, paragraphs, lists, tables, fenced code; bold and code inside them.
struct Markdown {
  enum Block: Equatable {
    case heading(level: Int, String)
    case paragraph(String)
    case list([String])
    case code(language: String, [String])
    case table([[String]])
  }

  private(set) var blocks: [Block] = []

  init(_ text: String) {
    var paragraph: [String] = []
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
    func flush(_ blocks: inout [Block]) {
      if !paragraph.isEmpty { blocks.append(.paragraph(paragraph.joined(separator: " "))) }
      paragraph = []
    }
    while let line = lines.popFirst() {
      if line.hasPrefix("```") {
        flush(&blocks)
        var code: [String] = []
        while let next = lines.popFirst(), !next.hasPrefix("```") { code.append(next) }
        blocks.append(.code(language: String(line.dropFirst(3)), code))
      } else if line.hasPrefix("#") {
        flush(&blocks)
        let level = line.prefix { $0 == "#" }.count
        blocks.append(.heading(level: level, String(line.dropFirst(level).drop { $0 == " " })))
      } else if line.hasPrefix("|") {
        flush(&blocks)
        add(row: line)
      } else if line.hasPrefix("- ") {
        flush(&blocks)
        if case .list(let items)? = blocks.last {
          blocks[blocks.count - 1] = .list(items + [String(line.dropFirst(2))])
        } else {
          blocks.append(.list([String(line.dropFirst(2))]))
        }
      } else if line.hasPrefix("  "), paragraph.isEmpty, case .list(var items)? = blocks.last,
        let last = items.popLast()
      {
        blocks[blocks.count - 1] = .list(items + [last + " " + line.drop { $0 == " " }])
      } else if line.allSatisfy({ $0 == " " }) {
        flush(&blocks)
      } else {
        paragraph.append(line)
      }
    }
    flush(&blocks)
  }

  private mutating func add(row line: String) {
    var cells: [String] = []
    var cell = ""
    var isCode = false
    var isEscaped = false
    for character in line.dropFirst() {
      if character == "`" { isCode.toggle() }
      if character == "|", !isEscaped, !isCode {
        cells.append(cell)
        cell = ""
      } else if character != "\\" || isCode {
        cell.append(character)
      }
      isEscaped = character == "\\"
    }
    let row = cells.map { Markdown.trimmed($0) }
    if row.allSatisfy({ $0.allSatisfy { "-: ".contains($0) } }) { return }
    if case .table(let rows)? = blocks.last {
      blocks[blocks.count - 1] = .table(rows + [row])
    } else {
      blocks.append(.table([row]))
    }
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  // MARK: Plain text

  /// For terminals: no marks, lines of at most 80 characters where the words allow.
  var text: String {
    blocks.map { block in
      switch block {
      case .heading(let level, let text):
        let plain = Markdown.plain(text)
        return level > 2
          ? plain
          : plain + "\n" + String(repeating: level == 1 ? "=" : "-", count: plain.count)
      case .paragraph(let text): return Markdown.wrapped(Markdown.plain(text), indent: "")
      case .list(let items):
        return items.map { item in
          "- " + Markdown.wrapped(Markdown.plain(item), indent: "  ")
        }.joined(separator: "\n")
      case .code(_, let lines):
        return lines.map { $0.isEmpty ? "" : "    " + $0 }
          .joined(separator: "\n")
      case .table(let rows): return Markdown.columns(rows.map { $0.map(Markdown.plain) })
      }
    }.joined(separator: "\n\n")
  }

  private static func plain(_ text: String) -> String {
    var plain = ""
    var isCode = false
    var stars = 0
    for character in text {
      if character == "`" {
        isCode.toggle()
      } else if character == "*", !isCode {
        stars += 1
        if stars == 2 { stars = 0 }
        continue
      } else {
        plain += String(repeating: "*", count: stars)
        plain.append(character)
      }
      stars = 0
    }
    return plain + String(repeating: "*", count: stars)
  }

  private static func wrapped(_ text: String, indent: String) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent.count + line.count + 1 + word.count > 80 {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    lines.append(line)
    return lines.joined(separator: "\n" + indent)
  }

  private static func columns(_ rows: [[String]]) -> String {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        line += (column == 0 ? "" : "  ") + cell
        if column + 1 < row.count {
          line += String(repeating: " ", count: widths[column] - cell.count)
        }
      }
      return "  " + line
    }.joined(separator: "\n")
  }

  // MARK: HTML

  var html: String {
    blocks.map { block in
      switch block {
      case .heading(let level, let text): "<h\(level)>\(Markdown.inline(text))</h\(level)>"
      case .paragraph(let text): "<p>\(Markdown.inline(text))</p>"
      case .list(let items):
        "<ul>\n" + items.map { "<li>\(Markdown.inline($0))</li>" }.joined(separator: "\n")
          + "\n</ul>"
      case .code(_, let lines):
        "<pre><code>\(Markup.escaped(lines.joined(separator: "\n")))</code></pre>"
      case .table(let rows):
        "<table>\n"
          + rows.enumerated().map { index, row in
            let cell = index == 0 ? "th" : "td"
            return "<tr>" + row.map { "<\(cell)>\(Markdown.inline($0))</\(cell)>" }.joined()
              + "</tr>"
          }.joined(separator: "\n") + "\n</table>"
      }
    }.joined(separator: "\n")
  }

  /// Code in backticks, bold in two stars.
  private static func inline(_ text: String) -> String {
    var html = ""
    var isBold = false
    for (index, part) in text.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
      guard index % 2 == 0 else {
        html += "<code>\(Markup.escaped(String(part)))</code>"
        continue
      }
      var rest = Markup.escaped(String(part))[...]
      while let range = rest.firstRange(of: "**") {
        html += rest[..<range.lowerBound] + (isBold ? "</b>" : "<b>")
        isBold.toggle()
        rest = rest[range.upperBound...]
      }
      html += rest
    }
    return isBold ? html + "</b>" : html
  }
}
