extension Parser {
  /// Arguments up to the closing parenthesis, which is taken.
  ///
  /// - Parameters:
  ///   - open: where the opening parenthesis stands.
  ///   - allowsGenerator: whether a lone `x for x in y` may be the argument.
  mutating func arguments(
    of open: Int, allowsGenerator: Bool = true
  ) throws(Failed) -> [CallArgument] {
    var arguments: [CallArgument] = []
    var order = Order()
    while kind != .rightParenthesis {
      let argument = try argument(
        open, isFirst: arguments.isEmpty, allowsGenerator: allowsGenerator)
      try check(argument, after: &order)
      arguments.append(argument)
      guard take(.comma) else { break }
    }
    try expect(.rightParenthesis)
    return arguments
  }

  private mutating func argument(
    _ open: Int, isFirst: Bool, allowsGenerator: Bool
  ) throws(Failed) -> CallArgument {
    let start = current.start
    switch kind {
    case .star:
      advance()
      let value = try expression()
      if kind == .for {
        throw fail(
          isFirst
            ? "iterable unpacking cannot be used in comprehension"
            : "Generator expression must be parenthesized", at: span(from: start))
      }
      return CallArgument(kind: .spread, value: value, span: span(from: start))
    case .doubleStar:
      advance()
      let value = try expression()
      return CallArgument(kind: .spreadNamed, value: value, span: span(from: start))
    case .name where next.kind == .equal:
      let name = try identifier()
      advance()
      let value = try expression()
      if kind == .for { throw comparisonMeant(SourceSpan(start, name.span.end + 1)) }
      return CallArgument(kind: .named(name), value: value, span: span(from: start))
    case .true where next.kind == .equal, .false where next.kind == .equal,
      .none where next.kind == .equal:
      throw fail(
        "cannot assign to \(text(current))", at: SourceSpan(start, next.end))
    default:
      let value = try argumentValue()
      guard kind == .for || kind == .async, allowsGenerator else {
        return CallArgument(kind: .positional, value: value, span: span(from: start))
      }
      let generator = try comprehension(.generator, value, nil, from: start)
      guard isFirst, kind == .rightParenthesis else {
        if kind != .comma, kind != .rightParenthesis { throw unexpected() }
        throw fail("Generator expression must be parenthesized", at: generator.span)
      }
      // As the only argument it needs no parentheses of its own: those of the call are its.
      let whole = Expression(generator.form, SourceSpan(open, current.end))
      return CallArgument(kind: .positional, value: whole, span: generator.span)
    }
  }

  private mutating func argumentValue() throws(Failed) -> Expression {
    if kind == .name, next.kind == .colonEqual { return try namedExpression() }
    let start = current.start
    let value = try expression()
    if kind == .equal {
      throw fail(
        "expression cannot contain assignment, perhaps you meant \"==\"?",
        at: SourceSpan(start, current.end), code: "L004", help: "use == to compare")
    }
    return value
  }

  private mutating func comparisonMeant(_ span: SourceSpan) -> Failed {
    fail(
      "invalid syntax. Maybe you meant '==' or ':=' instead of '='?", at: span, code: "L004",
      help: "use == to compare")
  }

  /// Which kinds of named arguments came before.
  private struct Order {
    var sawName = false
    var sawSpread = false
  }

  private mutating func check(
    _ argument: CallArgument, after order: inout Order
  ) throws(Failed) {
    let end = SourceSpan(previousEnd, previousEnd + 1)
    switch argument.kind {
    case .named: order.sawName = true
    case .spreadNamed: order.sawSpread = true
    case .spread where order.sawSpread:
      throw fail(
        "iterable argument unpacking follows keyword argument unpacking", at: argument.span)
    case .positional where order.sawSpread:
      throw fail("positional argument follows keyword argument unpacking", at: end)
    case .positional where order.sawName:
      throw fail("positional argument follows keyword argument", at: end)
    case .positional, .spread: return
    }
  }
}
