extension Parser {
  /// `@expression` lines and the `def` or `class` below them.
  mutating func decorated() throws(Failed) -> Statement {
    var decorators: [Expression] = []
    while take(.at) {
      decorators.append(try namedExpression())
      try expect(.newline)
    }
    let start = current.start
    switch kind {
    case .def: return try functionStatement(decorators: decorators, from: start)
    case .class: return try classStatement(decorators: decorators, from: start)
    case .async: throw unsupported(.async)
    default: throw unexpected()
    }
  }

  mutating func functionStatement(
    decorators: [Expression], from start: Int
  ) throws(Failed) -> Statement {
    let header = header("function definition")
    statementStart = index
    advance()
    let name = try identifier()
    guard kind == .leftParenthesis else {
      throw fail("expected '('", at: current.span, help: "def \(name.text)():")
    }
    advance()
    bracketDepth += 1
    let parameters = try parameters(until: .rightParenthesis, isLambda: false)
    bracketDepth -= 1
    try expect(.rightParenthesis)
    var returns: Expression?
    if kind == .arrow, next.kind.startsExpression {
      advance()
      returns = try expression()
    }
    try colon(after: header, forced: true)
    let scope = newScope()
    let outerYield = sawYield
    sawYield = false
    defer { sawYield = outerYield }
    let body = try suite(of: header)
    let function = Function(
      name: name, decorators: decorators, parameters: parameters, returns: returns,
      body: .block(body), isGenerator: sawYield, scope: scope)
    return Statement(.function(function), span(from: start))
  }

  mutating func classStatement(
    decorators: [Expression], from start: Int
  ) throws(Failed) -> Statement {
    let header = header("class definition")
    statementStart = index
    advance()
    let name = try identifier()
    var base: Expression?
    var keywords: [CallArgument] = []
    if kind == .leftParenthesis {
      let open = current.start
      advance()
      bracketDepth += 1
      let arguments = try arguments(of: open, allowsGenerator: false)
      bracketDepth -= 1
      for argument in arguments {
        switch argument.kind {
        case .positional where base == nil: base = argument.value
        case .named(let name) where name.text == "metaclass":
          // A class of abc.ABCMeta is one below abc.ABC.
          guard argument.makesAbstract else { throw unsupported(.metaclass) }
          base = base ?? argument.value
        case .named: keywords.append(argument)
        default: throw unsupported(.bases)
        }
      }
    }
    try colon(after: header)
    let scope = newScope()
    let outerYield = sawYield
    let outerClass = className
    className = String(decoding: bytes[name.span.range], as: UTF8.self)
    defer {
      sawYield = outerYield
      className = outerClass
    }
    let body = try suite(of: header)
    let definition = ClassDefinition(
      name: name, decorators: decorators, base: base, keywords: keywords, body: body,
      scope: scope)
    return Statement(.class(definition), span(from: start))
  }

  mutating func lambda() throws(Failed) -> Expression {
    let start = current.start
    let parameters = try lambdaParameters()
    let scope = newScope()
    let outerYield = sawYield
    sawYield = false
    defer { sawYield = outerYield }
    let body = try expression()
    return lambda(parameters, body, scope, from: start)
  }

  private func lambda(
    _ parameters: [Parameter], _ body: Expression, _ scope: ScopeNumber, from start: Int
  ) -> Expression {
    let function = Function(
      name: nil, decorators: [], parameters: parameters, returns: nil, body: .expression(body),
      isGenerator: sawYield, scope: scope)
    return Expression(.lambda(function), span(from: start))
  }

  /// From the word `lambda` to the colon.
  private mutating func lambdaParameters() throws(Failed) -> [Parameter] {
    advance()
    let parameters = try parameters(until: .colon, isLambda: true)
    guard take(.colon) else {
      if kind == .end { throw unexpected() }
      throw fail("expected ':'", at: current.span, code: "L003", help: "lambda x: …")
    }
    return parameters
  }

  // MARK: Parameters

  /// What has been seen of a parameter list.
  private struct ParameterState {
    var list: [Parameter] = []
    var hasDefault = false
    var sawSlash = false
    var sawStar = false
    var sawRestNamed = false
    /// A bare `*` that still needs a name after it.
    var bareStar: SourceSpan?
  }

  /// Parameters up to the closing token, which is not taken.
  private mutating func parameters(
    until end: Token.Kind, isLambda: Bool
  ) throws(Failed) -> [Parameter] {
    var state = ParameterState()
    while kind != end {
      if state.sawRestNamed, [.name, .star, .doubleStar, .slash].contains(kind) {
        throw fail("arguments cannot follow var-keyword argument", at: current.span)
      }
      try parameter(&state, isLambda)
      guard state.list.count <= Limit.parameters else {
        throw fail(
          "more than \(Limit.parameters) parameters", at: state.list[Limit.parameters].name.span,
          code: "L010", help: "pass a list or a dict")
      }
      guard take(.comma) else { break }
    }
    if let bare = state.bareStar, kind != .end {
      throw fail("named arguments must follow bare *", at: bare)
    }
    guard kind == end else { throw unexpected() }
    return state.list
  }

  private mutating func parameter(
    _ state: inout ParameterState, _ isLambda: Bool
  ) throws(Failed) {
    switch kind {
    case .slash: try slash(&state)
    case .star:
      if state.sawStar { throw fail("* argument may appear only once", at: current.span) }
      state.sawStar = true
      let star = current.span
      advance()
      guard kind == .name else {
        guard kind == .comma, next.kind != .doubleStar else {
          guard kind == .comma || kind == .rightParenthesis || kind == .colon else {
            throw unexpected()
          }
          throw fail("named arguments must follow bare *", at: star)
        }
        state.bareStar = star
        return
      }
      try add(.rest, to: &state, isLambda)
      if kind == .equal {
        throw fail("var-positional argument cannot have default value", at: current.span)
      }
    case .doubleStar:
      advance()
      state.sawRestNamed = true
      try add(.restNamed, to: &state, isLambda)
      if kind == .equal {
        throw fail("var-keyword argument cannot have default value", at: current.span)
      }
    case .leftParenthesis: throw groupedParameters(isLambda)
    default:
      state.bareStar = nil
      try add(state.sawStar ? .keywordOnly : .positional, to: &state, isLambda)
    }
  }

  private mutating func slash(_ state: inout ParameterState) throws(Failed) {
    if state.sawSlash { throw fail("/ may appear only once", at: current.span) }
    if state.sawStar { throw fail("/ must be ahead of *", at: current.span) }
    if state.list.isEmpty {
      guard next.kind == .comma else { throw unexpected() }
      throw fail("at least one argument must precede /", at: current.span)
    }
    state.sawSlash = true
    state.list = state.list.map {
      Parameter(
        name: $0.name, kind: .positionalOnly, annotation: $0.annotation, default: $0.default)
    }
    advance()
    if kind == .star { throw fail("expected comma between / and *", at: current.span) }
  }

  private mutating func add(
    _ parameterKind: Parameter.Kind, to state: inout ParameterState, _ isLambda: Bool
  ) throws(Failed) {
    let name = try identifier()
    var annotation: Expression?
    if !isLambda, take(.colon) {
      annotation = parameterKind == .rest ? try starExpression() : try expression()
    }
    var value: Expression?
    let takesDefault = parameterKind == .positional || parameterKind == .keywordOnly
    if takesDefault, kind == .equal {
      let equal = current.span
      advance()
      if [.rightParenthesis, .comma].contains(kind) || (isLambda && kind == .colon) {
        throw fail("expected default value expression", at: equal)
      }
      value = try expression()
    }
    if parameterKind == .positional {
      if value == nil, state.hasDefault {
        throw fail("non-default argument follows default argument", at: name.span)
      }
      state.hasDefault = state.hasDefault || value != nil
    }
    state.list.append(
      Parameter(name: name, kind: parameterKind, annotation: annotation, default: value))
  }

  private mutating func groupedParameters(_ isLambda: Bool) -> Failed {
    let start = current.start
    var lookahead = index + 1
    var hasName = false
    while tokens[lookahead].kind == .name || tokens[lookahead].kind == .comma {
      hasName = true
      lookahead += 1
    }
    guard hasName, tokens[lookahead].kind == .rightParenthesis else { return unexpected() }
    let what = isLambda ? "Lambda expression" : "Function"
    return fail(
      "\(what) parameters cannot be parenthesized", at: SourceSpan(start, tokens[lookahead].end))
  }
}

extension CallArgument.Kind {
  var isNamed: Bool {
    switch self {
    case .named, .spreadNamed: true
    case .positional, .spread: false
    }
  }
}

extension CallArgument {
  /// `metaclass=ABCMeta`, the one metaclass there is.
  fileprivate var makesAbstract: Bool {
    guard case .named(let name) = kind, name.text == "metaclass" else { return false }
    switch value.form {
    case .name(let text): return text == "ABCMeta"
    case .attribute(_, let member): return member.text == "ABCMeta"
    default: return false
    }
  }
}
