import Tensors

/// How a file stores one number, and what it becomes here.
///
/// What has a dtype of its own is taken as it is; smaller and unsigned integers become the next
/// integer that holds them, small floats become f32.
enum ElementKind: Sendable {
  case bool, u8, i8, i16, u16, i32, u32, i64, u64, f16, bf16, f32, f64
  /// Eight-bit floats with 4 or 5 bits of exponent.
  case e4m3, e5m2

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .bool, .u8, .i8, .e4m3, .e5m2: 1
    case .i16, .u16, .f16, .bf16: 2
    case .i32, .u32, .f32: 4
    case .i64, .u64, .f64: 8
    }
  }

  /// The dtype it is read as.
  var dtype: DType {
    switch self {
    case .bool: .bool
    case .u8: .u8
    case .i8, .i16, .u16, .i32: .i32
    case .u32, .i64, .u64: .i64
    case .f16, .bf16, .e4m3, .e5m2, .f32: .f32
    case .f64: .f64
    }
  }

  /// The kind in which a dtype is written.
  init(_ dtype: DType) {
    switch dtype {
    case .bool: self = .bool
    case .u8: self = .u8
    case .i32: self = .i32
    case .i64: self = .i64
    case .f32: self = .f32
    case .f64: self = .f64
    }
  }

  /// Whether the bytes of a file are the bytes of a tensor.
  private var isPlain: Bool {
    switch self {
    case .bool, .u8, .i32, .i64, .f32, .f64: true
    default: false
    }
  }

  /// A tensor from as many bytes as the shape needs.
  ///
  /// - Throws: `Overflow` for an unsigned number beyond i64.
  func tensor(
    _ bytes: ArraySlice<UInt8>, shape: Shape, isBigEndian: Bool = false,
    check: () throws -> Void = {}
  ) throws -> Tensor {
    if isPlain, !isBigEndian || size == 1 {
      return try Tensor(bytes: bytes, shape: shape, dtype: dtype)
    }
    if isBigEndian, isPlain {
      return try Tensor(bytes: swapped(bytes)[...], shape: shape, dtype: dtype)
    }
    let count = shape.elements
    try StoragePool.shared.reserve(count * 16)
    var floats: [Float] = []
    var integers: [Int] = []
    let isFloating = dtype == .f32
    if isFloating { floats.reserveCapacity(count) } else { integers.reserveCapacity(count) }
    var place = bytes.startIndex
    for index in 0..<count {
      if index & 0xF_FFFF == 0xF_FFFF { try check() }
      var word: UInt64 = 0
      for step in 0..<size {
        let byte = bytes[isBigEndian ? place + step : place + size - 1 - step]
        word = word << 8 | UInt64(byte)
      }
      place += size
      if isFloating { floats.append(float(word)) } else { integers.append(try integer(word)) }
    }
    return isFloating
      ? try Tensor(floats, shape: shape) : try Tensor(integers, shape: shape, dtype: dtype)
  }

  /// The bytes of every element in the opposite order.
  private func swapped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result = Array(bytes)
    for start in stride(from: 0, to: result.count, by: size) {
      for step in 0..<size / 2 { result.swapAt(start + step, start + size - 1 - step) }
    }
    return result
  }

  struct Overflow: Error {}

  private func integer(_ word: UInt64) throws -> Int {
    switch self {
    case .i8: return Int(Int8(truncatingIfNeeded: word))
    case .i16: return Int(Int16(truncatingIfNeeded: word))
    case .u16: return Int(UInt16(truncatingIfNeeded: word))
    case .u32: return Int(UInt32(truncatingIfNeeded: word))
    case .u64:
      guard let value = Int(exactly: word) else { throw Overflow() }
      return value
    default: return Int(truncatingIfNeeded: word)
    }
  }

  private func float(_ word: UInt64) -> Float {
    switch self {
    case .f16: ElementKind.half(UInt16(truncatingIfNeeded: word))
    case .bf16: Float(bitPattern: UInt32(truncatingIfNeeded: word) << 16)
    // The upper half of a 16-bit float.
    case .e5m2: ElementKind.half(UInt16(truncatingIfNeeded: word) << 8)
    case .e4m3: ElementKind.quarter(UInt8(truncatingIfNeeded: word))
    default: Float(bitPattern: UInt32(truncatingIfNeeded: word))
    }
  }

  /// An IEEE 16-bit float.
  static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 1 ? -1 : 1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Float(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return Float(
        sign: sign < 0 ? .minus : .plus, exponent: exponent - 15,
        significand: 1 + fraction / 1024)
    }
  }

  /// A float of 4 bits of exponent and 3 of fraction, without infinities.
  private static func quarter(_ bits: UInt8) -> Float {
    let sign: Float = bits >> 7 == 1 ? -1 : 1
    let (exponent, fraction) = (Int(bits >> 3 & 0xF), Float(bits & 7))
    if exponent == 15, fraction == 7 { return .nan }
    if exponent == 0 { return sign * fraction * 0x1p-9 }
    return Float(
      sign: sign < 0 ? .minus : .plus, exponent: exponent - 7, significand: 1 + fraction / 8)
  }
}
