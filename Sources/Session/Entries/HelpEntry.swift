internal import Catalog

/// `help(x)`.
enum HelpEntry {
  static let entry = Entry(
    "help", "Explains a function, a type, a module, or what stands under a name.",
    Parameter("topic", Value.self, "a value, or a name in quotes", default: { .none }), .context,
    example: "help(len)"
  ) { topic, context in
    context.sink.emit(.display(try page(on: topic)))
    return .none
  }

  private static func page(on topic: Value) throws -> Media {
    switch topic {
    case .none:
      return Media(
        """
        help(x) explains a function, a type or a module; help("name") what stands under a name.
        ?name shows the same, and Shift-Tab in a notebook explains what stands at the cursor.
        """)
    case .string(let name):
      guard let media = page(named: name) ?? ErrorPage.page(name)?.media else {
        let known = StandardCatalog.names
        throw Failure(
          .value, "there is no help on '\(name)'", help: Nearest.question(name, among: known))
      }
      return media
    case .function(let callable):
      if let function = callable as? EntryFunction {
        return EntryPage(function.entry).media(isWhole: true)
      }
      return Media(signature(of: callable))
    case .object(let module as Module):
      return modulePage(module.name, StandardCatalog.module(module.name)?.sentence, module.entries)
    case .object(let object):
      return TypePage(type: object.type).media(isWhole: true)
    default:
      return page(named: topic.typeName) ?? Media(topic.typeName)
    }
  }

  /// The page on a name of the library: an entry, a member as `Dense.fit`, or a module.
  static func page(named name: String, isWhole: Bool = true) -> Media? {
    let parts = name.split(separator: ".").map(String.init)
    if let entry = StandardCatalog.entry(name) {
      return EntryPage(entry).media(isWhole: isWhole)
    }
    if parts.count == 2, let type = StandardCatalog.entry(parts[0])?.type,
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
    return nil
  }

  private static func signature(of callable: any Callable) -> String {
    let parameters = callable.parameters.map { facts in
      facts.name + (facts.shownDefault.map { "=\($0)" } ?? "")
    }
    return "\(callable.name)(\(parameters.joined(separator: ", ")))"
  }

  private static func modulePage(
    _ name: String, _ sentence: String?, _ entries: [Entry]
  ) -> Media {
    var text = "module \(name)"
    var markdown = "**module `\(name)`**"
    if let sentence {
      text += "\n\n\(sentence)"
      markdown += "\n\n\(sentence)"
    }
    text += "\n"
    markdown += "\n"
    for entry in entries {
      text += "\n  \(entry.signature)\n      \(entry.sentence)"
      markdown += "\n- `\(entry.signature)`: \(entry.sentence)"
    }
    return Media(text, markdown: markdown)
  }
}
