extension Lexer {
  /// Reads one token that begins with `first`; false when the text cannot be read further.
  mutating func readToken(_ first: UInt8) -> Bool {
    switch first {
    case _ where first.startsName: readName()
    case _ where first.isDigit: readNumber()
    case Byte.quotation, Byte.apostrophe: readString(from: position, isFormat: false)
    case Byte.leftParenthesis: return open(first, .leftParenthesis)
    case Byte.leftBracket: return open(first, .leftBracket)
    case Byte.leftBrace: return open(first, .leftBrace)
    case Byte.rightParenthesis: close(first, .rightParenthesis)
    case Byte.rightBracket: close(first, .rightBracket)
    case Byte.rightBrace: close(first, .rightBrace)
    case Byte.dot where byte(position + 1).isDigit: readNumber()
    case Byte.backslash:
      note(
        "unexpected character after line continuation character",
        at: SourceSpan(position, position + 1), code: "L001",
        help: "'\\' joins lines and must be the last character of its line")
      take(.invalid, 1)
    default: readOperator(first)
    }
    return true
  }

  mutating func take(_ kind: Token.Kind, _ length: Int) {
    add(kind, position, position + length)
    position += length
  }

  private mutating func readOperator(_ first: UInt8) {
    let second = byte(position + 1)
    let third = byte(position + 2)
    switch first {
    case UInt8(ascii: ","): take(.comma, 1)
    case UInt8(ascii: ";"): take(.semicolon, 1)
    case UInt8(ascii: "~"): take(.tilde, 1)
    case Byte.colon: take(second: second, [(Byte.equal, .colonEqual)], else: .colon)
    case Byte.dot:
      if second == Byte.dot, third == Byte.dot { take(.ellipsis, 3) } else { take(.dot, 1) }
    case Byte.equal: take(second: second, [(Byte.equal, .equalEqual)], else: .equal)
    case Byte.exclamation: take(second: second, [(Byte.equal, .notEqual)], else: .exclamation)
    case UInt8(ascii: "+"): take(second: second, [(Byte.equal, .plusEqual)], else: .plus)
    case UInt8(ascii: "-"):
      take(second: second, [(Byte.equal, .minusEqual), (Byte.greater, .arrow)], else: .minus)
    case UInt8(ascii: "@"): take(second: second, [(Byte.equal, .atEqual)], else: .at)
    case UInt8(ascii: "%"): take(second: second, [(Byte.equal, .percentEqual)], else: .percent)
    case UInt8(ascii: "&"):
      take(second: second, [(Byte.equal, .ampersandEqual)], else: .ampersand)
    case UInt8(ascii: "|"): take(second: second, [(Byte.equal, .barEqual)], else: .bar)
    case UInt8(ascii: "^"): take(second: second, [(Byte.equal, .caretEqual)], else: .caret)
    case UInt8(ascii: "*") where second == first:
      if third == Byte.equal { take(.doubleStarEqual, 3) } else { take(.doubleStar, 2) }
    case UInt8(ascii: "*"): take(second: second, [(Byte.equal, .starEqual)], else: .star)
    case UInt8(ascii: "/") where second == first:
      if third == Byte.equal { take(.doubleSlashEqual, 3) } else { take(.doubleSlash, 2) }
    case UInt8(ascii: "/"): take(second: second, [(Byte.equal, .slashEqual)], else: .slash)
    case Byte.less where second == first:
      if third == Byte.equal { take(.shiftLeftEqual, 3) } else { take(.shiftLeft, 2) }
    case Byte.less: take(second: second, [(Byte.equal, .lessEqual)], else: .less)
    case Byte.greater where second == first:
      if third == Byte.equal { take(.shiftRightEqual, 3) } else { take(.shiftRight, 2) }
    case Byte.greater: take(second: second, [(Byte.equal, .greaterEqual)], else: .greater)
    default:
      // `$`, `?` and backquotes are the parser's "invalid syntax", control characters are not.
      if first < 0x20 || first == 0x7F { noteCharacter(Unicode.Scalar(first)) }
      take(.invalid, 1)
    }
  }

  private mutating func take(
    second: UInt8, _ pairs: [(UInt8, Token.Kind)], else single: Token.Kind
  ) {
    for (byte, kind) in pairs where byte == second {
      take(kind, 2)
      return
    }
    take(single, 1)
  }

  // MARK: Names

  /// A name, a keyword, or a string with a prefix.
  private mutating func readName() {
    let start = position
    var end = position
    while end < limit, bytes[end] < 0x80, bytes[end].continuesName { end += 1 }
    if byte(end) < 0x80 {
      if byte(end).isQuote, end - start <= 2, let prefix = StringPrefix(bytes[start..<end]) {
        readString(from: start, isFormat: prefix.isFormat)
        return
      }
      add(Keyword.kind(bytes, start, end), start, end)
      position = end
    } else {
      readWideName(start, from: end)
    }
  }

  /// A name with letters outside ASCII, or characters that belong in no name.
  private mutating func readWideName(_ start: Int, from end: Int) {
    var offset = end
    while offset < limit, bytes[offset].continuesName {
      let scalar = bytes.scalar(at: offset)
      guard offset == start ? scalar.startsName : scalar.continuesName else {
        if offset > start { add(Keyword.kind(bytes, start, offset), start, offset) }
        position = offset
        noteCharacter(scalar)
        let length = UTF8.width(scalar)
        // What looks like a space is read as one; anything else is in the parser's way.
        if scalar.properties.isWhitespace || scalar.isInvisible {
          position += length
        } else {
          take(.invalid, length)
        }
        return
      }
      offset += UTF8.width(scalar)
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    let composed = text.composed
    if !composed.utf8.elementsEqual(text.utf8) {
      note(
        "the name '\(text)' is not in composed form (NFC)", at: SourceSpan(start, offset),
        code: "L001", help: "write it as '\(composed)'")
    }
    add(.name, start, offset)
    position = offset
  }

  /// Notes a character that no token begins with, at the current position (L001).
  mutating func noteCharacter(_ scalar: Unicode.Scalar) {
    let hex = String(scalar.value, radix: 16, uppercase: true)
    let number = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    let message =
      scalar.isPrintable
      ? "invalid character '\(scalar)' (\(number))" : "invalid non-printable character \(number)"
    note(
      message, at: SourceSpan(position, position + UTF8.width(scalar)), code: "L001",
      help: scalar.asciiAdvice)
  }
}

/// The letters before a string's quotes.
struct StringPrefix {
  var isRaw = false
  var isFormat = false
  var isBytes = false

  static let none = StringPrefix()

  private init() {}

  /// Nil when the letters are no prefix.
  init?(_ letters: some Collection<UInt8>) {
    var isPlain = false
    for letter in letters {
      switch letter | 0x20 {
      case UInt8(ascii: "r") where !isRaw && !isPlain: isRaw = true
      case UInt8(ascii: "f") where !isFormat && !isBytes && !isPlain: isFormat = true
      case UInt8(ascii: "b") where !isBytes && !isFormat && !isPlain: isBytes = true
      case UInt8(ascii: "u") where !isRaw && !isFormat && !isBytes && !isPlain: isPlain = true
      default: return nil
      }
    }
  }
}

/// CPython's reserved words.
enum Keyword {
  static let all: [(text: String, kind: Token.Kind)] = [
    ("False", .false), ("None", .none), ("True", .true), ("and", .and), ("as", .as),
    ("assert", .assert), ("async", .async), ("await", .await), ("break", .break),
    ("class", .class), ("continue", .continue), ("def", .def), ("del", .del), ("elif", .elif),
    ("else", .else), ("except", .except), ("finally", .finally), ("for", .for), ("from", .from),
    ("global", .global), ("if", .if), ("import", .import), ("in", .in), ("is", .is),
    ("lambda", .lambda), ("nonlocal", .nonlocal), ("not", .not), ("or", .or), ("pass", .pass),
    ("raise", .raise), ("return", .return), ("try", .try), ("while", .while), ("with", .with),
    ("yield", .yield),
  ]

  /// Keywords by length, each packed into one word.
  private static let byLength: [[(word: UInt64, kind: Token.Kind)]] = {
    var table = [[(word: UInt64, kind: Token.Kind)]](repeating: [], count: 9)
    for (text, kind) in all {
      table[text.utf8.count].append((text.utf8.reduce(0) { $0 << 8 | UInt64($1) }, kind))
    }
    return table
  }()

  /// The keyword written in `bytes[start..<end]`, or `.name`.
  static func kind(_ bytes: ContiguousArray<UInt8>, _ start: Int, _ end: Int) -> Token.Kind {
    guard end - start >= 2, end - start <= 8 else { return .name }
    var word: UInt64 = 0
    for index in start..<end { word = word << 8 | UInt64(bytes[index]) }
    for candidate in byLength[end - start] where candidate.word == word { return candidate.kind }
    return .name
  }
}
