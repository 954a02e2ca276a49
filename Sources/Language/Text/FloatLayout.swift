/// The forms `f`, `e`, `g` and the shortest form of a float's magnitude, without sign.
enum FloatLayout {
  private static func special(_ value: Double) -> [UInt8]? {
    if value.isNaN { return Array("nan".utf8) }
    if value.isInfinite { return Array("inf".utf8) }
    return nil
  }

  static func fixed(_ value: Double, places: Int, isAlternate: Bool) -> [UInt8] {
    if let text = special(value) { return text }
    var text = FloatText.fixed(value.magnitude, places: places)
    if places == 0, isAlternate { text.append(UInt8(ascii: ".")) }
    return text
  }

  static func scientific(_ value: Double, places: Int, isAlternate: Bool) -> [UInt8] {
    if let text = special(value) { return text }
    let (digits, point) = FloatText.significant(value.magnitude, count: places + 1)
    return scientific(digits, exponent: point - 1, isAlternate: isAlternate)
  }

  private static func scientific(
    _ digits: [UInt8], exponent: Int, isAlternate: Bool
  ) -> [UInt8] {
    var text: [UInt8] = [digits[0]]
    if digits.count > 1 || isAlternate { text.append(UInt8(ascii: ".")) }
    text.append(contentsOf: digits[1...])
    text.append(UInt8(ascii: "e"))
    text.append(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
    let magnitude = exponent.magnitude
    if magnitude < 10 { text.append(48) }
    text.append(text: String(magnitude))
    return text
  }

  /// `g`: as many significant digits, trailing zeros dropped.
  ///
  /// - Parameter keepsPoint: as a float without a type letter is written: `1.0`, not `1`.
  static func general(
    _ value: Double, digits requested: Int, isAlternate: Bool, keepsPoint: Bool
  ) -> [UInt8] {
    if let text = special(value) { return text }
    let count = max(requested, 1)
    // More digits than a double has are zeros: made only when they are shown.
    let made = isAlternate ? count : min(count, 800)
    var (digits, point) = FloatText.significant(value.magnitude, count: made)
    if !isAlternate {
      while digits.count > 1, digits.last == 48 { digits.removeLast() }
    }
    if point <= -4 || point > count - (keepsPoint ? 1 : 0) {
      return scientific(digits, exponent: point - 1, isAlternate: isAlternate)
    }
    return positional(digits, point: point, isAlternate: isAlternate, keepsPoint: keepsPoint)
  }

  /// As `repr`, but with the point only where the alternate form keeps it in exponents.
  static func shortest(_ value: Double, isAlternate: Bool) -> [UInt8] {
    if let text = special(value) { return text }
    let (digits, point) = FloatText.shortest(value.magnitude)
    if point <= -4 || point > 16 {
      return scientific(digits, exponent: point - 1, isAlternate: isAlternate)
    }
    return positional(digits, point: point, isAlternate: isAlternate, keepsPoint: true)
  }

  private static func positional(
    _ digits: [UInt8], point: Int, isAlternate: Bool, keepsPoint: Bool
  ) -> [UInt8] {
    var text: [UInt8] = []
    if point <= 0 {
      text.append(contentsOf: [48, UInt8(ascii: ".")])
      text.append(contentsOf: repeatElement(48, count: -point))
      text.append(contentsOf: digits)
      return text
    }
    for index in 0..<point { text.append(index < digits.count ? digits[index] : 48) }
    if point < digits.count {
      text.append(UInt8(ascii: "."))
      text.append(contentsOf: digits[point...])
    } else if keepsPoint {
      text.append(contentsOf: [UInt8(ascii: "."), 48])
    } else if isAlternate {
      text.append(UInt8(ascii: "."))
    }
    return text
  }

  static func uppercase(_ text: inout [UInt8]) {
    for index in text.indices where text[index] >= 97 && text[index] <= 122 {
      text[index] -= 32
    }
  }
}
