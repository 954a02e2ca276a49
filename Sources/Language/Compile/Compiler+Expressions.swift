/// Expressions into registers.
extension Compiler {
  /// Compiles an expression; the register that has its value is the result.
  ///
  /// - Parameter target: the register that is to have it; without one a name stays where it is.
  @discardableResult
  func value(_ expression: Expression, into target: Int? = nil) throws(Diagnostic) -> Int {
    depth += 1
    defer { depth -= 1 }
    let outer = span
    span = expression.span
    defer { span = outer }
    if let constant = literal(expression) {
      let result = target ?? temporary()
      load(constant, into: result)
      return result
    }
    switch expression.form {
    case .name(let name): return try read(name, into: target)
    case .format(let parts): return try format(parts, into: target)
    case .tuple(let parts): return try display(parts, .makeTuple, into: target)
    case .list(let parts): return try display(parts, .makeList, into: target)
    case .set(let parts): return try display(parts, .makeSet, into: target)
    case .dictionary(let items): return try dictionary(items, into: target)
    case .comprehension(let comprehension):
      return try self.comprehension(comprehension, into: target)
    case .attribute(let base, let name): return try attribute(base, name, into: target)
    case .element(let base, let index): return try element(base, index, into: target)
    case .slice(let lower, let upper, let step):
      return try slice([lower, upper, step], into: target)
    case .call(let function, let arguments):
      return try call(function, arguments, into: target)
    case .unary(let op, let operand): return try unary(op, operand, into: target)
    case .binary(let first, let steps): return try binary(first, steps, into: target)
    case .comparison(let first, let steps): return try comparison(first, steps, into: target)
    case .boolean(let op, let operands): return try boolean(op, operands, into: target)
    case .conditional(let condition, let then, let otherwise):
      return try conditional(condition, then, otherwise, into: target)
    case .lambda(let function): return try self.function(function, into: target)
    case .named(let name, let expression):
      let register = try value(expression, into: target)
      try store(register, to: name.text)
      return register
    case .starred:
      throw Diagnostic(.syntax, "can't use starred expression here", at: expression.span)
    case .yield(let inner): return try yield(inner, into: target)
    case .yieldFrom(let inner): return try delegate(inner, into: target)
    case .invalid: throw Diagnostic(.syntax, "invalid syntax", at: expression.span)
    default: throw Diagnostic(.syntax, "invalid syntax", at: expression.span)
    }
  }

  /// The constant an expression stands for; nil: it has to be computed.
  func literal(_ expression: Expression) -> Code.Constant? {
    switch expression.form {
    case .none: return Code.Constant.none
    case .true: return .bool(true)
    case .false: return .bool(false)
    case .ellipsis: return .ellipsis
    case .integer(let value): return .int(value)
    case .bigInteger(let digits, let radix): return .bigInteger(digits, radix: radix)
    case .float(let value): return .float(value.bitPattern)
    case .string(let text): return .string(text)
    case .unary(.minus, let operand):
      switch operand.form {
      case .integer(let value): return value == Int.min ? nil : .int(-value)
      case .bigInteger(let digits, let radix):
        return Int("-" + digits, radix: radix).map { .int($0) }
      case .float(let value): return .float((-value).bitPattern)
      default: return WideConstant(expression).map { .int($0.value) }
      }
    case .binary: return WideConstant(expression).map { .int($0.value) }
    case .tuple(let parts):
      var all: [Code.Constant] = []
      for part in parts {
        guard let constant = literal(part) else { return nil }
        if case .bigInteger = constant { return nil }
        all.append(constant)
      }
      return .tuple(all)
    default: return nil
    }
  }

  // MARK: Order of evaluation

  /// A left operand: copied when what comes after it could change the name it stands in.
  func operand(_ expression: Expression, before later: [Expression]) throws(Diagnostic) -> Int {
    guard case .name(let name) = expression.form else { return try value(expression) }
    if case .register(let register) = try variable(name) {
      let isGlobal = isGlobal(register)
      if later.contains(where: { mayAssign($0, name, isGlobal: isGlobal) }) {
        let copy = temporary()
        return try at(expression.span) { () throws(Diagnostic) in try read(name, into: copy) }
      }
    }
    return try value(expression)
  }

  /// Whether computing an expression could give a name another value.
  private func mayAssign(_ expression: Expression, _ name: String, isGlobal: Bool) -> Bool {
    func any(_ parts: [Expression]) -> Bool {
      parts.contains { mayAssign($0, name, isGlobal: isGlobal) }
    }
    switch expression.form {
    case .name, .none, .true, .false, .ellipsis, .integer, .bigInteger, .float, .string, .lambda:
      return false
    case .call, .comprehension, .format, .yield, .yieldFrom:
      return isGlobal || containsNamed(expression, name)
    case .named(let other, let value): return other.text == name || any([value])
    case .tuple(let parts), .list(let parts), .set(let parts), .boolean(_, let parts):
      return any(parts)
    case .attribute(let base, _): return any([base])
    case .element(let base, let index): return any([base, index])
    case .unary(_, let operand), .starred(let operand): return any([operand])
    case .binary(let first, let steps): return any([first] + steps.map(\.operand))
    case .comparison(let first, let steps): return any([first] + steps.map(\.operand))
    case .conditional(let condition, let then, let otherwise):
      return any([condition, then, otherwise])
    case .slice(let lower, let upper, let step):
      return any([lower, upper, step].compactMap { $0 })
    case .dictionary, .invalid: return true
    }
  }

  private func containsNamed(_ expression: Expression, _ name: String) -> Bool {
    switch expression.form {
    case .call(let function, let arguments):
      return mayAssign(function, name, isGlobal: false)
        || arguments.contains { mayAssign($0.value, name, isGlobal: false) }
    case .yield(let value): return value.map { mayAssign($0, name, isGlobal: false) } ?? false
    default: return true
    }
  }

  // MARK: Parts of objects

  private func attribute(
    _ base: Expression, _ name: Identifier, into target: Int?
  ) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    return try scratch { () throws(Diagnostic) in
      let object = try value(base)
      emit(.getAttribute, a: result, b: object, c: site(name.text))
      return result
    }
  }

  private func element(
    _ base: Expression, _ index: Expression, into target: Int?
  ) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    return try scratch { () throws(Diagnostic) in
      if case .integer(let number) = index.form, let small = Int16(exactly: number) {
        let object = try value(base)
        emit(.getItemInteger, a: result, b: object, c: Int(UInt16(bitPattern: small)))
        return result
      }
      let object = try operand(base, before: [index])
      let key = try value(index)
      emit(.getItem, a: result, b: object, c: key)
      return result
    }
  }

  private func slice(_ parts: [Expression?], into target: Int?) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    return try scratch { () throws(Diagnostic) in
      let first = temporaries(3)
      for (offset, part) in parts.enumerated() { try valueOrNone(part, into: first + offset) }
      emit(.makeSlice, a: result, b: first)
      return result
    }
  }

  private func valueOrNone(_ expression: Expression?, into target: Int) throws(Diagnostic) {
    if let expression {
      try value(expression, into: target)
    } else {
      load(.none, into: target)
    }
  }

  // MARK: Ways through an expression

  private func conditional(
    _ condition: Expression, _ then: Expression, _ otherwise: Expression, into target: Int?
  ) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    var (elseLabel, end) = (Label(), Label())
    try jump(unless: condition, to: &elseLabel)
    let before = flow
    try value(then, into: result)
    let afterThen = flow
    emitJump(to: &end)
    place(&elseLabel)
    flow = before
    try value(otherwise, into: result)
    flow.merge(afterThen)
    place(&end)
    return result
  }

  private func yield(_ inner: Expression?, into target: Int?) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    // What is sent comes into a temporary first: the target may be a name.
    let sent = temporary()
    try valueOrNone(inner, into: sent)
    emit(.yield, a: sent)
    move(sent, to: result)
    return result
  }

  private func delegate(_ inner: Expression, into target: Int?) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    return try scratch { () throws(Diagnostic) in
      let iterator = temporary()
      let sent = temporary()
      try scratch { () throws(Diagnostic) in
        emit(.delegate, a: iterator, b: try value(inner))
      }
      load(.none, into: sent)
      var (again, end) = (Label(), Label())
      place(&again)
      jump(emit(.send, a: iterator, b: sent), to: &end)
      emit(.yield, x: 1, a: sent, c: iterator)
      jump(emit(.loop), to: &again)
      place(&end)
      move(sent, to: result)
      return result
    }
  }
}
