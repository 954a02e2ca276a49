public import Tensors

/// The IDX format of MNIST and its relatives.
///
/// Big-endian: two zero bytes, a type byte, a rank byte, one 32-bit size per axis, then the
/// elements row-major. Images are usually rank 3 of unsigned bytes (magic 0x00000803), labels
/// rank 1 (0x00000801).
public enum IDX {
  /// What the type byte says.
  public enum Kind: UInt8, CaseIterable, Sendable {
    case u8 = 0x08
    case i8 = 0x09
    case i16 = 0x0B
    case i32 = 0x0C
    case f32 = 0x0D
    case f64 = 0x0E

    var size: Int {
      switch self {
      case .u8, .i8: 1
      case .i16: 2
      case .i32, .f32: 4
      case .f64: 8
      }
    }
  }

  /// Reads a plain or gzip-compressed file.
  ///
  /// Signed bytes and 16-bit integers become i32, the other types keep theirs.
  ///
  /// - Throws: `FileProblem` naming the file, what was found and what was expected.
  public static func read(_ path: String, check: () throws -> Void = {}) throws -> Tensor {
    let bytes = try FileBytes.read(path, check: check)
    return try parse(bytes, name: path)
  }

  /// Whether the bytes begin as an IDX file does.
  public static func recognises(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && Kind(rawValue: bytes[2]) != nil
      && (1...Shape.maximumRank).contains(Int(bytes[3]))
  }

  /// Reads the content of a file; `name` is for messages.
  public static func parse(_ bytes: [UInt8], name: String) throws -> Tensor {
    let (kind, sizes, start) = try header(bytes, name: name)
    let shape = try Shape(sizes)
    let element: ElementKind =
      switch kind {
      case .u8: .u8
      case .i8: .i8
      case .i16: .i16
      case .i32: .i32
      case .f32: .f32
      case .f64: .f64
      }
    return try element.tensor(bytes[start...], shape: shape, isBigEndian: true)
  }

  /// Checks everything that the header claims against the bytes that are there.
  private static func header(
    _ bytes: [UInt8], name: String
  ) throws(FileProblem) -> (kind: Kind, sizes: [Int], start: Int) {
    guard bytes.count >= 4 else {
      throw .malformed(
        name, found: "a file of \(bytes.count) bytes",
        expected: "an IDX file: at least 4 bytes of magic number and one size per axis")
    }
    guard bytes[0] == 0, bytes[1] == 0 else {
      throw .malformed(
        name, found: "the first bytes \(hexadecimal(bytes[0...3]))",
        expected: "an IDX magic number: 00 00, a type (08, 09, 0B, 0C, 0D, 0E), the rank")
    }
    guard let kind = Kind(rawValue: bytes[2]) else {
      throw .malformed(
        name, found: "the type byte \(hexadecimal(bytes[2...2]))",
        expected: "08 (u8), 09 (i8), 0B (i16), 0C (i32), 0D (f32) or 0E (f64)")
    }
    let rank = Int(bytes[3])
    guard (1...Shape.maximumRank).contains(rank) else {
      throw .malformed(
        name, found: "rank \(rank)", expected: "a rank from 1 to \(Shape.maximumRank)")
    }
    let start = 4 + 4 * rank
    guard bytes.count >= start else {
      throw .malformed(
        name, found: "\(bytes.count) bytes",
        expected: "a header of \(start) bytes for rank \(rank)")
    }
    var sizes: [Int] = []
    var total = kind.size
    for axis in 0..<rank {
      let size = Int(word(bytes[...], 4 + 4 * axis, 4))
      sizes.append(size)
      let (product, overflow) = total.multipliedReportingOverflow(by: size)
      guard !overflow, product <= 1 << 56 else {
        throw .malformed(
          name, found: "sizes \(sizes) that no memory holds",
          expected: "\(bytes.count - start) bytes of elements, as the file has")
      }
      total = product
    }
    let found = bytes.count - start
    guard found == total else {
      let text = sizes.map(String.init).joined(separator: " x ")
      throw .malformed(
        name, found: "\(found) bytes of elements\(found < total ? ": the file is cut off" : "")",
        expected: "\(total) bytes for \(text) elements of \(kind.size) bytes")
    }
    return (kind, sizes, start)
  }

  /// A big-endian number of up to eight bytes whose place has been checked.
  private static func word(_ bytes: ArraySlice<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in start..<start + count { value = value << 8 | UInt64(bytes[index]) }
    return value
  }

  private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return digits.count == 1 ? "0" + digits : digits
    }.joined(separator: " ")
  }
}
