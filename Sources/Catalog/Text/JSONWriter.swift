extension JSON {
  /// How the text is laid out.
  public enum Layout: Sendable, Equatable {
    /// One line, no spaces: the wire.
    case compact
    /// One member per line, one space per level, names sorted: notebook files.
    case notebook
  }

  /// The UTF-8 text; not-a-number and infinities are written as `null`.
  public func encoded(_ layout: Layout = .compact) -> [UInt8] {
    var text: [UInt8] = []
    write(into: &text, layout, level: 0)
    return text
  }

  public func text(_ layout: Layout = .compact) -> String {
    String(decoding: encoded(layout), as: UTF8.self)
  }

  private func write(into text: inout [UInt8], _ layout: Layout, level: Int) {
    switch self {
    case .null: text += "null".utf8
    case .bool(let bool): text += (bool ? "true" : "false").utf8
    case .int(let int): text += String(int).utf8
    case .number(let double): text += (double.isFinite ? "\(double)" : "null").utf8
    case .string(let string): Self.write(string, into: &text)
    case .array(let elements):
      Self.writeList(elements, "[", "]", into: &text, layout, level) { element, text in
        element.write(into: &text, layout, level: level + 1)
      }
    case .object(let members):
      let ordered = layout == .compact ? members : members.sorted { $0.key < $1.key }
      Self.writeList(ordered, "{", "}", into: &text, layout, level) { member, text in
        Self.write(member.key, into: &text)
        text += (layout == .compact ? ":" : ": ").utf8
        member.value.write(into: &text, layout, level: level + 1)
      }
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], _ open: String, _ close: String, into text: inout [UInt8],
    _ layout: Layout, _ level: Int, _ write: (Element, inout [UInt8]) -> Void
  ) {
    text += open.utf8
    for (index, element) in elements.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      if layout == .notebook { newLine(level + 1, into: &text) }
      write(element, &text)
    }
    if layout == .notebook, !elements.isEmpty { newLine(level, into: &text) }
    text += close.utf8
  }

  private static func newLine(_ level: Int, into text: inout [UInt8]) {
    text.append(0x0A)
    for _ in 0..<level { text.append(0x20) }
  }

  private static func write(_ string: String, into text: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    text.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): text += "\\\"".utf8
      case UInt8(ascii: "\\"): text += "\\\\".utf8
      case 0x0A: text += "\\n".utf8
      case 0x0D: text += "\\r".utf8
      case 0x09: text += "\\t".utf8
      case 0x08: text += "\\b".utf8
      case 0x0C: text += "\\f".utf8
      case 0..<0x20, 0x7F:
        text += "\\u00".utf8
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
