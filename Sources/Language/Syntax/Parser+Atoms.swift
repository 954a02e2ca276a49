extension Parser {
  mutating func atom() throws(Failed) -> Expression {
    let span = current.span
    let form: Expression.Form
    switch kind {
    case .name: form = .name(name(current))
    case .number: form = try number()
    case .string, .formatString, .brokenString: return try strings()
    case .none: form = .none
    case .true: form = .true
    case .false: form = .false
    case .ellipsis: form = .ellipsis
    case .brokenNumber: form = .integer(0)
    case .leftParenthesis: return try bracketed { parser throws(Failed) in try parser.group(span) }
    case .leftBracket: return try bracketed { parser throws(Failed) in try parser.list(span) }
    case .leftBrace: return try bracketed { parser throws(Failed) in try parser.braces(span) }
    default: throw unexpected()
    }
    advance()
    return Expression(form, span)
  }

  /// Takes the opening bracket and parses what it opens, with the closing one.
  private mutating func bracketed(
    _ body: (inout Parser) throws(Failed) -> Expression
  ) throws(Failed) -> Expression {
    try deepen()
    defer { depth -= 1 }
    advance()
    bracketDepth += 1
    let value = try body(&self)
    bracketDepth -= 1
    return value
  }

  // MARK: ( )

  private mutating func group(_ open: SourceSpan) throws(Failed) -> Expression {
    if take(.rightParenthesis) { return Expression(.tuple([]), span(from: open.start)) }
    let contents = try groupContents(closing: .rightParenthesis)
    advance()
    guard contents.isNew else { return contents.expression }
    return Expression(contents.expression.form, span(from: open.start))
  }

  /// What parentheses may hold: an expression, a tuple, a generator expression, `yield`.
  ///
  /// The closing token stands at the end and is not taken.
  mutating func groupContents(closing: Token.Kind) throws(Failed) -> GroupContents {
    let start = current.start
    if kind == .yield {
      let value = try yieldExpression()
      guard kind == closing else { throw unexpected() }
      return GroupContents(expression: value, isNew: false)
    }
    if kind == .doubleStar {
      throw fail("cannot use double starred expression here", at: current.span)
    }
    let first = try starNamedExpression()
    if kind == .for || kind == .async {
      let value = try comprehension(.generator, first, nil, from: start)
      guard kind == closing else { throw unexpected() }
      return GroupContents(expression: value, isNew: true)
    }
    guard kind == .comma else {
      guard kind == closing else { throw unexpected() }
      if first.isStarred { throw fail("cannot use starred expression here", at: first.span) }
      return GroupContents(expression: first, isNew: false)
    }
    let items = try items(after: first, until: closing)
    return GroupContents(
      expression: Expression(.tuple(items), span(from: start)), isNew: true)
  }

  /// What stood between parentheses.
  struct GroupContents {
    let expression: Expression
    /// Whether the parentheses are part of it: a tuple or a generator expression.
    let isNew: Bool
  }

  /// The elements of a display after the first, up to the closing token, which is not taken.
  private mutating func items(
    after first: Expression, until closing: Token.Kind
  ) throws(Failed) -> [Expression] {
    var items = [first]
    while take(.comma), kind != closing {
      // Before `for` the elements were meant as one tuple.
      if kind == .for, closing != .rightParenthesis { throw forgottenParentheses(first) }
      items.append(try starNamedExpression())
    }
    if kind == .for, closing != .rightParenthesis { throw forgottenParentheses(first) }
    if kind != closing { throw unexpected() }
    return items
  }

  private mutating func forgottenParentheses(_ first: Expression) -> Failed {
    fail(
      "did you forget parentheses around the comprehension target?",
      at: SourceSpan(first.span.start, previousEnd))
  }

  // MARK: [ ] and { }

  private mutating func list(_ open: SourceSpan) throws(Failed) -> Expression {
    if take(.rightBracket) { return Expression(.list([]), span(from: open.start)) }
    let first = try starNamedExpression()
    let form: Expression.Form
    if kind == .for || kind == .async {
      form = try comprehension(.list, first, nil, from: open.start).form
    } else {
      form = .list(try items(after: first, until: .rightBracket))
    }
    try expect(.rightBracket)
    return Expression(form, span(from: open.start))
  }

  private mutating func braces(_ open: SourceSpan) throws(Failed) -> Expression {
    if take(.rightBrace) { return Expression(.dictionary([]), span(from: open.start)) }
    if kind == .doubleStar { return try dictionary(open, first: nil) }
    let isWalrus = kind == .name && next.kind == .colonEqual
    let first = try starNamedExpression()
    if kind == .colon, !first.isStarred, !isWalrus { return try dictionary(open, first: first) }
    let form: Expression.Form
    if kind == .for || kind == .async {
      form = try comprehension(.set, first, nil, from: open.start).form
    } else {
      form = .set(try items(after: first, until: .rightBrace))
    }
    try expect(.rightBrace)
    return Expression(form, span(from: open.start))
  }

  /// A dictionary, or the comprehension of one; `first` is the key already read.
  private mutating func dictionary(
    _ open: SourceSpan, first: Expression?
  ) throws(Failed) -> Expression {
    var items: [DictionaryItem] = []
    var key = first
    repeat {
      if kind == .rightBrace { break }
      if key == nil, kind == .doubleStar {
        let stars = current.span
        advance()
        items.append(.spread(try bitwiseOr()))
        if kind == .for, items.count == 1 {
          throw fail("dict unpacking cannot be used in dict comprehension", at: stars)
        }
        continue
      }
      let name: Expression
      if let key { name = key } else { name = try expression() }
      key = nil
      let value = try dictionaryValue(of: name)
      if items.isEmpty, kind == .for || kind == .async {
        let form = try comprehension(.dictionary, name, value, from: open.start).form
        try expect(.rightBrace)
        return Expression(form, span(from: open.start))
      }
      items.append(.pair(name, value))
      if kind != .comma, kind != .rightBrace { throw unexpected() }
    } while take(.comma)
    try expect(.rightBrace)
    return Expression(.dictionary(items), span(from: open.start))
  }

  private mutating func dictionaryValue(of key: Expression) throws(Failed) -> Expression {
    guard kind == .colon else {
      if kind != .end {
        throw fail(
          "':' expected after dictionary key", at: SourceSpan(previousEnd - 1, previousEnd))
      }
      throw unexpected()
    }
    let colon = current.span
    advance()
    if kind == .rightBrace || kind == .comma {
      throw fail("expression expected after dictionary key and ':'", at: colon)
    }
    if kind == .star {
      throw fail("cannot use a starred expression in a dictionary value", at: current.span)
    }
    return try expression()
  }

  // MARK: Comprehensions

  /// The clauses from the first `for`, with the element already read.
  mutating func comprehension(
    _ comprehensionKind: Comprehension.Kind, _ element: Expression, _ value: Expression?,
    from start: Int
  ) throws(Failed) -> Expression {
    if element.isStarred {
      throw fail("iterable unpacking cannot be used in comprehension", at: element.span)
    }
    var clauses: [Comprehension.Clause] = []
    while kind == .for || kind == .async {
      if kind == .async { throw unsupported(.async) }
      advance()
      let target = try loopTargets()
      try expect(.in)
      let iterable = try disjunction()
      var conditions: [Expression] = []
      while take(.if) { conditions.append(try disjunction()) }
      clauses.append(
        Comprehension.Clause(target: target, iterable: iterable, conditions: conditions))
    }
    let result = Comprehension(
      kind: comprehensionKind, element: element, value: value, clauses: clauses,
      scope: newScope())
    return Expression(.comprehension(result), span(from: start))
  }
}
