extension Checks {
  /// Reads an expression; what can be nested deeply without brackets comes first, in a function of
  /// its own, so that a level takes little of the stack.
  mutating func visit(_ expression: Expression) {
    switch expression.form {
    case .name(let name): use(name)
    case .attribute(let base, _): visit(base)
    case .unary(_, let operand), .starred(let operand): visit(operand)
    case .lambda(let function): check(function)
    case .binary(let first, let steps): visit(first, steps)
    case .conditional(let condition, let value, let otherwise):
      visit(condition)
      visit(value)
      visit(otherwise)
    case .call, .element: visitPrimary(expression)
    default: visitOther(expression)
    }
  }

  private mutating func visit(_ first: Expression, _ steps: [BinaryStep]) {
    visit(first)
    for step in steps { visit(step.operand) }
  }

  private mutating func visitPrimary(_ expression: Expression) {
    switch expression.form {
    case .element(let base, let index):
      warnSubscript(base, index, expression.span)
      visit(base)
      visit(index)
    case .call(let function, let arguments):
      warnCall(function, expression.span)
      visit(function)
      visit(arguments)
    default: break
    }
  }

  private mutating func visitOther(_ expression: Expression) {
    switch expression.form {
    case .format(let parts): visit(parts)
    case .tuple(let items), .list(let items), .set(let items): for item in items { visit(item) }
    case .dictionary(let items): for item in items { visit(item) }
    case .comprehension(let comprehension): visit(comprehension)
    case .slice(let lower, let upper, let step):
      if let lower { visit(lower) }
      if let upper { visit(upper) }
      if let step { visit(step) }
    case .comparison(let first, let steps):
      warnIdentity(first, steps, expression.span)
      visit(first)
      for step in steps { visit(step.operand) }
    case .boolean(_, let operands): for operand in operands { visit(operand) }
    case .named(let name, let value):
      bindNamed(name, expression.span)
      visit(value)
    case .yield(let value):
      checkYield(expression.span)
      if let value { visit(value) }
    case .yieldFrom(let value):
      checkYield(expression.span)
      visit(value)
    default: break
    }
  }

  private mutating func visit(_ item: DictionaryItem) {
    switch item {
    case .pair(let key, let value):
      visit(key)
      visit(value)
    case .spread(let value): visit(value)
    }
  }

  private mutating func visit(_ parts: [FormatPart]) {
    for part in parts {
      guard case .value(let value) = part else { continue }
      visit(value.expression)
      if let format = value.format { visit(format) }
    }
  }

  private mutating func visit(_ arguments: [CallArgument]) {
    var seen: Set<String> = []
    for argument in arguments {
      if case .named(let name) = argument.kind {
        if !seen.insert(name.text).inserted {
          misplaced("keyword argument repeated: \(name.text)", argument.span)
        }
        if name.text == "__debug__" { misplaced("cannot assign to __debug__", argument.span) }
      }
      visit(argument.value)
    }
  }

  private mutating func visit(_ comprehension: Comprehension) {
    guard let first = comprehension.clauses.first else { return }
    iterableDepth += 1
    visit(first.iterable)
    iterableDepth -= 1
    let kind: Scope.Kind =
      switch comprehension.kind {
      case .list: .listComprehension
      case .set: .setComprehension
      case .dictionary: .dictionaryComprehension
      case .generator: .generator
      }
    let outer = enter(kind)
    for (index, clause) in comprehension.clauses.enumerated() {
      bindIteration(clause.target)
      if index > 0 {
        iterableDepth += 1
        visit(clause.iterable)
        iterableDepth -= 1
      }
      for condition in clause.conditions { visit(condition) }
    }
    if let value = comprehension.value { visit(value) }
    visit(comprehension.element)
    leave(to: outer)
  }

  private mutating func checkYield(_ span: SourceSpan) {
    switch scopes[scope].kind {
    case .function: break
    case .cell, .class: misplaced("'yield' outside function", span)
    case .listComprehension: addNameError("'yield' inside list comprehension", span)
    case .setComprehension: addNameError("'yield' inside set comprehension", span)
    case .dictionaryComprehension: addNameError("'yield' inside dict comprehension", span)
    case .generator: addNameError("'yield' inside generator expression", span)
    }
  }

  // MARK: Warnings

  private mutating func warnIdentity(
    _ first: Expression, _ steps: [ComparisonStep], _ span: SourceSpan
  ) {
    var left = first.isLiteral
    for step in steps {
      let right = step.operand.isLiteral
      if left || right {
        if step.operator == .is { warn("\"is\" with a literal. Did you mean \"==\"?", span) }
        if step.operator == .isNot {
          warn("\"is not\" with a literal. Did you mean \"!=\"?", span)
        }
      }
      left = right
    }
  }

  private mutating func warnCall(_ function: Expression, _ span: SourceSpan) {
    guard let type = function.displayedType, type != "function" else { return }
    warn("'\(type)' object is not callable; perhaps you missed a comma?", span)
  }

  private mutating func warnSubscript(
    _ base: Expression, _ index: Expression, _ span: SourceSpan
  ) {
    guard let type = base.displayedType else { return }
    switch type {
    case "str", "list", "tuple":
      guard let indexType = index.displayedType, indexType != "int", indexType != "bool" else {
        return
      }
      warn(
        "\(type) indices must be integers or slices, not \(indexType); "
          + "perhaps you missed a comma?", span)
    case "dict": return
    default: warn("'\(type)' object is not subscriptable; perhaps you missed a comma?", span)
    }
  }
}

extension Expression {
  /// Whether comparing it by identity is a mistake.
  fileprivate var isLiteral: Bool {
    switch form {
    case .integer, .bigInteger, .float, .string: true
    case .unary(.minus, let operand): operand.isNumber
    default: false
    }
  }

  private var isNumber: Bool {
    switch form {
    case .integer, .bigInteger, .float: true
    default: false
    }
  }

  /// The type of a value that is written out; nil for everything computed.
  fileprivate var displayedType: String? {
    switch form {
    case .none: "NoneType"
    case .true, .false: "bool"
    case .ellipsis: "ellipsis"
    case .integer, .bigInteger: "int"
    case .float: "float"
    case .string, .format: "str"
    case .tuple: "tuple"
    case .list: "list"
    case .set: "set"
    case .dictionary: "dict"
    case .lambda: "function"
    case .comprehension(let comprehension):
      switch comprehension.kind {
      case .list: "list"
      case .set: "set"
      case .dictionary: "dict"
      case .generator: "generator"
      }
    default: nil
    }
  }
}
