internal import Glibc

/// Numbers as pictures write them: own digits, no locale, the same on every machine.
enum NumberText {
  /// A coordinate: at most two decimals, no trailing zeros, no exponent, no "-0".
  static func coordinate(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let limited = min(max(value, -1e7), 1e7)
    guard let hundredths = Int(exactly: (limited * 100).rounded()) else { return "0" }
    let whole = abs(hundredths) / 100
    let rest = abs(hundredths) % 100
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return sign + String(whole) }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// A number for reading: four significant digits, `1.2e-7` outside 0.0001 … 1,000,000.
  static func label(_ value: Double, digits: Int = 4) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value == 0 { return "0" }
    var decimal = Decimal(value)
    decimal.round(to: digits)
    let sign = value < 0 ? "-" : ""
    let exponent = decimal.exponent
    if exponent < -3 || exponent > 6 {
      return sign + decimal.scientific
    }
    return sign + decimal.plain
  }

  /// `-1.5e6`; six digits at most.
  static func scientific(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return label(value) }
    var decimal = Decimal(value)
    decimal.round(to: 6)
    return (value < 0 ? "-" : "") + decimal.scientific
  }

  /// A label for SVG text: a real minus sign, thin spaces between thousands.
  static func typographic(_ label: String) -> String {
    var text = label
    if let first = text.first, first == "-" { text = "\u{2212}" + text.dropFirst() }
    if let power = text.firstIndex(of: "e"), power > text.startIndex {
      let (mantissa, exponent) = (text[..<power], text[text.index(after: power)...])
      guard exponent.allSatisfy({ $0.isNumber || $0 == "-" }) else { return text }
      let ten = "10" + superscript(String(exponent))
      let unit = mantissa == "1" ? "" : mantissa == "\u{2212}1" ? "\u{2212}" : mantissa + "×"
      return unit + ten
    }
    let start = text.firstIndex { $0.isNumber } ?? text.startIndex
    let end = text[start...].firstIndex(of: ".") ?? text.endIndex
    let whole = text[start..<end]
    guard whole.count >= 5, whole.allSatisfy(\.isNumber) else { return text }
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { grouped += "\u{2009}" }
      grouped.append(digit)
    }
    return text[..<start] + grouped + text[end...]
  }

  /// `-3` as `⁻³`.
  static func superscript(_ text: String) -> String {
    let raised: [Character: Character] = [
      "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
      "9": "⁹", "-": "⁻",
    ]
    return String(text.map { raised[$0] ?? $0 })
  }

  /// Ten to a whole power, correctly rounded.
  static func power(_ exponent: Int) -> Double {
    Double("1e\(exponent)") ?? (exponent < 0 ? 0 : .greatestFiniteMagnitude)
  }

  /// `mantissa × 10^exponent`, correctly rounded.
  static func value(_ mantissa: Int, _ exponent: Int) -> Double {
    Double("\(mantissa)e\(exponent)") ?? Double(mantissa) * power(exponent)
  }

  /// `mantissa × 10^exponent` with exactly `decimals` decimals.
  static func fixed(_ mantissa: Int, _ exponent: Int, decimals: Int) -> String {
    var digits = String(mantissa.magnitude)
    if exponent > 0, mantissa != 0 { digits += String(repeating: "0", count: exponent) }
    let places = max(0, -exponent)
    if digits.count <= places {
      digits = String(repeating: "0", count: places - digits.count + 1) + digits
    }
    let whole = digits.dropLast(places)
    var rest = String(digits.suffix(places))
    if rest.count > decimals { rest = String(rest.prefix(decimals)) }
    rest += String(repeating: "0", count: max(0, decimals - rest.count))
    return (mantissa < 0 ? "-" : "") + whole + (rest.isEmpty ? "" : "." + rest)
  }
}

/// The shortest decimal digits of a number: `0.d₁d₂d₃… × 10^exponent`.
struct Decimal {
  private(set) var digits: [UInt8]
  private(set) var exponent: Int

  /// - Parameter value: finite; its sign is dropped.
  init(_ value: Double) {
    digits = []
    exponent = 0
    var seenPoint = false
    var power = 0
    var isNegativePower = false
    var inPower = false
    for byte in "\(value.magnitude)".utf8 {
      switch byte {
      case UInt8(ascii: "."): seenPoint = true
      case UInt8(ascii: "e"): inPower = true
      case UInt8(ascii: "-"): isNegativePower = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = byte - UInt8(ascii: "0")
        if inPower {
          power = power * 10 + Int(digit)
        } else {
          if !seenPoint { exponent += 1 }
          digits.append(digit)
        }
      default: break
      }
    }
    exponent += isNegativePower ? -power : power
    trim()
  }

  private mutating func trim() {
    let leading = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leading)
    exponent -= leading
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { exponent = 0 }
  }

  /// Rounds half up to `count` significant digits.
  mutating func round(to count: Int) {
    guard digits.count > count, count > 0 else { return }
    let goesUp = digits[count] >= 5
    digits.removeLast(digits.count - count)
    if goesUp {
      var index = count - 1
      while index >= 0, digits[index] == 9 {
        digits[index] = 0
        index -= 1
      }
      if index >= 0 {
        digits[index] += 1
      } else {
        digits.insert(1, at: 0)
        exponent += 1
      }
    }
    trim()
  }

  private func text(_ part: some Sequence<UInt8>) -> String {
    String(decoding: part.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
  }

  var plain: String {
    if digits.isEmpty { return "0" }
    if exponent <= 0 { return "0." + String(repeating: "0", count: -exponent) + text(digits) }
    if digits.count <= exponent {
      return text(digits) + String(repeating: "0", count: exponent - digits.count)
    }
    return text(digits.prefix(exponent)) + "." + text(digits.dropFirst(exponent))
  }

  var scientific: String {
    guard let first = digits.first else { return "0" }
    let rest = digits.dropFirst()
    return text([first]) + (rest.isEmpty ? "" : "." + text(rest)) + "e\(exponent - 1)"
  }
}
