internal import Catalog
internal import Language

/// What can be seen from a place in a cell: the names the text binds, those of the session, and the
/// library.
struct Sight {
  let directory: Directory
  /// What the text itself binds, innermost scope first; it may not have run yet.
  let names: [BoundName]

  /// What stands at the end of a path.
  func find(_ path: Path, depth: Int = 0) -> Known? {
    guard depth < 12, let (start, steps) = start(path, depth) else { return nil }
    var known = start
    for step in path.steps.dropFirst(steps) {
      let next: Known? =
        switch step {
        case .attribute(let name): member(name, of: known, depth + 1)
        case .call: called(known, depth + 1)
        case .index, .element: known.element
        case .key: nil
        }
      guard let next else { return nil }
      known = next
    }
    return known
  }

  /// Where a path begins, and how many of its steps are taken already.
  private func start(_ path: Path, _ depth: Int) -> (Known, Int)? {
    switch path.root {
    case .literal(let name): return StandardCatalog.type(name).map { (.instance($0), 0) }
    case .name(let name):
      let bound = names.first { $0.text == name }
      let text = bound.flatMap { known(by: $0, depth + 1) }
      if let bound, bound.isLocal { return text.map { along(path, bound, $0, depth) } }
      if let (item, steps) = directory.along(path) {
        // What the text is about to make of a name counts before what it is now.
        if let bound, let text, let item = directory.along(Path(path.root))?.item,
          text.isUnlike(item)
        {
          return along(path, bound, text, depth)
        }
        return (Known(item), steps)
      }
      if let bound { return text.map { along(path, bound, $0, depth) } }
      return StandardCatalog.entry(name).map { (.entry($0, name: name), 0) }
    }
  }

  /// A path from a name that the text binds: of `x = net`, `x[0]` is what `net[0]` is.
  private func along(
    _ path: Path, _ bound: BoundName, _ text: Known, _ depth: Int
  ) -> (Known, Int) {
    guard let value = bound.value, !path.steps.isEmpty,
      let whole = path.steps.reduce(Optional(value), { $0?.appending($1) }),
      let known = without(bound).find(whole, depth: depth + 1)
    else { return (text, 0) }
    return (known, path.steps.count)
  }

  /// A name bound to itself, such as `x = x.T`, means what it was before.
  private func without(_ bound: BoundName) -> Sight {
    Sight(directory: directory, names: names.filter { $0.text != bound.text })
  }

  /// What the text says of a name that it binds.
  private func known(by bound: BoundName, _ depth: Int) -> Known? {
    switch bound.kind {
    case .module(let name): return StandardCatalog.module(name).map { .module($0) }
    case .member(let module, let name):
      return StandardCatalog.module(module).flatMap { Known.module($0).member(name) }
    case .function, .class: return .defined(bound)
    case .variable, .parameter:
      guard let value = bound.value else { return nil }
      return without(bound).find(value, depth: depth)
    }
  }

  /// What stands behind a dot and this name.
  private func member(_ name: String, of known: Known, _ depth: Int) -> Known? {
    switch known {
    case .object(of: .defined(let definition)):
      if let member = definition.members.first(where: { $0.text == name }) {
        switch member.kind {
        case .function where member.binding == .property:
          return member.returns.flatMap { find($0, depth: depth) }.flatMap { called($0, depth) }
        case .function: return .method(member, of: definition.text)
        default: return member.value.flatMap { find($0, depth: depth) }
        }
      }
      return base(of: definition, depth).flatMap { member(name, of: $0, depth + 1) }
    case .defined(let definition) where definition.kind == .class:
      guard let member = definition.members.first(where: { $0.text == name }) else { return nil }
      return member.kind == .function
        ? .defined(member) : member.value.flatMap { find($0, depth: depth) }
    case .object(of: .item(let item)):
      // What its initialiser assigns, the text of it says.
      let attributes = item.initializer?.attributes ?? []
      if let attribute = attributes.first(where: { $0.text == name }) {
        return attribute.value.flatMap {
          Sight(directory: directory, names: []).find($0, depth: depth)
        }
      }
      return item.libraryType.flatMap { Known.instance($0).member(name) }
    default: return known.member(name)
    }
  }

  /// An object of the class that a class of the text derives from.
  private func base(of definition: BoundName, _ depth: Int) -> Known? {
    guard depth < 12, let base = definition.base,
      let known = without(definition).find(base, depth: depth)
    else { return nil }
    return called(known, depth)
  }

  /// What a call of it gives.
  func called(_ known: Known, _ depth: Int = 0) -> Known? {
    switch known {
    case .entry(let entry, _):
      if let type = entry.type { return .instance(type) }
      return StandardCatalog.type(returning: entry.returns).map {
        .instance($0.type, of: $0.elements)
      }
    case .item(let item):
      if let entry = item.entry { return called(.entry(entry, name: item.name)) }
      if item.kind == .class { return .object(of: known) }
      // What a function says that it returns.
      guard let returns = item.definition?.function?.returns else { return nil }
      return find(returns, depth: depth + 1).flatMap { called($0, depth + 1) }
    case .defined(let definition):
      if definition.kind == .class { return .object(of: known) }
      guard depth < 12, let returns = definition.returns else { return nil }
      return find(returns, depth: depth + 1).flatMap { called($0, depth + 1) }
    case .method(let method, _):
      guard depth < 12, let returns = method.returns else { return nil }
      return find(returns, depth: depth + 1).flatMap { called($0, depth + 1) }
    case .module, .instance, .object: return nil
    }
  }

  /// What completion offers behind the dot.
  func members(of known: Known, depth: Int = 0) -> [Completion.Match] {
    var matches: [Completion.Match] = []
    switch known {
    case .module(let module):
      matches = module.entries().map { Completion.Match(entry: $0) }
      return matches + module.modules.map { Completion.Match($0.shortName, .module) }
    case .item(let item):
      matches = item.members.map { Completion.Match(member: $0) }
    case .object(of: .item(let item)):
      let attributes = item.initializer?.attributes ?? []
      matches = attributes.map { Completion.Match($0.text, .instance) }
      matches += item.members.map { Completion.Match(member: $0) }
      if let type = item.libraryType { matches += type.members.map { Completion.Match(entry: $0) } }
    case .object(of: .defined(let definition)):
      matches = definition.members.map { Completion.Match(member: $0, isBound: true) }
      if let base = base(of: definition, depth) { matches += members(of: base, depth: depth + 1) }
    case .defined(let definition):
      matches = definition.members.map { Completion.Match(member: $0, isBound: false) }
    case .entry, .instance, .method, .object: break
    }
    let declared = (known.objectType?.members ?? []).filter { !$0.name.hasPrefix("__") }
    return matches + declared.map { Completion.Match(entry: $0) }
  }
}
