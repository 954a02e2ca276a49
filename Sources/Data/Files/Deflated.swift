internal import CZlib

/// Raw deflate streams and checksums, as ZIP archives hold them: a shim around zlib, in whose calls
/// the pointers stay.
///
/// `@safe`: every pointer is into an array's own storage for the length of one call.
@safe
enum Deflated {
  enum Problem: Error {
    case damaged
    /// More comes out than was announced.
    case tooLong
  }

  /// What a raw stream inflates to: at most `limit` bytes.
  ///
  /// Memory grows with what really comes out.
  static func inflate(
    _ bytes: ArraySlice<UInt8>, limit: Int, check: () throws -> Void
  ) throws -> [UInt8] {
    var stream = unsafe z_stream()
    guard
      unsafe inflateInit2_(
        &stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw Problem.damaged }
    defer { unsafe inflateEnd(&stream) }
    var input = Array(bytes)
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var done = 0
    while true {
      try check()
      let (code, used, made) = unsafe input.withUnsafeMutableBytes { source in
        unsafe chunk.withUnsafeMutableBytes { target -> (Int32, Int, Int) in
          let left = min(source.count - done, 1 << 30)
          unsafe stream.next_in = source.baseAddress.map {
            unsafe ($0 + done).assumingMemoryBound(to: UInt8.self)
          }
          unsafe stream.avail_in = UInt32(left)
          unsafe stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
          unsafe stream.avail_out = UInt32(target.count)
          let code = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
          return unsafe (
            code, left - Int(stream.avail_in), target.count - Int(stream.avail_out)
          )
        }
      }
      done += used
      guard output.count + made <= limit else { throw Problem.tooLong }
      output += chunk[..<made]
      if code == Z_STREAM_END { return output }
      guard code == Z_OK, used > 0 || made > 0 else { throw Problem.damaged }
    }
  }

  /// A raw stream of these bytes.
  static func deflate(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = unsafe z_stream()
    guard
      unsafe deflateInit2_(
        &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { unsafe deflateEnd(&stream) }
    guard bytes.count < 1 << 31 else { return nil }
    let bound = unsafe Int(deflateBound(&stream, UInt(bytes.count)))
    var input = bytes
    var output = [UInt8](repeating: 0, count: bound)
    let made = unsafe input.withUnsafeMutableBytes { source in
      unsafe output.withUnsafeMutableBytes { target -> Int? in
        unsafe stream.next_in = source.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.avail_out = UInt32(target.count)
        guard unsafe CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END else { return nil }
        return unsafe target.count - Int(stream.avail_out)
      }
    }
    return made.map { Array(output[..<$0]) }
  }

  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var sum = crc32(0, nil, 0)
    unsafe bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let length = min(buffer.count - done, 1 << 30)
        unsafe sum = crc32(
          sum, buffer.baseAddress.map { unsafe ($0 + done).assumingMemoryBound(to: UInt8.self) },
          UInt32(length))
        done += length
      }
    }
    return UInt32(truncatingIfNeeded: sum)
  }
}
