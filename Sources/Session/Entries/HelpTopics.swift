internal import Catalog

/// What `help("…")` knows, and where it begins.
enum HelpTopics {
  /// Pages of the manual that are written, rather than made from declarations.
  enum Guide: String, CaseIterable {
    case python

    /// The page in Markdown, from the file of that name; the modules' names are filled in.
    var markdown: String {
      let bytes =
        switch self {
        case .python: PackageResources.python_md
        }
      let modules = HelpTopics.modules.map { "`\($0)`" }.joined(separator: ", ")
      return String(decoding: bytes, as: UTF8.self).replacing("{modules}", with: modules)
    }
  }

  /// Every name that help knows, the guide's pages first.
  static var names: [String] {
    var all = Guide.allCases.map(\.rawValue)
    all += ErrorPage.all.map(\.code)
    all += StandardCatalog.names
    all += StandardCatalog.moduleNames
    all += Keyword.all.map(\.word)
    return all
  }

  /// The modules that can be imported, without those inside others.
  private static var modules: [String] {
    StandardCatalog.moduleNames.filter { !$0.contains(".") }
  }

  /// The page on a topic; nil: there is none.
  static func page(_ name: String) -> Media? {
    if let guide = Guide(rawValue: name.lowercased()) {
      let markdown = guide.markdown
      return Media(Markdown(markdown).text, markdown: markdown)
    }
    return Keyword.named(name)?.media(isWhole: true) ?? HelpEntry.page(named: name)
      ?? ErrorPage.page(name)?.media
  }

  /// `help()`.
  static var start: Media {
    var markdown = """
      # Help

      Type one of these into a cell:

      - `help("python")`: for those who know Python: what is there, what is not, what differs
      - `help(len)`, `help(Dense)`, `help("str.join")`: a function, a type, a method
      - `help("for")`: a word of the language
      - `help("L301")`: the code of an error
      - `?name`: what stands under a name of yours
      - `%who`: the names of this session

      In a notebook, Tab completes a name, an argument, an option in quotes or a key, and Shift-Tab
      explains what stands at the cursor, also while a cell runs.

      What there is:

      """
    for section in StandardCatalog.library.sections where section.title != "Exceptions" {
      let names = section.entries.map(\.name)
      let shown = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
      markdown += "\n- **\(section.title)**: \(shown)"
    }
    markdown += "\n- **Modules**: \(modules.joined(separator: ", "))"
    return Media(Markdown(markdown).text, markdown: markdown)
  }
}
