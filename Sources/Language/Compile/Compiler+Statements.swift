/// Statements.
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

  // MARK: Assignment

  private func assign(_ targets: [Expression], _ value: Expression) throws(Diagnostic) {
    if targets.count == 1 {
      if case .name(let name) = targets[0].form, let register = try direct(name) {
        if isOneStep(value) {
          try self.value(value, into: register)
        } else {
          move(try self.value(value), to: register)
        }
        noteAssigned(register, name)
        return
      }
      // `a, b = x, y` needs no tuple.
      if case .tuple(let names) = targets[0].form, case .tuple(let values) = value.form,
        names.count == values.count, literal(value) == nil,
        !(names + values).contains(where: { if case .starred = $0.form { true } else { false } })
      {
        let first = temporaries(values.count)
        for (index, part) in values.enumerated() { try self.value(part, into: first + index) }
        for (index, target) in names.enumerated() { try assign(target, from: first + index) }
        return
      }
    }
    var register = try self.value(value)
    if targets.count > 1, isGlobal(register) || register < firstTemporary {
      let copy = temporary()
      move(register, to: copy)
      register = copy
    }
    for target in targets { try assign(target, from: register) }
  }

  /// Whether an expression writes its result once, at its end, so that a name can be its target.
  private func isOneStep(_ expression: Expression) -> Bool {
    switch expression.form {
    case .boolean, .conditional, .comprehension, .named, .yieldFrom: false
    case .comparison(_, let steps): steps.count == 1
    default: true
    }
  }

  /// Gives a target the value in a register.
  func assign(_ target: Expression, from register: Int) throws(Diagnostic) {
    let outer = span
    span = target.span
    defer { span = outer }
    try scratch { () throws(Diagnostic) in
      switch target.form {
      case .name(let name): try store(register, to: name)
      case .attribute(let base, let name):
        let object = try value(base)
        emit(.setAttribute, a: object, b: site(name.text), c: register)
      case .element(let base, let index):
        let object = try operand(base, before: [index])
        let key = try value(index)
        emit(.setItem, a: object, b: key, c: register)
      case .tuple(let parts), .list(let parts): try unpack(parts, register)
      case .starred:
        throw Diagnostic(
          .syntax,
          "starred assignment target must be in a list or tuple", at: target.span)
      default: throw Diagnostic(.syntax, "cannot assign to expression here", at: target.span)
      }
    }
  }

  private func unpack(_ parts: [Expression], _ register: Int) throws(Diagnostic) {
    let stars = parts.indices.filter { if case .starred = parts[$0].form { true } else { false } }
    guard stars.count <= 1 else {
      throw Diagnostic(.syntax, "multiple starred expressions in assignment", at: span)
    }
    let first = temporaries(max(1, parts.count))
    if let star = stars.first {
      guard star < 256 else {
        throw Diagnostic(.syntax, "too many expressions in star-unpacking assignment", at: span)
      }
      emit(.unpackStar, x: star, a: register, b: first, c: parts.count - star - 1)
    } else {
      emit(.unpack, a: register, b: first, c: parts.count)
    }
    for (index, part) in parts.enumerated() {
      if case .starred(let inner) = part.form {
        try assign(inner, from: first + index)
      } else {
        try assign(part, from: first + index)
      }
    }
  }

  private func augment(
    _ target: Expression, _ op: BinaryOperator, _ expression: Expression
  ) throws(Diagnostic) {
    let whole = span
    let operation = op.operation
    switch target.form {
    case .name(let name):
      if let register = try direct(name) {
        let left = try operand(target, before: [expression])
        let right = try right(expression, operation)
        span = whole
        emitBinary(operation, register, left, right, flags: 2)
        noteAssigned(register, name)
        return
      }
      let left = try read(name, into: temporary())
      let right = try right(expression, operation)
      span = whole
      emitBinary(operation, left, left, right, flags: 2)
      try store(left, to: name)
    case .attribute(let base, let name):
      let object = try operand(base, before: [expression])
      let left = temporary()
      emit(.getAttribute, a: left, b: object, c: site(name.text))
      let right = try right(expression, operation)
      span = whole
      emitBinary(operation, left, left, right, flags: 2)
      emit(.setAttribute, a: object, b: site(name.text), c: left)
    case .element(let base, let index):
      let object = try operand(base, before: [index, expression])
      let key = try operand(index, before: [expression])
      let left = temporary()
      emit(.getItem, a: left, b: object, c: key)
      let right = try right(expression, operation)
      span = whole
      emitBinary(operation, left, left, right, flags: 2)
      emit(.setItem, a: object, b: key, c: left)
    default:
      throw Diagnostic(.syntax, "illegal expression for augmented assignment", at: target.span)
    }
  }

  private func delete(_ target: Expression) throws(Diagnostic) {
    try scratch { () throws(Diagnostic) in
      switch target.form {
      case .name(let name): try delete(name)
      case .attribute(let base, let name):
        emit(.deleteAttribute, a: try value(base), b: site(name.text))
      case .element(let base, let index):
        let object = try operand(base, before: [index])
        let key = try value(index)
        emit(.deleteItem, a: object, b: key)
      case .tuple(let parts), .list(let parts):
        for part in parts { try delete(part) }
      default: throw Diagnostic(.syntax, "cannot delete expression", at: target.span)
      }
    }
  }

  // MARK: Branches and loops

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

  private func compileWhile(
    _ condition: Expression, _ body: [Statement], _ otherwise: [Statement]
  ) throws(Diagnostic) {
    let loop = LoopBlock()
    var start = Label()
    var done = Label()
    var isEndless = false
    if case .true = condition.form { isEndless = true }
    if case .integer(let number) = condition.form, number != 0 { isEndless = true }
    if !isEndless { try jump(unless: condition, to: &done) }
    let before = flow
    place(&start)
    blocks.append(.loop(loop))
    try compile(body)
    blocks.removeLast()
    place(&loop.again)
    flow = before
    if isEndless {
      jump(emit(.loop), to: &start)
      flow.isReachable = false
    } else if isSimple(condition) {
      // The condition once more at the end saves a jump per turn.
      try jump(if: condition, to: &start)
      flow = before
    } else {
      try jump(unless: condition, to: &done)
      jump(emit(.loop), to: &start)
      flow = before
    }
    place(&done)
    try compile(otherwise)
    if let atExit = loop.atExit {
      if flow.isReachable { flow.merge(atExit) } else { flow = atExit }
    }
    place(&loop.exit)
  }

  /// Whether a condition may be compiled twice.
  private func isSimple(_ condition: Expression) -> Bool {
    switch condition.form {
    case .name, .integer, .float, .string, .none, .true, .false: true
    case .attribute(let base, _): isSimple(base)
    case .element(let base, let index): isSimple(base) && isSimple(index)
    case .unary(_, let operand): isSimple(operand)
    case .binary(let first, let steps):
      isSimple(first) && steps.allSatisfy { isSimple($0.operand) }
    case .comparison(let first, let steps):
      isSimple(first) && steps.allSatisfy { isSimple($0.operand) }
    case .boolean(_, let operands): operands.allSatisfy { isSimple($0) }
    case .call(let function, let arguments):
      isSimple(function)
        && arguments.allSatisfy { argument in
          if case .positional = argument.kind { isSimple(argument.value) } else { false }
        }
    default: false
    }
  }

  private func compileFor(
    _ target: Expression, _ iterable: Expression, _ body: [Statement], _ otherwise: [Statement]
  ) throws(Diagnostic) {
    let walk = temporaries(3)
    try scratch { () throws(Diagnostic) in
      let source = try self.iterable(iterable)
      span = iterable.span
      emit(.iterate, a: walk, b: source)
    }
    let loop = LoopBlock()
    var start = Label()
    let before = flow
    emitJump(to: &loop.again)
    place(&start)
    let element = elementRegister(target)
    if element.isTemporary {
      try assign(target, from: element.register)
    } else if case .name(let name) = target.form {
      noteAssigned(element.register, name)
    }
    blocks.append(.loop(loop))
    try compile(body)
    blocks.removeLast()
    place(&loop.again)
    span = iterable.span
    jump(emit(.next, a: walk, b: element.register), to: &start)
    flow = before
    try compile(otherwise)
    if let atExit = loop.atExit {
      if flow.isReachable { flow.merge(atExit) } else { flow = atExit }
    }
    place(&loop.exit)
  }

  private func leaveLoop(isBreak: Bool) throws(Diagnostic) {
    let index = blocks.lastIndex { if case .loop = $0 { true } else { false } }
    guard let index, case .loop(let loop) = blocks[index] else {
      throw Diagnostic(
        .syntax,
        isBreak ? "'break' outside loop" : "'continue' not properly in loop", at: span)
    }
    let reopened = try unwind(to: index + 1)
    if isBreak {
      if loop.atExit == nil { loop.atExit = flow } else { loop.atExit?.merge(flow) }
      emitJump(to: &loop.exit)
    } else {
      emitJump(to: &loop.again)
    }
    reopen(reopened)
    flow.isReachable = false
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

  // MARK: Imports

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
