/// Statements, one after the other.
extension Compiler {
  func compile(_ block: [Statement]) throws(Diagnostic) {
    for statement in block { try compile(statement) }
  }

  func compile(_ statement: Statement) throws(Diagnostic) {
    let saved = nextTemporary
    let outer = span
    span = statement.span
    defer {
      nextTemporary = saved
      span = outer
    }
    switch statement.form {
    case .expression(let expression):
      if literal(expression) == nil { try value(expression) }
    case .assign(let targets, let value): try assign(targets, value)
    case .augment(let target, let op, let value): try augment(target, op, value)
    case .annotate(let target, let annotation, let value, let isPlainName):
      if let value { try assign([target], value) }
      if isPlainName { try keepAnnotation(target, annotation) }
    case .delete(let targets):
      for target in targets { try delete(target) }
    case .pass, .global, .nonlocal: break
    case .invalid: throw Diagnostic(.syntax, "invalid syntax", at: statement.span)
    case .break: try leaveLoop(isBreak: true)
    case .continue: try leaveLoop(isBreak: false)
    case .return(let value): try compileReturn(value)
    case .raise(let exception, let cause): try compileRaise(exception, cause)
    case .assert(let condition, let message): try compileAssert(condition, message)
    case .import(let modules):
      for module in modules { try compileImport(module) }
    case .importFrom(let statement): try compileImport(statement)
    case .if(let branches, let otherwise): try compileIf(branches, otherwise)
    case .while(let condition, let body, let otherwise):
      try compileWhile(condition, body, otherwise)
    case .for(let target, let iterable, let body, let otherwise):
      try compileFor(target, iterable, body, otherwise)
    case .try(let statement): try compileTry(statement)
    case .with(let items, let body): try compileWith(items[...], body)
    case .function(let function):
      guard let name = function.name else { return }
      try decorated(function.decorators, name.text) { register throws(Diagnostic) in
        _ = try self.function(function, into: register)
      }
    case .class(let definition):
      try decorated(definition.decorators, definition.name.text) { register throws(Diagnostic) in
        try classValue(definition, into: register)
      }
    }
  }

  private func decorated(
    _ decorators: [Expression], _ name: String, _ make: (Int) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    if decorators.isEmpty, let register = try direct(name) {
      let made = temporary()
      try make(made)
      move(made, to: register)
      noteAssigned(register, name)
      return
    }
    let windows = temporaries(decorators.count + 1)
    for (index, decorator) in decorators.enumerated() {
      try value(decorator, into: windows + index)
    }
    try make(windows + decorators.count)
    for index in decorators.indices.reversed() { emit(.call, a: windows + index, b: 1) }
    try store(windows, to: name)
  }

  private func compileIf(
    _ branches: [Branch], _ otherwise: [Statement]
  ) throws(Diagnostic) {
    var end = Label()
    var result: Flow?
    for (index, branch) in branches.enumerated() {
      var next = Label()
      try jump(unless: branch.condition, to: &next)
      let before = flow
      try compile(branch.body)
      if result == nil { result = flow } else { result?.merge(flow) }
      let isLast = index == branches.count - 1 && otherwise.isEmpty
      if !isLast, flow.isReachable { emitJump(to: &end) }
      place(&next)
      flow = before
    }
    try compile(otherwise)
    if let result { flow.merge(result) }
    place(&end)
  }

  private func compileReturn(_ expression: Expression?) throws(Diagnostic) {
    if expression != nil, code.isGenerator == false || true, frame.kind == .module {
      throw Diagnostic(.syntax, "'return' outside function", at: span)
    }
    var register = -1
    if let expression {
      if blocks.contains(where: { if case .loop = $0 { false } else { true } }) {
        register = try value(expression, into: temporary())
      } else {
        register = try value(expression)
      }
    }
    let reopened = try unwind(to: 0)
    if register < 0 { emit(.returnNone) } else { emit(.return, a: register) }
    reopen(reopened)
    flow.isReachable = false
  }

  private func compileRaise(
    _ exception: Expression?, _ cause: Expression?
  ) throws(Diagnostic) {
    if let exception {
      let later = cause.map { [$0] } ?? []
      let register = try operand(exception, before: later)
      if let cause {
        let other = try value(cause)
        emit(.raise, x: 1, a: register, b: other)
      } else {
        emit(.raise, x: 0, a: register)
      }
    } else {
      emit(.raise, x: 2)
    }
    flow.isReachable = false
  }

  private func compileAssert(
    _ condition: Expression, _ message: Expression?
  ) throws(Diagnostic) {
    var end = Label()
    let whole = span
    // A comparison keeps both sides, so that the failure can show them.
    if case .comparison(let first, let steps) = condition.form, steps.count == 1,
      steps[0].operator != .is, steps[0].operator != .isNot, steps[0].operator != .in,
      steps[0].operator != .notIn
    {
      let left = try operand(first, before: [steps[0].operand])
      let right = try value(steps[0].operand)
      span = condition.span
      jump(emit(steps[0].operator.jump, x: 1, a: left, b: right), to: &end)
      let before = flow
      let register = temporary()
      try loadMessage(message, register)
      span = whole
      emit(.failAssertion, x: 1, a: register, b: left, c: right)
      flow = before
    } else {
      try jump(if: condition, to: &end)
      let before = flow
      let register = temporary()
      try loadMessage(message, register)
      span = whole
      emit(.failAssertion, x: 0, a: register)
      flow = before
    }
    place(&end)
  }

  private func loadMessage(_ message: Expression?, _ register: Int) throws(Diagnostic) {
    if let message {
      try value(message, into: register)
    } else {
      emit(.undefine, a: register, b: register + 1)
    }
  }

  private func compileImport(_ module: ImportedModule) throws(Diagnostic) {
    let register = temporary()
    span = module.span
    emit(
      .importModule, x: module.alias == nil ? 0 : 1, a: register,
      b: constant(.string(module.dotted)))
    try store(register, to: module.bound.text)
  }

  private func compileImport(_ statement: FromImport) throws(Diagnostic) {
    guard statement.level == 0 else {
      throw Diagnostic(
        .syntax,
        "relative imports are not part of Gradus", at: span, code: "L007",
        help: "import the module by its name")
    }
    let module = temporary()
    emit(.importModule, x: 1, a: module, b: constant(.string(statement.dotted)))
    guard let members = statement.members else {
      guard isModule else {
        throw Diagnostic(.syntax, "import * only allowed at module level", at: span)
      }
      emit(.importAll, a: module)
      return
    }
    for member in members {
      let register = temporary()
      span = member.name.span
      emit(.importMember, a: register, b: module, c: constant(.string(member.name.text)))
      try store(register, to: member.bound.text)
    }
  }
}
