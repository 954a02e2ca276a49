internal import Catalog
internal import Language

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
  /// - Parameter names: what the text itself binds, which may not have run yet.
  init?(_ path: Path, in directory: Directory, names: [BoundName] = [], depth: Int = 0) {
    guard depth < 8 else { return nil }
    var known: Known
    switch path.root {
    case .literal(let name):
      guard let type = StandardCatalog.type(name) else { return nil }
      known = .instance(type)
    case .name(let name):
      let bound = names.first { $0.text == name }
      if let item = directory[name] {
        known = .item(item)
        if let module = item.module.flatMap(StandardCatalog.module) { known = .module(module) }
      } else if let bound {
        guard let found = Known(bound, in: directory, names: names, depth: depth) else {
          return nil
        }
        known = found
      } else if let entry = StandardCatalog.entry(name) {
        known = .entry(entry, name: name)
      } else {
        return nil
      }
    }
    for step in path.steps {
      let next: Known? =
        switch step {
        case .attribute(let name): known.member(name)
        case .call: known.called
        case .index, .key: nil
        }
      guard let next else { return nil }
      known = next
    }
    self = known
  }

  /// What the text says of a name it binds.
  private init?(_ bound: BoundName, in directory: Directory, names: [BoundName], depth: Int) {
    switch bound.kind {
    case .module(let name):
      guard let module = StandardCatalog.module(name) else { return nil }
      self = .module(module)
    case .member(let module, let name):
      guard let module = StandardCatalog.module(module),
        let found = Known.module(module).member(name)
      else { return nil }
      self = found
    case .function, .class:
      self = .item(Directory.Item(bound))
    case .variable:
      // A name bound to itself would go round in circles.
      guard let value = bound.value,
        let found = Known(
          value, in: directory, names: names.filter { $0.text != bound.text }, depth: depth + 1)
      else { return nil }
      self = found
    case .parameter: return nil
    }
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
    let declared = (objectType?.members ?? []).filter { !$0.name.hasPrefix("__") }
      .map { Completion.Match(entry: $0) }
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

extension Directory.Item {
  /// A function or class of the text.
  init(_ bound: BoundName) {
    let isClass = bound.kind == .class
    self.init(
      bound.text, kind: isClass ? .class : bound.kind == .function ? .function : .instance,
      typeName: isClass ? "type" : "function", signature: bound.signature.map { bound.text + $0 },
      parameters: Directory.Item.parameters(bound.signature ?? ""))
  }

  /// The parameters that stand in a signature as written: `(x, rate=0.1, *, mode="a")`.
  private static func parameters(_ signature: String) -> [ParameterFacts] {
    var all: [ParameterFacts] = []
    var depth = 0
    var part = ""
    for character in signature {
      if "([{".contains(character) { depth += 1 }
      if ")]}".contains(character) { depth -= 1 }
      if depth == 0 || depth == 1 && character == "," {
        let words = part.drop { $0 == " " || $0 == "(" }
        let name = words.prefix { $0 != ":" && $0 != "=" && $0 != " " }
        if let first = name.first, first != "*", first != "/" {
          all.append(
            ParameterFacts(name: String(name), shownDefault: words.contains("=") ? "…" : nil))
        }
        part = ""
      } else {
        part.append(character)
      }
    }
    return all
  }
}
