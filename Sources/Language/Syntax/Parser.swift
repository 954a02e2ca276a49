/// Recursive descent over the tokens of one source.
///
/// Goes on after an error at the next line of the same block. The grammar is CPython 3.11's less
/// what decision 1 of the language leaves out; those parts are parsed as far as a message needs.
struct Parser {
  let source: Source
  let bytes: ContiguousArray<UInt8>
  let tokens: ContiguousArray<Token>
  var index = 0
  /// The token at `index`.
  var current: Token
  /// Where the token before `current` ends, ends of lines and blocks aside.
  var previousEnd: Int
  /// The first token of the statement being parsed.
  var statementStart = 0
  /// Brackets open at `current`.
  var bracketDepth = 0
  /// The tokens of the operand parsed last, where a comma may be missing behind it.
  var lastOperand = 0..<0
  /// Levels of the expression being parsed.
  var depth = 0
  var errors: [Diagnostic] = []
  var warnings: [Diagnostic] = []
  /// Whether the first error was that the text ended too early.
  private(set) var endedEarly = false
  var scopeCount = 1
  /// Whether a `yield` was seen in the function being parsed.
  var sawYield = false
  /// The class whose body is being read; its private names carry its name.
  var className: String?
  /// Whether the statement last parsed ended with `;`.
  var endedQuietly = false
  /// The innermost bracket that is open at the end of the text.
  let unclosed: Lexer.Bracket?
  /// Whether the text ends in a string or a joined line, so that its last newline is none.
  let goesOn: Bool
  /// What messages begin with: `f-string: ` inside a hole.
  let prefix: String

  /// Whether this copy only tries whether something could be parsed, so that messages are vain.
  var isTrial = false

  /// A copy to try with, of which only a success counts.
  var trial: Parser {
    var copy = self
    copy.isTrial = true
    return copy
  }

  /// Thrown after the diagnostic was noted; the statement has no tree.
  struct Failed: Error {}

  init(_ lexer: Lexer, prefix: String = "") {
    source = lexer.source
    bytes = lexer.bytes
    tokens = lexer.tokens
    unclosed = lexer.brackets.last
    current = lexer.tokens[0]
    previousEnd = lexer.tokens[0].start
    self.prefix = prefix
    goesOn =
      switch lexer.ending {
      case .string, .continuation: true
      case .whole, .shortString, .comment, .magic: false
      }
  }

  // MARK: Tokens

  var kind: Token.Kind { current.kind }

  /// The token after `current`.
  var next: Token { tokens[min(index + 1, tokens.count - 1)] }

  mutating func advance() {
    switch current.kind {
    case .newline, .indent, .dedent: break
    default: previousEnd = current.end
    }
    if index + 1 < tokens.count { index += 1 }
    current = tokens[index]
  }

  /// Takes the token when it is of the kind.
  mutating func take(_ wanted: Token.Kind) -> Bool {
    guard current.kind == wanted else { return false }
    advance()
    return true
  }

  mutating func expect(_ wanted: Token.Kind) throws(Failed) {
    guard take(wanted) else { throw unexpected() }
  }

  /// From `start` to the end of the last token taken.
  func span(from start: Int) -> SourceSpan { SourceSpan(start, previousEnd) }

  func text(_ token: Token) -> String {
    String(decoding: bytes[token.span.range], as: UTF8.self)
  }

  mutating func identifier() throws(Failed) -> Identifier {
    guard kind == .name else { throw unexpected() }
    let name = Identifier(name(current), current.span)
    advance()
    return name
  }

  /// The text of a name; `__private` in a class becomes `_Class__private`.
  func name(_ token: Token) -> String {
    let text = text(token)
    guard let className, text.hasPrefix("__"), !text.hasSuffix("__") else { return text }
    let owner = className.drop { $0 == "_" }
    return owner.isEmpty ? text : "_\(owner)\(text)"
  }

  mutating func newScope() -> ScopeNumber {
    scopeCount += 1
    return scopeCount - 1
  }

  // MARK: Errors

  /// Notes an error and gives what to throw.
  mutating func fail(
    _ message: String, _ exception: Diagnostic.Exception = .syntax, at span: SourceSpan,
    code: String? = nil, notes: [String] = [], help: String? = nil
  ) -> Failed {
    note(message, exception, at: span, code: code, notes: notes, help: help)
    return Failed()
  }

  mutating func note(
    _ message: String, _ exception: Diagnostic.Exception = .syntax, at span: SourceSpan,
    code: String? = nil, notes: [String] = [], help: String? = nil
  ) {
    if isTrial || errors.count >= Limit.diagnostics { return }
    noteEnd()
    // As in CPython, a bracket left open on an earlier line explains an error better.
    if let unclosed, prefix.isEmpty,
      source.line(at: unclosed.offset) < source.line(at: current.start)
    {
      errors.append(neverClosed(unclosed))
      return
    }
    errors.append(
      Diagnostic(exception, prefix + message, at: span, code: code, notes: notes, help: help))
  }

  /// Remembers for the first error whether more text could mend it.
  mutating func noteEnd() {
    guard errors.isEmpty else { return }
    endedEarly = tokens[index...].allSatisfy {
      $0.kind == .dedent || $0.kind == .end || (goesOn && $0.kind == .newline)
    }
  }

  func neverClosed(_ bracket: Lexer.Bracket) -> Diagnostic {
    let opened = Character(Unicode.Scalar(bracket.byte))
    let closing =
      switch bracket.byte {
      case Byte.leftParenthesis: ")"
      case Byte.leftBracket: "]"
      default: "}"
      }
    return Diagnostic(
      .syntax, "'\(opened)' was never closed",
      at: SourceSpan(bracket.offset, bracket.offset + 1), code: "L002",
      help: "write the closing '\(closing)'")
  }

  /// One level deeper in an expression.
  mutating func deepen() throws(Failed) {
    depth += 1
    guard depth <= Limit.expressionDepth else {
      throw fail(
        "too many levels in one expression", at: current.span, code: "L010",
        help: "at most \(Limit.expressionDepth); give inner parts a name")
    }
  }

  // MARK: Whole texts

  /// All statements of the source.
  mutating func statements() -> [Statement] {
    var body: [Statement] = []
    while kind != .end {
      switch kind {
      case .newline, .dedent: advance()
      default: statement(into: &body)
      }
    }
    return body
  }

  /// Skips what is left of a line that could not be parsed, and reads the block below it, so that
  /// its statements are seen.
  mutating func recover(into body: inout [Statement]) {
    bracketDepth = 0
    depth = 0
    while kind != .newline, kind != .end, kind != .indent, kind != .dedent { advance() }
    if kind == .newline { advance() }
    if kind == .indent {
      advance()
      block(into: &body)
    }
  }

  /// Statements up to the end of the block, which is taken.
  mutating func block(into body: inout [Statement]) {
    while kind != .dedent, kind != .end { statement(into: &body) }
    if kind == .dedent { advance() }
  }
}

extension Tree {
  /// Parses a cell or file; never fails, what is wrong is in the result.
  ///
  /// The first of the errors is the one CPython 3.11 would report: characters and literals come
  /// before the rest, and that before misplaced statements and names.
  public static func parse(_ source: Source) -> Parse {
    var lexer = Lexer(source)
    lexer.run()
    var parser = Parser(lexer)
    let body = parser.statements()
    let tree = Tree(
      source: source, body: body, scopeCount: parser.scopeCount,
      endsQuietly: parser.endedQuietly)
    var errors = ordered(lexer.errors, parser.errors)
    if errors.isEmpty, let unclosed = lexer.brackets.last {
      errors = [parser.neverClosed(unclosed)]
    }
    var warnings = lexer.warnings + parser.warnings
    if errors.isEmpty {
      var checks = Checks(tree)
      checks.run()
      errors = checks.errors
      warnings += checks.warnings
    }
    return Parse(tree: tree, errors: errors, warnings: warnings)
  }

  /// All errors by their places, except that the one to report stands first.
  private static func ordered(_ lexer: [Diagnostic], _ parser: [Diagnostic]) -> [Diagnostic] {
    let all = (lexer + parser).enumerated().sorted {
      ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset)
    }.map(\.element)
    // CPython reads the whole text for broken characters and literals before it reports anything
    // else; indentation only as far as it comes.
    guard let first = lexer.first(where: { $0.exception == .syntax && !$0.isEndOfText }) else {
      return all
    }
    return [first] + all.filter { $0.span != first.span || $0.message != first.message }
  }
}

extension Diagnostic {
  /// Whether it is the end of the text that is wrong.
  var isEndOfText: Bool { message == "unexpected EOF while parsing" }
}
