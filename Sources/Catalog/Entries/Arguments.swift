/// The arguments of one call, as the caller wrote them.
public struct Arguments {
  /// The object a method was called on.
  public var receiver: Value?
  public var positional: [Value]
  public var named: [(name: String, value: Value)]
  public let context: Context

  public init(
    receiver: Value? = nil, positional: [Value] = [],
    named: [(name: String, value: Value)] = [], context: Context
  ) {
    self.receiver = receiver
    self.positional = positional
    self.named = named
    self.context = context
  }
}

/// Hands the arguments of a call to the parameters of an entry, one after the other.
public struct Binding {
  @usableFromInline let arguments: Arguments
  @usableFromInline let entry: Entry
  @usableFromInline var next = 0
  /// Bit i: the i-th named argument has been taken.
  @usableFromInline var taken: UInt64 = 0

  @inlinable
  public init(_ arguments: Arguments, for entry: Entry) throws {
    self.arguments = arguments
    self.entry = entry
    if arguments.named.count > 64 {
      throw Failure(.type, "\(entry.name)() takes at most 64 named arguments")
    }
  }

  /// The value for the next parameter, in the order of declaration.
  @inlinable
  public mutating func take<T: Argument>(_ parameter: Parameter<T>) throws -> T {
    switch parameter.facts.passing {
    case .positional, .positionalOnly:
      if next < arguments.positional.count {
        let value = arguments.positional[next]
        next += 1
        if !arguments.named.isEmpty { try refuseTwice(parameter.facts) }
        return try read(value, parameter)
      }
      return try takeNamed(parameter)
    case .keywordOnly:
      return try takeNamed(parameter)
    case .rest:
      let values = Array(arguments.positional[next...])
      next = arguments.positional.count
      guard let rest = try T.collect(values, []) else {
        throw mismatch(parameter.facts, values.first ?? .none)
      }
      return rest
    case .restNamed:
      var left: [(name: String, value: Value)] = []
      for (index, argument) in arguments.named.enumerated() where taken & (1 << index) == 0 {
        left.append(argument)
        taken |= 1 << index
      }
      guard let rest = try T.collect([], left) else {
        throw mismatch(parameter.facts, left.first?.value ?? .none)
      }
      return rest
    case .accompanying:
      guard let value = T.accompanying(arguments.context) else {
        throw Failure(.runtime, "\(entry.name)() has no \(parameter.facts.name) here")
      }
      return value
    }
  }

  /// Checks that nothing the caller wrote is left over.
  @inlinable
  public func finish() throws {
    if next < arguments.positional.count { throw tooMany() }
    if !arguments.named.isEmpty { try refuseUnknown() }
  }

  @inlinable
  mutating func takeNamed<T: Argument>(_ parameter: Parameter<T>) throws -> T {
    if !arguments.named.isEmpty, parameter.facts.passing != .positionalOnly,
      let index = named(parameter.facts)
    {
      taken |= 1 << index
      return try read(arguments.named[index].value, parameter)
    }
    guard let makeDefault = parameter.makeDefault else { throw missing(parameter.facts) }
    return makeDefault()
  }

  @inlinable
  func read<T: Argument>(_ value: Value, _ parameter: Parameter<T>) throws -> T {
    guard let read = try named(parameter.facts.name, { try T.read(value) }) else {
      throw mismatch(parameter.facts, value)
    }
    if let range = parameter.range, !range.holds(read) {
      throw Failure(
        .value,
        "\(entry.name)() argument '\(parameter.facts.name)' must be \(range.sentence), "
          + "not \(value.brief())")
    }
    return read
  }

  /// Adds the argument's name to an unknown option.
  @inlinable
  func named<T>(_ name: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch var failure as Failure where failure.code == "L308" {
      failure.message = "\(entry.name)() argument '\(name)': \(failure.message)"
      throw failure
    }
  }

  @usableFromInline
  func named(_ facts: ParameterFacts) -> Int? {
    arguments.named.firstIndex { $0.name == facts.name || facts.aliases.contains($0.name) }
  }

  @usableFromInline
  func refuseTwice(_ facts: ParameterFacts) throws {
    guard facts.passing != .positionalOnly, named(facts) != nil else { return }
    throw Failure(
      .type, "\(entry.name)() got multiple values for argument '\(facts.name)'", code: "L105")
  }

  @usableFromInline
  func mismatch(_ facts: ParameterFacts, _ value: Value) -> Failure {
    Failure(
      .type,
      "\(entry.name)() argument '\(facts.name)' must be \(facts.kind), not \(value.typeName)",
      code: "L105", notes: ["the value is \(value.brief())"])
  }

  @usableFromInline
  func missing(_ facts: ParameterFacts) -> Failure {
    let kind = facts.passing == .keywordOnly ? "keyword-only" : "positional"
    return Failure(
      .type, "\(entry.name)() missing 1 required \(kind) argument: '\(facts.name)'",
      code: "L105", help: "it is called as \(entry.signature)")
  }

  @usableFromInline
  func tooMany() -> Failure {
    let takes = next == 1 ? "1 positional argument" : "\(next) positional arguments"
    let given = arguments.positional.count
    return Failure(
      .type,
      "\(entry.name)() takes \(takes) but \(given) \(given == 1 ? "was" : "were") given",
      code: "L105", help: "it is called as \(entry.signature)")
  }

  @usableFromInline
  func refuseUnknown() throws {
    for (index, argument) in arguments.named.enumerated() where taken & (1 << index) == 0 {
      let known = entry.parameters.filter { $0.passing != .accompanying }
      let candidates = known.flatMap { [$0.name] + $0.aliases }
      throw Failure(
        .type, "\(entry.name)() got an unexpected keyword argument '\(argument.name)'",
        code: "L105",
        help: Nearest.question(argument.name, among: candidates)
          ?? "it is called as \(entry.signature)")
    }
  }
}
