internal import Catalog
internal import Language

/// What is known, without running anything, of what stands at a place.
indirect enum Known {
  case item(Directory.Item)
  /// An entry of the library or a member of a type, with the name it goes by.
  case entry(Entry, name: String)
  case module(ModuleFacts)
  /// An object of a type, such as what an attribute returns; and what it holds, where that is known.
  case instance(ObjectType, of: String = "")
  /// A function or class of the text, which may not have run yet.
  case defined(BoundName)
  /// A method of a class of the text, seen through an object.
  case method(BoundName, of: String)
  /// What calling a script's class gives.
  case object(of: Known)

  init(_ item: Directory.Item) {
    if let module = item.module.flatMap(StandardCatalog.module) {
      self = .module(module)
    } else {
      self = .item(item)
    }
  }

  /// Whether the text speaks of something else than the session has under the name.
  func isUnlike(_ item: Directory.Item) -> Bool {
    switch self {
    case .instance(let type, _): return type.name != item.typeName
    case .module(let module): return module.name != item.module
    case .entry(let entry, _): return item.entry?.name != entry.name
    case .defined(let definition):
      if definition.kind == .class {
        let known = Set(item.members.map(\.name))
        return item.kind != .class
          || definition.members.contains { $0.kind == .function && !known.contains($0.text) }
      }
      let parameters = ParameterFacts.written(definition.signature ?? "")
      return item.kind != .function || parameters.map(\.name) != item.parameters.map(\.name)
    case .object(of: .defined(let definition)):
      let known = Set(item.members.map(\.name))
      return item.typeName != definition.text
        || definition.members.contains { $0.kind == .function && !known.contains($0.text) }
    case .object(of: .item(let type)): return item.typeName != type.name
    case .item, .method, .object: return false
    }
  }

  /// What stands behind a dot and this name, as far as the library declares it.
  func member(_ name: String) -> Known? {
    switch self {
    case .module(let module):
      if let inner = module.modules.first(where: { $0.shortName == name }) {
        return .module(inner)
      }
      return module.entries().first { $0.name == name }.map {
        .entry($0, name: "\(module.name).\(name)")
      }
    default:
      guard let owner = objectType, let member = owner.member(name) else { return nil }
      return .entry(member, name: "\(owner.name).\(name)")
    }
  }

  /// What an index or a loop gives.
  var element: Known? {
    switch self {
    case .instance(let type, let elements):
      if let (type, inner) = StandardCatalog.type(returning: elements) {
        return .instance(type, of: inner)
      }
      return Known.element(of: type)
    case .entry(let entry, _):
      guard entry.kind == .attribute || entry.kind == .constant,
        let (type, elements) = StandardCatalog.type(returning: entry.returns)
      else { return nil }
      return Known.instance(type, of: elements).element
    default: return objectType.flatMap(Known.element)
    }
  }

  /// Sequences whose elements are always of one type.
  private static func element(of type: ObjectType) -> Known? {
    switch type.name {
    case "Tensor", "str": .instance(type)
    case "range": StandardCatalog.type("int").map { .instance($0) }
    case "Sequential": StandardCatalog.type("Layer").map { .instance($0) }
    default: nil
    }
  }

  /// The type whose members stand behind a dot.
  var objectType: ObjectType? {
    switch self {
    case .item(let item): item.libraryType
    case .instance(let type, _): type
    case .module, .defined, .method, .object: nil
    case .entry(let entry, _):
      switch entry.kind {
      case .attribute, .constant: StandardCatalog.type(returning: entry.returns)?.type
      case .function, .method: entry.type
      }
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
    case .defined(let definition): all = ParameterFacts.written(definition.signature ?? "")
    case .method(let method, _):
      let written = ParameterFacts.written(method.signature ?? "")
      all = method.binding == .receiver ? Array(written.dropFirst()) : written
    case .module, .instance, .object: return nil
    }
    return all.filter { $0.passing != .accompanying }
  }
}

extension Directory.Item {
  /// The library's type whose members it has: its own, or one that its class derives from.
  var libraryType: ObjectType? {
    if kind == .class { return bases.lazy.compactMap { StandardCatalog.type($0) }.first }
    return type ?? StandardCatalog.type(typeName)
      ?? bases.lazy.compactMap { StandardCatalog.type($0) }.first
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
    self.init(item.name, Kind(item.kind), signature: item.signature ?? "")
  }

  init(member: Directory.Member) {
    self.init(member.name, Kind(member.kind), signature: member.signature ?? "")
  }

  /// A name that the text binds.
  init(bound: BoundName) {
    let kind: Kind =
      switch bound.kind {
      case .function: .function
      case .class: .class
      case .module: .module
      case .variable, .parameter, .member: .instance
      }
    self.init(bound.text, kind, signature: bound.signature.map { bound.text + $0 } ?? "")
  }

  /// A member of a class of the text; bound: seen through an object.
  init(member: BoundName, isBound: Bool) {
    guard member.kind == .function, member.binding != .property else {
      self.init(member.text, member.binding == .property ? .property : .instance)
      return
    }
    let written = ParameterFacts.written(member.signature ?? "")
    let shown = isBound && member.binding == .receiver ? Array(written.dropFirst()) : written
    self.init(member.text, .function, signature: member.text + shown.signature)
  }
}

extension Completion.Match.Kind {
  init(_ kind: Directory.Kind) {
    switch kind {
    case .function: self = .function
    case .class: self = .class
    case .module: self = .module
    case .instance: self = .instance
    case .property: self = .property
    }
  }
}

extension ParameterFacts {
  /// The parameters that stand in a signature as written: `(x, rate: float = 0.1, *, mode="a")`.
  static func written(_ signature: String) -> [ParameterFacts] {
    var all: [ParameterFacts] = []
    var passing = Passing.positional
    for part in parts(signature) {
      guard part != "/" else {
        all = all.map { $0.passing == .positional ? $0.passed(.positionalOnly) : $0 }
        continue
      }
      guard part != "*" else {
        passing = .keywordOnly
        continue
      }
      var way = passing
      if part.hasPrefix("**") {
        way = .restNamed
      } else if part.hasPrefix("*") {
        way = .rest
        passing = .keywordOnly
      }
      let words = part.drop { $0 == "*" }
      let name = words.prefix { $0 != ":" && $0 != "=" && $0 != " " }
      let rest = words.dropFirst(name.count)
      let sides = rest.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let kind = sides.first.map { $0.drop { $0 == ":" || $0 == " " } } ?? ""
      all.append(
        ParameterFacts(
          name: String(name), kind: kind.isEmpty ? "any" : Span.trimmed(kind), passing: way,
          shownDefault: sides.count > 1 ? Span.trimmed(sides[1].drop { $0 == " " }) : nil))
    }
    return all
  }

  private enum Span {
    static func trimmed(_ text: Substring) -> String {
      String(text.reversed().drop { $0 == " " }.reversed())
    }
  }

  private func passed(_ passing: Passing) -> ParameterFacts {
    ParameterFacts(name: name, kind: kind, passing: passing, shownDefault: shownDefault)
  }

  /// The parts between the commas outside brackets and strings.
  private static func parts(_ signature: String) -> [String] {
    var parts: [String] = []
    var part = ""
    var depth = 0
    var quote: Character?
    func add(_ text: String) {
      let words = text.drop { $0 == " " || $0 == "\n" }
      if !words.isEmpty { parts.append(Span.trimmed(words)) }
    }
    for character in signature.dropFirst().dropLast() {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if "([{".contains(character) {
        depth += 1
      } else if ")]}".contains(character) {
        depth -= 1
      } else if character == ",", depth == 0 {
        add(part)
        part = ""
        continue
      }
      part.append(character)
    }
    add(part)
    return parts
  }
}
