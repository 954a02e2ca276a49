public import Catalog

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
  }

  /// One name.
  public struct Item: Sendable {
    public var name: String
    public var kind: Kind
    /// The type's name as Python writes it.
    public var typeName: String
    /// `f(x, y=2)` for what can be called.
    public var signature: String?
    /// The first paragraph of its own documentation.
    public var documentation: String?
    public var place: Place?
    /// How it prints, at most 200 characters.
    public var text: String
    public var shape: [Int]?
    /// How many elements it has.
    public var length: Int?
    /// The first 200 string keys of a dict.
    public var keys: [String]
    /// The first 200 attributes that the type does not declare.
    public var attributes: [String]
    /// The library's type; its members are known from there.
    public var type: ObjectType?
    /// The dotted name of the module it is.
    public var module: String?
    /// The entry it is another name of.
    public var entry: Entry?
    public var parameters: [ParameterFacts]

    public init(
      _ name: String, kind: Kind = .instance, typeName: String, text: String = "",
      signature: String? = nil, documentation: String? = nil, place: Place? = nil,
      shape: [Int]? = nil, length: Int? = nil, keys: [String] = [], attributes: [String] = [],
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
      self.attributes = attributes
      self.type = type
      self.module = module
      self.entry = entry
      self.parameters = parameters
    }
  }

  /// The session's global names, those changed last first.
  public let items: [Item]
  private let places: [String: Int]

  public init(_ items: [Item] = []) {
    self.items = items
    places = Dictionary(
      items.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  public subscript(_ name: String) -> Item? { places[name].map { items[$0] } }
}
