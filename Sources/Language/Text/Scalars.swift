/// Unicode scalars in UTF-8 bytes that are known to be valid.
enum Scalars {
  /// The scalar that starts at `offset`, and its length in bytes.
  @inline(__always)
  static func decode(_ bytes: Span<UInt8>, at offset: Int) -> (scalar: UInt32, length: Int) {
    let lead = bytes[offset]
    if lead < 0x80 { return (UInt32(lead), 1) }
    if lead < 0xE0 {
      return (UInt32(lead & 0x1F) << 6 | tail(bytes, offset + 1), 2)
    }
    if lead < 0xF0 {
      return (
        UInt32(lead & 0x0F) << 12 | tail(bytes, offset + 1) << 6 | tail(bytes, offset + 2), 3
      )
    }
    return (
      UInt32(lead & 0x07) << 18 | tail(bytes, offset + 1) << 12 | tail(bytes, offset + 2) << 6
        | tail(bytes, offset + 3), 4
    )
  }

  @inline(__always)
  private static func tail(_ bytes: Span<UInt8>, _ offset: Int) -> UInt32 {
    UInt32(bytes[offset] & 0x3F)
  }

  /// The offset of the scalar that ends before `offset`.
  @inline(__always)
  static func before(_ bytes: Span<UInt8>, _ offset: Int) -> Int {
    var start = offset - 1
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  /// How many scalars the bytes hold.
  static func count(_ bytes: Span<UInt8>) -> Int {
    count(bytes, 0..<bytes.count)
  }

  static func count(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    var count = 0
    for index in range where bytes[index] & 0xC0 != 0x80 { count += 1 }
    return count
  }

  static func isASCII(_ bytes: Span<UInt8>) -> Bool {
    var all: UInt8 = 0
    for index in bytes.indices { all |= bytes[index] }
    return all < 0x80
  }

  /// The byte offset of the scalar number `index`, at most the end.
  static func offset(of index: Int, in bytes: Span<UInt8>) -> Int {
    if isASCII(bytes) { return min(index, bytes.count) }
    var left = index
    var offset = 0
    while offset < bytes.count {
      if bytes[offset] & 0xC0 != 0x80 {
        if left == 0 { return offset }
        left -= 1
      }
      offset += 1
    }
    return bytes.count
  }

  /// The scalar as Swift's type; the replacement character for what is none.
  @inline(__always)
  static func unicode(_ scalar: UInt32) -> Unicode.Scalar {
    Unicode.Scalar(scalar) ?? "\u{FFFD}"
  }
}

extension [UInt8] {
  /// Appends one scalar as UTF-8.
  @inline(__always)
  mutating func append(scalar: UInt32) {
    if scalar < 0x80 {
      append(UInt8(truncatingIfNeeded: scalar))
    } else if scalar < 0x800 {
      append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
      append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    } else if scalar < 0x10000 {
      append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
      append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
      append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    } else {
      append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
      append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
      append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
      append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    }
  }

  mutating func append(text: String) {
    append(contentsOf: text.utf8)
  }

  /// Appends the bytes of a range of a span.
  mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    for index in range { append(bytes[index]) }
  }

  mutating func append(scalar: UInt32, times: Int) {
    guard times > 0 else { return }
    if scalar < 0x80 {
      append(contentsOf: repeatElement(UInt8(truncatingIfNeeded: scalar), count: times))
    } else {
      for _ in 0..<times { append(scalar: scalar) }
    }
  }
}
