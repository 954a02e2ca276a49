/// The shortest decimal digits that read back as the same number.
struct ShortestDigits {
  let isNegative: Bool
  /// Without leading or trailing zeros; `0` for zero.
  let digits: String
  /// The value is 0.DIGITS times ten to this power.
  let exponent: Int

  /// - Parameter description: Swift's description of a finite `Float` or `Double`.
  init(_ description: String) {
    var text = Substring(description)
    isNegative = text.first == "-"
    if isNegative { text = text.dropFirst() }
    let parts = text.split(separator: "e", maxSplits: 1)
    let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let halves = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let whole = String(halves[0])
    let fraction = halves.count > 1 ? String(halves[1]) : ""
    var all = Substring(whole + fraction)
    var place = whole.count + power
    while all.first == "0", all.count > 1 {
      all = all.dropFirst()
      place -= 1
    }
    while all.last == "0", all.count > 1 { all = all.dropLast() }
    digits = String(all)
    exponent = digits == "0" ? 1 : place
  }

  /// Digits after the point when written without an exponent.
  var fractionCount: Int { digits == "0" ? 0 : max(0, digits.count - exponent) }

  private var sign: String { isNegative ? "-" : "" }

  /// `12.5`, `3.`: trailing zeros trimmed, the point kept.
  var positional: String {
    let zeros = { (count: Int) in String(repeating: "0", count: max(count, 0)) }
    if exponent <= 0 { return sign + "0." + zeros(-exponent) + digits }
    if digits.count <= exponent { return sign + digits + zeros(exponent - digits.count) + "." }
    let point = digits.index(digits.startIndex, offsetBy: exponent)
    return sign + digits[..<point] + "." + digits[point...]
  }

  /// `1.25e+10`, `3.e-05`: at least two digits of exponent, the point kept.
  var scientific: String {
    let power = digits == "0" ? 0 : exponent - 1
    let size = String(abs(power))
    return sign + digits.prefix(1) + "." + digits.dropFirst() + "e" + (power < 0 ? "-" : "+")
      + (size.count < 2 ? "0" : "") + size
  }
}

/// How one number stands alone, as NumPy's scalars print.
enum ScalarText {
  static func float(_ value: Double, _ dtype: DType) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let shortest = ShortestDigits(describe(value, dtype))
    let size = abs(value)
    if size != 0, size < 1e-4 || size >= (dtype == .f32 ? 1e6 : 1e16) {
      let text = shortest.scientific
      return text.contains(".e") ? text.replacing(".e", with: "e") : text
    }
    let text = shortest.positional
    return text.last == "." ? text + "0" : text
  }

  static func describe(_ value: Double, _ dtype: DType) -> String {
    dtype == .f32 ? Float(value).description : value.description
  }
}

extension String {
  /// The text with every occurrence of a part replaced.
  fileprivate func replacing(_ part: String, with other: String) -> String {
    split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
  }
}

/// One common form for all the floats of an array, as NumPy chooses it.
struct FloatColumn {
  private let dtype: DType
  private var isScientific = false
  private var left = 0
  private var right = 0
  private let precision: Int

  /// - Parameters:
  ///   - values: those that will be shown.
  ///   - precision: digits after the point at most; NumPy's own number.
  ///   - span: how many times the smallest the largest may be without exponents; NumPy's own.
  init(_ values: [Double], _ dtype: DType, precision: Int = 8, span: Double = 1000) {
    self.dtype = dtype
    self.precision = precision
    let finite = values.filter(\.isFinite)
    let sizes = finite.map { abs($0) }.filter { $0 != 0 }
    if let largest = sizes.max(), let smallest = sizes.min() {
      if dtype == .f32 {
        // NumPy compares in the array's own type.
        isScientific =
          largest >= 1e6 || Float(smallest) < 0.0001
          || Float(largest) / Float(smallest) > Float(span)
      } else {
        isScientific = largest >= 1e8 || smallest < 0.0001 || largest / smallest > span
      }
    }
    if isScientific {
      let parts = finite.map { Self.split(shortScientific($0)) }
      left = parts.map(\.whole.count).max() ?? 0
      right = parts.map(\.fraction.count).max() ?? 0
      exponent = max(2, parts.map(\.power.count).max() ?? 2)
    } else {
      let parts = finite.map { Self.split(shortPositional($0)) }
      left = parts.map(\.whole.count).max() ?? 0
      right = parts.map(\.fraction.count).max() ?? 0
    }
    if finite.count != values.count {
      let taken = tail + 1
      let hasNegative = values.contains { $0.isInfinite && $0 < 0 }
      left = max(left, 3 - taken, 3 + (hasNegative ? 1 : 0) - taken)
    }
  }

  /// Digits of the exponent.
  private var exponent = 2

  /// Characters behind the point.
  private var tail: Int { isScientific ? right + exponent + 2 : right }

  private func shortPositional(_ value: Double) -> String {
    let shortest = ShortestDigits(ScalarText.describe(value, dtype))
    if shortest.fractionCount <= precision { return shortest.positional }
    return Self.trimmed(Digits.rounded(value, precision: precision, scientific: false))
  }

  private func shortScientific(_ value: Double) -> String {
    let shortest = ShortestDigits(ScalarText.describe(value, dtype))
    if shortest.digits.count <= precision + 1 { return shortest.scientific }
    let text = Digits.rounded(value, precision: precision, scientific: true)
    let parts = text.split(separator: "e", maxSplits: 1)
    return Self.trimmed(String(parts[0])) + "e" + parts[1]
  }

  private static func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while text.last == "0" { text = text.dropLast() }
    return String(text)
  }

  private static func split(
    _ text: String
  ) -> (whole: Substring, fraction: Substring, power: Substring) {
    let halves = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let rest = halves[1].split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
    return (halves[0], rest[0], rest.count > 1 ? rest[1].dropFirst() : "")
  }

  func callAsFunction(_ value: Double) -> String {
    let pad = { (text: String, width: Int) in
      String(repeating: " ", count: max(width - text.count, 0)) + text
    }
    guard value.isFinite else {
      let text = value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
      return pad(text, left + tail + 1)
    }
    if isScientific {
      let text = Digits.rounded(value, precision: right, scientific: true)
      let parts = text.split(separator: "e", maxSplits: 1)
      let mantissa = parts[0].contains(".") ? String(parts[0]) : parts[0] + "."
      let power = parts[1].dropFirst()
      let zeros = String(repeating: "0", count: max(exponent - power.count, 0))
      let body = mantissa + "e" + parts[1].prefix(1) + zeros + power
      return pad(body, left + right + 3 + max(exponent, power.count))
    }
    let text = shortPositional(value)
    let parts = Self.split(text)
    return pad(String(parts.whole), left) + "." + parts.fraction
      + String(repeating: " ", count: max(right - parts.fraction.count, 0))
  }
}
