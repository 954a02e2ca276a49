/// Something that can be sorted by an unsigned number.
protocol Ranked: BitwiseCopyable {
  var rank: UInt64 { get }
}

extension UInt64: Ranked {
  var rank: UInt64 { self }
}

/// A key to be sorted: where it stands, and a number whose order is that of the keys as far as it
/// tells them apart.
struct SortItem: Ranked {
  var rank: UInt64
  var index: Int
}

extension SortItem {
  private static let sign: UInt64 = 1 << 63

  /// A number in the order of integers, of floats, or of texts as far as their first eight bytes;
  /// nil: the value is another, or a nan.
  static func rank(_ value: RawValue) -> UInt64? {
    switch value.tag {
    case RawValue.Tag.int: return value.bits ^ sign
    case RawValue.Tag.float:
      let double = value.double
      if double.isNaN { return nil }
      if double == 0 { return sign }
      return value.bits & sign != 0 ? ~value.bits : value.bits | sign
    case RawValue.Tag.string: return StringCell(value).firstBytes
    default: return nil
    }
  }

  /// The rank of a number that no other value of its type shares; nil: the value is another.
  @inline(__always)
  static func exactRank(_ value: RawValue) -> UInt64? {
    if value.isInt { return value.bits ^ sign }
    guard value.isFloat, value.bits != sign, !value.double.isNaN else { return nil }
    return value.bits & sign != 0 ? ~value.bits : value.bits | sign
  }

  /// The number with an exact rank.
  @inline(__always)
  static func value(ofRank rank: UInt64, tag: UInt64) -> RawValue {
    if tag == RawValue.Tag.int { return RawValue(tag: tag, bits: rank ^ sign) }
    return RawValue(tag: tag, bits: rank & sign != 0 ? rank ^ sign : ~rank)
  }
}

extension StringCell {
  /// The first eight bytes as a number in their order, filled up with zeros.
  var firstBytes: UInt64 {
    let (bytes, count) = unsafe (UnsafeRawPointer(bytes), byteCount)
    if count >= 8 { return unsafe UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)) }
    var first: UInt64 = 0
    for place in 0..<count {
      first |=
        unsafe UInt64(bytes.load(fromByteOffset: place, as: UInt8.self))
        << UInt64(56 - 8 * place)
    }
    return first
  }
}
