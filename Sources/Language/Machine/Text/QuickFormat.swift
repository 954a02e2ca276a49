import Glibc

/// A format spec of the plain kind that most are: `[<>^][0][width][.precision][letter]`.
///
/// Whatever has more in it is read by `FormatSpec`, which knows everything.
struct QuickSpec {
  /// 0: the type's own.
  private(set) var align: UInt8 = 0
  private(set) var isZeroPadded = false
  private(set) var width = 0
  /// -1: none was given.
  private(set) var precision = -1
  /// 0: none was given.
  private(set) var letter: UInt8 = 0

  /// nil: the spec is of another kind.
  init?(_ text: StringCell) {
    let count = text.byteCount
    guard count <= 8 else { return nil }
    var index = 0
    func byte() -> UInt8 { index < count ? text.byte(index) : 0 }
    func isDigit() -> Bool { byte() &- 0x30 < 10 }
    if byte() == 0x3C || byte() == 0x3E || byte() == 0x5E {
      align = byte()
      index += 1
    }
    if byte() == 0x30 {
      guard align == 0 else { return nil }
      isZeroPadded = true
      index += 1
    }
    while isDigit() {
      width = width * 10 + Int(byte() &- 0x30)
      index += 1
    }
    if byte() == 0x2E {
      index += 1
      guard isDigit() else { return nil }
      precision = 0
      while isDigit() {
        precision = precision * 10 + Int(byte() &- 0x30)
        index += 1
      }
    }
    if index < count {
      letter = byte()
      index += 1
    }
    // An align sign in second place makes the first character the filling.
    guard index == count, width < 1000, precision < 16 else { return nil }
  }
}

extension Machine {
  /// A number or text under a plain spec; nil: the spec or the value needs more.
  func quickFormat(_ value: RawValue, _ specification: StringCell) -> RawValue? {
    guard let spec = QuickSpec(specification) else { return nil }
    switch value.tag {
    case RawValue.Tag.int:
      guard spec.precision < 0, spec.letter == 0 || spec.letter == UInt8(ascii: "d") else {
        return nil
      }
      return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
        var (place, left) = (20, value.int.magnitude)
        repeat {
          place -= 1
          unsafe digits[place] = UInt8(truncatingIfNeeded: left % 10) + 0x30
          left /= 10
        } while left > 0
        guard let start = digits.baseAddress else { return nil }
        return unsafe laid(start + place, 20 - place, isNegative: value.int < 0, spec)
      }
    case RawValue.Tag.float:
      let number = value.double
      guard spec.letter == UInt8(ascii: "f"), number.isFinite else { return nil }
      let text = FloatText.fixed(
        number.magnitude, places: spec.precision < 0 ? 6 : spec.precision)
      return unsafe text.withUnsafeBufferPointer { text in
        guard let start = text.baseAddress else { return nil }
        return unsafe laid(start, text.count, isNegative: number.sign == .minus, spec)
      }
    case RawValue.Tag.string:
      guard spec.precision < 0, !spec.isZeroPadded,
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
