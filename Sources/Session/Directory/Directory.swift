public import Catalog
internal import Language

/// The names of a session and what is known of them, as any thread may read it.
///
/// The evaluator makes it without running script code; it holds no value.
public struct Directory: Sendable {
  /// Where a name was defined.
  public struct Place: Sendable, Hashable {
    /// `Cell [3]`, or a file's name.
    public var source: String
    /// From 1.
    public var line: Int

    public init(source: String, line: Int) {
      self.source = source
      self.line = line
    }
  }

  public enum Kind: String, Sendable {
    case function
    case `class`
    case module
    case instance
    case property
  }

  /// An attribute.
  public struct Member: Sendable, ExpressibleByStringLiteral {
    public var name: String
    public var kind: Kind
    /// `f(x, y=2)` for what can be called.
    public var signature: String?

    public init(_ name: String, kind: Kind = .instance, signature: String? = nil) {
      self.name = name
      self.kind = kind
      self.signature = signature
    }

    public init(stringLiteral name: String) { self.init(name) }
  }

  /// A key of a dict.
  public struct Key: Sendable, ExpressibleByStringLiteral {
    /// The text of it, or for another key how it is written: `(0, 2)`.
    public var text: String
    public var isText: Bool

    public init(_ text: String, isText: Bool) {
      self.text = text
      self.isText = isText
    }

    public init(stringLiteral text: String) { self.init(text, isText: true) }
  }

  /// One name; shared between all directories that tell the same of it.
  public final class Item: Sendable {
    public let name: String
    public let kind: Kind
    /// The type's name as Python writes it.
    public let typeName: String
    /// `f(x, y=2)` for what can be called.
    public let signature: String?
    public let parameters: [ParameterFacts]
    public let place: Place?
    /// The library's type; its members are known from there.
    public let type: ObjectType?
    /// The dotted name of the module it is.
    public let module: String?
    /// The entry it is another name of.
    public let entry: Entry?

    // What follows is there when the name was asked about.

    /// How it prints, at most 200 characters.
    public let text: String
    /// The first paragraph of its own documentation.
    public let documentation: String?
    public let shape: [Int]?
    /// How many elements it has.
    public let length: Int?
    /// The first 200 keys of a dict.
    public let keys: [Key]
    /// The first 200 attributes that its library type does not declare.
    public let members: [Member]
    /// What a class derives from, nearest first.
    public let bases: [String]
    /// What the evaluator worked out on request: the range of a tensor, a model's summary.
    public let findings: String?
    let definition: Definition?
    let initializer: Definition?
    /// The machine's number for the name; -1 for what is no name of the session.
    let slot: Int

    public init(
      _ name: String, kind: Kind = .instance, typeName: String, text: String = "",
      signature: String? = nil, documentation: String? = nil, place: Place? = nil,
      shape: [Int]? = nil, length: Int? = nil, keys: [Key] = [], members: [Member] = [],
      type: ObjectType? = nil, module: String? = nil, entry: Entry? = nil,
      parameters: [ParameterFacts] = []
    ) {
      self.name = name
      self.kind = kind
      self.typeName = typeName
      self.text = text
      self.signature = signature
      self.documentation = documentation
      self.place = place
      self.shape = shape
      self.length = length
      self.keys = keys
      self.members = members
      self.type = type
      self.module = module
      self.entry = entry
      self.parameters = parameters
      bases = []
      findings = nil
      definition = nil
      initializer = nil
      slot = -1
    }

    init(_ facts: NameFacts, slot: Int = -1, findings: String? = nil) {
      name = facts.name
      kind = Kind(facts.form)
      typeName = facts.typeName
      text = facts.text
      signature = facts.signature
      documentation = facts.documentation
      place = facts.place.map { Place(source: $0.source, line: $0.line) }
      shape = facts.shape
      length = facts.length
      keys = facts.keys.map { key in
        switch key {
        case .text(let text): Key(text, isText: true)
        case .other(let text): Key(text, isText: false)
        }
      }
      members = facts.members.map { member in
        Member(member.name, kind: Kind(member.form), signature: member.signature)
      }
      type = facts.type
      module = facts.module
      entry = facts.entry
      parameters = facts.parameters
      bases = facts.bases
      self.findings = findings
      definition = facts.definition
      initializer = facts.initializer
      self.slot = slot
    }
  }

  /// What was found on the way along a path.
  struct Detail: Sendable {
    let path: Path
    /// How many of the path's steps were taken.
    let steps: Int
    let item: Item
  }

  /// The session's global names, those changed last first.
  public let items: [Item]
  /// What the paths lead to that were asked for.
  let details: [Detail]

  public init(_ items: [Item] = []) { self.init(items, details: []) }

  init(_ items: [Item], details: [Detail]) {
    self.items = items
    self.details = details
  }

  public subscript(_ name: String) -> Item? { items.first { $0.name == name } }

  /// What is known along a path, and how many of its steps that takes.
  func along(_ path: Path) -> (item: Item, steps: Int)? {
    var best: Detail?
    for detail in details where detail.path.root == path.root && detail.steps <= path.steps.count {
      if detail.steps >= best?.steps ?? 0,
        detail.path.steps.prefix(detail.steps) == path.steps.prefix(detail.steps)
      {
        best = detail
      }
    }
    if let best { return (best.item, best.steps) }
    guard case .name(let name) = path.root else { return nil }
    return self[name].map { ($0, 0) }
  }
}

extension Directory.Kind {
  init(_ form: NameFacts.Form) {
    switch form {
    case .function: self = .function
    case .type: self = .class
    case .module: self = .module
    case .instance: self = .instance
    case .property: self = .property
    }
  }
}
