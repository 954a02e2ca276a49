import Catalog

extension FormatSpec {
  /// The text of an integer under this spec.
  ///
  /// - Parameter typeName: `int` or `bool`, for messages.
  func format(int value: Int, typeName: String = "int") throws -> [UInt8] {
    switch letter {
    case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "f"), UInt8(ascii: "F"),
      UInt8(ascii: "g"), UInt8(ascii: "G"), UInt8(ascii: "%"):
      return try format(float: Double(value))
    case 0, UInt8(ascii: "d"), UInt8(ascii: "n"), UInt8(ascii: "b"), UInt8(ascii: "o"),
      UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "c"):
      break
    default: throw unknownType(for: typeName)
    }
    if precision != nil {
      throw Failure(.value, "Precision not allowed in integer format specifier")
    }
    if dropsNegativeZero {
      throw Failure(
        .value, "Negative zero coercion (z) not allowed in integer format specifier")
    }
    if letter == UInt8(ascii: "c") { return try format(character: value) }
    let (radix, prefix): (Int, String) =
      switch letter {
      case UInt8(ascii: "b"): (2, "0b")
      case UInt8(ascii: "o"): (8, "0o")
      case UInt8(ascii: "x"): (16, "0x")
      case UInt8(ascii: "X"): (16, "0X")
      default: (10, "")
      }
    let digits = String(value.magnitude, radix: radix, uppercase: letter == UInt8(ascii: "X"))
    return lay(
      isNegative: value < 0, prefix: isAlternate ? Array(prefix.utf8) : [],
      digits: Array(digits.utf8), rest: [], group: radix == 10 ? 3 : 4)
  }

  private func format(character value: Int) throws -> [UInt8] {
    if sign != nil {
      throw Failure(.value, "Sign not allowed with integer format specifier 'c'")
    }
    if isAlternate {
      throw Failure(
        .value, "Alternate form (#) not allowed with integer format specifier 'c'")
    }
    guard value >= 0, value < 0x110000 else {
      throw Failure(.overflow, "%c arg not in range(0x110000)")
    }
    guard let scalar = Unicode.Scalar(UInt32(value)) else {
      throw Failure(.value, "surrogates are no characters here: \(value)")
    }
    var text: [UInt8] = []
    text.append(scalar: scalar.value)
    return lay(isNegative: false, prefix: [], digits: [], rest: text, group: 3)
  }

  /// The text of a float under this spec.
  func format(float value: Double) throws -> [UInt8] {
    var kind = letter
    switch kind {
    case 0, UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "f"), UInt8(ascii: "F"),
      UInt8(ascii: "g"), UInt8(ascii: "G"), UInt8(ascii: "%"):
      break
    case UInt8(ascii: "n"): kind = UInt8(ascii: "g")
    default: throw unknownType(for: "float")
    }
    let places = precision ?? 6
    guard places <= Int(Int32.max) else { throw Failure(.value, "precision too big") }
    guard places <= Self.limit else {
      throw Failure(.memory, "", code: "L114", notes: ["the precision \(places) is too large"])
    }
    var number = value
    let isPercent = kind == UInt8(ascii: "%")
    if isPercent {
      number *= 100
      kind = UInt8(ascii: "f")
    }
    let isUpper = kind != 0 && kind & 0x20 == 0
    var text: [UInt8]
    switch kind | 0x20 {
    case UInt8(ascii: "f"):
      text = FloatLayout.fixed(number, places: places, isAlternate: isAlternate)
    case UInt8(ascii: "e"):
      text = FloatLayout.scientific(number, places: places, isAlternate: isAlternate)
    case UInt8(ascii: "g"):
      text = FloatLayout.general(
        number, digits: places, isAlternate: isAlternate, keepsPoint: false)
    default:
      text =
        precision == nil
        ? FloatLayout.shortest(number, isAlternate: isAlternate)
        : FloatLayout.general(number, digits: places, isAlternate: isAlternate, keepsPoint: true)
    }
    if isUpper { FloatLayout.uppercase(&text) }
    var isNegative = number.sign == .minus && !number.isNaN
    if dropsNegativeZero, isNegative, number.isFinite,
      text.prefix(while: { $0 | 0x20 != 0x65 }).allSatisfy({ $0 == 48 || $0 == 46 })
    {
      isNegative = false
    }
    if isPercent { text.append(UInt8(ascii: "%")) }
    let whole = text.prefix { $0 >= 48 && $0 <= 57 }.count
    return lay(
      isNegative: isNegative, prefix: [], digits: Array(text[..<whole]),
      rest: Array(text[whole...]), group: 3)
  }

  /// Puts sign, prefix, grouped digits, the rest and the padding together.
  private func lay(
    isNegative: Bool, prefix: [UInt8], digits: [UInt8], rest: [UInt8], group: Int
  ) -> [UInt8] {
    var head: [UInt8] = []
    if isNegative {
      head.append(UInt8(ascii: "-"))
    } else if let sign, sign != UInt8(ascii: "-") {
      head.append(sign)
    }
    head.append(contentsOf: prefix)
    let align = self.align ?? UInt8(ascii: ">")
    var body = digits
    // A rest of one character that is not ASCII comes from 'c'.
    let restWidth = rest.count { $0 & 0xC0 != 0x80 }
    if let separator, !digits.isEmpty {
      let isPadded = fill == 48 && align == UInt8(ascii: "=")
      body = Self.grouped(
        digits, every: group, by: separator,
        width: isPadded ? width - head.count - restWidth : 0)
    }
    let missing = max(0, width - head.count - body.count - restWidth)
    var text: [UInt8] = []
    text.reserveCapacity(width + rest.count)
    let before =
      switch align {
      case UInt8(ascii: ">"): missing
      case UInt8(ascii: "^"): missing / 2
      default: 0
      }
    text.append(scalar: fill, times: before)
    text.append(contentsOf: head)
    if align == UInt8(ascii: "=") { text.append(scalar: fill, times: missing) }
    text.append(contentsOf: body)
    text.append(contentsOf: rest)
    if align == UInt8(ascii: "<") || align == UInt8(ascii: "^") {
      text.append(scalar: fill, times: missing - before)
    }
    return text
  }

  /// Digits with a separator between groups, padded with zeros to a width.
  private static func grouped(
    _ digits: [UInt8], every group: Int, by separator: UInt8, width: Int
  ) -> [UInt8] {
    var reversed: [UInt8] = []
    var left = digits.count
    var width = width
    while true {
      let length = min(group, max(left, width, 1))
      for _ in 0..<length {
        if left > 0 {
          left -= 1
          reversed.append(digits[left])
        } else {
          reversed.append(48)
        }
      }
      width -= length
      if left <= 0, width <= 0 { break }
      reversed.append(separator)
      width -= 1
    }
    return reversed.reversed()
  }
}
