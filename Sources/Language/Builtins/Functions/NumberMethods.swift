import Catalog

/// The methods of `int` and `float`.
enum NumberMethods {
  static let int: [Builtin] = [
    .method(
      "bit_length", "How many binary digits the number has.", returns: "int",
      example: "(255).bit_length()"
    ) { _, window in
      RawValue(Int.bitWidth - Int(bitPattern: window.receiver.int.magnitude).leadingZeroBitCount)
    },
    .method("bit_count", "How many binary digits are 1.", returns: "int") { _, window in
      RawValue(window.receiver.int.magnitude.nonzeroBitCount)
    },
    .method("as_integer_ratio", "The number as a fraction of integers.", returns: "tuple") {
      machine, window in machine.tuple([RawValue(window.receiver.int), RawValue(1)])
    },
    .method("conjugate", "The number itself.", returns: "int") { _, window in
      RawValue(window.receiver.int)
    },
  ]

  static let float: [Builtin] = [
    .method(
      "is_integer", "Whether the number is whole.", returns: "bool",
      example: "(2.0).is_integer()"
    ) { _, window in
      let value = window.receiver.double
      return RawValue(value.isFinite && value == value.rounded(.down))
    },
    .method("as_integer_ratio", "The number as a fraction of integers.", returns: "tuple") {
      machine, window throws(Thrown) in try machine.ratio(window.receiver.double)
    },
    .method("hex", "The number in base 16, without rounding.", returns: "str") {
      machine, window in machine.string(hex(window.receiver.double))
    },
    .method("conjugate", "The number itself.", returns: "float") { _, window in
      window.receiver
    },
  ]

  static let fromHex = Builtin.method(
    "fromhex", "A float out of its text in base 16.", .required("string", "str"),
    returns: "float", example: "float.fromhex(\"0x1.8p+1\")"
  ) { machine, window throws(Thrown) in
    let number = try machine.float(ofHex: window[0])
    let type = TypeCell(window.receiver)
    return type.isScript ? try machine.call(type.value, [number]) : number
  }

  private static func hex(_ value: Double) -> String {
    guard value.isFinite else { return FloatText.repr(value) }
    let sign = value.sign == .minus ? "-" : ""
    if value == 0 { return sign + "0x0.0p+0" }
    var fraction = String(value.significandBitPattern, radix: 16)
    fraction = String(repeating: "0", count: 13 - fraction.utf8.count) + fraction
    let exponent = value.isNormal ? Int(value.exponentBitPattern) - 1023 : -1022
    return "\(sign)0x\(value.isNormal ? 1 : 0).\(fraction)p\(exponent < 0 ? "" : "+")\(exponent)"
  }

  /// `[sign] [0x] digits [. digits] [p exponent]`, `inf` and `nan`.
  fileprivate static func parse(_ text: String) -> Double? {
    var body = text.drop { $0.isWhitespace }
    while let last = body.last, last.isWhitespace { body.removeLast() }
    var isNegative = false
    if let sign = body.first, sign == "-" || sign == "+" {
      isNegative = sign == "-"
      body.removeFirst()
    }
    let lower = body.lowercased()
    if lower == "inf" || lower == "infinity" { return isNegative ? -.infinity : .infinity }
    if lower == "nan" { return .nan }
    var digits = lower[...]
    if digits.hasPrefix("0x") { digits = digits.dropFirst(2) }
    let parts = digits.split(separator: "p", maxSplits: 1, omittingEmptySubsequences: false)
    guard let mantissa = parts.first, !mantissa.isEmpty, mantissa != "." else { return nil }
    let allowed = mantissa.allSatisfy { $0 == "." || ($0.isASCII && $0.isHexDigit) }
    guard allowed, mantissa.count(where: { $0 == "." }) <= 1 else { return nil }
    var exponent: Substring = "0"
    if parts.count == 2 {
      exponent = parts[1]
      guard let value = Int(exponent), abs(value) < 100_000 else { return nil }
    }
    let whole = mantissa.hasPrefix(".") ? "0" + mantissa : String(mantissa)
    let normal = whole.hasSuffix(".") ? whole + "0" : whole
    return Double("\(isNegative ? "-" : "")0x\(normal)p\(exponent)")
  }
}

extension Machine {
  /// What `float.fromhex` makes of a text.
  func float(ofHex value: RawValue) throws(Thrown) -> RawValue {
    let text = try text(value, "fromhex() argument must be str").string
    guard let value = NumberMethods.parse(text) else {
      throw error(.value, "invalid hexadecimal floating-point string")
    }
    guard value.isFinite || text.lowercased().contains("inf") || value.isNaN else {
      throw error(.overflow, "hexadecimal value too large to represent as a float")
    }
    return RawValue(value)
  }

  fileprivate func ratio(_ value: Double) throws(Thrown) -> RawValue {
    if value.isNaN { throw error(.value, "cannot convert NaN to integer ratio") }
    if value.isInfinite { throw error(.overflow, "cannot convert Infinity to integer ratio") }
    if value == 0 { return tuple([RawValue(0), RawValue(1)]) }
    var exponent = Int(value.exponent)
    var significand = value.significand
    while significand != significand.rounded(.down) {
      significand *= 2
      exponent -= 1
    }
    guard var top = Int(exactly: significand * (value < 0 ? -1 : 1)) else {
      throw overflowError()
    }
    while exponent > 0 {
      let (doubled, overflow) = top.multipliedReportingOverflow(by: 2)
      if overflow { throw overflowError() }
      top = doubled
      exponent -= 1
    }
    guard exponent > -63 else { throw overflowError() }
    return tuple([RawValue(top), RawValue(1 << -exponent)])
  }
}
