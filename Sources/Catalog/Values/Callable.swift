/// Something a library function can call back: a script's function, or an entry.
///
/// A `Callable` never keeps a script function alive: it works while the entry that received it
/// runs, while an `Object` reachable from the script reports it in `visit`, or while the session
/// keeps it in its root set. A call after that throws.
public protocol Callable: AnyObject, SendableMetatype {
  var name: String { get }
  /// `function`, `builtin_function_or_method`, or the class's `type`.
  var typeName: String { get }
  /// What is known of its parameters; empty when nothing is.
  var parameters: [ParameterFacts] { get }
  /// Calls it. An exception of the script passes through as the same exception.
  func call(_ positional: [Value], named: [(name: String, value: Value)]) throws -> Value
}

extension Callable {
  public var typeName: String { "function" }
  public var parameters: [ParameterFacts] { [] }

  public func call(_ positional: Value...) throws -> Value {
    try call(positional, named: [])
  }
}

/// An entry as a value: what `f = relu` holds.
public final class EntryFunction: Callable {
  public let entry: Entry
  public let context: Context
  /// The object a bound method belongs to.
  public let receiver: Value?

  public init(_ entry: Entry, context: Context, receiver: Value? = nil) {
    self.entry = entry
    self.context = context
    self.receiver = receiver
  }

  public var name: String { entry.name }
  public var typeName: String { entry.type == nil ? "builtin_function_or_method" : "type" }
  public var parameters: [ParameterFacts] { entry.parameters }

  public func call(
    _ positional: [Value], named: [(name: String, value: Value)]
  ) throws -> Value {
    try entry.call(
      Arguments(receiver: receiver, positional: positional, named: named, context: context))
  }
}
