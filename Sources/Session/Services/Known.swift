internal import Catalog

/// What is known, without running anything, of a dotted name.
enum Known {
  case item(Directory.Item)
  /// An entry of the library or a member of a type, with the name it goes by.
  case entry(Entry, name: String)
  case module(ModuleFacts)
  /// An object of a type, such as what an attribute returns.
  case instance(ObjectType)

  /// Looks a path up, first among the session's names, then in the library.
  ///
  /// - Parameter locals: what the cell itself has bound the name to, before it has run.
  init?(_ path: [String], in directory: Directory, locals: [String: Known] = [:]) {
    guard let first = path.first else { return nil }
    var known: Known
    if let item = directory[first] {
      known = .item(item)
      if let module = item.module.flatMap(StandardCatalog.module) { known = .module(module) }
    } else if let local = locals[first] {
      known = local
    } else if let entry = StandardCatalog.entry(first) {
      known = .entry(entry, name: first)
    } else if first == SiteScanner.string, let type = StandardCatalog.type("str") {
      known = .instance(type)
    } else {
      return nil
    }
    for name in path.dropFirst() {
      let next = name == SiteScanner.call ? known.called : known.member(name)
      guard let next else { return nil }
      known = next
    }
    self = known
  }

  /// What stands behind a dot and this name.
  func member(_ name: String) -> Known? {
    switch self {
    case .module(let module):
      if let inner = module.modules.first(where: { $0.shortName == name }) {
        return .module(inner)
      }
      return module.entries().first { $0.name == name }.map { .entry($0, name: name) }
    default:
      guard let owner = objectType, let member = owner.member(name) else { return nil }
      return .entry(member, name: "\(owner.name).\(name)")
    }
  }

  /// The type whose members stand behind a dot.
  var objectType: ObjectType? {
    switch self {
    case .item(let item): item.type ?? StandardCatalog.type(item.typeName)
    case .instance(let type): type
    case .module: nil
    case .entry(let entry, _):
      switch entry.kind {
      case .attribute, .constant: StandardCatalog.type(entry.returns)
      case .function, .method: entry.type
      }
    }
  }

  /// What a call of it gives.
  var called: Known? {
    switch self {
    case .entry(let entry, _):
      if let type = entry.type { return .instance(type) }
      return StandardCatalog.type(entry.returns).map { .instance($0) }
    case .item(let item):
      return item.entry.flatMap { Known.entry($0, name: item.name).called }
    case .module, .instance: return nil
    }
  }

  /// The parameters of a call; nil: it cannot be called, or nothing is known.
  var parameters: [ParameterFacts]? {
    let all: [ParameterFacts]
    switch self {
    case .entry(let entry, _):
      guard entry.kind == .function || entry.kind == .method else { return nil }
      all = entry.parameters
    case .item(let item):
      guard item.signature != nil || item.entry != nil else { return nil }
      all = item.entry?.parameters ?? item.parameters
    case .module, .instance: return nil
    }
    return all.filter { $0.passing != .accompanying }
  }

  /// What completion offers behind a dot.
  var members: [Completion.Match] {
    var matches: [Completion.Match] = []
    switch self {
    case .module(let module):
      matches = module.entries().map { Completion.Match(entry: $0) }
      matches += module.modules.map { Completion.Match($0.shortName, .module) }
      return matches
    case .item(let item):
      matches = item.attributes.map { Completion.Match($0, .instance) }
    case .entry, .instance: break
    }
    let declared = objectType?.members.map { Completion.Match(entry: $0) } ?? []
    return matches + declared
  }
}

extension Completion.Match {
  init(entry: Entry, name: String? = nil) {
    let kind: Kind =
      switch entry.kind {
      case .function: entry.type == nil ? .function : .class
      case .method: .function
      case .attribute: .property
      case .constant: .instance
      }
    self.init(
      name ?? entry.name, kind,
      signature: entry.kind == .attribute || entry.kind == .constant ? "" : entry.signature)
  }

  init(item: Directory.Item) {
    let kind: Kind =
      switch item.kind {
      case .function: .function
      case .class: .class
      case .module: .module
      case .instance: .instance
      }
    self.init(item.name, kind, signature: item.signature ?? "")
  }
}
