public import Catalog

/// What is known of the name at a place in a cell, or of the function whose call surrounds it.
public struct Inspection: Sendable {
  /// Plain text and Markdown.
  public let media: Media

  /// Looks up the name at a cursor counted in code points; nil: nothing is known.
  ///
  /// Never runs script code.
  ///
  /// - Parameter detail: 0: signature, sentence, defaults; 1: with details and examples.
  public init?(of text: String, at cursor: Int, detail: Int = 0, in directory: Directory) {
    // The whole name counts, also when the cursor stands inside it.
    let scalars = Array(text.unicodeScalars)
    var end = min(max(cursor, 0), scalars.count)
    while end < scalars.count, SiteScanner.continuesName(scalars[end]) { end += 1 }
    let site = SiteScanner.site(in: text, at: end)
    let locals = Dictionary(
      site.locals.compactMap { local in local.known.map { (local.name, $0) } },
      uniquingKeysWith: { first, _ in first })
    func media(of path: [String]) -> Media? {
      Known(path, in: directory, locals: locals)?.media(isWhole: detail > 0)
    }
    var found: Media?
    switch site.target {
    case .name:
      if !site.prefix.isEmpty { found = media(of: [site.prefix]) }
    case .attribute(let path):
      if !site.prefix.isEmpty { found = media(of: path + [site.prefix]) }
    case .module: found = HelpEntry.page(named: site.prefix, isWhole: detail > 0)
    case .member(let module):
      found = HelpEntry.page(named: "\(module).\(site.prefix)", isWhole: detail > 0)
    case .magic:
      found = Magic(rawValue: String(site.prefix.dropFirst())).map { Media($0.sentence) }
    case .key, .option, .nothing: break
    }
    guard let media = found ?? site.call.flatMap({ media(of: $0.function) }) else { return nil }
    self.media = media
  }
}

extension Known {
  /// The page that help and hover show.
  func media(isWhole: Bool) -> Media {
    switch self {
    case .entry(let entry, let name): EntryPage(entry, name: name).media(isWhole: isWhole)
    case .module(let module):
      HelpEntry.page(named: module.name, isWhole: isWhole) ?? Media(module.name)
    case .instance(let type): TypePage(type: type).media(isWhole: isWhole)
    case .item(let item): item.media(isWhole: isWhole)
    }
  }
}

extension Directory.Item {
  /// Kind, shape and place of a name, how it prints, and what is known of its type.
  func media(isWhole: Bool) -> Media {
    if let entry { return EntryPage(entry, name: name).media(isWhole: isWhole) }
    var facts: [String] = []
    if let shape { facts.append("shape (\(shape.map(String.init).joined(separator: ", ")))") }
    if shape == nil, let length { facts.append("length \(length)") }
    if let place { facts.append("defined in \(place.source), line \(place.line)") }
    let heading = signature ?? "\(name): \(typeName)"
    var blocks = [heading]
    var marks = ["```python\n\(heading)\n```"]
    func add(_ block: String) {
      blocks.append(block)
      marks.append(block)
    }
    if let documentation { add(documentation) }
    if !facts.isEmpty { add(facts.joined(separator: "; ")) }
    if signature == nil, !text.isEmpty {
      blocks.append(text)
      marks.append("```\n\(text)\n```")
    }
    if let type, !type.sentence.isEmpty { add("\(type.name): \(type.sentence)") }
    if isWhole, !keys.isEmpty {
      add("keys: " + keys.map { "'\($0)'" }.joined(separator: ", "))
    }
    return Media(
      blocks.joined(separator: "\n\n"), markdown: marks.joined(separator: "\n\n"))
  }
}
