/// How an argument reaches a parameter.
public enum Passing: Sendable {
  /// By position or by name.
  case positional
  /// By position only: `abs(x, /)`.
  case positionalOnly
  /// By name only.
  case keywordOnly
  /// All further positional arguments; the type is `Rest<T>`.
  case rest
  /// All further named arguments; the type is `RestNamed<T>`.
  case restNamed
  /// Not written by the caller: it comes with the call.
  case accompanying
}

/// One parameter of an entry: name, type, sentence, default and range, declared once.
public struct Parameter<T: Argument>: Sendable {
  public let facts: ParameterFacts
  public let makeDefault: (@Sendable () -> T)?
  public let range: Range?

  /// What a value must fulfil beyond its type.
  public struct Range: Sendable {
    public let sentence: String
    public let holds: @Sendable (T) -> Bool

    public init(_ sentence: String, _ holds: @escaping @Sendable (T) -> Bool) {
      self.sentence = sentence
      self.holds = holds
    }
  }

  /// - Parameters:
  ///   - also: other names it goes by, such as Keras's long ones.
  ///   - where: the range of the values it takes.
  public init(
    _ name: String, _ type: T.Type = T.self, _ sentence: String = "",
    also: [String] = [], passing: Passing = .positional, where range: Range? = nil,
    default makeDefault: (@Sendable () -> T)? = nil
  ) {
    facts = ParameterFacts(
      name: name, kind: T.kind, sentence: sentence, aliases: also, passing: passing,
      range: range?.sentence, shownDefault: makeDefault.map { $0().shown }, choices: T.choices)
    self.makeDefault = makeDefault
    self.range = range
  }
}

extension Parameter where T == Context {
  /// The context of the call, for entries that show something or draw random numbers.
  public static var context: Parameter<Context> {
    Parameter("context", Context.self, passing: .accompanying)
  }
}

extension Parameter.Range where T: Comparable & Argument {
  public static func atLeast(_ bound: T) -> Self where T: Sendable {
    Self("at least \(bound.shown)") { $0 >= bound }
  }

  public static func above(_ bound: T) -> Self where T: Sendable {
    Self("above \(bound.shown)") { $0 > bound }
  }

  public static func within(_ low: T, _ high: T) -> Self where T: Sendable {
    Self("from \(low.shown) to \(high.shown)") { $0 >= low && $0 <= high }
  }

  /// From `low` up to, but not including, `high`.
  public static func within(_ low: T, below high: T) -> Self where T: Sendable {
    Self("at least \(low.shown) and below \(high.shown)") { $0 >= low && $0 < high }
  }
}

/// What is known of a parameter, for signatures, completion, help and the manual.
public struct ParameterFacts: Sendable {
  public let name: String
  public let kind: String
  public let sentence: String
  public let aliases: [String]
  public let passing: Passing
  public let range: String?
  /// The default as a script would write it; nil: the argument must be given.
  public let shownDefault: String?
  public let choices: [String]

  public init(
    name: String, kind: String = "any", sentence: String = "", aliases: [String] = [],
    passing: Passing = .positional, range: String? = nil, shownDefault: String? = nil,
    choices: [String] = []
  ) {
    self.name = name
    self.kind = kind
    self.sentence = sentence
    self.aliases = aliases
    self.passing = passing
    self.range = range
    self.shownDefault = shownDefault
    self.choices = choices
  }
}
