/// What crosses between a script and the library.
///
/// The machine's own values never leave it; at a call they become `Value`s. Containers cross as
/// views that keep their identity, functions as handles that do not keep them alive.
public enum Value {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  case list(any ListView)
  case dict(any DictView)
  case function(any Callable)
  case object(any Object)
}

extension Value {
  /// The name of the type as Python writes it: `int`, `str`, `NoneType`, `Tensor`.
  public var typeName: String {
    switch self {
    case .none: "NoneType"
    case .bool: "bool"
    case .int: "int"
    case .float: "float"
    case .string: "str"
    case .list(let view): view.isTuple ? "tuple" : "list"
    case .dict: "dict"
    case .function(let callable): callable.typeName
    case .object(let object): object.type.name
    }
  }

  /// A new list that the library hands to a script.
  public static func array(_ elements: [Value]) -> Value {
    .list(ValueList(elements, isTuple: false))
  }

  /// A new tuple that the library hands to a script.
  public static func tuple(_ elements: [Value]) -> Value {
    .list(ValueList(elements, isTuple: true))
  }

  /// A new dict that the library hands to a script, in the order given.
  public static func dictionary(_ items: [(key: Value, value: Value)]) -> Value {
    .dict(ValueDict(items))
  }

  /// A short text for messages, at most `limit` characters: `'relu'`, `3`, `list of 4`.
  public func brief(limit: Int = 40) -> String {
    let text: String
    switch self {
    case .none: text = "None"
    case .bool(let value): text = value ? "True" : "False"
    case .int(let value): text = String(value)
    case .float(let value): text = value.isNaN ? "nan" : "\(value)"
    case .string(let value): text = "'\(value)'"
    case .list(let view): text = "\(view.isTuple ? "tuple" : "list") of \(view.count)"
    case .dict(let view): text = "dict of \(view.count)"
    case .function(let callable): text = "function \(callable.name)"
    case .object(let object): text = object.text
    }
    return text.count <= limit ? text : text.prefix(max(1, limit - 1)) + "…"
  }
}
