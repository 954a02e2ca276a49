import Catalog

/// The text of a float, digit for digit as CPython writes it.
enum FloatText {
  /// `repr(x)`: the shortest digits that read back as the same float.
  static func repr(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    // Swift turns to the exponent form at 2**53, Python at 1e16.
    let magnitude = value.magnitude
    guard magnitude >= 9_007_199_254_740_992, magnitude < 1e16 else { return value.description }
    let whole = Int64(exactly: value) ?? 0
    return "\(whole).0"
  }

  /// The shortest digits that read back as `magnitude`, as ASCII; `point` of them stand before
  /// the decimal point.
  static func shortest(_ magnitude: Double) -> (digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    var isNegative = false
    var inExponent = false
    for byte in magnitude.description.utf8 {
      switch byte {
      case UInt8(ascii: "."): point = digits.count
      case UInt8(ascii: "e"): inExponent = true
      case UInt8(ascii: "-"): isNegative = inExponent
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if inExponent {
          exponent = exponent * 10 + Int(byte &- 48)
        } else {
          digits.append(byte)
        }
      default: break
      }
    }
    var before = (point ?? digits.count) + (isNegative ? -exponent : exponent)
    let zeros = digits.prefix { $0 == 48 }.count
    digits.removeFirst(zeros)
    before -= zeros
    while digits.last == 48 { digits.removeLast() }
    if digits.isEmpty { return ([48], 1) }
    return (digits, before)
  }

  /// `magnitude` with exactly `places` digits after the point, without a sign.
  static func fixed(_ magnitude: Double, places: Int) -> [UInt8] {
    if let quick = quickFixed(magnitude, places: places) { return quick }
    var decimal = ExactDecimal(magnitude)
    decimal.round(toPlaces: places)
    var text: [UInt8] = []
    text.reserveCapacity(max(decimal.point, 1) + places + 1)
    if decimal.digits.isEmpty || decimal.point <= 0 {
      text.append(48)
    } else {
      for index in 0..<decimal.point { text.append(48 + decimal.digit(index)) }
    }
    guard places > 0 else { return text }
    text.append(UInt8(ascii: "."))
    let start = decimal.digits.isEmpty ? 0 : decimal.point
    for index in start..<(start + places) { text.append(48 + decimal.digit(index)) }
    return text
  }

  /// The common case in 128-bit integers: up to 15 places of a float that is neither huge nor
  /// tiny.
  private static func quickFixed(_ magnitude: Double, places: Int) -> [UInt8]? {
    guard places >= 0, places <= 15, magnitude < 9_007_199_254_740_992, magnitude > 1e-6 else {
      return nil
    }
    let shift = 1075 - Int(magnitude.exponentBitPattern)
    guard shift >= 0, shift <= 74 else { return nil }
    let significand = UInt128(magnitude.significandBitPattern | 1 << 52)
    var power: UInt128 = 1
    for _ in 0..<places { power *= 10 }
    var whole = significand >> UInt128(shift)
    let scaled = (significand & (1 << UInt128(shift) - 1)) * power
    var fraction = scaled >> UInt128(shift)
    if shift > 0 {
      let rest = scaled & (1 << UInt128(shift) - 1)
      let half: UInt128 = 1 << UInt128(shift - 1)
      let isOdd = (places > 0 ? fraction : whole) & 1 == 1
      if rest > half || (rest == half && isOdd) { fraction += 1 }
      if fraction == power {
        whole += 1
        fraction = 0
      } else if places == 0, fraction == 1 {
        whole += 1
      }
    }
    var text = Array(String(UInt64(truncatingIfNeeded: whole)).utf8)
    guard places > 0 else { return text }
    text.append(UInt8(ascii: "."))
    var rest = UInt64(truncatingIfNeeded: fraction)
    let start = text.count
    text.append(contentsOf: repeatElement(48, count: places))
    for index in stride(from: start + places - 1, through: start, by: -1) {
      text[index] = 48 + UInt8(rest % 10)
      rest /= 10
    }
    return text
  }

  /// `magnitude` rounded to `count` significant digits, padded with zeros to that many.
  static func significant(_ magnitude: Double, count: Int) -> (digits: [UInt8], point: Int) {
    var decimal = ExactDecimal(magnitude)
    decimal.round(toDigits: count)
    if decimal.digits.isEmpty { return (Array(repeating: 48, count: count), 1) }
    var digits = decimal.digits.map { $0 + 48 }
    if digits.count < count {
      digits.append(contentsOf: repeatElement(48, count: count - digits.count))
    }
    return (digits, decimal.point)
  }

  /// `round(x, places)` on the exact decimal value.
  ///
  /// - Throws: `OverflowError` when the result is larger than any float.
  static func rounded(_ value: Double, places: Int) throws -> Double {
    guard value.isFinite, value != 0, places <= 323 else { return value }
    guard places >= -308 else { return value < 0 ? -0.0 : 0.0 }
    if let text = quickFixed(value.magnitude, places: places),
      let size = NumberText.quickFloat(text.span)
    {
      return value < 0 ? -size : size
    }
    var decimal = ExactDecimal(value)
    decimal.round(toPlaces: places)
    var text: [UInt8] = value < 0 ? [45, 48] : [48]
    text.append(contentsOf: decimal.digits.map { $0 + 48 })
    text.append(text: "e\(decimal.point - decimal.digits.count)")
    let result =
      decimal.digits.isEmpty
      ? (value < 0 ? -0.0 : 0.0) : Double(String(decoding: text, as: UTF8.self)) ?? value
    guard result.isFinite else {
      throw Failure(.overflow, "rounded value too large to represent")
    }
    return result
  }

  /// `round(x)`: the nearest whole number, half to even.
  static func rounded(_ value: Double) throws -> Int {
    if value.isNaN { throw Failure(.value, "cannot convert float NaN to integer") }
    if value.isInfinite { throw Failure(.overflow, "cannot convert float infinity to integer") }
    return try NumberText.whole(value.rounded(.toNearestOrEven))
  }
}
