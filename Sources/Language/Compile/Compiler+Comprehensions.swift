/// Comprehensions and generator expressions.
extension Compiler {
  func comprehension(
    _ comprehension: Comprehension, into target: Int?
  ) throws(Diagnostic) -> Int {
    guard comprehension.kind != .generator else {
      return try generatorExpression(comprehension, into: target)
    }
    let result = target ?? temporary()
    return try scratch { () throws(Diagnostic) in
      let collection = temporary()
      let outer = scope
      let inner = resolver.scopes[comprehension.scope] ?? scope
      // The first iterable belongs to the scope outside.
      let walk = temporaries(3)
      try startWalk(comprehension.clauses[0], .iterate, walk)
      switch comprehension.kind {
      case .list, .generator: emit(.makeList, a: collection, b: collection, c: 0)
      case .set: emit(.makeSet, a: collection, b: collection, c: 0)
      case .dictionary: emit(.makeDict, a: collection, b: collection, c: 0)
      }
      scope = inner
      let before = flow
      openNames(of: inner)
      try clause(comprehension, 0, walk) { () throws(Diagnostic) in
        try add(comprehension, to: collection)
      }
      flow = before
      scope = outer
      move(collection, to: result)
      return result
    }
  }

  /// Registers for the names of a comprehension; boxes for those that functions in it use.
  private func openNames(of inner: Scope) {
    for name in inner.bound where !inner.globals.contains(name) && !inner.nonlocals.contains(name) {
      let register = temporary()
      setRegister(name, in: inner, register)
      emit(.undefine, a: register, b: register + 1)
      if inner.shared.contains(name) { emit(.makeBox, a: register) }
    }
  }

  /// Computes an element and puts it into the collection.
  private func add(_ comprehension: Comprehension, to collection: Int) throws(Diagnostic) {
    switch comprehension.kind {
    case .list, .generator:
      emit(.append, a: collection, b: try value(comprehension.element))
    case .set:
      let register = try value(comprehension.element)
      emit(.addToSet, a: collection, b: register)
    case .dictionary:
      guard let item = comprehension.value else { return }
      let key = try operand(comprehension.element, before: [item])
      let register = try value(item)
      emit(.setKey, a: collection, b: key, c: register)
    }
  }

  /// The loop of a clause and those of the clauses after it; what stands in the last one is
  /// compiled by `body`.
  private func clause(
    _ comprehension: Comprehension, _ index: Int, _ walk: Int,
    _ body: () throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    let clause = comprehension.clauses[index]
    var (start, again) = (Label(), Label())
    emitJump(to: &again)
    place(&start)
    // Where the element was put by `next`, before it goes to its names.
    let element = elementRegister(clause.target)
    if element.isTemporary {
      try assign(clause.target, from: element.register)
    } else if case .name(let name) = clause.target.form {
      noteAssigned(element.register, name)
    }
    for condition in clause.conditions { try jump(unless: condition, to: &again) }
    try scratch { () throws(Diagnostic) in
      if index + 1 < comprehension.clauses.count {
        let inner = temporaries(3)
        try startWalk(comprehension.clauses[index + 1], .iterate, inner)
        try self.clause(comprehension, index + 1, inner, body)
      } else {
        try body()
      }
    }
    place(&again)
    span = clause.iterable.span
    jump(emit(.next, a: walk, b: element.register), to: &start)
  }

  /// Starts the walk of a clause over its iterable.
  private func startWalk(
    _ clause: Comprehension.Clause, _ operation: Operation, _ walk: Int
  ) throws(Diagnostic) {
    try scratch { () throws(Diagnostic) in
      let source = try iterable(clause.iterable)
      span = clause.iterable.span
      emit(operation, x: 1, a: walk, b: source)
    }
  }

  /// Where `next` puts an element: into the name itself, or into a temporary.
  func elementRegister(_ target: Expression) -> (register: Int, isTemporary: Bool) {
    if case .name(let name) = target.form, let register = try? direct(name) {
      return (register, false)
    }
    return (temporary(), true)
  }

  // MARK: Generator expressions

  /// A generator expression: a generator over the first iterable.
  private func generatorExpression(
    _ comprehension: Comprehension, into target: Int?
  ) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    return try scratch { () throws(Diagnostic) in
      guard let inner = resolver.scopes[comprehension.scope] else { return result }
      let window = temporaries(2)
      try startWalk(comprehension.clauses[0], .delegate, window + 1)
      let compiler = opened(inner, "<genexpr>", parameter: ".0")
      compiler.code.isGenerator = true
      compiler.openParameters()
      let walk = compiler.temporaries(3)
      compiler.emit(.iterate, a: walk, b: 0)
      try compiler.clause(comprehension, 0, walk) { () throws(Diagnostic) in
        let sent = compiler.temporary()
        try compiler.value(comprehension.element, into: sent)
        compiler.emit(.yield, a: sent)
      }
      compiler.emit(.returnNone)
      try compiler.closeFunction()
      try makeFunction(compiler.code, inner, into: window)
      emit(.call, a: window, b: 1)
      move(window, to: result)
      return result
    }
  }
}
