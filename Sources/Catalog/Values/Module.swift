/// A namespace that `import` opens: entries under their names in that module.
public final class Module: Object {
  public static let type = ObjectType("module", "A namespace of functions and constants.")

  public let name: String
  public let entries: [Entry]
  private let table: [String: Entry]
  private let modules: [String: Module]
  private let context: Context

  public init(_ facts: ModuleFacts, context: Context) {
    name = facts.name
    entries = facts.entries()
    table = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    modules = Dictionary(
      facts.modules.map { ($0.shortName, Module($0, context: context)) },
      uniquingKeysWith: { first, _ in first })
    self.context = context
  }

  public var type: ObjectType { Self.type }
  public var text: String { "<module '\(name)'>" }
  public var brief: String { "module \(name)" }
  public var contents: [String] { entries.map(\.name) + modules.keys.sorted() }

  public func attribute(_ name: String) throws -> Value? {
    if let entry = table[name] { return try entry.value(in: context) }
    return modules[name].map { .object($0) }
  }
}

/// A module's declaration; the module itself is made on first import.
public struct ModuleFacts: Sendable {
  public let name: String
  public let sentence: String
  public let entries: @Sendable () -> [Entry]
  public let modules: [ModuleFacts]

  public init(
    _ name: String, _ sentence: String, modules: [ModuleFacts] = [],
    entries: @escaping @Sendable () -> [Entry]
  ) {
    self.name = name
    self.sentence = sentence
    self.modules = modules
    self.entries = entries
  }

  /// The last part of a dotted name.
  public var shortName: String {
    name.split(separator: ".").last.map(String.init) ?? name
  }
}
