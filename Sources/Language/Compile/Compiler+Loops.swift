/// `while` and `for`.
extension Compiler {
  func compileWhile(
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

  func compileFor(
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

  func leaveLoop(isBreak: Bool) throws(Diagnostic) {
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
}
