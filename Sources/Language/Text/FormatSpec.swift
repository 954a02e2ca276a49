import Catalog

/// What follows the colon in `f"{x:>10.2f}"`:
/// `[[fill]align][sign][z][#][0][width][,|_][.precision][type]`.
struct FormatSpec {
  var fill: UInt32 = 0x20
  /// `<`, `>`, `^` or `=`; nil: the type's own.
  var align: UInt8?
  /// `+`, `-` or a blank.
  var sign: UInt8?
  var dropsNegativeZero = false
  var isAlternate = false
  var width = 0
  /// `,` or `_`.
  var separator: UInt8?
  var precision: Int?
  /// The letter at the end; nil when there is none.
  var type: UInt32?

  /// The largest width and precision of a text that may still be made.
  static let limit = 1 << 28

  /// - Parameters:
  ///   - alignsRight: whether a `0` before the width pads after the sign, as for numbers.
  ///   - typeName: the type of the value, for messages.
  init(_ text: Span<UInt8>, alignsRight: Bool, typeName: String) throws {
    var scan = SpecScan()
    var hasFill = false
    if let first = scan.peek(text), let (letter, after) = scan.peek(text, at: first.next),
      Self.isAlign(letter)
    {
      fill = first.scalar
      align = UInt8(truncatingIfNeeded: letter)
      hasFill = true
      scan.offset = after
    } else if let first = scan.peek(text), Self.isAlign(first.scalar) {
      align = UInt8(truncatingIfNeeded: first.scalar)
      scan.offset = first.next
    }
    if let letter = scan.take(text, [0x2B, 0x2D, 0x20]) { sign = letter }
    if scan.take(text, [UInt8(ascii: "z")]) != nil { dropsNegativeZero = true }
    if scan.take(text, [UInt8(ascii: "#")]) != nil { isAlternate = true }
    if !hasFill, scan.take(text, [48]) != nil {
      fill = 48
      if align == nil, alignsRight { align = UInt8(ascii: "=") }
    }
    if let number = try scan.number(text) { width = number }
    if scan.take(text, [UInt8(ascii: ",")]) != nil { separator = UInt8(ascii: ",") }
    if scan.take(text, [UInt8(ascii: "_")]) != nil {
      guard separator == nil else { throw Self.bothSeparators() }
      separator = UInt8(ascii: "_")
    }
    if separator == UInt8(ascii: "_"), scan.peek(text)?.scalar == 0x2C {
      throw Self.bothSeparators()
    }
    if scan.take(text, [UInt8(ascii: ".")]) != nil {
      guard let number = try scan.number(text) else {
        throw Failure(.value, "Format specifier missing precision")
      }
      precision = number
    }
    if let letter = scan.peek(text) {
      guard letter.next == text.count else {
        throw Failure(
          .value,
          "Invalid format specifier '\(Self.string(text))' for object of type '\(typeName)'")
      }
      type = letter.scalar
    }
    try checkSeparator(type ?? (alignsRight ? nil : 0x73))
    guard width <= Self.limit else {
      throw Failure(.memory, "", code: "L114", notes: ["the width \(width) is too large"])
    }
  }

  private static func string(_ text: Span<UInt8>) -> String {
    var bytes: [UInt8] = []
    bytes.append(text, 0..<text.count)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isAlign(_ scalar: UInt32) -> Bool {
    scalar == 0x3C || scalar == 0x3E || scalar == 0x3D || scalar == 0x5E
  }

  private static func bothSeparators() -> Failure {
    Failure(.value, "Cannot specify both ',' and '_'.")
  }

  private func checkSeparator(_ type: UInt32?) throws {
    guard let separator, let type else { return }
    switch type {
    case 0x64, 0x65, 0x66, 0x67, 0x45, 0x47, 0x25, 0x46: return  // d e f g E G % F
    case 0x62, 0x6F, 0x78, 0x58:  // b o x X
      if separator == UInt8(ascii: "_") { return }
    default: break
    }
    throw Self.wrongSeparator(separator, type)
  }

  private static func wrongSeparator(_ separator: UInt8, _ type: UInt32) -> Failure {
    let mark = Character(Unicode.Scalar(separator))
    return Failure(.value, "Cannot specify '\(mark)' with '\(shown(type))'.")
  }

  /// A type letter in messages.
  private static func shown(_ type: UInt32) -> String {
    type > 32 && type < 128
      ? String(Character(Scalars.unicode(type))) : "\\x" + String(type, radix: 16)
  }

  /// The type letter as ASCII, 0 when there is none.
  var letter: UInt8 { type.flatMap { UInt8(exactly: $0) } ?? (type == nil ? 0 : 0xFF) }

  func unknownType(for typeName: String) -> Failure {
    Failure(
      .value,
      "Unknown format code '\(Self.shown(type ?? 0))' for object of type '\(typeName)'")
  }

  /// The text of a string under this spec.
  func format(text: Span<UInt8>) throws -> [UInt8] {
    guard type == nil || letter == UInt8(ascii: "s") else { throw unknownType(for: "str") }
    if let sign {
      throw Failure(
        .value,
        "\(sign == 0x20 ? "Space" : "Sign") not allowed in string format specifier")
    }
    if dropsNegativeZero {
      throw Failure(
        .value, "Negative zero coercion (z) not allowed in string format specifier")
    }
    if isAlternate {
      throw Failure(.value, "Alternate form (#) not allowed in string format specifier")
    }
    if align == UInt8(ascii: "=") {
      throw Failure(.value, "'=' alignment not allowed in string format specifier")
    }
    let end = precision.map { Scalars.offset(of: $0, in: text) } ?? text.count
    let missing = max(0, width - Scalars.count(text, 0..<end))
    let before =
      switch align {
      case UInt8(ascii: ">"): missing
      case UInt8(ascii: "^"): missing / 2
      default: 0
      }
    var result: [UInt8] = []
    result.reserveCapacity(end + missing)
    result.append(scalar: fill, times: before)
    result.append(text, 0..<end)
    result.append(scalar: fill, times: missing - before)
    return result
  }
}

/// Reads a format spec character by character.
private struct SpecScan {
  var offset = 0

  func peek(_ text: Span<UInt8>) -> (scalar: UInt32, next: Int)? { peek(text, at: offset) }

  func peek(_ text: Span<UInt8>, at start: Int) -> (scalar: UInt32, next: Int)? {
    guard start < text.count else { return nil }
    let (scalar, length) = Scalars.decode(text, at: start)
    return (scalar, start + length)
  }

  mutating func take(_ text: Span<UInt8>, _ letters: [UInt8]) -> UInt8? {
    guard offset < text.count, letters.contains(text[offset]) else { return nil }
    offset += 1
    return text[offset - 1]
  }

  mutating func number(_ text: Span<UInt8>) throws -> Int? {
    var value: Int?
    while let (scalar, next) = peek(text), let digit = TextClass.decimalDigit(scalar) {
      let (product, overflow) = (value ?? 0).multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = product.addingReportingOverflow(Int(digit))
      if overflow || overflow2 {
        throw Failure(.value, "Too many decimal digits in format string")
      }
      value = sum
      offset = next
    }
    return value
  }
}
