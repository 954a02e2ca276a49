/// The type of a tensor's elements.
public enum DType: UInt8, CaseIterable, Hashable, Sendable {
  case bool, u8, i32, i64, f32, f64

  /// Bytes of one element.
  @inlinable
  public var size: Int {
    switch self {
    case .bool, .u8: 1
    case .i32, .f32: 4
    case .i64, .f64: 8
    }
  }

  /// NumPy's name: `float32`, `int64`, `bool`.
  public var name: String {
    switch self {
    case .bool: "bool"
    case .u8: "uint8"
    case .i32: "int32"
    case .i64: "int64"
    case .f32: "float32"
    case .f64: "float64"
    }
  }

  /// Reads NumPy's names, the short names and the names of Python's own types.
  public init?(name: String) {
    switch name {
    case "bool", "bool_": self = .bool
    case "uint8", "u8", "u1": self = .u8
    case "int32", "i32", "i4": self = .i32
    case "int64", "i64", "i8", "int": self = .i64
    case "float32", "f32", "f4": self = .f32
    case "float64", "f64", "f8", "float", "double": self = .f64
    default: return nil
    }
  }

  @inlinable
  public var isFloating: Bool { self == .f32 || self == .f64 }

  @inlinable
  public var isInteger: Bool { self == .u8 || self == .i32 || self == .i64 }

  /// The type both convert to without loss of range, as NumPy 2 promotes.
  public static func promoted(_ a: DType, _ b: DType) -> DType {
    if a == b { return a }
    let low = a.rawValue < b.rawValue ? a : b
    let high = low == a ? b : a
    // 32 and 64 bit integers do not fit f32.
    if high == .f32, low == .i32 || low == .i64 { return .f64 }
    return high
  }

  /// The result of division and of elementary functions: integers become f64.
  var floating: DType { isFloating ? self : .f64 }

  /// The integers a tensor of this type can hold.
  var integerRange: ClosedRange<Int> {
    switch self {
    case .bool: 0...1
    case .u8: 0...255
    case .i32: Int(Int32.min)...Int(Int32.max)
    case .i64, .f32, .f64: Int.min...Int.max
    }
  }
}
