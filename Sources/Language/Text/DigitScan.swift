/// Reads the digits of a short number from front to back.
struct DigitScan {
  private(set) var index = 0

  /// Passes one byte if it is there.
  @inline(__always)
  mutating func skip(_ byte: UInt8, in text: Span<UInt8>) -> Bool {
    guard index < text.count, text[index] == byte else { return false }
    index += 1
    return true
  }

  /// Passes a letter, large or small.
  @inline(__always)
  mutating func skipLetter(_ small: UInt8, in text: Span<UInt8>) -> Bool {
    skip(small, in: text) || skip(small & ~0x20, in: text)
  }

  /// Passes a sign; true: it was a minus.
  @inline(__always)
  @discardableResult
  mutating func skipSign(in text: Span<UInt8>) -> Bool {
    if skip(UInt8(ascii: "-"), in: text) { return true }
    _ = skip(UInt8(ascii: "+"), in: text)
    return false
  }

  /// Reads ASCII digits on behind those in `number`, and tells how many there were; from the 19th
  /// on their value is lost.
  @inline(__always)
  mutating func digits(of text: Span<UInt8>, into number: inout Int) -> Int {
    let start = index
    while index < text.count, text[index] &- 48 < 10 {
      number = number &* 10 &+ Int(text[index] &- 48)
      index += 1
    }
    return index - start
  }
}
