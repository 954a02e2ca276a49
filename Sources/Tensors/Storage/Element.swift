/// A Swift type whose values a tensor can hold or give.
public protocol Element: BitwiseCopyable, Sendable, Comparable, SendableMetatype {
  /// The dtype that stores it.
  static var dtype: DType { get }
}

extension Float: Element {
  public static var dtype: DType { .f32 }
}

extension Double: Element {
  public static var dtype: DType { .f64 }
}

extension Int: Element {
  public static var dtype: DType { .i64 }
}

extension Int32: Element {
  public static var dtype: DType { .i32 }
}

extension UInt8: Element {
  public static var dtype: DType { .u8 }
}

/// A truth value in one byte, 0 or 1, as a `bool` tensor stores it.
public struct Truth: Element, ExpressibleByBooleanLiteral {
  var byte: UInt8

  public init(_ value: Bool) { byte = value ? 1 : 0 }
  public init(booleanLiteral value: Bool) { self.init(value) }

  public static var dtype: DType { .bool }
  public var value: Bool { byte != 0 }
  public static func < (a: Truth, b: Truth) -> Bool { a.byte < b.byte }
}
