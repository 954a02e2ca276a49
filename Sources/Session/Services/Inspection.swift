public import Catalog
internal import Language

/// What is known of the name at a place in a cell, or of the function whose call surrounds it.
public struct Inspection: Sendable {
  /// Plain text, Markdown and HTML that say the same.
  public let media: Media

  /// Looks up the name at a cursor counted in code points; nil: nothing is known.
  ///
  /// Never runs script code.
  ///
  /// - Parameter detail: 0: signature, sentence, defaults; 1: with details, examples, source.
  public init?(of text: String, at cursor: Int, detail: Int = 0, in directory: Directory) {
    self.init(
      InspectionContext(text, cursor: cursor), text, isWhole: detail > 0, in: directory)
  }

  /// The same, with what the evaluator knows of the name at the cursor.
  public init?(
    of text: String, at cursor: Int, detail: Int = 0, from board: DirectoryBoard,
    waiting milliseconds: Int32 = 30
  ) {
    self.init(of: text, at: cursor, detail: detail) { wanted in
      board.read(wanted, waiting: milliseconds).directory
    }
  }

  init?(of text: String, at cursor: Int, detail: Int, asking: (Wanted) -> Directory) {
    let context = InspectionContext(text, cursor: cursor)
    let directory = asking(Wanted(paths: context.paths, findings: true))
    self.init(context, text, isWhole: detail > 0, in: directory)
  }

  private init?(
    _ context: InspectionContext, _ text: String, isWhole: Bool, in directory: Directory
  ) {
    let sight = Sight(directory: directory, names: context.names)
    func media(of path: Path) -> Media? {
      sight.find(path)?.media(isWhole: isWhole, sight, text)
    }
    func call() -> Media? { context.call?.function.flatMap { media(of: $0) } }
    let found: Media? =
      switch context.subject {
      case .path(let path): media(of: path) ?? call()
      case .module(let name): HelpEntry.page(named: name, isWhole: isWhole)
      case .member(let module, let name):
        HelpEntry.page(named: module + "." + name, isWhole: isWhole)
      case .keyword(let word): Keyword.named(word)?.media(isWhole: isWhole)
      case .literal(let type):
        call() ?? StandardCatalog.type(type).map { TypePage(type: $0).media(isWhole: isWhole) }
      case .nothing: call()
      }
    guard var media = found else { return nil }
    media.addPage()
    self.media = media
  }
}

extension InspectionContext {
  /// The paths about which the session must be asked.
  var paths: [Path] {
    var wanted: [Path] = []
    if case .path(let path) = subject { wanted.append(path) }
    if let path = call?.function { wanted.append(path) }
    return names.expanding(wanted)
  }
}

extension Known {
  /// The page that help and hover show.
  ///
  /// - Parameter text: the text that binds names, for the lines where it does.
  func media(isWhole: Bool, _ sight: Sight, _ text: String = "") -> Media {
    switch self {
    case .entry(let entry, let name): return EntryPage(entry, name: name).media(isWhole: isWhole)
    case .module(let module):
      return HelpEntry.page(named: module.name, isWhole: isWhole) ?? Media(module.name)
    case .instance(let type, _): return TypePage(type: type).media(isWhole: isWhole)
    case .item(let item): return item.media(isWhole: isWhole)
    case .defined(let definition):
      return definition.media(isWhole: isWhole, in: text, parameters: definition.signature ?? "")
    case .method(let method, let owner):
      return method.media(
        isWhole: isWhole, in: text, owner: owner, parameters: (parameters ?? []).signature)
    case .object(of: let type):
      var page = NamePage("an object of \(type.name)")
      page.add(sight.members(of: self), isWhole: isWhole)
      return page.media
    }
  }

  /// What it is called.
  private var name: String {
    switch self {
    case .item(let item): item.name
    case .entry(_, let name): name
    case .module(let module): module.name
    case .instance(let type, _): type.name
    case .defined(let definition), .method(let definition, _): definition.text
    case .object(of: let type): type.name
    }
  }
}

extension BoundName {
  fileprivate func media(
    isWhole: Bool, in text: String, owner: String? = nil, parameters: String
  ) -> Media {
    let name = owner.map { "\($0).\(self.text)" } ?? self.text
    var page = NamePage(name + (kind == .class && parameters.isEmpty ? "()" : parameters))
    if let documentation { page.add(documentation.firstParagraph) }
    let line = Source(text, name: "").line(at: span.start)
    page.add("defined in this cell, line \(line)")
    if kind == .class {
      page.add(members.map { Completion.Match(member: $0, isBound: true) }, isWhole: isWhole)
    }
    return page.media
  }
}

extension Directory.Item {
  /// Kind, shape and place of a name, how it prints, and what is known of its type.
  func media(isWhole: Bool) -> Media {
    if let entry { return EntryPage(entry, name: name).media(isWhole: isWhole) }
    // The text of a function has its annotations too.
    let written = definition?.function
    var heading = signature ?? "\(name.isEmpty ? "" : name + ": ")\(typeName)"
    if kind == .function, let written, let own = written.signature {
      let isBound = ParameterFacts.written(own).count > parameters.count
      if !isBound { heading = name + own + (written.returnsText.map { " -> " + $0 } ?? "") }
    }
    if kind == .class {
      heading = "class " + heading + (bases.first.map { ", a kind of \($0)" } ?? "")
    }
    if kind == .property { heading = "\(name): property" }
    var page = NamePage(heading)
    if let documentation { page.add(documentation) }
    var facts: [String] = []
    if let shape { facts.append("shape (\(shape.map(String.init).joined(separator: ", ")))") }
    if shape == nil, let length { facts.append("length \(length)") }
    if let place { facts.append("defined in \(place.source), line \(place.line)") }
    if !facts.isEmpty { page.add(facts.joined(separator: "; ")) }
    if signature == nil, kind != .property, !text.isEmpty { page.add(code: text) }
    if let findings {
      if findings.contains("\n") { page.add(code: findings) } else { page.add(findings) }
    }
    if let type, !type.sentence.isEmpty { page.add("\(type.name): \(type.sentence)") }
    guard isWhole else { return page.media }
    if !keys.isEmpty {
      page.add("keys: " + keys.map { $0.isText ? "'\($0.text)'" : $0.text }.joined(separator: ", "))
    }
    if signature == nil || kind == .class {
      page.add(members.map { Completion.Match(member: $0) }, isWhole: true)
    }
    if let definition { page.add(code: definition.text) }
    return page.media
  }
}

/// A page on a name, in plain text and in Markdown.
struct NamePage {
  private var blocks: [String]
  private var marks: [String]

  init(_ heading: String) {
    blocks = [heading]
    marks = ["```python\n\(heading)\n```"]
  }

  mutating func add(_ paragraph: String) {
    blocks.append(paragraph)
    marks.append(paragraph)
  }

  mutating func add(code: String) {
    blocks.append(code)
    marks.append("```python\n\(code)\n```")
  }

  /// The attributes, for whoever wants to know all.
  mutating func add(_ members: [Completion.Match], isWhole: Bool) {
    let shown = members.filter { !$0.text.hasPrefix("_") }
    guard isWhole, !shown.isEmpty else { return }
    let names = shown.prefix(60).map { $0.signature.isEmpty ? $0.text : $0.signature }
    blocks.append("members:\n" + names.map { "  " + $0 }.joined(separator: "\n"))
    marks.append("members:\n\n" + names.map { "- `\($0)`" }.joined(separator: "\n"))
  }

  var media: Media {
    Media(blocks.joined(separator: "\n\n"), markdown: marks.joined(separator: "\n\n"))
  }
}

extension String {
  /// Up to the first empty line, without indentation.
  fileprivate var firstParagraph: String {
    var lines: [Substring] = []
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.drop { $0 == " " || $0 == "\t" }
      if words.isEmpty, !lines.isEmpty { break }
      if !words.isEmpty { lines.append(words) }
    }
    return lines.joined(separator: "\n")
  }
}
