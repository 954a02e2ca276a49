internal import Catalog
internal import Language

/// `help(x)`.
enum HelpEntry {
  static let entry = Entry(
    "help", "Explains a function, a type, a module, a topic, or what stands under a name.",
    Parameter("topic", Value.self, "a value, or a name in quotes", default: { .none }), .context,
    example: "help(len)"
  ) { topic, context in
    var media = try page(on: topic)
    media.addPage()
    context.sink.emit(.display(media))
    return .none
  }

  private static func page(on topic: Value) throws -> Media {
    switch topic {
    case .none: return HelpTopics.start
    case .string(let name):
      guard let media = HelpTopics.page(name) else {
        throw Failure(
          .value, "there is no help on '\(name)'",
          help: Nearest.question(name, among: HelpTopics.names)
            ?? "help() lists what there is help on")
      }
      return media
    case .function(let callable):
      if let function = callable as? EntryFunction {
        return whole(function.entry, name: function.entry.name)
      }
      if let facts = (callable as? any DescribedValue)?.described { return page(on: facts) }
      return Media(callable.name + callable.parameters.signature)
    case .object(let module as Module):
      return modulePage(module.name, StandardCatalog.module(module.name)?.sentence, module.entries)
    case .object(let object):
      if let facts = (object as? any DescribedValue)?.described { return page(on: facts) }
      if let function = object as? any Callable, let page = page(named: function.name) {
        return page
      }
      return TypePage(type: object.type).media(isWhole: true)
    default:
      return page(named: topic.typeName) ?? Media(topic.typeName)
    }
  }

  /// The page on a function, class or object of the script, or on one that the language declares.
  private static func page(on facts: NameFacts) -> Media {
    if let entry = facts.entry {
      return whole(entry, name: (facts.owner.map { $0 + "." } ?? "") + entry.name)
    }
    if facts.form == .type, facts.definition == nil, facts.members.isEmpty,
      let page = page(named: facts.name)
    {
      return page
    }
    if facts.form == .instance, facts.members.isEmpty, let page = page(named: facts.typeName) {
      return page
    }
    return Directory.Item(facts).media(isWhole: true)
  }

  /// The page on a name of the library: an entry, a member as `Dense.fit` or `str.join`, or a
  /// module.
  static func page(named name: String, isWhole: Bool = true) -> Media? {
    let parts = name.split(separator: ".").map(String.init)
    if let entry = StandardCatalog.entry(name) {
      return isWhole ? whole(entry, name: name) : EntryPage(entry).media(isWhole: false)
    }
    if parts.count == 2, let type = StandardCatalog.type(parts[0]),
      let member = type.member(parts[1])
    {
      return EntryPage(member, name: name).media(isWhole: isWhole)
    }
    if let module = StandardCatalog.module(name) {
      return modulePage(module.name, module.sentence, module.entries())
    }
    if parts.count >= 2, let last = parts.last,
      let module = StandardCatalog.module(parts.dropLast().joined(separator: ".")),
      let entry = module.entries().first(where: { $0.name == last })
    {
      return EntryPage(entry, name: name).media(isWhole: isWhole)
    }
    return StandardCatalog.type(name).map { TypePage(type: $0).media(isWhole: isWhole) }
  }

  /// An entry with the members of what it makes.
  private static func whole(_ entry: Entry, name: String) -> Media {
    var media = EntryPage(entry, name: name).media(isWhole: true)
    let members = (entry.type?.members ?? []).filter { !$0.name.hasPrefix("_") }
    guard let type = entry.type, type.name == entry.name, !members.isEmpty else { return media }
    media.text += "\n\nmembers:"
    media.markdown? += "\n\nmembers:\n"
    media.list(members)
    return media
  }

  private static func modulePage(
    _ name: String, _ sentence: String?, _ entries: [Entry]
  ) -> Media {
    let about = (sentence.map { "\n\n\($0)" } ?? "") + "\n"
    var media = Media("module \(name)" + about, markdown: "**module `\(name)`**" + about)
    media.list(entries)
    return media
  }
}
