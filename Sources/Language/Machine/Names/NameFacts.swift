public import Catalog

/// What can be said of a name of the session, or of what stands behind it, without running any
/// script code.
public struct NameFacts: Sendable {
  public enum Form: Sendable {
    case function
    case type
    case module
    case instance
    /// An attribute that is worked out when it is read.
    case property
  }

  /// An attribute, as completion offers it.
  public struct Member: Sendable {
    public let name: String
    public let form: Form
    /// `f(x, y=2)` for what can be called.
    public let signature: String?

    public init(_ name: String, _ form: Form = .instance, signature: String? = nil) {
      self.name = name
      self.form = form
      self.signature = signature
    }
  }

  /// A key of a dict.
  public enum Key: Hashable, Sendable {
    case text(String)
    /// A key that is no text, as it is written: `1`, `(0, 2)`, `None`.
    case other(String)
  }

  public let name: String
  public let form: Form
  public let typeName: String
  /// For what can be called: `f(x, y=2)`.
  public internal(set) var signature: String?
  public internal(set) var parameters: [ParameterFacts] = []
  /// The source's name and the line, from 1, where it was defined.
  public internal(set) var place: (source: String, line: Int)?
  /// The library's type of it.
  public internal(set) var type: ObjectType?
  /// The dotted name of the module it is.
  public internal(set) var module: String?
  /// For a method of a built-in type, the type's name.
  public internal(set) var owner: String?
  /// The entry it stands for.
  public internal(set) var entry: Entry?

  // What follows is found only when asked for, as it may change while the name keeps its value.

  /// How it prints, at most `textLimit` characters.
  public internal(set) var text = ""
  /// The first paragraph of its own documentation.
  public internal(set) var documentation: String?
  public internal(set) var shape: [Int]?
  public internal(set) var length: Int?
  /// The first keys of a dict.
  public internal(set) var keys: [Key] = []
  /// Attributes beyond those that its library type declares.
  public internal(set) var members: [Member] = []
  /// The text that defines it.
  public internal(set) var definition: Definition?
  /// For a class, the text of its `__init__`.
  public internal(set) var initializer: Definition?
  /// What a class, or the class of an object, derives from.
  public internal(set) var bases: [String] = []

  public static let textLimit = 200
  /// How many keys and attributes are told.
  public static let memberLimit = 200

  init(_ name: String, _ form: Form, typeName: String) {
    self.name = name
    self.form = form
    self.typeName = typeName
  }
}

/// The text of a function or class, as long as anything refers to it.
public struct Definition: Sendable {
  public let source: Source
  public let span: SourceSpan

  init(_ source: Source, _ span: SourceSpan) {
    self.source = source
    self.span = span
  }

  /// The text without the indentation of the block it stands in.
  public var text: String {
    let text = source.text(of: span)
    let position = source.position(at: span.start)
    guard position.column > 0 else { return text }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let inner = lines.dropFirst().map { line in
      let space = line.prefix(position.column).prefix { $0 == " " || $0 == "\t" }
      return line.dropFirst(space.count)
    }
    return (lines.prefix(1) + inner).joined(separator: "\n")
  }
}

extension [ParameterFacts] {
  /// The parameters as a signature writes them: `(x, /, rate=0.1, *, mode="a")`.
  public var signature: String {
    var parts: [String] = []
    var isNamed = false
    // `*rest` stands before what is given by name only, wherever it is kept.
    let order: [ParameterFacts] =
      filter { [.positionalOnly, .positional].contains($0.passing) }
      + filter { $0.passing == .rest } + filter { $0.passing == .keywordOnly }
      + filter { $0.passing == .restNamed }
    for (index, facts) in order.enumerated() {
      let value = facts.shownDefault.map { "=" + $0 } ?? ""
      switch facts.passing {
      case .accompanying: continue
      case .rest:
        parts.append("*" + facts.name)
        isNamed = true
      case .restNamed: parts.append("**" + facts.name)
      case .keywordOnly:
        if !isNamed { parts.append("*") }
        isNamed = true
        parts.append(facts.name + value)
      case .positional: parts.append(facts.name + value)
      case .positionalOnly:
        parts.append(facts.name + value)
        let isLast = index + 1 == order.count
        if isLast || order[index + 1].passing != .positionalOnly { parts.append("/") }
      }
    }
    return "(" + parts.joined(separator: ", ") + ")"
  }
}
