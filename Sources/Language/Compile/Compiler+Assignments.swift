/// Assignments, augmented assignments and `del`.
extension Compiler {
  func assign(_ targets: [Expression], _ value: Expression) throws(Diagnostic) {
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

  func augment(
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

  func delete(_ target: Expression) throws(Diagnostic) {
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
}
