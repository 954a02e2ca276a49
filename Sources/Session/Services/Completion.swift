internal import Catalog
internal import Language

/// What could stand at a place in a cell.
public struct Completion: Sendable {
  public struct Match: Sendable, Equatable {
    public enum Kind: String, Sendable {
      case function
      case `class`
      case module
      case instance
      case keyword
      case parameter = "param"
      case property
      case option = "value"
      case key
      case path
      case magic
    }

    /// What replaces the range.
    public var text: String
    public var kind: Kind
    /// `Dense(units, activation="linear")`, or empty.
    public var signature: String

    public init(_ text: String, _ kind: Kind, signature: String = "") {
      self.text = text
      self.kind = kind
      self.signature = signature
    }
  }

  /// What is replaced, in code points of the text.
  public let range: Range<Int>
  /// Best first.
  public let matches: [Match]

  public init(range: Range<Int>, matches: [Match]) {
    self.range = range
    self.matches = matches
  }

  /// Completes a cell's text at a cursor, counted in code points.
  ///
  /// Nearest first: arguments not yet given, the cell's own names, the session's by recency, the
  /// library's, keywords. Never runs script code.
  ///
  /// - Parameter folder: where relative paths start; empty: the process's working directory.
  public init(of text: String, at cursor: Int, in directory: Directory, folder: String = "") {
    let context = CursorContext(text, cursor: cursor)
    self.init(context, in: directory, folder: folder)
  }

  /// The same, with what the evaluator knows of the names at the cursor.
  public init(
    of text: String, at cursor: Int, from board: DirectoryBoard, waiting milliseconds: Int32 = 30,
    folder: String = ""
  ) {
    self.init(of: text, at: cursor, folder: folder) { wanted in
      board.read(wanted, waiting: milliseconds).directory
    }
  }

  init(of text: String, at cursor: Int, folder: String, asking: (Wanted) -> Directory) {
    let context = CursorContext(text, cursor: cursor)
    self.init(context, in: asking(Wanted(paths: context.paths)), folder: folder)
  }

  private init(_ context: CursorContext, in directory: Directory, folder: String) {
    var candidates = Candidates(context, directory)
    candidates.collect(folder: folder)
    self.init(range: context.replaced, matches: candidates.fitting)
  }
}

/// Collects what fits a place.
private struct Candidates {
  private let context: CursorContext
  private let directory: Directory
  private let sight: Sight
  private var matches: [Completion.Match] = []
  /// How many of the session's names are offered; nobody reads more.
  private static let limit = 1000

  init(_ context: CursorContext, _ directory: Directory) {
    self.context = context
    self.directory = directory
    sight = Sight(directory: directory, names: context.names)
  }

  mutating func collect(folder: String) {
    switch context.subject {
    case .nothing, .format: break
    case .magic:
      matches = Magic.allCases.map {
        Completion.Match("%" + $0.rawValue, .magic, signature: $0.sentence)
      }
    case .module(let parts): modules(after: parts)
    case .member(let parts):
      let module = StandardCatalog.module(parts.joined(separator: "."))
      matches = module.map { sight.members(of: .module($0)) } ?? []
    case .attribute(let path):
      let known = path.flatMap { sight.find($0) }
      matches = (known.map { sight.members(of: $0) } ?? []).sorted { left, right in
        left.text.lowercased() < right.text.lowercased()
      }
    case .key(let path, let quote):
      keys(of: path, quote)
      if quote == nil { names() }
    case .stringArgument(let call): text(in: call, folder)
    case .exception:
      exceptions()
      if fitting.isEmpty { names() }
    case .name:
      arguments()
      names()
    }
  }

  private mutating func modules(after parts: [String]) {
    matches = StandardCatalog.moduleNames.compactMap { name in
      let names = name.split(separator: ".").map(String.init)
      guard names.count == parts.count + 1, Array(names.dropLast()) == parts else { return nil }
      return Completion.Match(names[parts.count], .module)
    }
  }

  private mutating func arguments() {
    guard let call = context.call, call.keyword == nil,
      let parameters = call.function.flatMap({ sight.find($0) })?.parameters
    else { return }
    matches += call.names(among: parameters)
  }

  private mutating func names() {
    matches += context.names.map { Completion.Match(bound: $0) }
    let prefix = context.prefix
    matches += directory.items.lazy.filter { $0.name.isLike(prefix) }.prefix(Candidates.limit).map {
      Completion.Match(item: $0)
    }
    matches += StandardCatalog.library.entries.map { Completion.Match(entry: $0) }
    matches += Keyword.all.map { Completion.Match($0.word, .keyword, signature: $0.example) }
  }

  private mutating func keys(of path: Path, _ quote: Character?) {
    guard case .item(let item)? = sight.find(path) else { return }
    for key in item.keys {
      guard key.isText else {
        if quote == nil { matches.append(Completion.Match(key.text, .key)) }
        continue
      }
      if let quote {
        matches.append(Completion.Match(key.text.escaped(in: quote), .key))
      } else {
        matches.append(Completion.Match("\"\(key.text.escaped(in: "\""))\"", .key))
      }
    }
    if item.keys.isEmpty, quote != nil {
      // Tables have columns under their names.
      matches += item.members.map { Completion.Match($0.name, .key) }
    }
  }

  private mutating func text(in call: CallContext, _ folder: String) {
    guard let known = call.function.flatMap({ sight.find($0) }) else {
      if call.function == Path(.name("open")) { files(in: folder) }
      return
    }
    if case .entry(let entry, _) = known, entry.name == HelpEntry.entry.name {
      matches = HelpTopics.names.map { Completion.Match($0, .option) }
      return
    }
    guard let parameter = known.parameters.flatMap({ call.parameter(among: $0) }) else {
      return
    }
    if !parameter.choices.isEmpty {
      matches = parameter.choices.map { Completion.Match($0, .option) }
    } else if ["path", "file", "filename"].contains(parameter.name) {
      files(in: folder)
    }
  }

  private mutating func files(in folder: String) {
    matches = FileNames.beginning(with: context.prefix, in: folder).map {
      Completion.Match($0, .path)
    }
  }

  private mutating func exceptions() {
    let own = context.names.filter { $0.kind == .class }.map { Completion.Match(bound: $0) }
    let known = directory.items.filter { $0.kind == .class && $0.name.hasSuffix("Error") }
    let declared = StandardCatalog.library.sections.first { $0.title == "Exceptions" }
    matches += own + known.map { Completion.Match(item: $0) }
    matches += (declared?.entries ?? []).map { Completion.Match(entry: $0) }
  }

  /// Those that begin with what is typed, each once; if none does, without regard to case.
  var fitting: [Completion.Match] {
    let prefix = context.prefix
    var seen: Set<String> = []
    let open = matches.filter { match in
      (prefix.hasPrefix("_") || !match.text.hasPrefix("_")) && seen.insert(match.text).inserted
    }
    let exact = open.filter { $0.text.hasPrefix(prefix) }
    guard exact.isEmpty else { return exact }
    let lowered = prefix.lowercased()
    return open.filter { $0.text.lowercased().hasPrefix(lowered) }
  }
}

extension String {
  /// Whether it begins with the text, without regard to case.
  fileprivate func isLike(_ prefix: String) -> Bool {
    guard let wanted = prefix.utf8.first, let first = utf8.first else { return prefix.isEmpty }
    // Most of many names differ in their first letter.
    if wanted < 0x80, first < 0x80, wanted | 0x20 != first | 0x20 { return false }
    return hasPrefix(prefix) || lowercased().hasPrefix(prefix.lowercased())
  }

  /// As it is written between these quotes.
  fileprivate func escaped(in quote: Character) -> String {
    var text = ""
    for character in self {
      switch character {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case quote: text += "\\" + String(quote)
      default: text.append(character)
      }
    }
    return text
  }
}

extension CursorContext {
  /// The paths about which the session must be asked.
  var paths: [Path] {
    var wanted: [Path] = []
    switch subject {
    case .attribute(let path?), .key(let path, _): wanted.append(path)
    case .stringArgument(let call): if let path = call.function { wanted.append(path) }
    default: break
    }
    if let path = call?.function { wanted.append(path) }
    return names.expanding(wanted)
  }
}

extension [BoundName] {
  /// Also what the names in these paths stand for, as the text says.
  func expanding(_ paths: [Path]) -> [Path] {
    var all = paths
    var index = 0
    while index < all.count, all.count < 8 {
      let path = all[index]
      index += 1
      guard case .name(let name) = path.root, let bound = first(where: { $0.text == name }) else {
        continue
      }
      for value in [bound.value, bound.base, bound.returns].compactMap({ $0 })
      where !all.contains(value) {
        let whole = path.steps.reduce(Optional(value)) { $0?.appending($1) } ?? value
        if !all.contains(whole) { all.append(whole) }
      }
    }
    return all
  }
}

extension CallContext {
  /// The parameter the cursor's argument goes to.
  fileprivate func parameter(among parameters: [ParameterFacts]) -> ParameterFacts? {
    if let argument = keyword {
      return parameters.first { $0.name == argument || $0.aliases.contains(argument) }
    }
    let positional = parameters.filter {
      $0.passing == .positional || $0.passing == .positionalOnly
    }
    return positional.indices.contains(position) ? positional[position] : nil
  }

  /// The names of arguments that can still be given.
  fileprivate func names(among parameters: [ParameterFacts]) -> [Completion.Match] {
    var positional = 0
    return parameters.compactMap { facts in
      switch facts.passing {
      case .positional:
        positional += 1
        if positional <= position || given.contains(facts.name) { return nil }
      case .keywordOnly:
        if given.contains(facts.name) { return nil }
      case .positionalOnly, .rest, .restNamed, .accompanying:
        if facts.passing == .positionalOnly { positional += 1 }
        return nil
      }
      return Completion.Match(facts.name + "=", .parameter, signature: facts.shown)
    }
  }
}

extension ParameterFacts {
  /// `int = 3`, as far as it is known.
  fileprivate var shown: String {
    kind + (shownDefault.map { " = \($0)" } ?? "")
  }
}
