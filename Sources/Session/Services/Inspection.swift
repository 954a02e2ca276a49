public import Catalog
internal import Language

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
    let context = InspectionContext(text, cursor: cursor)
    func media(of path: Path) -> Media? {
      Known(path, in: directory, names: context.names)?.media(isWhole: detail > 0)
    }
    let found: Media? =
      switch context.subject {
      case .path(let path): media(of: path)
      case .module(let name): HelpEntry.page(named: name, isWhole: detail > 0)
      case .keyword, .nothing: nil
      }
    guard let media = found ?? context.call?.function.flatMap({ media(of: $0) }) else {
      return nil
    }
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
