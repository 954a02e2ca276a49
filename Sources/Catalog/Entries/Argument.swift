/// A type that a parameter of an entry can have.
public protocol Argument: SendableMetatype {
  /// How signatures and messages call the type: `int`, `str`, `float or schedule`.
  static var kind: String { get }
  /// The strings it accepts, when it is a choice; completion offers them.
  static var choices: [String] { get }
  /// nil: the value is of another type. Throws when it is of the type but cannot be used.
  static func read(_ value: Value) throws -> Self?
  /// What is left over, for a parameter with `passing: .rest` or `.restNamed`.
  static func collect(_ positional: [Value], _ named: [(name: String, value: Value)]) throws
    -> Self?
  /// A value that comes with the call itself; only `Context` has one.
  static func accompanying(_ context: Context) -> Self?
  /// How a default is written in a signature.
  var shown: String { get }
}

extension Argument {
  public static var choices: [String] { [] }

  public static func collect(
    _ positional: [Value], _ named: [(name: String, value: Value)]
  ) throws -> Self? { nil }

  public static func accompanying(_ context: Context) -> Self? { nil }
  public var shown: String { "\(self)" }
}

extension Value: Argument {
  public static var kind: String { "any" }
  public static func read(_ value: Value) -> Value? { value }
  public var shown: String { brief() }
}

extension Bool: Argument {
  public static var kind: String { "bool" }

  public static func read(_ value: Value) -> Bool? {
    switch value {
    case .bool(let bool): bool
    case .object(let object):
      if case .bool(let bool)? = object.scalar() { bool } else { nil }
    default: nil
    }
  }

  public var shown: String { self ? "True" : "False" }
}

extension Int: Argument {
  public static var kind: String { "int" }

  public static func read(_ value: Value) -> Int? {
    switch value {
    case .int(let int): int
    case .bool(let bool): bool ? 1 : 0
    case .object(let object):
      if case .int(let int)? = object.scalar() { int } else { nil }
    default: nil
    }
  }
}

extension Double: Argument {
  public static var kind: String { "float" }

  public static func read(_ value: Value) -> Double? {
    switch value {
    case .float(let double): double
    case .int(let int): Double(int)
    case .bool(let bool): bool ? 1 : 0
    case .object(let object):
      switch object.scalar() {
      case .float(let double)?: double
      case .int(let int)?: Double(int)
      default: nil
      }
    default: nil
    }
  }
}

extension String: Argument {
  public static var kind: String { "str" }

  public static func read(_ value: Value) -> String? {
    if case .string(let string) = value { string } else { nil }
  }

  public var shown: String { "\"\(self)\"" }
}

extension Optional: Argument where Wrapped: Argument {
  public static var kind: String { "\(Wrapped.kind) or None" }
  public static var choices: [String] { Wrapped.choices }

  public static func read(_ value: Value) throws -> Wrapped?? {
    if case .none = value { return .some(nil) }
    guard let wrapped = try Wrapped.read(value) else { return nil }
    return .some(wrapped)
  }

  public var shown: String {
    switch self {
    case .none: "None"
    case .some(let wrapped): wrapped.shown
    }
  }
}

/// A list, tuple or other sequence of arguments; a deep copy, so for small things.
extension Array: Argument where Element: Argument {
  public static var kind: String { "list of \(Element.kind)" }

  public static func read(_ value: Value) throws -> [Element]? {
    switch value {
    case .list(let view):
      if Element.self == Double.self { return try view.doubles() as? [Element] }
      var all: [Element] = []
      for element in try view.elements() {
        guard let read = try Element.read(element) else { return nil }
        all.append(read)
      }
      return all
    case .object(let object):
      if Element.self == Double.self { return try object.numbers()?.values as? [Element] }
      guard let iterator = try? object.iterate() else { return nil }
      var all: [Element] = []
      while let element = try iterator.next() {
        guard let read = try Element.read(element) else { return nil }
        all.append(read)
      }
      return all
    default: return nil
    }
  }

  public var shown: String { "[" + map(\.shown).joined(separator: ", ") + "]" }
}

/// A function of the script or of the library.
public struct Function: Argument {
  public let callable: any Callable

  public init(_ callable: any Callable) {
    self.callable = callable
  }

  public static var kind: String { "function" }

  /// Also an object that is a function, such as an activation or what `grad` returns.
  public static func read(_ value: Value) -> Function? {
    switch value {
    case .function(let callable): Function(callable)
    case .object(let object): (object as? any Callable).map { Function($0) }
    default: nil
    }
  }

  public func callAsFunction(_ arguments: Value...) throws -> Value {
    try callable.call(arguments, named: [])
  }

  public var shown: String { callable.name }

  /// What an object that holds it reports in `visit`.
  public var held: Value {
    if let object = callable as? any Object { return .object(object) }
    return .function(callable)
  }
}

/// All positional arguments that no other parameter took: `*values`.
public struct Rest<Element: Argument>: Argument {
  public let values: [Element]

  public static var kind: String { Element.kind }
  public static func read(_ value: Value) -> Rest? { nil }

  public static func collect(
    _ positional: [Value], _ named: [(name: String, value: Value)]
  ) throws -> Rest? {
    var all: [Element] = []
    for value in positional {
      guard let read = try Element.read(value) else { return nil }
      all.append(read)
    }
    return Rest(values: all)
  }
}

/// All named arguments that no other parameter took: `**options`.
public struct RestNamed<Element: Argument>: Argument {
  public let values: [(name: String, value: Element)]

  public static var kind: String { Element.kind }
  public static func read(_ value: Value) -> RestNamed? { nil }

  public static func collect(
    _ positional: [Value], _ named: [(name: String, value: Value)]
  ) throws -> RestNamed? {
    var all: [(name: String, value: Element)] = []
    for (name, value) in named {
      guard let read = try Element.read(value) else { return nil }
      all.append((name, read))
    }
    return RestNamed(values: all)
  }
}

/// One of an enumeration's cases, given by its string.
///
/// An unknown string throws L308 with the nearest choices.
public protocol Choice: Argument, CaseIterable, RawRepresentable, Sendable
where RawValue == String {}

extension Choice {
  public static var kind: String { "str" }
  public static var choices: [String] { allCases.map(\.rawValue) }

  public static func read(_ value: Value) throws -> Self? {
    guard case .string(let name) = value else { return nil }
    guard let choice = Self(rawValue: name) else {
      throw Failure.unknownOption(name, among: choices)
    }
    return choice
  }

  public var shown: String { "\"\(rawValue)\"" }
}
