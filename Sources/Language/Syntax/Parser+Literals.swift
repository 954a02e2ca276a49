extension Parser {
  // MARK: Numbers

  /// The value of the number token; the lexer has checked its form.
  mutating func number() throws(Failed) -> Expression.Form {
    let digits = bytes[current.span.range].filter { $0 != Byte.underscore }
    guard let last = digits.last else { return .integer(0) }
    if digits.count > 2, digits[0] == Byte.zero {
      switch digits[1] | 0x20 {
      case UInt8(ascii: "x"): return integer(digits.dropFirst(2), radix: 16)
      case UInt8(ascii: "o"): return integer(digits.dropFirst(2), radix: 8)
      case UInt8(ascii: "b"): return integer(digits.dropFirst(2), radix: 2)
      default: break
      }
    }
    if last | 0x20 == UInt8(ascii: "j") { throw unsupported(.complex) }
    if digits.allSatisfy(\.isDigit) {
      guard digits.count <= Self.longestDecimal else {
        throw fail(
          "Exceeds the limit (\(Self.longestDecimal) digits) for integer string conversion: value "
            + "has \(digits.count) digits; use sys.set_int_max_str_digits() to increase the limit "
            + "- Consider hexadecimal for huge integer literals to avoid decimal conversion limits.",
          at: current.span)
      }
      return integer(digits[...], radix: 10)
    }
    return .float(Double(String(decoding: digits, as: UTF8.self)) ?? .infinity)
  }

  /// What CPython reads at most in base 10.
  private static let longestDecimal = 4_300

  private func integer(
    _ digits: ArraySlice<UInt8>, radix: Int
  ) -> Expression.Form {
    var value = 0
    for digit in digits {
      let (product, overflow) = value.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(digit.digitValue)
      if overflow || carry {
        let significant = digits.drop { $0 == Byte.zero }
        return .bigInteger(digits: String(decoding: significant, as: UTF8.self), radix: radix)
      }
      value = sum
    }
    return .integer(value)
  }

  // MARK: Strings

  /// Adjacent literals, joined.
  mutating func strings() throws(Failed) -> Expression {
    let start = current.start
    var parts = FormatParts()
    var isFormat = false
    repeat {
      switch kind {
      case .brokenString: break
      case .formatString:
        isFormat = true
        try formatString(into: &parts)
      default: parts.add(try plainString())
      }
      advance()
    } while kind == .string || kind == .formatString || kind == .brokenString
    let form: Expression.Form = isFormat ? .format(parts.list) : .string(parts.joined)
    return Expression(form, span(from: start))
  }

  private mutating func plainString() throws(Failed) -> String {
    let (prefix, body) = parts(of: current)
    if prefix.isBytes { throw unsupported(.bytes) }
    return try decode(body, isRaw: prefix.isRaw)
  }

  /// The prefix of a string token and the bytes between its quotes.
  func parts(of token: Token) -> (prefix: StringPrefix, body: Range<Int>) {
    var start = token.start
    while !bytes[start].isQuote { start += 1 }
    let prefix = StringPrefix(bytes[token.start..<start]) ?? .none
    let mark = bytes[start]
    let isTriple =
      token.end - start >= 6 && bytes[start + 1] == mark && bytes[start + 2] == mark
    let length = isTriple ? 3 : 1
    return (prefix, start + length..<token.end - length)
  }

  /// The text that the bytes of a literal stand for.
  mutating func decode(_ range: Range<Int>, isRaw: Bool) throws(Failed) -> String {
    var isPlain = true
    for byte in bytes[range]
    where byte == Byte.carriageReturn || (byte == Byte.backslash && !isRaw) {
      isPlain = false
      break
    }
    if isPlain { return String(decoding: bytes[range], as: UTF8.self) }
    var escapes = Escapes(bytes, range, isRaw: isRaw)
    if let failure = escapes.decode() {
      throw fail(
        failure.message, at: failure.isOurs ? failure.span : current.span,
        code: failure.isOurs ? "L007" : nil, help: failure.help)
    }
    return String(decoding: escapes.text, as: UTF8.self)
  }
}

/// The parts of an f-string as they are found; neighbouring texts become one.
struct FormatParts {
  private(set) var list: [FormatPart] = []

  mutating func add(_ text: String) {
    guard !text.isEmpty else { return }
    if case .text(let before)? = list.last {
      list[list.count - 1] = .text(before + text)
    } else {
      list.append(.text(text))
    }
  }

  mutating func add(_ value: FormatValue) { list.append(.value(value)) }

  /// The text when there are no values.
  var joined: String {
    guard case .text(let text)? = list.first else { return "" }
    return text
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit.
  var digitValue: Int {
    isDigit ? Int(self &- 0x30) : Int((self | 0x20) &- 0x61) + 10
  }
}
