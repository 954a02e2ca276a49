internal import CZlib

/// zlib, seen through two functions; the pointers it wants stay in this file.
enum Deflate {
  /// A zlib stream with the bytes.
  static func compress(_ bytes: [UInt8]) -> [UInt8]? {
    var size = compressBound(uLong(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    let status = unsafe packed.withUnsafeMutableBufferPointer { target in
      unsafe bytes.withUnsafeBufferPointer { source in
        unsafe compress2(target.baseAddress, &size, source.baseAddress, uLong(source.count), 9)
      }
    }
    guard status == Z_OK else { return nil }
    packed.removeLast(packed.count - Int(size))
    return packed
  }

  /// The CRC-32 of the bytes.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    let sum = unsafe bytes.withUnsafeBufferPointer { source in
      unsafe crc32(0, source.baseAddress, uInt(source.count))
    }
    return UInt32(truncatingIfNeeded: sum)
  }
}
