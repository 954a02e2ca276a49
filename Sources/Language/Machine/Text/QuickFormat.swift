import Glibc

/// A format spec of the plain kind that most are: `[<>^][0][width][,][.precision][letter]`.
///
/// Whatever has more in it is read by `FormatSpec`, which knows everything.
struct QuickSpec {
  /// 0: the type's own.
  private(set) var align: UInt8 = 0
  private(set) var isZeroPadded = false
  private(set) var width = 0
  /// 0: no digits are set apart.
  private(set) var separator: UInt8 = 0
  /// -1: none was given.
  private(set) var precision = -1
  /// 0: none was given.
  private(set) var letter: UInt8 = 0

  /// nil: the spec is of another kind.
  init?(_ text: StringCell, _ range: Range<Int>) {
    guard range.count <= 8 else { return nil }
    var index = range.lowerBound
    func byte() -> UInt8 { index < range.upperBound ? text.byte(index) : 0 }
    if byte() == 0x3C || byte() == 0x3E || byte() == 0x5E {
      align = byte()
      index += 1
    }
    if byte() == 0x30 {
      guard align == 0 else { return nil }
      isZeroPadded = true
      index += 1
    }
    width = QuickSpec.number(text, &index, range.upperBound) ?? 0
    if byte() == 0x2C || byte() == 0x5F {
      separator = byte()
      index += 1
    }
    if byte() == 0x2E {
      index += 1
      guard let number = QuickSpec.number(text, &index, range.upperBound) else { return nil }
      precision = number
    }
    if index < range.upperBound {
      letter = byte()
      index += 1
    }
    // An align sign in second place makes the first character the filling.
    guard index == range.upperBound, width < 1000, precision < 16 else { return nil }
  }

  /// What follows a `%`: `[-][0][width][.precision]` and one of the letters `s`, `d`, `i`, `f`.
  ///
  /// - Parameter index: where it begins; afterwards, where it ends.
  init?(percent text: StringCell, _ index: inout Int) {
    let end = min(text.byteCount, index + 8)
    func byte() -> UInt8 { index < end ? text.byte(index) : 0 }
    align = 0x3E
    if byte() == 0x2D {
      align = 0x3C
      index += 1
    } else if byte() == 0x30 {
      isZeroPadded = true
      align = 0
      index += 1
    }
    width = QuickSpec.number(text, &index, end) ?? 0
    if byte() == 0x2E {
      index += 1
      guard let number = QuickSpec.number(text, &index, end) else { return nil }
      precision = number
    }
    letter = byte()
    if letter == UInt8(ascii: "i") { letter = UInt8(ascii: "d") }
    guard letter == UInt8(ascii: "s") || letter == UInt8(ascii: "d") || letter == UInt8(ascii: "f"),
      width < 1000, precision < 16
    else { return nil }
    index += 1
  }

  private static func number(_ text: StringCell, _ index: inout Int, _ end: Int) -> Int? {
    let start = index
    var number = 0
    while index < end, text.byte(index) &- 0x30 < 10 {
      number = number * 10 + Int(text.byte(index) &- 0x30)
      index += 1
    }
    return index > start ? number : nil
  }

  /// The base in which an integer is written; nil: it needs more than digits.
  fileprivate var base: UInt? {
    switch letter {
    case 0, UInt8(ascii: "d"): isZeroPadded && separator != 0 ? nil : 10
    case UInt8(ascii: "x"), UInt8(ascii: "X"): separator == 0 ? 16 : nil
    case UInt8(ascii: "o"): separator == 0 ? 8 : nil
    case UInt8(ascii: "b"): separator == 0 ? 2 : nil
    default: nil
    }
  }
}

extension Machine {
  /// A number or text under a plain spec; nil: the spec or the value needs more.
  func quickFormat(_ value: RawValue, _ specification: StringCell) -> RawValue? {
    guard let spec = QuickSpec(specification, 0..<specification.byteCount) else { return nil }
    return quickFormat(value, spec)
  }

  func quickFormat(_ value: RawValue, _ spec: QuickSpec) -> RawValue? {
    switch value.tag {
    case RawValue.Tag.int:
      guard spec.precision < 0, let base = spec.base else { return nil }
      let ten: UInt8 = spec.letter == UInt8(ascii: "X") ? 55 : 87
      return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { digits in
        var (place, left, written) = (64, value.int.magnitude, 0)
        repeat {
          if spec.separator != 0, written > 0, written % 3 == 0 {
            place -= 1
            unsafe digits[place] = spec.separator
          }
          let digit = UInt8(truncatingIfNeeded: left % base)
          place -= 1
          unsafe digits[place] = digit < 10 ? digit + 0x30 : digit + ten
          left /= base
          written += 1
        } while left > 0
        guard let start = digits.baseAddress else { return nil }
        return unsafe laid(start + place, 64 - place, isNegative: value.int < 0, spec)
      }
    case RawValue.Tag.float:
      let number = value.double
      guard spec.letter == UInt8(ascii: "f"), spec.separator == 0, number.isFinite else {
        return nil
      }
      let text = FloatText.fixed(
        number.magnitude, places: spec.precision < 0 ? 6 : spec.precision)
      return unsafe text.withUnsafeBufferPointer { text in
        guard let start = text.baseAddress else { return nil }
        return unsafe laid(start, text.count, isNegative: number.sign == .minus, spec)
      }
    case RawValue.Tag.string:
      guard spec.precision < 0, !spec.isZeroPadded, spec.separator == 0,
        spec.letter == 0 || spec.letter == UInt8(ascii: "s")
      else { return nil }
      let text = StringCell(value)
      let missing = max(0, spec.width - text.count)
      if missing == 0 { return value }
      let before = spec.align == 0x3E ? missing : spec.align == 0x5E ? missing / 2 : 0
      return paddedWithin(text, before: before, after: missing - before, fill: 0x20)
    default: return nil
    }
  }

  /// The digits of a number with its sign and the padding.
  private func laid(
    _ digits: UnsafePointer<UInt8>, _ count: Int, isNegative: Bool, _ spec: QuickSpec
  ) -> RawValue {
    let signs = isNegative ? 1 : 0
    let missing = max(0, spec.width - count - signs)
    let size = count + signs + missing
    let result = heap.newString(count: size, scalars: size, room: size)
    var target = unsafe result.bytes
    let zeros = spec.isZeroPadded ? missing : 0
    let blanks = missing - zeros
    let before = spec.align == 0x3C ? 0 : spec.align == 0x5E ? blanks / 2 : blanks
    unsafe memset(target, 0x20, before)
    unsafe target += before
    if isNegative { unsafe target.pointee = 0x2D }
    unsafe target += signs
    unsafe memset(target, 0x30, zeros)
    unsafe memcpy(target + zeros, digits, count)
    unsafe memset(target + zeros + count, 0x20, blanks - before)
    return result.value
  }
}
