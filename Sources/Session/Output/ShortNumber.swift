/// Numbers as people read them: four significant digits.
enum ShortNumber {
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let size = abs(value)
    if value == 0 { return "0" }
    guard size >= 1e-4, size < 1e6 else { return scientific(value) }
    var decimals = 3
    var bound = 10.0
    while bound <= size, decimals > 0 {
      decimals -= 1
      bound *= 10
    }
    bound = 1
    while size < bound, decimals < 8 {
      decimals += 1
      bound /= 10
    }
    return fixed(value, decimals)
  }

  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    guard let scaled = Int(exactly: (abs(value) * scale).rounded()) else { return "\(value)" }
    var digits = String(scaled)
    while digits.count <= decimals { digits = "0" + digits }
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard decimals > 0 else { return sign + digits }
    return sign + digits.dropLast(decimals) + "." + digits.suffix(decimals)
  }

  private static func scientific(_ value: Double) -> String {
    var exponent = 0
    var mantissa = abs(value)
    while mantissa >= 10 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 1 {
      mantissa *= 10
      exponent -= 1
    }
    return (value < 0 ? "-" : "") + fixed(mantissa, 3) + "e\(exponent)"
  }
}
