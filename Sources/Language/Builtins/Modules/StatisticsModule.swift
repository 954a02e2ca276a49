import Catalog

/// `import statistics`: exact sums, rounded once; the rest is `Scripts/statistics.grad`.
enum StatisticsModule {
  static let module = BuiltinModule(
    "statistics", "Means, spreads, and how two rows of numbers hang together.",
    functions: [total, squares, share, root, quotient, isPositive],
    script: PackageResources.statistics_grad)

  /// The type of the result, the exact sum, the count.
  private static let total = Builtin(
    "_total", "An exact sum.", .required("data", "iterable"), returns: "tuple"
  ) { machine, window throws(Thrown) in
    var sums = ExactSums()
    try machine.read(window[0], into: &sums)
    return machine.tuple([
      machine.kind(of: sums), machine.number(sums, sums.sum), RawValue(sums.count),
    ])
  }

  /// The type of the result, the sum of squared distances from the mean, the mean, the count.
  private static let squares = Builtin(
    "_squares", "An exact sum of squared distances.", .required("data", "iterable"),
    returns: "tuple"
  ) { machine, window throws(Thrown) in
    var sums = ExactSums()
    try machine.read(window[0], into: &sums)
    let count = ExactRatio(BigInteger(max(1, sums.count)))
    let (sum, squares) = (sums.sum, sums.squares)
    let spread = (count * squares - sum * sum) / count
    return machine.tuple([
      machine.kind(of: sums), machine.number(sums, spread), machine.number(sums, sum / count),
      RawValue(sums.count),
    ])
  }

  private static let share = Builtin(
    "_share", "A sum divided by a count, in a type.", .required("total"),
    .required("count", "int"), .required("kind", "type"), returns: "number"
  ) { machine, window throws(Thrown) in
    let count = try machine.integer(window[1])
    guard let total = machine.exact(window[0]) else {
      return RawValue(try machine.real(window[0]) / Double(count))
    }
    guard count != 0 else { throw machine.error(.zeroDivision, "division by zero") }
    return try machine.number(total / ExactRatio(BigInteger(count)), in: window[2])
  }

  private static let root = Builtin(
    "_root", "The square root of a sum divided by a count.", .required("total"),
    .required("count", "int"), returns: "float"
  ) { machine, window throws(Thrown) in
    guard let total = machine.exact(window[0]) else {
      throw machine.error(.attribute, "'float' object has no attribute 'numerator'")
    }
    let count = max(1, try machine.integer(window[1]))
    let part = total / ExactRatio(BigInteger(count))
    guard !part.numerator.isNegative else {
      throw machine.error(.value, "isqrt() argument must be nonnegative")
    }
    return RawValue(part.squareRoot)
  }

  private static let quotient = Builtin(
    "_quotient", "One sum divided by another, in a type.", .required("whole"),
    .required("total"), .required("kind", "type"), returns: "number"
  ) { machine, window throws(Thrown) in
    if let whole = machine.exact(window[0]), let total = machine.exact(window[1]) {
      guard !total.numerator.isZero else {
        throw machine.error(.zeroDivision, "division by zero")
      }
      return try machine.number(whole / total, in: window[2])
    }
    func double(_ value: RawValue) throws(Thrown) -> Double {
      if let exact = machine.exact(value) { return exact.double }
      return try machine.real(value)
    }
    return RawValue(try double(window[0]) / double(window[1]))
  }

  private static let isPositive = Builtin(
    "_is_positive", "Whether a sum is greater than 0.", .required("total"), returns: "bool"
  ) { machine, window throws(Thrown) in
    if let exact = machine.exact(window[0]) {
      return RawValue(!exact.numerator.isZero && !exact.numerator.isNegative)
    }
    // A sum that is no number is let through, as in CPython.
    return RawValue(!(try machine.real(window[0]) <= 0))
  }
}

/// An exact number that a module's script passes around.
private final class ExactNumber: Object {
  static let kind = ObjectType("Fraction", "An exact number.")
  let ratio: ExactRatio

  init(_ ratio: ExactRatio) { self.ratio = ratio }

  var type: ObjectType { Self.kind }
}

/// Sums of numbers and of their squares, without rounding: one sum for each power of two.
private struct ExactSums {
  private(set) var count = 0
  private(set) var hasFloats = false
  /// The sum of what is infinite or not a number; nil: there was none.
  private(set) var special: Double?
  private var sums: [Int: Int128] = [:]
  private var squareSums: [Int: Int128] = [:]
  /// What did not fit any more.
  private var largeSum = ExactRatio(BigInteger(0))
  private var largeSquares = ExactRatio(BigInteger(0))

  mutating func add(_ value: Int) {
    count += 1
    add(Int128(value), exponent: 0)
  }

  mutating func add(_ value: Double) {
    count += 1
    hasFloats = true
    guard value.isFinite else {
      special = (special ?? 0) + value
      return
    }
    let (significand, exponent) = ExactRatio.parts(of: value)
    add(Int128(significand), exponent: exponent)
  }

  private mutating func add(_ value: Int128, exponent: Int) {
    ExactSums.add(value, exponent, to: &sums, &largeSum)
    ExactSums.add(value * value, 2 * exponent, to: &squareSums, &largeSquares)
  }

  private static func add(
    _ value: Int128, _ exponent: Int, to sums: inout [Int: Int128], _ large: inout ExactRatio
  ) {
    let old = sums[exponent] ?? 0
    let (new, overflow) = old.addingReportingOverflow(value)
    if overflow {
      large = large + ExactRatio(BigInteger(old), exponent: exponent)
      sums[exponent] = value
    } else {
      sums[exponent] = new
    }
  }

  var sum: ExactRatio { ExactSums.total(sums, largeSum) }
  var squares: ExactRatio { ExactSums.total(squareSums, largeSquares) }

  private static func total(_ sums: [Int: Int128], _ large: ExactRatio) -> ExactRatio {
    guard let lowest = sums.keys.min() else { return large }
    var whole = BigInteger(0)
    for (exponent, part) in sums {
      whole = whole + BigInteger(part).shifted(left: exponent - lowest)
    }
    return large + ExactRatio(whole, exponent: lowest)
  }
}

extension Machine {
  fileprivate func read(_ source: RawValue, into sums: inout ExactSums) throws(Thrown) {
    var all = sums
    try forEach(source) { element throws(Thrown) in
      let value = plain(element)
      if let integer = value.integer {
        all.add(integer)
      } else if value.isFloat {
        all.add(value.double)
      } else {
        throw error(
          .type, "can't convert type '\(typeName(element))' to numerator/denominator")
      }
      return true
    }
    sums = all
  }

  fileprivate func kind(of sums: ExactSums) -> RawValue {
    types[Int(sums.hasFloats ? RawValue.Tag.float : RawValue.Tag.int)].value
  }

  fileprivate func number(_ sums: ExactSums, _ ratio: ExactRatio) -> RawValue {
    sums.special.map { RawValue($0) } ?? newNative(ExactNumber(ratio))
  }

  fileprivate func exact(_ value: RawValue) -> ExactRatio? {
    if let integer = value.integer { return ExactRatio(BigInteger(integer)) }
    guard value.tag == RawValue.Tag.native else { return nil }
    return (NativeCell(value).object as? ExactNumber)?.ratio
  }

  fileprivate func number(_ ratio: ExactRatio, in kind: RawValue) throws(Thrown) -> RawValue {
    let isInteger = kind.tag == RawValue.Tag.type && TypeCell(kind).instances == RawValue.Tag.int
    if isInteger, let whole = ratio.whole { return RawValue(whole) }
    let double = ratio.double
    guard double.isFinite else {
      throw error(.overflow, "integer division result too large for a float", code: "L109")
    }
    return RawValue(double)
  }
}
