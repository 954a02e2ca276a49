internal import CKernels

/// Decimal digits of a floating-point number, exactly rounded.
enum Digits {
  /// `precision` digits after the point, with or without an exponent.
  static func rounded(_ x: Double, precision: Int, scientific: Bool) -> String {
    let capacity = 512
    return unsafe String(unsafeUninitializedCapacity: capacity) { buffer in
      let length = unsafe buffer.withMemoryRebound(to: CChar.self) { text -> Int32 in
        guard let base = text.baseAddress else { return 0 }
        return unsafe gk_digits(
          base, Int32(capacity), x, Int32(min(max(precision, 0), 100)), scientific ? 1 : 0)
      }
      return max(0, min(Int(length), capacity - 1))
    }
  }
}
