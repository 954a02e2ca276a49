/// A namespace that `import` opens: entries under their names in that module.
public final class Module: Object {
  public static let type = ObjectType("module", "A namespace of functions and constants.")

  public let name: String
  public let entries: [Entry]
  private let facts: ModuleFacts
  private let table: [String: Entry]
  /// The modules in it that have been asked for.
  private var opened: [String: Module] = [:]
  private let context: Context

  public init(_ facts: ModuleFacts, context: Context) {
    self.facts = facts
    name = facts.name
    entries = facts.entries()
    table = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.context = context
  }

  public var type: ObjectType { Self.type }
  public var text: String { "<module '\(name)'>" }
  public var brief: String { "module \(name)" }
  public var contents: [String] {
    entries.map(\.name) + facts.modules.map(\.shortName).sorted()
  }

  public func attribute(_ name: String) throws -> Value? {
    if let entry = table[name] { return try entry.value(in: context) }
    if let known = opened[name] { return .object(known) }
    guard let inner = facts.modules.first(where: { $0.shortName == name }) else { return nil }
    let module = Module(inner, context: context)
    opened[name] = module
    return .object(module)
  }

  /// What to write in place of a member that is not there.
  public func hint(for name: String) -> String? { facts.hint(for: name) }
}

/// A module's declaration; the module itself is made on first import.
public struct ModuleFacts: Sendable {
  public let name: String
  public let sentence: String
  public let entries: @Sendable () -> [Entry]
  public let modules: [ModuleFacts]
  /// What to write in place of members that are not there.
  public let hints: [String: String]

  public init(
    _ name: String, _ sentence: String, modules: [ModuleFacts] = [],
    hints: [String: String] = [:], entries: @escaping @Sendable () -> [Entry]
  ) {
    self.name = name
    self.sentence = sentence
    self.modules = modules
    self.hints = hints
    self.entries = entries
  }

  /// The last part of a dotted name.
  public var shortName: String {
    name.split(separator: ".").last.map(String.init) ?? name
  }

  /// What to write in place of a member that is not there; nil: nothing is known.
  public func hint(for name: String) -> String? { hints[name] }
}
