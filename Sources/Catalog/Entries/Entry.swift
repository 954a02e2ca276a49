/// One declaration of something a script can call: name, text, parameters and body.
///
/// Call checks, completion, hover, `help()`, the manual and several tests read this value; nothing
/// of it is written a second time.
public struct Entry: Sendable {
  public enum Kind: Sendable {
    case function
    case method
    case attribute
    case constant
  }

  public let name: String
  public let sentence: String
  public let kind: Kind
  public let parameters: [ParameterFacts]
  public let returns: String
  public let examples: [String]
  /// More than the sentence, in Markdown: formula, shapes, defaults of the peers, source.
  public let details: String
  /// For an entry that makes objects: their type, so that `isinstance(x, Dense)` works.
  public let type: ObjectType?
  public let body: Body

  public enum Body: Sendable {
    /// Code of the library.
    case library(@Sendable (Entry, Arguments) throws -> Value)
    /// Code of the machine on its own values, found by the entry's name and receiver.
    case intrinsic
    /// Not callable: the value itself.
    case constant(@Sendable (Context) throws -> Value)
    /// Read, and set where a setter is, on an object.
    case attribute(
      get: @Sendable (Value) throws -> Value, set: (@Sendable (Value, Value) throws -> Void)?)
  }

  public init(
    _ name: String, _ sentence: String, kind: Kind, parameters: [ParameterFacts],
    returns: String, examples: [String], details: String = "", type: ObjectType? = nil, body: Body
  ) {
    self.name = name
    self.sentence = sentence
    self.kind = kind
    self.parameters = parameters
    self.returns = returns
    self.examples = examples
    self.details = details
    self.type = type
    self.body = body
  }
}

extension Entry {
  /// A function of the library.
  @inlinable
  public init<each P: Argument>(
    _ name: String, _ sentence: String, _ parameters: repeat Parameter<each P>,
    returns: String = "None", example: String..., details: String = "", makes: ObjectType? = nil,
    body: @escaping @Sendable (repeat each P) throws -> Value
  ) {
    var facts: [ParameterFacts] = []
    for parameter in repeat each parameters { facts.append(parameter.facts) }
    self.init(
      name, sentence, kind: .function, parameters: facts, returns: returns, examples: example,
      details: details, type: makes,
      body: .library { [parameters = (repeat each parameters)] entry, arguments in
        var binding = try Binding(arguments, for: entry)
        let values = (repeat try binding.take(each parameters))
        try binding.finish()
        return try body(repeat each values)
      })
  }

  /// A method of a type; the receiver comes first.
  @inlinable
  public static func method<Receiver: Object, each P: Argument>(
    of receiver: Receiver.Type, _ name: String, _ sentence: String,
    _ parameters: repeat Parameter<each P>, returns: String = "None", example: String...,
    details: String = "", body: @escaping @Sendable (Receiver, repeat each P) throws -> Value
  ) -> Entry {
    var facts: [ParameterFacts] = []
    for parameter in repeat each parameters { facts.append(parameter.facts) }
    return Entry(
      name, sentence, kind: .method, parameters: facts, returns: returns, examples: example,
      details: details,
      body: .library { [parameters = (repeat each parameters)] entry, arguments in
        let receiver: Receiver = try entry.receiver(arguments.receiver)
        var binding = try Binding(arguments, for: entry)
        let values = (repeat try binding.take(each parameters))
        try binding.finish()
        return try body(receiver, repeat each values)
      })
  }

  /// An attribute of a type.
  public static func attribute<Receiver: Object>(
    of receiver: Receiver.Type, _ name: String, _ sentence: String, returns: String,
    example: String..., get: @escaping @Sendable (Receiver) throws -> Value,
    set: (@Sendable (Receiver, Value) throws -> Void)? = nil
  ) -> Entry {
    @Sendable func cast(_ value: Value) throws -> Receiver {
      guard case .object(let object) = value else {
        throw Failure(.type, "attribute '\(name)' belongs to another type")
      }
      if let receiver = object.receiver(Receiver.self) { return receiver }
      guard object.type.isScriptClass else {
        throw Failure(.type, "attribute '\(name)' belongs to another type")
      }
      throw Failure(
        .attribute, "'\(object.type.name)' object has no attribute '\(name)' yet", code: "L103",
        help: "call super().__init__(…) first, with the arguments of the class above")
    }
    var setter: (@Sendable (Value, Value) throws -> Void)?
    if let set {
      setter = { value, new in try set(try cast(value), new) }
    }
    return Entry(
      name, sentence, kind: .attribute, parameters: [], returns: returns, examples: example,
      body: .attribute(get: { try get(try cast($0)) }, set: setter))
  }

  /// A name that stands for a value, such as `pi`.
  public static func constant(
    _ name: String, _ sentence: String, returns: String, example: String...,
    value: @escaping @Sendable (Context) throws -> Value
  ) -> Entry {
    Entry(
      name, sentence, kind: .constant, parameters: [], returns: returns, examples: example,
      body: .constant(value))
  }

  /// A builtin of the language: the facts stand here, the code in the machine.
  public static func intrinsic(
    _ name: String, _ sentence: String, _ parameters: [ParameterFacts] = [],
    kind: Kind = .function, returns: String = "None", example: String..., details: String = "",
    type: ObjectType? = nil
  ) -> Entry {
    Entry(
      name, sentence, kind: kind, parameters: parameters, returns: returns, examples: example,
      details: details, type: type, body: .intrinsic)
  }

  /// Another library's name for an entry: renames its parameters and overrides its defaults.
  ///
  /// It has no body of its own. Arguments given by position follow the order of `names`.
  public static func door(
    _ name: String, to entry: Entry, names: [(theirs: String, ours: String)] = [],
    defaults: [(name: String, value: @Sendable () -> Value)] = []
  ) -> Entry {
    guard case .library(let body) = entry.body else {
      preconditionFailure("a door opens on an entry of the library")
    }
    return Entry(
      name, entry.sentence, kind: entry.kind, parameters: entry.parameters,
      returns: entry.returns, examples: entry.examples, details: entry.details, type: entry.type,
      body: .library { door, arguments in
        var inner = arguments
        if !names.isEmpty {
          let byPosition = zip(names, arguments.positional).map { ($0.ours, $1) }
          inner.positional = Array(arguments.positional.dropFirst(names.count))
          inner.named =
            byPosition.map { (name: $0.0, value: $0.1) }
            + arguments.named.map { argument in
              (names.first { $0.theirs == argument.name }?.ours ?? argument.name, argument.value)
            }
        }
        for (name, value) in defaults where !inner.named.contains(where: { $0.name == name }) {
          inner.named.append((name, value()))
        }
        return try body(door, inner)
      })
  }
}

extension Entry {
  @inlinable
  public func call(_ arguments: Arguments) throws -> Value {
    guard case .library(let body) = body else {
      throw Failure(.type, "'\(name)' cannot be called from the library")
    }
    return try body(self, arguments)
  }

  /// What the bare name gives: a function, or the constant's value.
  public func value(in context: Context) throws -> Value {
    if case .constant(let make) = body { return try make(context) }
    return .function(EntryFunction(self, context: context))
  }

  @inlinable
  func receiver<Receiver: Object>(_ value: Value?) throws -> Receiver {
    if case .object(let object)? = value, let receiver = object.receiver(Receiver.self) {
      return receiver
    }
    throw foreignReceiver(value)
  }

  @usableFromInline
  func foreignReceiver(_ value: Value?) -> Failure {
    if case .object(let object)? = value, object.type.isScriptClass {
      return Failure(
        .type, "\(name)() needs what super().__init__() makes", code: "L105",
        help: "call super().__init__(…) first, with the arguments of the class above")
    }
    return Failure(.type, "\(name)() needs the object it belongs to")
  }

  /// `Dense(units, activation="linear")`.
  public var signature: String {
    guard kind != .attribute, kind != .constant else { return name }
    var parts: [String] = []
    var isKeywordOnly = false
    for parameter in parameters where parameter.passing != .accompanying {
      switch parameter.passing {
      case .rest:
        parts.append("*\(parameter.name)")
        isKeywordOnly = true
      case .restNamed:
        parts.append("**\(parameter.name)")
      default:
        if parameter.passing == .keywordOnly, !isKeywordOnly {
          parts.append("*")
          isKeywordOnly = true
        }
        parts.append(parameter.name + (parameter.shownDefault.map { "=\($0)" } ?? ""))
      }
    }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}
