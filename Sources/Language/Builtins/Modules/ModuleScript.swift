import Catalog

/// The part of a module that is written in the language itself, from `Scripts/`.
///
/// `python3` can run these files too, so that they can be compared with CPython's own modules.
struct ModuleScript: Sendable {
  let name: String
  let source: Source
  private let declared: Lazy<[Entry]>

  init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    let source = Source(
      String(decoding: bytes, as: UTF8.self), name: "<\(name)>", module: name)
    self.source = source
    declared = Lazy { ModuleScript.entries(of: source) }
  }

  /// What it offers, for completion and help: read from its text, without running it.
  var entries: [Entry] { declared.value }

  /// The names its statements bind at the top.
  var bound: [String] {
    (try? Resolver(Tree.parse(source).tree))?.module.bound ?? []
  }

  private static func entries(of source: Source) -> [Entry] {
    Tree.parse(source).tree.body.compactMap { statement in
      switch statement.form {
      case .function(let function): entry(function, .function, in: source)
      case .class(let definition): entry(definition, in: source)
      default: nil
      }
    }
  }

  private static func entry(
    _ function: Function, _ kind: Entry.Kind, in source: Source
  ) -> Entry? {
    guard let name = function.name?.text, !name.hasPrefix("_") else { return nil }
    // The object itself is not among the arguments of its method.
    let parameters = function.parameters.dropFirst(kind == .method ? 1 : 0)
    return Entry(
      name, sentence(function.documentation), kind: kind,
      parameters: facts(Array(parameters), source),
      returns: "any", examples: [], body: .intrinsic)
  }

  private static func entry(_ definition: ClassDefinition, in source: Source) -> Entry? {
    let name = definition.name.text
    guard !name.hasPrefix("_") else { return nil }
    var methods: [Entry] = []
    var parameters: [ParameterFacts] = []
    for statement in definition.body {
      guard case .function(let function) = statement.form else { continue }
      if let entry = entry(function, .method, in: source) { methods.append(entry) }
      if let name = function.name?.text, name == "__init__" || name == "__new__" {
        parameters = facts(Array(function.parameters.dropFirst()), source)
      }
    }
    let text = sentence(definition.documentation)
    let members = methods
    return Entry(
      name, text, kind: .function, parameters: parameters, returns: name, examples: [],
      type: ObjectType(name, text) { members }, body: .intrinsic)
  }

  private static func facts(_ parameters: [Parameter], _ source: Source) -> [ParameterFacts] {
    parameters.map { parameter in
      let passing: Passing =
        switch parameter.kind {
        case .positionalOnly: .positionalOnly
        case .positional: .positional
        case .rest: .rest
        case .keywordOnly: .keywordOnly
        case .restNamed: .restNamed
        }
      return ParameterFacts(
        name: parameter.name.text, passing: passing,
        shownDefault: parameter.default.map { source.text(of: $0.span) })
    }
  }

  private static func sentence(_ documentation: String?) -> String {
    documentation?.split(separator: "\n").first.map(String.init) ?? ""
  }
}
