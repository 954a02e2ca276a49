extension Lexer {
  /// A number, under CPython's rules for digits, underscores and what may follow.
  mutating func readNumber() {
    let start = position
    var end = start
    if let failure = scanNumber(&end) {
      note(
        failure.message, at: SourceSpan(failure.isRange ? start : failure.at, failure.at + 1),
        help: failure.help)
      while end < limit, bytes[end].continuesName { end += 1 }
      end = max(end, start + 1)
      add(.brokenNumber, start, end)
    } else {
      add(.number, start, end)
    }
    position = end
  }

  private struct BadNumber {
    let message: String
    let at: Int
    var isRange = false
    var help: String?
  }

  private func scanNumber(_ end: inout Int) -> BadNumber? {
    if byte(end) == Byte.zero {
      switch byte(end + 1) | 0x20 {
      case UInt8(ascii: "x"): return scanRadix(&end, "hexadecimal") { $0.isHexDigit }
      case UInt8(ascii: "o"): return scanRadix(&end, "octal") { $0 &- 0x30 < 8 }
      case UInt8(ascii: "b"): return scanRadix(&end, "binary") { $0 &- 0x30 < 2 }
      default: break
      }
    }
    var hasFraction = false
    let start = end
    if byte(end) != Byte.dot, let failure = scanDigits(&end) { return failure }
    let wholeEnd = end
    if byte(end) == Byte.dot {
      hasFraction = true
      end += 1
      if byte(end).isDigit, let failure = scanDigits(&end) { return failure }
    }
    if byte(end) | 0x20 == UInt8(ascii: "e") {
      let sign = byte(end + 1) == UInt8(ascii: "+") || byte(end + 1) == UInt8(ascii: "-")
      let digits = end + (sign ? 2 : 1)
      if byte(digits).isDigit {
        hasFraction = true
        end = digits
        if let failure = scanDigits(&end) { return failure }
      } else if sign {
        return BadNumber(message: "invalid decimal literal", at: digits - 1)
      }
    }
    if byte(end) | 0x20 == UInt8(ascii: "j") {
      end += 1
      return scanEnd(&end, "imaginary")
    }
    if !hasFraction, byte(start) == Byte.zero,
      let digit = (start..<wholeEnd).first(where: { bytes[$0] != 0x30 && bytes[$0] != 0x5F })
    {
      return BadNumber(
        message:
          "leading zeros in decimal integer literals are not permitted; "
          + "use an 0o prefix for octal integers", at: digit - 1, isRange: true)
    }
    return scanEnd(&end, "decimal")
  }

  /// Decimal digits with single underscores between them.
  private func scanDigits(_ end: inout Int) -> BadNumber? {
    while true {
      while byte(end).isDigit { end += 1 }
      guard byte(end) == Byte.underscore else { return nil }
      guard byte(end + 1).isDigit else {
        return BadNumber(message: "invalid decimal literal", at: end)
      }
      end += 1
    }
  }

  private func scanRadix(
    _ end: inout Int, _ kind: String, _ isDigit: (UInt8) -> Bool
  ) -> BadNumber? {
    end += 2
    repeat {
      if byte(end) == Byte.underscore { end += 1 }
      guard isDigit(byte(end)) else { return wrongDigit(end, kind) }
      while isDigit(byte(end)) { end += 1 }
    } while byte(end) == Byte.underscore
    if byte(end).isDigit { return wrongDigit(end, kind) }
    return scanEnd(&end, kind)
  }

  private func wrongDigit(_ offset: Int, _ kind: String) -> BadNumber {
    guard byte(offset).isDigit else {
      return BadNumber(message: "invalid \(kind) literal", at: offset - 1)
    }
    let digit = Character(Unicode.Scalar(byte(offset)))
    return BadNumber(message: "invalid digit '\(digit)' in \(kind) literal", at: offset)
  }

  /// Letters may follow a number only where they begin a keyword that can stand there.
  private func scanEnd(_ end: inout Int, _ kind: String) -> BadNumber? {
    guard byte(end).continuesName, byte(end) < 0x80 else { return nil }
    for keyword in ["and", "else", "for", "if", "in", "is", "or", "not"]
    where bytes[end..<min(limit, end + keyword.utf8.count)].elementsEqual(keyword.utf8) {
      return nil
    }
    return BadNumber(
      message: "invalid \(kind) literal", at: end - 1,
      help: byte(end).isLetter ? "a name cannot begin with a digit; for a product write *" : nil)
  }
}
