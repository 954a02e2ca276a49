extension Parser {
  /// The line that opens a block, for messages about the block.
  struct Header {
    /// `'if' statement`, `function definition`.
    let what: String
    /// Its first token.
    let span: SourceSpan
  }

  mutating func header(_ what: String) -> Header { Header(what: what, span: current.span) }

  /// The `:` after a header; where the line ends without one, that is noted and the block read.
  ///
  /// - Parameter forced: whether CPython says "expected ':'" whatever else stands there.
  mutating func colon(after header: Header, forced: Bool = false) throws(Failed) {
    if take(.colon) { return }
    if kind == .newline || (forced && kind != .end) {
      let advice = advice ?? Advice("L003", "write ':' at the end of the line")
      note(
        "expected ':'", at: kind == .newline ? colonSpan : current.span, code: advice.code,
        help: advice.help)
      if kind == .newline { return }
      throw Failed()
    }
    throw unexpected()
  }

  /// Where a missing `:` belongs: after the last token.
  private var colonSpan: SourceSpan { SourceSpan(previousEnd, previousEnd) }

  /// The block of a header: statements on the same line, or indented lines below.
  mutating func suite(of header: Header) throws(Failed) -> [Statement] {
    var body: [Statement] = []
    guard kind == .newline else {
      try line(into: &body)
      return body
    }
    advance()
    guard kind == .indent else {
      let position = source.position(at: header.span.start)
      note(
        "expected an indented block after \(header.what) on line \(position.line)", .indentation,
        at: current.span, code: "L005",
        notes: [
          "line \(position.line), column \(position.column + 1): "
            + source.text(ofLine: position.line).trimmed
        ],
        help: "indent the lines that belong to it, or write pass")
      return body
    }
    advance()
    block(into: &body)
    return body
  }

  // MARK: Branches and loops

  mutating func ifStatement() throws(Failed) -> Statement {
    let start = current.start
    var branches: [Branch] = []
    var what = "'if' statement"
    repeat {
      let header = header(what)
      statementStart = index
      advance()
      let condition = try namedExpression()
      try colon(after: header)
      branches.append(Branch(condition: condition, body: try suite(of: header)))
      what = "'elif' statement"
    } while kind == .elif
    let otherwise = try elseBlock()
    return Statement(.if(branches, else: otherwise), span(from: start))
  }

  mutating func elseBlock() throws(Failed) -> [Statement] {
    guard kind == .else else { return [] }
    let header = header("'else' statement")
    statementStart = index
    advance()
    try colon(after: header, forced: true)
    return try suite(of: header)
  }

  mutating func whileStatement() throws(Failed) -> Statement {
    let start = current.start
    let header = header("'while' statement")
    advance()
    let condition = try namedExpression()
    try colon(after: header)
    let body = try suite(of: header)
    let otherwise = try elseBlock()
    return Statement(
      .while(condition: condition, body: body, else: otherwise), span(from: start))
  }

  mutating func forStatement() throws(Failed) -> Statement {
    let start = current.start
    let header = header("'for' statement")
    advance()
    let target = try loopTargets()
    try expect(.in)
    let iterable = try starExpressions()
    try colon(after: header)
    let body = try suite(of: header)
    let otherwise = try elseBlock()
    return Statement(
      .for(target: target, iterable: iterable, body: body, else: otherwise), span(from: start))
  }

  // MARK: try

  mutating func tryStatement() throws(Failed) -> Statement {
    let start = current.start
    let header = header("'try' statement")
    advance()
    try colon(after: header, forced: true)
    let body = try suite(of: header)
    guard kind == .except || kind == .finally else {
      throw fail("expected 'except' or 'finally' block", at: current.span)
    }
    var handlers: [TryStatement.Handler] = []
    while kind == .except {
      statementStart = index
      handlers.append(try exceptHandler())
    }
    let otherwise = handlers.isEmpty ? [] : try elseBlock()
    var last: [Statement] = []
    if kind == .finally {
      let header = self.header("'finally' statement")
      advance()
      try colon(after: header, forced: true)
      last = try suite(of: header)
    }
    return Statement(
      .try(TryStatement(body: body, handlers: handlers, otherwise: otherwise, finally: last)),
      span(from: start))
  }

  private mutating func exceptHandler() throws(Failed) -> TryStatement.Handler {
    let start = current.start
    let header = header("'except' statement")
    advance()
    if kind == .star { throw unsupported(.exceptStar) }
    var type: Expression?
    var name: Identifier?
    if kind != .colon, kind != .newline {
      let first = try expression()
      if kind == .comma {
        let end = try expressionsEnd(first)
        if kind == .colon || kind == .as {
          throw fail(
            "multiple exception types must be parenthesized", at: first.span.through(end),
            help: "except (A, B):")
        }
        throw unexpected()
      }
      type = first
      if take(.as) { name = try identifier() }
    }
    try colon(after: header)
    let body = try suite(of: header)
    return TryStatement.Handler(type: type, name: name, body: body, span: span(from: start))
  }

  private mutating func expressionsEnd(_ first: Expression) throws(Failed) -> SourceSpan {
    var end = first.span
    while take(.comma), kind != .colon, kind != .as { end = try expression().span }
    return end
  }

  // MARK: with

  mutating func withStatement() throws(Failed) -> Statement {
    let start = current.start
    let header = header("'with' statement")
    advance()
    var items: [WithItem] = []
    if kind == .leftParenthesis, let grouped = try groupedItems() {
      items = grouped
    } else {
      repeat { items.append(try withItem()) } while take(.comma)
    }
    try colon(after: header)
    let body = try suite(of: header)
    return Statement(.with(items, body: body), span(from: start))
  }

  /// The items of `with (a as b, c as d):`; nil, and nothing taken, when the parentheses belong to
  /// an expression.
  private mutating func groupedItems() throws(Failed) -> [WithItem]? {
    var level = 0
    var closing = index
    repeat {
      switch tokens[closing].kind {
      case .leftParenthesis, .leftBracket, .leftBrace: level += 1
      case .rightParenthesis, .rightBracket, .rightBrace: level -= 1
      default: break
      }
      closing += 1
    } while level > 0 && closing < tokens.count
    let isOpen = level > 0
    guard isOpen || tokens[closing].kind == .colon else { return nil }
    var trial = trial
    do throws(Failed) {
      var items: [WithItem] = []
      trial.advance()
      trial.bracketDepth += 1
      repeat {
        if !items.isEmpty, trial.kind == .rightParenthesis { break }
        items.append(try trial.withItem())
      } while trial.take(.comma)
      trial.bracketDepth -= 1
      try trial.expect(.rightParenthesis)
      trial.isTrial = isTrial
      self = trial
      return items
    } catch {
      guard isOpen, trial.kind == .end else { return nil }
      trial.isTrial = isTrial
      self = trial
      throw unexpected()
    }
  }

  private mutating func withItem() throws(Failed) -> WithItem {
    let context = try expression()
    guard take(.as) else { return WithItem(context: context, target: nil) }
    let start = current.start
    let target =
      take(.star)
      ? Expression(.starred(try bitwiseOr()), span(from: start)) : try bitwiseOr()
    if let bad = invalidTarget(in: target) {
      if kind == .end { throw unexpected() }
      throw fail("cannot assign to \(bad.expression.describedKind)", at: bad.expression.span)
    }
    return WithItem(context: context, target: target)
  }
}

extension String {
  /// Without white space at both ends.
  var trimmed: String {
    var part = self[...].unicodeScalars
    while let first = part.first, first.properties.isWhitespace { part.removeFirst() }
    while let last = part.last, last.properties.isWhitespace { part.removeLast() }
    return String(part)
  }
}
