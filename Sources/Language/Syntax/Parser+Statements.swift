extension Parser {
  /// One statement, or the simple statements of one line; on an error the rest of the line is
  /// skipped.
  mutating func statement(into body: inout [Statement]) {
    let start = current.start
    let startIndex = index
    statementStart = index
    do throws(Failed) {
      switch kind {
      case .if: body.append(try ifStatement())
      case .while: body.append(try whileStatement())
      case .for: body.append(try forStatement())
      case .try: body.append(try tryStatement())
      case .with: body.append(try withStatement())
      case .def: body.append(try functionStatement(decorators: [], from: start))
      case .class: body.append(try classStatement(decorators: [], from: start))
      case .at: body.append(try decorated())
      case .async: throw unsupported(.async)
      case .indent:
        note("unexpected indent", .indentation, at: indentSpan, code: "L005", help: indentAdvice)
        advance()
        block(into: &body)
      default: try line(into: &body)
      }
    } catch {
      body.append(Statement(.invalid, SourceSpan(start, max(start, previousEnd))))
      if index == startIndex, kind != .newline { advance() }
      recover(into: &body)
    }
  }

  /// The first token after an indentation: what CPython points at.
  private var indentSpan: SourceSpan { next.kind == .end ? current.span : next.span }

  private var indentAdvice: String {
    "only the block of a line that ends with ':' is indented; line this up with the line above"
  }

  /// Simple statements separated by `;`, to the end of the line.
  mutating func line(into body: inout [Statement]) throws(Failed) {
    while true {
      statementStart = index
      body.append(try simpleStatement())
      endedQuietly = take(.semicolon)
      if !endedQuietly || kind == .newline { break }
    }
    guard kind == .newline else {
      if kind == .end, unclosed == nil { return }
      throw unexpected()
    }
    advance()
  }

  private mutating func simpleStatement() throws(Failed) -> Statement {
    let start = current.start
    let form: Statement.Form
    switch kind {
    case .pass:
      advance()
      form = .pass
    case .break:
      advance()
      form = .break
    case .continue:
      advance()
      form = .continue
    case .return:
      advance()
      form = .return(endsStatement ? nil : try starExpressions())
    case .raise:
      advance()
      form = try raiseStatement()
    case .assert:
      advance()
      let condition = try expression()
      form = .assert(condition, message: take(.comma) ? try expression() : nil)
    case .del:
      advance()
      form = .delete(try deleteTargets())
    case .global:
      advance()
      form = .global(try names())
    case .nonlocal:
      advance()
      form = .nonlocal(try names())
    case .import:
      advance()
      form = .import(try importedModules())
    case .from:
      advance()
      form = .importFrom(try fromImport())
    default: form = try expressionStatement()
    }
    return Statement(form, span(from: start))
  }

  var endsStatement: Bool { kind == .newline || kind == .semicolon || kind == .end }

  private mutating func names() throws(Failed) -> [Identifier] {
    var names = [try identifier()]
    while take(.comma) { names.append(try identifier()) }
    return names
  }

  private mutating func raiseStatement() throws(Failed) -> Statement.Form {
    if endsStatement { return .raise(nil, from: nil) }
    let exception = try expression()
    return .raise(exception, from: take(.from) ? try expression() : nil)
  }

  private mutating func deleteTargets() throws(Failed) -> [Expression] {
    var targets: [Expression] = []
    repeat {
      if !targets.isEmpty, endsStatement { break }
      let target = try starExpression()
      targets.append(target)
      if let bad = invalidTarget(in: target, deleting: true) {
        throw fail("cannot delete \(bad.expression.describedKind)", at: bad.expression.span)
      }
    } while take(.comma)
    if !endsStatement { throw unexpected() }
    return targets
  }

  // MARK: Expressions and assignments

  private mutating func expressionStatement() throws(Failed) -> Statement.Form {
    let first = current
    let value = kind == .yield ? try yieldExpression() : try starExpressions()
    switch kind {
    case .equal: return try assignment(value)
    case .colon: return try annotation(value, first: first)
    case .colonEqual:
      // At the start of a statement a walrus needs parentheses.
      if case .name = value.form, first.kind == .name { throw unexpected() }
      throw fail(
        "cannot use assignment expressions with \(value.describedKind)", at: value.span)
    default:
      guard let op = BinaryOperator(augmented: kind) else { return .expression(value) }
      return try augmentation(value, op)
    }
  }

  private mutating func assignment(_ first: Expression) throws(Failed) -> Statement.Form {
    var targets: [Expression] = []
    var value = first
    while kind == .equal {
      let target = value
      let equal = index
      if target.isYield, target.span.end == previousEnd {
        throw fail("assignment to yield expression not possible", at: target.span)
      }
      advance()
      if invalidTarget(in: target) != nil {
        let mayCompare = targets.isEmpty && comparesWithRest
        throw badTarget(target, mayCompare: mayCompare, before: equal)
      }
      value = kind == .yield ? try yieldExpression() : try starExpressions()
      targets.append(target)
    }
    return .assign(targets: targets, value: value)
  }

  /// Whether what follows a `=` could be the right side of a comparison.
  private var comparesWithRest: Bool {
    var trial = trial
    return (try? trial.bitwiseOr()) != nil && trial.kind != .equal && trial.kind != .colonEqual
  }

  private mutating func augmentation(
    _ target: Expression, _ op: BinaryOperator
  ) throws(Failed) -> Statement.Form {
    switch target.form {
    case .name, .attribute, .element: break
    default:
      throw fail(
        "'\(target.describedKind)' is an illegal expression for augmented assignment",
        at: target.span)
    }
    advance()
    let value = kind == .yield ? try yieldExpression() : try starExpressions()
    return .augment(target: target, operator: op, value: value)
  }

  private mutating func annotation(
    _ target: Expression, first: Token
  ) throws(Failed) -> Statement.Form {
    switch target.form {
    case .name, .attribute, .element:
      if first.kind == .leftParenthesis, beginsWithTarget(target, first.span.start), annotates {
        throw fail("illegal target for annotation", at: target.span)
      }
    case _ where !annotates: throw unexpected()
    case .list, .tuple:
      throw fail(
        "only single target (not \(target.describedKind)) can be annotated", at: target.span)
    default:
      throw fail("illegal target for annotation", at: target.span)
    }
    advance()
    let annotation = try expression()
    var value: Expression?
    if take(.equal) { value = kind == .yield ? try yieldExpression() : try starExpressions() }
    var isPlainName = false
    if case .name = target.form { isPlainName = first.kind == .name }
    return .annotate(
      target: target, annotation: annotation, value: value, isPlainName: isPlainName)
  }

  /// Whether a target begins with one in parentheses, as `(a).b` does: CPython's grammar takes that
  /// for the whole.
  private func beginsWithTarget(_ target: Expression, _ start: Int) -> Bool {
    var part = target
    while part.span.start == start {
      switch part.form {
      case .attribute(let base, _), .element(let base, _), .call(let base, _): part = base
      default: return false
      }
    }
    switch part.form {
    case .name, .attribute, .element: return part.span != target.span
    default: return false
    }
  }

  /// Whether an expression follows the `:` here.
  private var annotates: Bool {
    var trial = trial
    trial.advance()
    return (try? trial.expression()) != nil
  }

  // MARK: Imports

  private mutating func dottedPath() throws(Failed) -> [Identifier] {
    var path = [try identifier()]
    while take(.dot) { path.append(try identifier()) }
    return path
  }

  private mutating func importedModules() throws(Failed) -> [ImportedModule] {
    var modules: [ImportedModule] = []
    repeat {
      let start = current.start
      let path = try dottedPath()
      let alias = take(.as) ? try identifier() : nil
      modules.append(ImportedModule(path: path, alias: alias, span: span(from: start)))
    } while take(.comma)
    return modules
  }

  private mutating func fromImport() throws(Failed) -> FromImport {
    var level = 0
    while kind == .dot || kind == .ellipsis {
      level += kind == .dot ? 1 : 3
      advance()
    }
    var path: [Identifier] = []
    if level == 0 || kind == .name { path = try dottedPath() }
    try expect(.import)
    if take(.star) { return FromImport(level: level, path: path, members: nil) }
    let isGrouped = take(.leftParenthesis)
    var members: [FromImport.Member] = []
    repeat {
      if isGrouped, !members.isEmpty, kind == .rightParenthesis { break }
      if !isGrouped, !members.isEmpty, kind == .newline {
        throw fail(
          "trailing comma not allowed without surrounding parentheses", at: current.span)
      }
      let name = try identifier()
      members.append(FromImport.Member(name: name, alias: take(.as) ? try identifier() : nil))
    } while take(.comma)
    if isGrouped { try expect(.rightParenthesis) }
    return FromImport(level: level, path: path, members: members)
  }
}

extension BinaryOperator {
  /// The operator of an augmented assignment.
  init?(augmented kind: Token.Kind) {
    switch kind {
    case .plusEqual: self = .add
    case .minusEqual: self = .subtract
    case .starEqual: self = .multiply
    case .slashEqual: self = .divide
    case .doubleSlashEqual: self = .floorDivide
    case .percentEqual: self = .modulo
    case .doubleStarEqual: self = .power
    case .atEqual: self = .matrixMultiply
    case .ampersandEqual: self = .bitAnd
    case .barEqual: self = .bitOr
    case .caretEqual: self = .bitXor
    case .shiftLeftEqual: self = .shiftLeft
    case .shiftRightEqual: self = .shiftRight
    default: return nil
    }
  }
}
