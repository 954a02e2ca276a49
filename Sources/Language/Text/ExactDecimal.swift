/// The decimal digits of a finite double, all of them: every double is a finite decimal number.
///
/// The value is `0.d₁d₂d₃… × 10^point`. At most 767 digits are significant.
struct ExactDecimal {
  /// 0 to 9 each, without leading zeros; empty for zero.
  private(set) var digits: [UInt8]
  private(set) var point: Int

  private static let base: UInt64 = 1_000_000_000

  /// - Parameter magnitude: finite; its sign is dropped.
  init(_ magnitude: Double) {
    guard magnitude != 0 else {
      digits = []
      point = 0
      return
    }
    var exponent = Int(magnitude.exponentBitPattern)
    var significand = magnitude.significandBitPattern
    if exponent == 0 {
      exponent = -1074
    } else {
      significand |= 1 << 52
      exponent -= 1075
    }
    let shift = min(significand.trailingZeroBitCount, max(0, -exponent))
    significand >>= UInt64(shift)
    exponent += shift

    var words: [UInt64] = [significand % Self.base, significand / Self.base]
    if exponent >= 0 {
      Self.multiply(&words, by: 1 << 29, times: exponent / 29)
      Self.multiply(&words, by: 1 << UInt64(exponent % 29), times: 1)
      digits = Self.digits(words)
      point = digits.count
    } else {
      // m / 2^k = m · 5^k / 10^k
      let power = -exponent
      Self.multiply(&words, by: 1_220_703_125, times: power / 13)
      var rest: UInt64 = 1
      for _ in 0..<(power % 13) { rest *= 5 }
      Self.multiply(&words, by: rest, times: 1)
      digits = Self.digits(words)
      point = digits.count - power
    }
  }

  private static func multiply(_ words: inout [UInt64], by factor: UInt64, times: Int) {
    for _ in 0..<times {
      var carry: UInt64 = 0
      for index in words.indices {
        let product = words[index] * factor + carry
        carry = product / base
        words[index] = product - carry * base
      }
      while carry > 0 {
        words.append(carry % base)
        carry /= base
      }
    }
  }

  private static func digits(_ words: [UInt64]) -> [UInt8] {
    var reversed: [UInt8] = []
    reversed.reserveCapacity(words.count * 9)
    for word in words {
      var rest = word
      for _ in 0..<9 {
        reversed.append(UInt8(rest % 10))
        rest /= 10
      }
    }
    while reversed.last == 0 { reversed.removeLast() }
    reversed.reverse()
    return reversed
  }

  /// Keeps the first `count` digits, rounding half to even on the exact value.
  ///
  /// A negative count gives zero.
  mutating func round(toDigits count: Int) {
    guard count < digits.count else { return }
    guard count >= 0 else {
      digits = []
      return
    }
    let next = digits[count]
    let roundsUp: Bool
    if next == 5 {
      let isHalf = digits[(count + 1)...].allSatisfy { $0 == 0 }
      let isOdd = count > 0 && digits[count - 1] & 1 == 1
      roundsUp = !isHalf || isOdd
    } else {
      roundsUp = next > 5
    }
    digits.removeSubrange(count...)
    guard roundsUp else { return }
    var index = count - 1
    while index >= 0, digits[index] == 9 {
      digits[index] = 0
      index -= 1
    }
    if index >= 0 {
      digits[index] += 1
    } else {
      digits.insert(1, at: 0)
      point += 1
      if digits.count > max(count, 1) { digits.removeLast() }
    }
  }

  /// Keeps `places` digits after the point; negative places round to tens, hundreds.
  mutating func round(toPlaces places: Int) {
    guard !digits.isEmpty else { return }
    let kept = point + places
    round(toDigits: kept)
  }

  /// The digit at `position` places before (positive) or after the point; 0 outside.
  func digit(_ index: Int) -> UInt8 {
    index >= 0 && index < digits.count ? digits[index] : 0
  }
}
