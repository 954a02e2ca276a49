extension JSON {
  /// What is wrong with a text that should be JSON, and at which byte.
  public struct Malformed: FailureConvertible, Equatable {
    public let problem: String
    public let offset: Int

    public var failure: Failure {
      Failure(.value, "not valid JSON: \(problem) at byte \(offset)")
    }
  }

  /// Reads one JSON value from UTF-8 text; nothing but white space may follow.
  ///
  /// - Throws: `Malformed`, also for nesting deeper than 200 and for invalid UTF-8 in strings.
  public init(parsing bytes: some Sequence<UInt8>) throws(Malformed) {
    var reader = Reader(bytes: ContiguousArray(bytes))
    self = try reader.document()
  }

  public init(parsing text: String) throws(Malformed) {
    try self.init(parsing: text.utf8)
  }
}

private struct Reader {
  let bytes: ContiguousArray<UInt8>
  var at = 0
  var depth = 0

  init(bytes: ContiguousArray<UInt8>) {
    self.bytes = bytes
  }

  mutating func document() throws(JSON.Malformed) -> JSON {
    skipSpace()
    let value = try value()
    skipSpace()
    guard at == bytes.count else { throw problem("text after the value") }
    return value
  }

  private func problem(_ text: String) -> JSON.Malformed {
    JSON.Malformed(problem: text, offset: at)
  }

  private var current: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipSpace() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x09, 0x0A, 0x0D: at += 1
      default: return
      }
    }
  }

  private mutating func value() throws(JSON.Malformed) -> JSON {
    switch current {
    case nil: throw problem("unexpected end")
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    // Python writes these into JSON, so notebooks hold them.
    case UInt8(ascii: "N"): return try word("NaN", .number(.nan))
    case UInt8(ascii: "I"): return try word("Infinity", .number(.infinity))
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ value: JSON) throws(JSON.Malformed) -> JSON {
    let wanted = word.utf8
    guard at + wanted.count <= bytes.count,
      bytes[at..<at + wanted.count].elementsEqual(wanted)
    else { throw problem("unexpected character") }
    at += wanted.count
    return value
  }

  private mutating func enter() throws(JSON.Malformed) {
    depth += 1
    at += 1
    if depth > 200 { throw problem("nesting deeper than 200") }
    skipSpace()
  }

  private mutating func array() throws(JSON.Malformed) -> JSON {
    try enter()
    defer { depth -= 1 }
    var elements: [JSON] = []
    if current == UInt8(ascii: "]") {
      at += 1
      return .array(elements)
    }
    while true {
      elements.append(try value())
      skipSpace()
      switch current {
      case UInt8(ascii: ","):
        at += 1
        skipSpace()
      case UInt8(ascii: "]"):
        at += 1
        return .array(elements)
      default: throw problem("expected ',' or ']'")
      }
    }
  }

  private mutating func object() throws(JSON.Malformed) -> JSON {
    try enter()
    defer { depth -= 1 }
    var members: [(key: String, value: JSON)] = []
    if current == UInt8(ascii: "}") {
      at += 1
      return .object(members)
    }
    while true {
      guard current == UInt8(ascii: "\"") else { throw problem("expected a member's name") }
      let key = try string()
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw problem("expected ':'") }
      at += 1
      skipSpace()
      members.append((key, try value()))
      skipSpace()
      switch current {
      case UInt8(ascii: ","):
        at += 1
        skipSpace()
      case UInt8(ascii: "}"):
        at += 1
        return .object(members)
      default: throw problem("expected ',' or '}'")
      }
    }
  }

  private mutating func number() throws(JSON.Malformed) -> JSON {
    let start = at
    var isWhole = true
    if current == UInt8(ascii: "-") {
      at += 1
      if current == UInt8(ascii: "I") {
        _ = try word("Infinity", .null)
        return .number(-.infinity)
      }
    }
    let digits = at
    while let byte = current {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): break
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"),
        UInt8(ascii: "-"):
        isWhole = false
      default:
        return try finish(start, digits, isWhole)
      }
      at += 1
    }
    return try finish(start, digits, isWhole)
  }

  private func finish(
    _ start: Int, _ digits: Int, _ isWhole: Bool
  ) throws(JSON.Malformed) -> JSON {
    guard at > digits else { throw problem("unexpected character") }
    let hasLeadingZero = bytes[digits] == UInt8(ascii: "0") && at > digits + 1 && isWhole
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if isWhole, !hasLeadingZero, let int = Int(text) { return .int(int) }
    let first = bytes[digits]
    guard !hasLeadingZero, first != UInt8(ascii: "."), bytes[at - 1] != UInt8(ascii: "."),
      let double = Double(text)
    else { throw problem("malformed number") }
    return .number(double)
  }

  private mutating func string() throws(JSON.Malformed) -> String {
    at += 1
    let start = at
    while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
      at += 1
    }
    if current == UInt8(ascii: "\"") {
      let end = at
      at += 1
      return try decoded(bytes[start..<end])
    }
    var unescaped = ContiguousArray(bytes[start..<at])
    while true {
      guard let byte = current else { throw problem("string without end") }
      switch byte {
      case UInt8(ascii: "\""):
        at += 1
        return try decoded(unescaped[...])
      case UInt8(ascii: "\\"):
        at += 1
        try escape(into: &unescaped)
      case 0..<0x20: throw problem("control character in a string")
      default:
        unescaped.append(byte)
        at += 1
      }
    }
  }

  private func decoded(_ slice: ArraySlice<UInt8>) throws(JSON.Malformed) -> String {
    guard let text = String(validating: slice, as: UTF8.self) else {
      throw problem("string that is not UTF-8")
    }
    return text
  }

  private mutating func escape(
    into text: inout ContiguousArray<UInt8>
  ) throws(JSON.Malformed) {
    guard let byte = current else { throw problem("string without end") }
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code), at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
        bytes[at + 1] == UInt8(ascii: "u")
      {
        let mark = at
        at += 2
        let low = try hexadecimal()
        if (0xDC00..<0xE000).contains(low) {
          code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        } else {
          at = mark
        }
      }
      // A lone surrogate is no character; U+FFFD stands for it.
      let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
      text.append(contentsOf: Array(String(Character(scalar)).utf8))
    default:
      at -= 1
      throw problem("unknown escape in a string")
    }
  }

  private mutating func hexadecimal() throws(JSON.Malformed) -> UInt32 {
    guard at + 4 <= bytes.count else { throw problem("string without end") }
    var code: UInt32 = 0
    for byte in bytes[at..<at + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw problem("malformed \\u escape")
      }
      code = code << 4 | UInt32(digit)
    }
    at += 4
    return code
  }
}
