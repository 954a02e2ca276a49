/// HTML made of plain text: whatever is put in is escaped, so nothing in it can run.
///
/// It sets no colours, so that it reads well in light and dark themes, and its tables carry the
/// class that notebooks know how to style.
public struct Markup: Sendable {
  public private(set) var html = ""

  public init() {}

  /// A line of its own, in bold type, and after it more in plain type.
  public mutating func heading(_ text: String, _ more: String = "") {
    guard !text.isEmpty else { return }
    html += "<div><strong>\(Markup.escaped(Markup.cut(text, to: 400)))</strong>"
    if !more.isEmpty { html += " \(Markup.escaped(Markup.cut(more, to: 400)))" }
    html += "</div>\n"
  }

  /// A line of its own; as long as it wants to be, up to two thousand characters.
  public mutating func line(_ text: String) {
    guard !text.isEmpty else { return }
    html += "<div>\(Markup.escaped(Markup.cut(text, to: 2000)))</div>\n"
  }

  /// A table with its title above and its notes below.
  public mutating func table(_ table: Table) {
    heading(table.title)
    if !table.columns.isEmpty { add(TableMarkup(table).html) }
    for note in table.notes { line(note) }
  }

  /// What opens on a click; `summary` is always seen.
  public mutating func details(_ summary: String, _ content: Markup) {
    html += "<details><summary>\(Markup.escaped(summary))</summary>\n\(content.html)</details>\n"
  }

  /// HTML that was made with the same care.
  public mutating func add(_ html: String) {
    self.html += html
    if !html.hasSuffix("\n") { self.html += "\n" }
  }

  /// Text as it can stand in HTML, in quotes too; without control characters but line ends and tabs.
  public static func escaped(_ text: String) -> String {
    var safe = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;".unicodeScalars
      case "<": safe += "&lt;".unicodeScalars
      case ">": safe += "&gt;".unicodeScalars
      case "\"": safe += "&quot;".unicodeScalars
      case "'": safe += "&#39;".unicodeScalars
      case "\t", "\n", "\r": safe.append(scalar)
      default:
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: break
        default: safe.append(scalar)
        }
      }
    }
    return String(safe)
  }

  static func cut(_ text: String, to limit: Int) -> String {
    // Counting bytes first spares walking over the characters of nearly every text.
    guard text.utf8.count > limit, text.count > limit else { return text }
    return text.prefix(limit) + "…"
  }
}

extension Media {
  /// Plain text, and the same as HTML beside it.
  public init(_ text: String, _ markup: Markup) {
    self.init(text, html: markup.html.isEmpty ? nil : markup.html)
  }
}
