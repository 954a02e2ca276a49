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
}

extension Completion {
  /// Completes a cell's text at a cursor, counted in code points.
  ///
  /// Nearest first: arguments not yet given, the cell's own names, the session's by recency, the
  /// library's, keywords. Never runs script code.
  public init(of text: String, at cursor: Int, in directory: Directory) {
    let context = CursorContext(text, cursor: cursor)
    func known(_ path: Path?) -> Known? {
      path.flatMap { Known($0, in: directory, names: context.names) }
    }
    var candidates: [Match] = []
    switch context.subject {
    case .nothing, .format: break
    case .magic:
      candidates = Magic.allCases.map { Match("%" + $0.rawValue, .magic, signature: $0.sentence) }
    case .module(let parts):
      candidates = StandardCatalog.moduleNames.compactMap { name in
        let names = name.split(separator: ".").map(String.init)
        guard names.count == parts.count + 1, Array(names.dropLast()) == parts else { return nil }
        return Match(names[parts.count], .module)
      }
    case .member(let parts):
      let module = StandardCatalog.module(parts.joined(separator: "."))
      candidates = module.map { Known.module($0).members } ?? []
    case .attribute(let path):
      candidates = known(path)?.members.sorted(by: Completion.isBefore) ?? []
    case .key(let path, let quote):
      guard case .item(let item)? = known(path) else { break }
      let mark = quote == nil ? "\"" : ""
      candidates = item.keys.map { Match(mark + $0 + mark, .key) }
    case .stringArgument(let call):
      let parameter = known(call.function)?.parameters.flatMap { call.parameter(among: $0) }
      candidates = parameter?.choices.map { Match($0, .option) } ?? []
    case .name:
      if let call = context.call, call.keyword == nil,
        let parameters = known(call.function)?.parameters
      {
        candidates = call.names(among: parameters)
      }
      candidates += context.names.map { Match(item: Directory.Item($0)) }
      candidates += directory.items.map { Match(item: $0) }
      candidates += StandardCatalog.library.entries.map { Match(entry: $0) }
      candidates += Keywords.all.map { Match($0, .keyword) }
    }
    self.init(
      range: context.replaced, matches: Completion.fitting(context.prefix, candidates))
  }

  private static func isBefore(_ left: Match, _ right: Match) -> Bool {
    left.text.lowercased() < right.text.lowercased()
  }

  /// Those that begin with what is typed, each once; if none does, without regard to case.
  private static func fitting(_ prefix: String, _ candidates: [Match]) -> [Match] {
    var seen: Set<String> = []
    let open = candidates.filter { match in
      (prefix.hasPrefix("_") || !match.text.hasPrefix("_")) && seen.insert(match.text).inserted
    }
    let exact = open.filter { $0.text.hasPrefix(prefix) }
    guard exact.isEmpty else { return exact }
    let lowered = prefix.lowercased()
    return open.filter { $0.text.lowercased().hasPrefix(lowered) }
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
      return Completion.Match(facts.name + "=", .parameter, signature: facts.kind)
    }
  }
}

/// The words of the language.
enum Keywords {
  static let all = [
    "False", "None", "True", "and", "as", "assert", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
  ]
}
