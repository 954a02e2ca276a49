internal import Catalog
internal import Language

/// The manual: the guide's pages as they are written, all others made from the declarations.
public struct Manual: Sendable {
  public struct Page: Sendable {
    /// The file's name, without its ending: `layers`.
    public let name: String
    public let title: String
    public let markdown: String

    /// For terminals.
    public var text: String { Markdown(markdown).text }
  }

  public let pages: [Page]

  public init() {
    var pages = HelpTopics.Guide.allCases.map { guide in
      let markdown = guide.markdown
      return Page(name: guide.rawValue, title: Manual.title(of: markdown), markdown: markdown)
    }
    for section in StandardCatalog.library.sections where !section.entries.isEmpty {
      let parts = section.entries.map { Manual.part($0, name: $0.name) }
      pages.append(Manual.page(section.title, parts))
    }
    let modules = StandardCatalog.moduleNames.compactMap { StandardCatalog.module($0) }
    pages.append(Manual.page("Modules", modules.map(Manual.part)))
    pages.append(
      Manual.page(
        "Words of the language", Keyword.all.map { $0.media(isWhole: true).markdown ?? "" }))
    pages.append(
      Manual.page("Codes of errors", ErrorPage.all.map { $0.media.markdown ?? $0.media.text }))
    let contents = pages.map { "- [\($0.title)](\($0.name).md)" }.joined(separator: "\n")
    let first = Page(
      name: "index", title: "The manual of Gradus",
      markdown: "# The manual of Gradus\n\nVersion \(About.version).\n\n\(contents)\n")
    self.pages = [first] + pages
  }

  private static func page(_ title: String, _ parts: [String]) -> Page {
    let name = title.lowercased().map { $0.isLetter ? $0 : "-" }
    return Page(
      name: String(name), title: title,
      markdown: "# \(title)\n\n" + parts.joined(separator: "\n\n") + "\n")
  }

  private static func title(of markdown: String) -> String {
    guard case .heading(_, let title)? = Markdown(markdown).blocks.first else { return "" }
    return title
  }

  private static func part(_ entry: Entry, name: String) -> String {
    var parts = ["## \(name)", EntryPage(entry, name: name).markdown(isWhole: true)]
    guard let type = entry.type, type.name == entry.name else {
      return parts.joined(separator: "\n\n")
    }
    if let base = type.base, base.name != name {
      parts.append("A `\(name)` is a kind of `\(base.name)`, with all that has.")
    }
    let members = type.base == nil ? type.members : type.ownMembers
    for member in members where !member.name.hasPrefix("_") {
      parts.append("### \(name).\(member.name)")
      parts.append(EntryPage(member).markdown(isWhole: true))
    }
    return parts.joined(separator: "\n\n")
  }

  private static func part(_ module: ModuleFacts) -> String {
    let entries = module.entries().map { entry in
      "### \(module.name).\(entry.name)\n\n" + EntryPage(entry).markdown(isWhole: true)
    }
    return (["## \(module.name)", module.sentence] + entries).joined(separator: "\n\n")
  }
}

// MARK: Examples

extension Manual {
  /// A piece of code of the guide, with what it says that it prints.
  public struct Example: Sendable {
    public let page: String
    public let code: String
    /// Whether CPython prints the same.
    public let isShared: Bool
    /// The lines it prints; the last may be an error, as `ZeroDivisionError: division by zero`.
    public let expected: [String]
  }

  /// The guide's examples.
  public static var examples: [Example] {
    HelpTopics.Guide.allCases.flatMap { guide in
      Markdown(guide.markdown).blocks.compactMap { block -> Example? in
        guard case .code(let language, let lines) = block, language.hasPrefix("python") else {
          return nil
        }
        let expected = lines.compactMap { line in
          line.firstRange(of: "  # ").map { String(line[$0.upperBound...]) }
        }
        return Example(
          page: guide.rawValue, code: lines.joined(separator: "\n") + "\n",
          isShared: language == "python", expected: expected)
      }
    }
  }

  /// Runs every example of the manual.
  ///
  /// - Returns: what does not hold, a sentence each.
  public static func check() -> [String] {
    var problems: [String] = []
    for example in examples {
      let found = output(of: example.code, in: Session())
      if found != example.expected {
        problems.append(
          "\(example.page): an example prints\n  " + found.joined(separator: "\n  ")
            + "\ninstead of\n  " + example.expected.joined(separator: "\n  ") + "\nin\n"
            + example.code)
      }
    }
    for (name, example) in declaredExamples {
      switch Completeness(of: example + "\n\n") {
      case .complete: break
      case .incomplete, .invalid: problems.append("\(name): this is no whole text: \(example)")
      }
    }
    return problems
  }

  /// The examples that stand in declarations.
  private static var declaredExamples: [(name: String, code: String)] {
    var all: [(String, String)] = []
    func add(_ entry: Entry, _ name: String) {
      for example in entry.examples { all.append((name, example)) }
    }
    for entry in StandardCatalog.library.entries {
      add(entry, entry.name)
      for member in entry.type?.ownMembers ?? [] { add(member, "\(entry.name).\(member.name)") }
    }
    for name in StandardCatalog.moduleNames {
      for entry in StandardCatalog.module(name)?.entries() ?? [] {
        add(entry, "\(name).\(entry.name)")
      }
    }
    return all
  }

  /// What a text prints, line by line, and the error it ends with.
  private static func output(of text: String, in session: Session) -> [String] {
    let recording = Recording()
    let failure = session.run(Cell(text), sink: recording).failure
    var lines = recording.text().split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    if lines.last == "" { lines.removeLast() }
    if let failure { lines.append("\(failure.exception): \(failure.message)") }
    return lines
  }
}
