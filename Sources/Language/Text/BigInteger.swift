/// Whole numbers of any size, as far as exact sums need them: added, multiplied, shifted, compared.
///
/// Scripts do not see them; their own integers have 64 bits.
struct BigInteger: Equatable {
  private(set) var isNegative: Bool
  /// The lowest first; no zeros at the end.
  private(set) var words: [UInt64]

  private init(isNegative: Bool, words: [UInt64]) {
    var words = words
    while words.last == 0 { words.removeLast() }
    self.words = words
    self.isNegative = isNegative && !words.isEmpty
  }

  init(_ value: Int128) {
    let magnitude = value.magnitude
    self.init(
      isNegative: value < 0,
      words: [UInt64(truncatingIfNeeded: magnitude), UInt64(truncatingIfNeeded: magnitude >> 64)])
  }

  init(_ value: Int) { self.init(Int128(value)) }

  var isZero: Bool { words.isEmpty }
  var magnitude: BigInteger { BigInteger(isNegative: false, words: words) }

  /// How many bits the magnitude has.
  var bitWidth: Int {
    guard let last = words.last else { return 0 }
    return words.count * 64 - last.leadingZeroBitCount
  }

  static prefix func - (value: BigInteger) -> BigInteger {
    BigInteger(isNegative: !value.isNegative, words: value.words)
  }

  static func + (left: BigInteger, right: BigInteger) -> BigInteger {
    if left.isNegative == right.isNegative {
      return BigInteger(isNegative: left.isNegative, words: sum(left.words, right.words))
    }
    if isLess(left.words, right.words) {
      return BigInteger(isNegative: right.isNegative, words: difference(right.words, left.words))
    }
    return BigInteger(isNegative: left.isNegative, words: difference(left.words, right.words))
  }

  static func - (left: BigInteger, right: BigInteger) -> BigInteger { left + -right }

  static func * (left: BigInteger, right: BigInteger) -> BigInteger {
    var words = [UInt64](repeating: 0, count: left.words.count + right.words.count)
    for (i, a) in left.words.enumerated() {
      var carry: UInt64 = 0
      for (j, b) in right.words.enumerated() {
        let (high, low) = a.multipliedFullWidth(by: b)
        let (first, one) = words[i + j].addingReportingOverflow(low)
        let (second, two) = first.addingReportingOverflow(carry)
        words[i + j] = second
        carry = high &+ (one ? 1 : 0) &+ (two ? 1 : 0)
      }
      words[i + right.words.count] = carry
    }
    return BigInteger(isNegative: left.isNegative != right.isNegative, words: words)
  }

  func shifted(left count: Int) -> BigInteger {
    let (whole, rest) = (count / 64, count % 64)
    var result = [UInt64](repeating: 0, count: whole)
    var carry: UInt64 = 0
    for word in words {
      result.append(rest == 0 ? word : word << UInt64(rest) | carry)
      carry = rest == 0 ? 0 : word >> UInt64(64 - rest)
    }
    result.append(carry)
    return BigInteger(isNegative: isNegative, words: result)
  }

  static func < (left: BigInteger, right: BigInteger) -> Bool {
    let difference = left - right
    return difference.isNegative
  }

  private static func isLess(_ left: [UInt64], _ right: [UInt64]) -> Bool {
    if left.count != right.count { return left.count < right.count }
    var index = left.count - 1
    while index >= 0 {
      if left[index] != right[index] { return left[index] < right[index] }
      index -= 1
    }
    return false
  }

  private static func sum(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
    var result: [UInt64] = []
    result.reserveCapacity(max(left.count, right.count) + 1)
    var carry: UInt64 = 0
    for index in 0..<max(left.count, right.count) {
      let a = index < left.count ? left[index] : 0
      let b = index < right.count ? right[index] : 0
      let (first, one) = a.addingReportingOverflow(b)
      let (second, two) = first.addingReportingOverflow(carry)
      result.append(second)
      carry = (one ? 1 : 0) + (two ? 1 : 0)
    }
    result.append(carry)
    return result
  }

  /// `left - right` where `left` is not the smaller.
  private static func difference(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
    var result: [UInt64] = []
    result.reserveCapacity(left.count)
    var borrow: UInt64 = 0
    for index in 0..<left.count {
      let b = index < right.count ? right[index] : 0
      let (first, one) = left[index].subtractingReportingOverflow(b)
      let (second, two) = first.subtractingReportingOverflow(borrow)
      result.append(second)
      borrow = (one ? 1 : 0) + (two ? 1 : 0)
    }
    return result
  }

  /// The quotient of two magnitudes, of at most 127 bits, and whether nothing is left over.
  ///
  /// One bit at a time: quotients are small here, however large the numbers are.
  static func divide(_ left: BigInteger, by right: BigInteger) -> (quotient: UInt128, isExact: Bool)
  {
    var rest = left.magnitude
    let divisor = right.magnitude
    var quotient: UInt128 = 0
    var bit = min(126, left.bitWidth - right.bitWidth)
    while bit >= 0 {
      let part = divisor.shifted(left: bit)
      if !isLess(rest.words, part.words) {
        rest = rest - part
        quotient |= UInt128(1) << UInt128(bit)
      }
      bit -= 1
    }
    return (quotient, rest.isZero)
  }
}

/// A quotient of two whole numbers, kept exactly.
struct ExactRatio {
  var numerator: BigInteger
  /// Positive.
  var denominator: BigInteger

  init(_ numerator: BigInteger, over denominator: BigInteger = BigInteger(1)) {
    self.numerator = denominator.isNegative ? -numerator : numerator
    self.denominator = denominator.magnitude
  }

  /// A whole number times a power of two.
  init(_ number: BigInteger, exponent: Int) {
    if exponent >= 0 {
      self.init(number.shifted(left: exponent))
    } else {
      self.init(number, over: BigInteger(1).shifted(left: -exponent))
    }
  }

  static func + (left: ExactRatio, right: ExactRatio) -> ExactRatio {
    ExactRatio(
      left.numerator * right.denominator + right.numerator * left.denominator,
      over: left.denominator * right.denominator)
  }

  static func - (left: ExactRatio, right: ExactRatio) -> ExactRatio {
    left + ExactRatio(-right.numerator, over: right.denominator)
  }

  static func * (left: ExactRatio, right: ExactRatio) -> ExactRatio {
    ExactRatio(left.numerator * right.numerator, over: left.denominator * right.denominator)
  }

  /// The divisor is not 0.
  static func / (left: ExactRatio, right: ExactRatio) -> ExactRatio {
    ExactRatio(left.numerator * right.denominator, over: left.denominator * right.numerator)
  }

  /// The whole number it is; nil: it is none, or one of more than 64 bits.
  var whole: Int? {
    guard numerator.bitWidth - denominator.bitWidth < 65 else { return nil }
    let (quotient, isExact) = BigInteger.divide(numerator, by: denominator)
    guard isExact, let magnitude = Int128(exactly: quotient) else { return nil }
    return Int(exactly: numerator.isNegative ? -magnitude : magnitude)
  }

  /// The nearest double, ties to even; infinite when it is too large.
  var double: Double {
    guard !numerator.isZero else { return 0 }
    // A quotient of 66 or 67 bits, whose lowest stands for all that follow.
    let shift = 66 - (numerator.bitWidth - denominator.bitWidth)
    let (quotient, isExact) = BigInteger.divide(
      shift > 0 ? numerator.shifted(left: shift) : numerator,
      by: shift < 0 ? denominator.shifted(left: -shift) : denominator)
    var value = Double(quotient | (isExact ? 0 : 1))
    if shift > 1000 {
      value = value * Double(sign: .plus, exponent: -1000, significand: 1)
      value = value * Double(sign: .plus, exponent: max(1000 - shift, -1020), significand: 1)
    } else {
      value = value * Double(sign: .plus, exponent: min(-shift, 1023), significand: 1)
    }
    return numerator.isNegative ? -value : value
  }

  /// The nearest double to its square root; it is not negative.
  var squareRoot: Double {
    guard !numerator.isZero else { return 0 }
    // Estimated near 1, where neither the square nor the root is out of range.
    let half = (numerator.bitWidth - denominator.bitWidth) / 2
    let near = ExactRatio(
      half < 0 ? numerator.shifted(left: -2 * half) : numerator,
      over: half > 0 ? denominator.shifted(left: 2 * half) : denominator)
    var root = near.double.squareRoot()
    for part in [half / 2, half - half / 2] {
      root *= Double(sign: .plus, exponent: part, significand: 1)
    }
    guard root.isFinite else { return root }
    // The estimate may be off by one step; the exact squares decide.
    while root > 0, isBelow(ExactRatio(root)) { root = root.nextDown }
    while !isBelow(ExactRatio(root.nextUp)) { root = root.nextUp }
    let middle = (ExactRatio(root) + ExactRatio(root.nextUp)) / ExactRatio(BigInteger(2))
    if isBelow(middle) { return root }
    let square = middle * middle
    let isTie =
      square.numerator * denominator == numerator * square.denominator
    if isTie { return root.significandBitPattern & 1 == 0 ? root : root.nextUp }
    return root.nextUp
  }

  /// Whether it is less than the square of another.
  private func isBelow(_ root: ExactRatio) -> Bool {
    let square = root * root
    return numerator * square.denominator < square.numerator * denominator
  }

  /// A finite double.
  init(_ double: Double) {
    let (significand, exponent) = ExactRatio.parts(of: double)
    self.init(BigInteger(significand), exponent: exponent)
  }

  /// The integer and the power of two whose product a finite double is.
  static func parts(of double: Double) -> (significand: Int, exponent: Int) {
    guard double != 0 else { return (0, 0) }
    let fraction = Int(double.significandBitPattern)
    let isNormal = double.exponentBitPattern > 0
    let significand = isNormal ? fraction | 1 << 52 : fraction
    let exponent = max(Int(double.exponentBitPattern), 1) - 1075
    return (double.sign == .minus ? -significand : significand, exponent)
  }
}
