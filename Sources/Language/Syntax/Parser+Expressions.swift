extension Parser {
  // MARK: Lists of expressions

  /// `a, *b, c`: one expression, or a tuple.
  mutating func starExpressions() throws(Failed) -> Expression {
    let start = current.start
    let first = try starExpression()
    guard kind == .comma else { return first }
    var items = [first]
    while take(.comma), startsExpression { items.append(try starExpression()) }
    return Expression(.tuple(items), span(from: start))
  }

  mutating func starExpression() throws(Failed) -> Expression {
    guard kind == .star else { return try expression() }
    let start = current.start
    advance()
    let startIndex = index
    let value = try bitwiseOr()
    lastOperand = startIndex..<index
    return Expression(.starred(value), span(from: start))
  }

  /// An element of a display: `*values` or an expression that may be named.
  mutating func starNamedExpression() throws(Failed) -> Expression {
    kind == .star ? try starExpression() : try namedExpression()
  }

  /// Whether an expression, or `*`, can begin at the current token.
  var startsExpression: Bool { current.kind.startsExpression || current.kind == .star }

  mutating func yieldExpression() throws(Failed) -> Expression {
    let start = current.start
    advance()
    sawYield = true
    if take(.from) {
      let source = try expression()
      return Expression(.yieldFrom(source), span(from: start))
    }
    let value = startsExpression ? try starExpressions() : nil
    return Expression(.yield(value), span(from: start))
  }

  // MARK: One expression

  /// `name := value`, or an expression; a single `=` behind it is an error with advice (L004).
  mutating func namedExpression() throws(Failed) -> Expression {
    let start = current.start
    if kind == .name, next.kind == .colonEqual {
      let name = try identifier()
      advance()
      let value = try expression()
      return Expression(.named(name, value), span(from: start))
    }
    let value = try expression()
    if kind == .colonEqual {
      throw fail(
        "cannot use assignment expressions with \(value.describedKind)", at: value.span)
    }
    if kind == .equal, let mistake = equalInCondition(value) { throw mistake }
    return value
  }

  /// For `if x = 3`: says so when what follows could be compared.
  private mutating func equalInCondition(_ value: Expression) -> Failed? {
    guard !isTrial else { return nil }
    var trial = trial
    trial.advance()
    guard (try? trial.bitwiseOr()) != nil, trial.kind != .equal, trial.kind != .colonEqual else {
      return nil
    }
    let isGrouped = value.span.end < previousEnd
    guard value.canBeCompared(isGrouped: isGrouped) else { return nil }
    switch value.form {
    case .name where !isGrouped:
      return fail(
        "invalid syntax. Maybe you meant '==' or ':=' instead of '='?",
        at: value.span.through(SourceSpan(trial.previousEnd, trial.previousEnd)), code: "L004",
        help: "use == to compare")
    default:
      return fail(
        "cannot assign to \(value.describedKind) here. Maybe you meant '==' instead of '='?",
        at: value.span, code: "L004", help: "use == to compare")
    }
  }

  mutating func expression() throws(Failed) -> Expression {
    if kind == .lambda {
      try deepen()
      defer { depth -= 1 }
      return try lambda()
    }
    let start = current.start
    let startIndex = index
    let value = try disjunction()
    lastOperand = startIndex..<index
    guard kind == .if else { return value }
    let condition = try choice(from: start)
    try deepen()
    defer { depth -= 1 }
    let otherwise = try expression()
    return Expression(
      .conditional(condition: condition, then: value, else: otherwise), span(from: start))
  }

  /// `if condition else`, behind the value that starts at `start`.
  private mutating func choice(from start: Int) throws(Failed) -> Expression {
    advance()
    let condition = try disjunction()
    guard take(.else) else {
      if kind == .colon || (kind == .end && prefix.isEmpty) { throw unexpected() }
      throw fail(
        "expected 'else' after 'if' expression", at: span(from: start),
        help: "a if condition else b")
    }
    return condition
  }

  mutating func disjunction() throws(Failed) -> Expression {
    let start = current.start
    let first = try conjunction()
    guard kind == .or else { return first }
    var operands = [first]
    while take(.or) { operands.append(try conjunction()) }
    return Expression(.boolean(.or, operands), span(from: start))
  }

  private mutating func conjunction() throws(Failed) -> Expression {
    let start = current.start
    let first = try inversion()
    guard kind == .and else { return first }
    var operands = [first]
    while take(.and) { operands.append(try inversion()) }
    return Expression(.boolean(.and, operands), span(from: start))
  }

  private mutating func inversion() throws(Failed) -> Expression {
    guard kind == .not else { return try comparison() }
    let start = current.start
    try deepen()
    defer { depth -= 1 }
    advance()
    let operand = try inversion()
    return Expression(.unary(.not, operand), span(from: start))
  }

  private mutating func comparison() throws(Failed) -> Expression {
    let start = current.start
    let first = try bitwiseOr()
    guard var comparison = comparisonOperator else { return first }
    var steps: [ComparisonStep] = []
    while true {
      let operatorStart = current.start
      advance()
      if comparison == .notIn || comparison == .isNot { advance() }
      let operatorSpan = span(from: operatorStart)
      steps.append(ComparisonStep(comparison, at: operatorSpan, try bitwiseOr()))
      guard let next = comparisonOperator else { break }
      comparison = next
    }
    return Expression(.comparison(first, steps), span(from: start))
  }

  private var comparisonOperator: ComparisonOperator? {
    switch kind {
    case .less: .less
    case .lessEqual: .lessEqual
    case .greater: .greater
    case .greaterEqual: .greaterEqual
    case .equalEqual: .equal
    case .notEqual: .notEqual
    case .in: .in
    case .is: next.kind == .not ? .isNot : .is
    case .not: next.kind == .in ? .notIn : nil
    default: nil
    }
  }

  // MARK: Operators

  mutating func bitwiseOr() throws(Failed) -> Expression { try binary(from: 1) }

  /// Operators of at least the given precedence; those of one precedence become one flat chain.
  private mutating func binary(from lowest: Int) throws(Failed) -> Expression {
    let start = current.start
    var value = try unary()
    while true {
      let level = kind.precedence
      guard level >= lowest else { return value }
      var steps: [BinaryStep] = []
      while kind.precedence == level, let op = BinaryOperator(kind) {
        let operatorSpan = current.span
        advance()
        let operand = try binary(from: level + 1)
        steps.append(BinaryStep(op, at: operatorSpan, operand, span: span(from: start)))
      }
      value = Expression(.binary(value, steps), span(from: start))
    }
  }

  private mutating func unary() throws(Failed) -> Expression {
    let op: UnaryOperator
    switch kind {
    case .plus: op = .plus
    case .minus: op = .minus
    case .tilde: op = .invert
    default: return try power()
    }
    let start = current.start
    try deepen()
    defer { depth -= 1 }
    advance()
    let operand = try unary()
    return Expression(.unary(op, operand), span(from: start))
  }

  private mutating func power() throws(Failed) -> Expression {
    let start = current.start
    let base = try primary()
    guard kind == .doubleStar else { return base }
    let operatorSpan = current.span
    try deepen()
    defer { depth -= 1 }
    advance()
    let exponent = try unary()
    let step = BinaryStep(.power, at: operatorSpan, exponent, span: span(from: start))
    return Expression(.binary(base, [step]), step.span)
  }

  // MARK: Calls, attributes, subscripts

  mutating func primary() throws(Failed) -> Expression {
    if kind == .await { throw unsupported(.await) }
    let start = current.start
    var value = try atom()
    var levels = 0
    defer { depth -= levels }
    while true {
      switch kind {
      case .dot:
        advance()
        let name = try identifier()
        value = Expression(.attribute(value, name), span(from: start))
      case .leftParenthesis:
        let open = current.start
        advance()
        bracketDepth += 1
        let arguments = try arguments(of: open)
        bracketDepth -= 1
        value = Expression(.call(value, arguments), span(from: start))
      case .leftBracket:
        advance()
        bracketDepth += 1
        let index = try subscripts()
        bracketDepth -= 1
        value = Expression(.element(value, index: index), span(from: start))
      default: return value
      }
      levels += 1
      try deepen()
    }
  }

  private mutating func subscripts() throws(Failed) -> Expression {
    let start = current.start
    let first = try slice()
    guard kind == .comma || first.isStarred else {
      if kind != .rightBracket { throw unexpected() }
      advance()
      return first
    }
    var items = [first]
    while take(.comma), kind != .rightBracket { items.append(try slice()) }
    let index = Expression(.tuple(items), span(from: start))
    if kind != .rightBracket { throw unexpected() }
    advance()
    return index
  }

  private mutating func slice() throws(Failed) -> Expression {
    let start = current.start
    if kind == .star { return try starExpression() }
    var lower: Expression?
    if kind != .colon {
      let value = try namedExpression()
      guard kind == .colon else { return value }
      if case .named = value.form, !value.isGrouped(bytes), bytes[start] != Byte.leftParenthesis {
        throw unexpected()
      }
      lower = value
    }
    advance()
    let upper = endsSlicePart ? nil : try expression()
    var step: Expression?
    if take(.colon), !endsSlicePart { step = try expression() }
    return Expression(.slice(lower: lower, upper: upper, step: step), span(from: start))
  }

  private var endsSlicePart: Bool {
    kind == .colon || kind == .comma || kind == .rightBracket
  }
}

extension Expression {
  var isStarred: Bool {
    if case .starred = form { return true }
    return false
  }
}

extension BinaryOperator {
  fileprivate init?(_ kind: Token.Kind) {
    switch kind {
    case .bar: self = .bitOr
    case .caret: self = .bitXor
    case .ampersand: self = .bitAnd
    case .shiftLeft: self = .shiftLeft
    case .shiftRight: self = .shiftRight
    case .plus: self = .add
    case .minus: self = .subtract
    case .star: self = .multiply
    case .slash: self = .divide
    case .doubleSlash: self = .floorDivide
    case .percent: self = .modulo
    case .at: self = .matrixMultiply
    default: return nil
    }
  }
}

extension Token.Kind {
  /// How tightly a binary operator binds; 0 for everything else.
  fileprivate var precedence: Int {
    switch self {
    case .bar: 1
    case .caret: 2
    case .ampersand: 3
    case .shiftLeft, .shiftRight: 4
    case .plus, .minus: 5
    case .star, .slash, .doubleSlash, .percent, .at: 6
    default: 0
    }
  }

  /// Whether an expression can begin with it.
  var startsExpression: Bool {
    switch self {
    case .name, .number, .string, .formatString, .brokenString, .brokenNumber, .false, .none,
      .true, .leftParenthesis, .leftBracket, .leftBrace, .ellipsis, .plus, .minus, .tilde, .not,
      .lambda, .await:
      true
    default: false
    }
  }
}
