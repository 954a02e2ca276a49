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
  /// The module it stands in, where another library's names lead here: `numpy`; else empty.
  public let place: String
  public let sentence: String
  public let kind: Kind
  public let parameters: [ParameterFacts]
  public let returns: String
  public let examples: [String]
  /// More than the sentence, in Markdown: the formula as code, then what it says of `Part`s.
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
    returns: String, examples: [String], details: String = "", type: ObjectType? = nil,
    place: String = "", body: Body
  ) {
    self.name = name
    self.place = place
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
    in place: String = "", body: @escaping @Sendable (repeat each P) throws -> Value
  ) {
    var facts: [ParameterFacts] = []
    for parameter in repeat each parameters { facts.append(parameter.facts) }
    self.init(
      name, sentence, kind: .function, parameters: facts, returns: returns, examples: example,
      details: details, type: makes, place: place,
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

  /// `numpy.zeros`, or the name alone.
  public var qualifiedName: String { place.isEmpty ? name : "\(place).\(name)" }

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
