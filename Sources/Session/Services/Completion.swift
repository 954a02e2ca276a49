internal import Catalog

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
  /// Offers what fits a site, nearest first: arguments not yet given, the cell's own names, the
  /// session's by recency, the library's, keywords.
  init(_ site: CompletionSite, in directory: Directory) {
    let locals = Dictionary(
      site.locals.compactMap { local in local.known.map { (local.name, $0) } },
      uniquingKeysWith: { first, _ in first })
    func known(_ path: [String]) -> Known? { Known(path, in: directory, locals: locals) }
    var candidates: [Match] = []
    switch site.target {
    case .nothing: break
    case .magic:
      candidates = Magic.allCases.map { Match("%" + $0.rawValue, .magic, signature: $0.sentence) }
    case .module:
      let dots = site.prefix.split(separator: ".", omittingEmptySubsequences: false).count
      candidates = StandardCatalog.moduleNames
        .filter { $0.split(separator: ".").count == dots }.map { Match($0, .module) }
    case .member(let module):
      candidates = StandardCatalog.module(module).map { Known.module($0).members } ?? []
    case .attribute(let path):
      candidates = known(path)?.members.sorted(by: Completion.isBefore) ?? []
    case .key(let path):
      if case .item(let item)? = known(path) { candidates = item.keys.map { Match($0, .key) } }
    case .option:
      let parameters = site.call.flatMap { known($0.function)?.parameters } ?? []
      candidates =
        site.call.flatMap { $0.parameter(among: parameters) }?.choices.map { Match($0, .option) }
        ?? []
    case .name:
      if let call = site.call, call.argument == nil,
        let parameters = known(call.function)?.parameters
      {
        candidates = call.names(among: parameters)
      }
      candidates += site.locals.map { local in
        guard let parameters = local.known?.parameters else { return Match(local.name, .instance) }
        let names = parameters.map(\.name).joined(separator: ", ")
        return Match(local.name, .function, signature: "\(local.name)(\(names))")
      }
      candidates += directory.items.map { Match(item: $0) }
      candidates += StandardCatalog.library.entries.map { Match(entry: $0) }
      candidates += Keywords.all.map { Match($0, .keyword) }
    }
    self.init(range: site.range, matches: Completion.fitting(site.prefix, candidates))
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

extension CompletionSite.Call {
  /// The parameter the cursor's argument goes to.
  fileprivate func parameter(among parameters: [ParameterFacts]) -> ParameterFacts? {
    if let argument {
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

extension Completion {
  /// Completes a cell's text at a cursor, counted in code points.
  ///
  /// Never runs script code.
  public init(of text: String, at cursor: Int, in directory: Directory) {
    self.init(SiteScanner.site(in: text, at: cursor), in: directory)
  }
}
