/// What an object of the library can do when a script uses it.
///
/// Only `type` has no default; every other default does what CPython does for a plain object, or
/// throws the error CPython throws. Attributes declared as members of `type` are found first;
/// `attribute(_:)` serves what only this instance has.
public protocol Object: AnyObject, SendableMetatype {
  var type: ObjectType { get }

  func attribute(_ name: String) throws -> Value?
  func setAttribute(_ name: String, to value: Value) throws
  func deleteAttribute(_ name: String) throws

  func index(_ key: Value, context: Context) throws -> Value
  func assign(_ value: Value, at key: Value, context: Context) throws
  func delete(at key: Value, context: Context) throws
  func length() throws -> Int
  func iterate() throws -> any ObjectIterator
  func contains(_ value: Value) throws -> Bool

  func truth() throws -> Bool
  /// nil: not comparable with `other`, so the other side is asked.
  func compare(_ comparison: Comparison, with other: Value) throws -> Value?
  func hash() throws -> Int
  /// nil: not defined for `other`. `reflected`: `other` stands on the left.
  func binary(_ operation: BinaryOperator, _ other: Value, reflected: Bool) throws -> Value?
  /// `a += b` in place; nil: `binary` is used and its result assigned.
  func inPlace(_ operation: BinaryOperator, _ other: Value) throws -> Value?
  func unary(_ operation: UnaryOperator) throws -> Value?
  func call(_ arguments: Arguments) throws -> Value

  /// What `repr` gives.
  var text: String { get }
  /// What `str` and `print` give.
  var printed: String { get }
  /// `format(x, spec)`; nil: only the empty specification is allowed.
  func formatted(_ specification: String) throws -> String?
  /// The number it stands for, for `float(x)`, `int(x)`, formatting and arguments; nil: none.
  func scalar() -> Value?
  /// How it looks as the result of a cell.
  func display(_ context: Context) throws -> Media
  /// The attributes that completion offers beyond the type's members.
  var contents: [String] { get }
  /// One line for lists of variables: shape, dtype, length; without side effects, at once.
  var brief: String { get }

  /// Reports every script value it holds, so that the collector keeps them.
  func visit(_ keep: (Value) -> Void)
  /// Bytes outside the script's heap that live as long as this object; 0 for views.
  var externalBytes: Int { get }

  /// What a plot of it shows; nil: it has no picture.
  func facts() throws -> Facts?
  /// Its rows and columns when exported; nil: those of its picture or its numbers.
  func table() throws -> Table?
  /// Its numbers, row-major; nil: it has none.
  func numbers() throws -> Numbers?
}

/// Walks over an object's elements.
public protocol ObjectIterator: AnyObject, SendableMetatype {
  func next() throws -> Value?
}

extension Object {
  public func attribute(_ name: String) throws -> Value? { nil }

  public func setAttribute(_ name: String, to value: Value) throws {
    throw Failure(.attribute, "'\(type.name)' object has no attribute '\(name)'")
  }

  public func deleteAttribute(_ name: String) throws {
    throw Failure(.attribute, "'\(type.name)' object has no attribute '\(name)'")
  }

  public func index(_ key: Value, context: Context) throws -> Value {
    throw Failure(.type, "'\(type.name)' object is not subscriptable")
  }

  public func assign(_ value: Value, at key: Value, context: Context) throws {
    throw Failure(.type, "'\(type.name)' object does not support item assignment")
  }

  public func delete(at key: Value, context: Context) throws {
    throw Failure(.type, "'\(type.name)' object doesn't support item deletion")
  }

  public func length() throws -> Int {
    throw Failure(.type, "object of type '\(type.name)' has no len()")
  }

  public func iterate() throws -> any ObjectIterator {
    throw Failure(.type, "'\(type.name)' object is not iterable")
  }

  public func contains(_ value: Value) throws -> Bool {
    throw Failure(.type, "argument of type '\(type.name)' is not iterable")
  }

  public func truth() throws -> Bool { true }

  public func compare(_ comparison: Comparison, with other: Value) throws -> Value? {
    guard case .object(let object) = other else { return nil }
    switch comparison {
    case .equal where object === self: return .bool(true)
    case .notEqual where object === self: return .bool(false)
    default: return nil
    }
  }

  public func hash() throws -> Int { ObjectIdentifier(self).hashValue }

  public func binary(
    _ operation: BinaryOperator, _ other: Value, reflected: Bool
  ) throws -> Value? { nil }

  public func inPlace(_ operation: BinaryOperator, _ other: Value) throws -> Value? { nil }

  public func unary(_ operation: UnaryOperator) throws -> Value? { nil }

  public func call(_ arguments: Arguments) throws -> Value {
    throw Failure(.type, "'\(type.name)' object is not callable")
  }

  public var text: String { "<\(type.name)>" }
  public var printed: String { text }
  public func formatted(_ specification: String) throws -> String? { nil }
  public func scalar() -> Value? { nil }
  public func display(_ context: Context) throws -> Media { Media(text) }
  public var contents: [String] { [] }
  public var brief: String { type.name }
  public func visit(_ keep: (Value) -> Void) {}
  public var externalBytes: Int { 0 }
  public func facts() throws -> Facts? { nil }
  public func table() throws -> Table? { nil }
  public func numbers() throws -> Numbers? { nil }
}

/// An object whose `scalar()` changes while others hold it, such as a slider.
public protocol LiveNumber: Object {}

/// An object that `isinstance` takes as a type: a dtype, a kind of numbers.
public protocol Classifier: Object {
  func classifies(_ value: Value) -> Bool
}
