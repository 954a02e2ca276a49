/// Numbers as people read them: four significant digits.
public enum ShortNumber {
  public static func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    guard value != 0 else { return "0" }
    guard isPlain(value) else { return scientific(value) }
    return fixed(value, decimals(value))
  }

  /// Numbers that stand below each other: all with the decimals of the one that needs most.
  public static func column(_ values: [Double]) -> [String] {
    let needed = values.filter { $0.isFinite && isPlain($0) }.map { value -> Int in
      let most = decimals(value)
      let zeros = fixed(value, most).reversed().prefix { $0 == "0" }.count
      return max(0, most - zeros)
    }
    let common = needed.max() ?? 0
    return values.map { value in
      value.isFinite && (value == 0 || isPlain(value)) ? fixed(value, common) : text(value)
    }
  }

  /// Whether it is written without an exponent.
  private static func isPlain(_ value: Double) -> Bool { abs(value) >= 1e-4 && abs(value) < 1e6 }

  /// How many decimals four significant digits take.
  private static func decimals(_ value: Double) -> Int {
    let size = abs(value)
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
    return decimals
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
    var digits = fixed(mantissa, 3)
    // 9.9999 is 10.000 in four digits.
    if digits.hasPrefix("10.") {
      digits = "1.000"
      exponent += 1
    }
    return (value < 0 ? "-" : "") + digits + "e\(exponent)"
  }
}
