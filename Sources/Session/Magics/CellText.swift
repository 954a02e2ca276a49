/// A cell's text, divided into code and the lines that are meant for the session.
struct CellText {
  enum Part: Equatable {
    /// Code, with line breaks before it so that its lines keep their numbers.
    case code(String)
    /// `%name argument`.
    case magic(name: String, argument: String, line: Int)
    /// `%%name argument` in the first line, and the cell below it.
    case cellMagic(name: String, argument: String, body: String)
    /// `?name` or `name?`.
    case inspect(String, line: Int)
    /// `!command`.
    case command(String, line: Int)
  }

  let parts: [Part]

  init(_ text: String) {
    let bytes = text.utf8
    guard bytes.contains(where: { $0 == 0x25 || $0 == 0x21 || $0 == 0x3F }) else {
      parts = [.code(text)]
      return
    }
    // A pair of carriage return and line feed is one character, and one line break.
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    if let first = lines.first, first.hasPrefix("%%") {
      let (name, argument) = CellText.words(first.dropFirst(2))
      let body = "\n" + lines.dropFirst().joined(separator: "\n")
      parts = [.cellMagic(name: name, argument: argument, body: body)]
      return
    }
    var parts: [Part] = []
    var code = ""
    var hasCode = false
    var state = LineState()
    for (index, line) in lines.enumerated() {
      if state.isStatementStart, let special = CellText.special(line, number: index + 1) {
        if hasCode { parts.append(.code(code)) }
        parts.append(special)
        code = String(repeating: "\n", count: index + 1)
        hasCode = false
        continue
      }
      state.pass(line)
      hasCode = hasCode || line.contains { !$0.isWhitespace }
      code += line
      if index + 1 < lines.count { code += "\n" }
    }
    if hasCode || parts.isEmpty { parts.append(.code(code)) }
    self.parts = parts
  }

  private static func special(_ line: Substring, number: Int) -> Part? {
    switch line.first {
    case "%":
      let (name, argument) = words(line.dropFirst())
      return .magic(name: name, argument: argument, line: number)
    case "!":
      return .command(String(line.dropFirst()), line: number)
    case "?":
      let name = line.drop { $0 == "?" }
      return .inspect(name.trimmed, line: number)
    default:
      let rest = line.trimmedEnd
      guard rest.hasSuffix("?") else { return nil }
      let name = String(rest.reversed().drop { $0 == "?" }.reversed())
      return isPath(name) ? .inspect(name, line: number) : nil
    }
  }

  /// The first word and the rest.
  private static func words(_ text: Substring) -> (String, String) {
    let name = text.prefix { !$0.isWhitespace }
    let argument = text.dropFirst(name.count).drop { $0.isWhitespace }
    return (String(name), argument.trimmed)
  }

  /// Whether the text is a name, or names joined by dots.
  static func isPath(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.allSatisfy { part in
      guard let first = part.unicodeScalars.first else { return false }
      let isName = part.unicodeScalars.allSatisfy { $0.properties.isXIDContinue }
      return isName && (first == "_" || first.properties.isXIDStart)
    }
  }
}

/// Where the scanning of a cell's lines stands: inside brackets, a string, or between statements.
private struct LineState {
  private var depth = 0
  private var isContinued = false
  /// The quotes that end the open string of several lines.
  private var open: String?

  var isStatementStart: Bool { depth == 0 && !isContinued && open == nil }

  mutating func pass(_ line: Substring) {
    isContinued = false
    var rest = line
    while let character = rest.first {
      if let quotes = open {
        if character == "\\" {
          rest = rest.dropFirst(2)
        } else if rest.hasPrefix(quotes) {
          open = nil
          rest = rest.dropFirst(quotes.count)
        } else {
          rest = rest.dropFirst()
        }
        continue
      }
      switch character {
      case "#": return
      case "\\" where rest.count == 1:
        isContinued = true
        return
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth = max(0, depth - 1)
      case "\"", "'":
        let triple = String(repeating: character, count: 3)
        if rest.hasPrefix(triple) {
          open = triple
          rest = rest.dropFirst(3)
        } else {
          rest = LineState.afterString(rest.dropFirst(), character)
        }
        continue
      default: break
      }
      rest = rest.dropFirst()
    }
  }

  /// What follows a string of one line, whose opening quote has been passed.
  private static func afterString(_ text: Substring, _ quote: Character) -> Substring {
    var rest = text
    while let character = rest.first {
      rest = rest.dropFirst(character == "\\" ? 2 : 1)
      if character == quote { return rest }
    }
    return rest
  }
}

extension Substring {
  var trimmedEnd: Substring {
    var rest = self
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return rest
  }

  var trimmed: String { String(drop { $0.isWhitespace }.trimmedEnd) }
}
