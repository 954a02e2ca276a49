import Catalog

extension Parser {
  /// What the manual's page on a mistake is, and what to do about it.
  struct Advice {
    let code: String
    let help: String

    init(_ code: String, _ help: String) {
      self.code = code
      self.help = help
    }
  }

  /// The error for a token that cannot stand where it does.
  mutating func unexpected() -> Failed {
    if isTrial { return Failed() }
    if kind == .end, let unclosed, prefix.isEmpty {
      noteEnd()
      errors.append(neverClosed(unclosed))
      return Failed()
    }
    if kind == .indent {
      return fail("unexpected indent", .indentation, at: current.span, code: "L005")
    }
    if let legacy = legacyPrint() { return legacy }
    if let feature = unsupportedHere { return unsupported(feature) }
    let advice = advice
    if advice == nil, let comma = forgottenComma() { return comma }
    return fail("invalid syntax", at: current.span, code: advice?.code, help: advice?.help)
  }

  /// `print x`: the statement of Python 2 (L009).
  private mutating func legacyPrint() -> Failed? {
    guard index > 0, tokens[index - 1].kind == .name, kind.startsExpression || kind == .star
    else { return nil }
    let name = tokens[index - 1]
    let word = text(name)
    guard word == "print" || word == "exec" else { return nil }
    var trial = trial
    guard (try? trial.starExpressions()) != nil else { return nil }
    let written = source.text(of: SourceSpan(current.start, trial.previousEnd))
    let short = written.utf8.count <= 40 && !written.contains("\n") ? written : "…"
    return fail(
      "Missing parentheses in call to '\(word)'. Did you mean \(word)(...)?",
      at: SourceSpan(name.start, trial.previousEnd), code: "L009",
      help: word == "print" ? "call it: print(\(short))" : nil)
  }

  /// Two expressions side by side in brackets.
  private mutating func forgottenComma() -> Failed? {
    guard bracketDepth > 0, kind.startsExpression, !lastOperand.isEmpty,
      lastOperand.upperBound == index
    else { return nil }
    let first = tokens[lastOperand.lowerBound]
    if first.kind == .name {
      let second = tokens[lastOperand.lowerBound + 1].kind
      if second == .string || second == .formatString { return nil }
      // CPython takes beginnings of its soft keywords for them.
      let word = text(first)
      if ["match", "case", "_"].contains(where: { $0.hasPrefix(word) }) { return nil }
    }
    var trial = trial
    if (try? trial.expression()) == nil {
      trial = self.trial
      guard (try? trial.disjunction()) != nil else { return nil }
    }
    if let unclosed, prefix.isEmpty,
      trial.kind == .end
        || source.line(at: unclosed.offset) < source.line(at: trial.current.start)
    {
      noteEnd()
      errors.append(neverClosed(unclosed))
      return Failed()
    }
    return fail(
      "invalid syntax. Perhaps you forgot a comma?",
      at: SourceSpan(first.start, trial.previousEnd), help: "separate the two with a comma")
  }

  // MARK: Advice for "invalid syntax"

  /// Advice for the current token, or for the word its statement begins with.
  var advice: Advice? { foreignOperator ?? foreignWord ?? misspeltKeyword ?? missingCall }

  /// Operators and marks of other languages (L008).
  private var foreignOperator: Advice? {
    let before = index > 0 ? tokens[index - 1] : current
    let isAdjacent = before.end == current.start
    switch (before.kind, kind) {
    case (.plus, _) where isDoubled(before, .plus): return Advice("L008", "write x += 1")
    case (.minus, _) where isDoubled(before, .minus): return Advice("L008", "write x -= 1")
    case (.ampersand, .ampersand) where isAdjacent: return Advice("L008", "write 'and'")
    case (.bar, .bar) where isAdjacent: return Advice("L008", "write 'or'")
    case (.less, .greater) where isAdjacent: return Advice("L008", "write !=")
    case (.equalEqual, .equal) where isAdjacent: return Advice("L008", "write ==")
    case (.notEqual, .equal) where isAdjacent: return Advice("L008", "write !=")
    case (.equal, .greater) where isAdjacent:
      return Advice("L008", "write 'lambda x: …' for a function, ':' in a dict, >= to compare")
    case (.equal, .less) where isAdjacent: return Advice("L008", "write <=")
    case (_, .exclamation): return Advice("L008", "write 'not x'; for \"not equal\" write !=")
    case (_, .leftBrace) where opensBlock:
      return Advice("L008", "end the line with ':' and indent the block; no braces")
    case (_, .rightBrace) where index == statementStart:
      return Advice("L008", "blocks end with their indentation; remove the brace")
    case (_, .doubleSlash) where index == statementStart:
      return Advice("L008", "comments begin with #")
    case (_, .slash) where index == statementStart && next.kind == .star,
      (_, .slash) where index == statementStart && next.kind == .doubleStar:
      return Advice("L008", "comments begin with #")
    case (_, .invalid):
      switch bytes[current.start] {
      case UInt8(ascii: "?"): return Advice("L008", "for a choice write: a if condition else b")
      case UInt8(ascii: "$"): return Advice("L008", "names have no $")
      case UInt8(ascii: "`"): return Advice("L001", "strings stand in ' or \"")
      default: return nil
      }
    default: return nil
    }
  }

  /// Whether `x++` or `x--` ends at `token`.
  private func isDoubled(_ token: Token, _ sign: Token.Kind) -> Bool {
    index > 1 && tokens[index - 2].kind == sign && tokens[index - 2].end == token.start
      && !kind.startsExpression
  }

  /// Whether a `{` here was meant to open the block of a statement.
  private var opensBlock: Bool {
    switch tokens[statementStart].kind {
    case .if, .elif, .else, .while, .for, .def, .class, .try, .with, .finally, .except: true
    default: false
    }
  }

  /// Words with which other languages begin statements (L008).
  private var foreignWord: Advice? {
    let first = tokens[statementStart]
    guard index > statementStart else {
      if first.kind == .else, next.kind == .if { return Advice("L008", "write elif") }
      return first.kind == .else || first.kind == .elif || first.kind == .except
        || first.kind == .finally
        ? Advice("L005", "there is no block above at this indentation that it belongs to") : nil
    }
    if first.kind == .else, kind == .if { return Advice("L008", "write elif") }
    guard first.kind == .name, index == statementStart + 1 else { return nil }
    switch text(first) {
    case "let", "var", "const", "auto", "val", "int", "float", "double", "string":
      return kind == .name ? Advice("L008", "write only: name = value") : nil
    case "function", "func", "fn", "fun", "sub":
      return kind == .name ? Advice("L008", "write def name(…):") : nil
    case "elseif", "elsif": return Advice("L008", "write elif")
    case "switch": return Advice("L008", "write if … elif …")
    case "do": return Advice("L008", "write while condition:")
    case "foreach": return Advice("L008", "write for x in values:")
    case "unless": return Advice("L008", "write if not …:")
    case "until": return Advice("L008", "write while not …:")
    case "struct", "interface": return Advice("L008", "write class Name:")
    case "include", "using", "require", "use": return Advice("L008", "write import name")
    case "throw": return Advice("L008", "write raise")
    case "catch": return Advice("L008", "write except")
    case "new": return Advice("L008", "call the class: Name(…)")
    default: return nil
    }
  }

  /// A name that is nearly a keyword at the start of a statement (L006).
  private var misspeltKeyword: Advice? {
    let first = tokens[statementStart]
    guard first.kind == .name, index > statementStart, index <= statementStart + 2 else {
      return nil
    }
    let follows = tokens[statementStart + 1].kind
    if index == statementStart + 2, follows != .colon { return nil }
    let word = text(first)
    guard word.utf8.count > 1 else { return nil }
    let candidates = Keyword.statements.filter { keyword in
      // `esle:` can only be one of the words that stand alone before a colon.
      index == statementStart + 1 || ["else", "try", "finally", "except"].contains(keyword)
    }
    guard let nearest = Nearest.names(word, among: candidates).first else {
      return nil
    }
    return Advice("L006", "did you mean '\(nearest)'?")
  }

  /// `range 3`: a function with its argument beside it (L009).
  private var missingCall: Advice? {
    guard index > 0, tokens[index - 1].kind == .name, bracketDepth == 0 else { return nil }
    switch kind {
    case .name, .number, .string, .formatString: break
    default: return nil
    }
    let word = text(tokens[index - 1])
    guard Self.commonFunctions.contains(word) else { return nil }
    return Advice("L009", "call it: \(word)(\(text(current)))")
  }

  private static let commonFunctions: Set<String> = [
    "abs", "bool", "dict", "display", "float", "format", "help", "input", "int", "len", "list",
    "max", "min", "open", "ord", "chr", "plot", "range", "repr", "reversed", "round", "set", "show",
    "sorted", "str", "sum", "tuple", "type", "zip", "enumerate", "map", "filter",
  ]

  // MARK: Python that is left out

  /// A part of Python that Gradus does not have (L007).
  enum Unsupported {
    case async, await, match, bytes, complex, exceptStar, bases, metaclass
  }

  private var unsupportedHere: Unsupported? {
    let first = tokens[statementStart]
    guard first.kind == .name, index == statementStart + 1, text(first) == "match" else {
      return nil
    }
    // `match subject:` with a line that begins with `case` below.
    var end = index
    while end < tokens.count, tokens[end].kind != .newline, tokens[end].kind != .end { end += 1 }
    guard end + 2 < tokens.count, tokens[end - 1].kind == .colon, tokens[end + 1].kind == .indent,
      text(tokens[end + 2]) == "case"
    else { return nil }
    return .match
  }

  mutating func unsupported(_ feature: Unsupported) -> Failed {
    let what: String
    let help: String
    switch feature {
    case .async:
      what = "'async' is"
      help = "write it without async; training and sorting already use what the machine has"
    case .await:
      what = "'await' is"
      help = "call the function without await"
    case .match:
      what = "'match' is"
      help = "write if … elif …, or look the value up in a dict"
    case .bytes:
      what = "bytes literals are"
      help = "write a string without b"
    case .complex:
      what = "complex numbers are"
      help = "keep the two parts in two floats"
    case .exceptStar:
      what = "'except*' is"
      help = "write except"
    case .bases:
      what = "more than one base class is"
      help = "derive from one class and keep the other as an attribute"
    case .metaclass:
      what = "metaclasses are"
      help = "use a class decorator or __init_subclass__, or a function that makes the class"
    }
    let place = feature == .match ? tokens[statementStart].span : current.span
    return fail("\(what) not part of Gradus", at: place, code: "L007", help: help)
  }
}

extension Keyword {
  /// The keywords that begin statements or clauses.
  static let statements = [
    "assert", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally",
    "for", "from", "global", "if", "import", "nonlocal", "pass", "raise", "return", "try", "while",
    "with", "yield",
  ]
}
