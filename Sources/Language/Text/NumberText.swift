import Catalog

/// Numbers read from text, as `int()` and `float()` read them.
enum NumberText {
  /// A float without fraction as an integer of 64 bits.
  static func whole(_ value: Double) throws -> Int {
    guard let whole = Int(exactly: value) else {
      if value.isNaN { throw Failure(.value, "cannot convert float NaN to integer") }
      if value.isInfinite { throw Failure(.overflow, "cannot convert float infinity to integer") }
      throw tooLarge()
    }
    return whole
  }

  /// An integer beyond 64 bits.
  static func tooLarge() -> Failure {
    Failure(
      .overflow, "integer does not fit in 64 bits", code: "L109",
      help: "integers have 64 bits here; use floats for larger numbers")
  }

  /// `float(text)`: nil when the text is no float.
  ///
  /// Blanks around it, a sign, underscores between digits, `inf`, `infinity`, `nan` and the
  /// decimal digits of all scripts are allowed, as in CPython.
  static func float(_ text: Span<UInt8>) -> Double? {
    if let quick = quickFloat(text) { return quick }
    var plain: [UInt8] = []
    guard let body = stripped(text, into: &plain), !plain.isEmpty else { return nil }
    _ = body
    var index = 0
    let isNegative = plain[0] == UInt8(ascii: "-")
    if isNegative || plain[0] == UInt8(ascii: "+") { index = 1 }
    let word = String(decoding: plain[index...], as: UTF8.self).lowercased()
    switch word {
    case "inf", "infinity": return isNegative ? -.infinity : .infinity
    case "nan": return .nan
    default: break
    }
    guard isDecimalFloat(plain[index...]) else { return nil }
    plain.removeAll { $0 == UInt8(ascii: "_") }
    return Double(String(decoding: plain, as: UTF8.self))
  }

  /// Powers of ten that are floats exactly.
  private static let powersOfTen: [Double] = (0...22).map { power in
    (0..<power).reduce(1) { product, _ in product * 10 }
  }

  /// A decimal number of up to 15 digits and a small exponent: then its digits and the power of
  /// ten are floats exactly, and their product or quotient is the nearest float (Clinger 1990).
  static func quickFloat(_ text: Span<UInt8>) -> Double? {
    var scan = DigitScan()
    scan.skipSign(in: text)
    var (digits, point) = (0, 0)
    let before = scan.digits(of: text, into: &digits)
    var after = 0
    if scan.skip(UInt8(ascii: "."), in: text) { after = scan.digits(of: text, into: &digits) }
    guard before + after > 0, before + after <= 15 else { return nil }
    if scan.skipLetter(UInt8(ascii: "e"), in: text) {
      let isNegative = scan.skipSign(in: text)
      let count = scan.digits(of: text, into: &point)
      guard count > 0, count <= 2 else { return nil }
      if isNegative { point = -point }
    }
    point -= after
    guard scan.index == text.count, point.magnitude <= 22 else { return nil }
    let number = Double(digits)
    let power = powersOfTen[Int(point.magnitude)]
    let value = point < 0 ? number / power : number * power
    return text[0] == UInt8(ascii: "-") ? -value : value
  }

  /// An integer of up to 18 ASCII digits with nothing else but a sign.
  private static func quickInt(_ text: Span<UInt8>) -> Int? {
    var scan = DigitScan()
    scan.skipSign(in: text)
    var value = 0
    let count = scan.digits(of: text, into: &value)
    guard count > 0, count <= 18, scan.index == text.count else { return nil }
    return text[0] == UInt8(ascii: "-") ? -value : value
  }

  /// Whole digits, a fraction, an exponent; underscores only between digits.
  private static func isDecimalFloat(_ text: ArraySlice<UInt8>) -> Bool {
    var index = text.startIndex
    func digits() -> Int? {
      var count = 0
      var last: UInt8 = UInt8(ascii: "_")
      while index < text.endIndex {
        let byte = text[index]
        if byte == UInt8(ascii: "_") {
          if last == byte { return nil }
        } else if byte >= 48, byte <= 57 {
          count += 1
        } else {
          break
        }
        last = byte
        index += 1
      }
      return count > 0 && last == UInt8(ascii: "_") ? nil : count
    }
    guard let whole = digits() else { return false }
    var total = whole
    if index < text.endIndex, text[index] == UInt8(ascii: ".") {
      index += 1
      guard let fraction = digits() else { return false }
      total += fraction
    }
    guard total > 0 else { return false }
    if index < text.endIndex, text[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < text.endIndex, text[index] == 43 || text[index] == 45 { index += 1 }
      guard let exponent = digits(), exponent > 0 else { return false }
    }
    return index == text.endIndex
  }

  /// What reading an integer can come to.
  enum Whole: Equatable {
    case value(Int)
    case tooLarge
    case invalid
  }

  /// `int(text, base)`; base 0 reads the prefix.
  static func int(_ text: Span<UInt8>, base requested: Int) -> Whole {
    if requested == 10, let quick = quickInt(text) { return .value(quick) }
    var plain: [UInt8] = []
    guard stripped(text, into: &plain) != nil, !plain.isEmpty else { return .invalid }
    var index = 0
    let isNegative = plain[0] == UInt8(ascii: "-")
    if isNegative || plain[0] == UInt8(ascii: "+") { index = 1 }
    var base = requested
    var mustBeZero = false
    var mayStartWithUnderscore = false
    if index + 1 < plain.count, plain[index] == 48, let prefix = radix(of: plain[index + 1]),
      base == 0 || base == prefix
    {
      base = prefix
      index += 2
      mayStartWithUnderscore = true
    } else if base == 0 {
      base = 10
      mustBeZero = index < plain.count && plain[index] == 48
    }
    if mayStartWithUnderscore, index < plain.count, plain[index] == UInt8(ascii: "_") {
      index += 1
    }
    var result = 0
    var isTooLarge = false
    var count = 0
    var last: UInt8 = UInt8(ascii: "_")
    while index < plain.count {
      let byte = plain[index]
      if byte == UInt8(ascii: "_") {
        if last == byte { return .invalid }
      } else {
        guard let digit = digit(byte), digit < base else { return .invalid }
        count += 1
        if digit != 0, mustBeZero { return .invalid }
        if !isTooLarge {
          let (product, overflow) = result.multipliedReportingOverflow(by: base)
          let (sum, overflow2) =
            isNegative
            ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
          isTooLarge = overflow || overflow2
          result = sum
        }
      }
      last = byte
      index += 1
    }
    guard count > 0, last != UInt8(ascii: "_") else { return .invalid }
    return isTooLarge ? .tooLarge : .value(result)
  }

  private static func radix(of letter: UInt8) -> Int? {
    switch letter | 0x20 {
    case UInt8(ascii: "x"): 16
    case UInt8(ascii: "o"): 8
    case UInt8(ascii: "b"): 2
    default: nil
    }
  }

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case 48...57: Int(byte) - 48
    case 65...90: Int(byte) - 55
    case 97...122: Int(byte) - 87
    default: nil
    }
  }

  /// The text without blanks around it, its decimal digits as ASCII; nil when another letter is
  /// left.
  private static func stripped(_ text: Span<UInt8>, into plain: inout [UInt8]) -> Range<Int>? {
    let range = TextScan.trim(text, 0..<text.count, TextClass.isSpace)
    plain.reserveCapacity(range.count)
    var offset = range.lowerBound
    while offset < range.upperBound {
      let (scalar, length) = Scalars.decode(text, at: offset)
      if scalar < 0x80 {
        plain.append(UInt8(truncatingIfNeeded: scalar))
      } else {
        guard let digit = TextClass.decimalDigit(scalar) else { return nil }
        plain.append(48 + digit)
      }
      offset += length
    }
    return range
  }
}
