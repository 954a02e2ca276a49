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
    case .attribute(let base, let name):
      let result = target ?? temporary()
      return try scratch { () throws(Diagnostic) in
        let object = try value(base)
        emit(.getAttribute, a: result, b: object, c: site(name.text))
        return result
      }
    case .element(let base, let index):
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
    case .slice(let lower, let upper, let step):
      let result = target ?? temporary()
      return try scratch { () throws(Diagnostic) in
        let first = temporaries(3)
        for (offset, part) in [lower, upper, step].enumerated() {
          if let part {
            try value(part, into: first + offset)
          } else {
            load(.none, into: first + offset)
          }
        }
        emit(.makeSlice, a: result, b: first)
        return result
      }
    case .call(let function, let arguments):
      return try call(function, arguments, into: target)
    case .unary(let op, let operand): return try unary(op, operand, into: target)
    case .binary(let first, let steps): return try binary(first, steps, into: target)
    case .comparison(let first, let steps): return try comparison(first, steps, into: target)
    case .boolean(let op, let operands): return try boolean(op, operands, into: target)
    case .conditional(let condition, let then, let otherwise):
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
    case .lambda(let function): return try self.function(function, into: target)
    case .named(let name, let expression):
      let register = try value(expression, into: target)
      try store(register, to: name.text)
      return register
    case .starred:
      throw Diagnostic(.syntax, "can't use starred expression here", at: expression.span)
    case .yield(let inner):
      let result = target ?? temporary()
      // What is sent comes into a temporary first: the target may be a name.
      let sent = temporary()
      if let inner {
        try value(inner, into: sent)
      } else {
        load(.none, into: sent)
      }
      emit(.yield, a: sent)
      move(sent, to: result)
      return result
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

  // MARK: Operators

  private func unary(
    _ op: UnaryOperator, _ operand: Expression, into target: Int?
  ) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    return try scratch { () throws(Diagnostic) in
      let register = try value(operand)
      let operation: Operation =
        switch op {
        case .plus: .plus
        case .minus: .negate
        case .invert: .invert
        case .not: .not
        }
      emit(operation, a: result, b: register)
      return result
    }
  }

  private func binary(
    _ first: Expression, _ steps: [BinaryStep], into target: Int?
  ) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    return try scratch { () throws(Diagnostic) in
      var left = -1
      for (index, step) in steps.enumerated() {
        let isLast = index == steps.count - 1
        let into = isLast ? result : temporary()
        let operation = step.operator.operation
        span = first.span.through(step.operand.span)
        if index == 0 {
          // A constant on the left of + or *.
          if let constant = number(first), operation == .add || operation == .multiply,
            number(step.operand) == nil
          {
            let right = try value(step.operand)
            span = first.span.through(step.operand.span)
            emit(
              operation == .add ? .addConstant : .multiplyConstant, x: 1, a: into, b: right,
              c: self.constant(constant))
            left = into
            continue
          }
          left = try operand(first, before: [step.operand])
        }
        let saved = nextTemporary
        emitBinary(operation, into, left, try right(step.operand, operation), flags: 0)
        nextTemporary = saved
        left = into
      }
      return result
    }
  }

  /// A right operand: a register, or a constant where the operation has a form for it.
  enum Right {
    case register(Int)
    case constant(Int)
  }

  func right(_ expression: Expression, _ operation: Operation) throws(Diagnostic) -> Right {
    if operation.withConstant != nil, let number = number(expression) {
      return .constant(constant(number))
    }
    let outer = span
    let register = try value(expression)
    span = outer
    return .register(register)
  }

  func emitBinary(
    _ operation: Operation, _ into: Int, _ left: Int, _ right: Right, flags: Int
  ) {
    switch right {
    case .register(let register): emit(operation, x: flags, a: into, b: left, c: register)
    case .constant(let index):
      emit(operation.withConstant ?? operation, x: flags, a: into, b: left, c: index)
    }
  }

  /// A number or string that can be the constant of an instruction.
  private func number(_ expression: Expression) -> Code.Constant? {
    guard let constant = literal(expression) else { return nil }
    switch constant {
    case .int, .float, .text: return constant
    default: return nil
    }
  }

  private func comparison(
    _ first: Expression, _ steps: [ComparisonStep], into target: Int?
  ) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    return try scratch { () throws(Diagnostic) in
      var end = Label()
      var left = try operand(first, before: steps.map(\.operand))
      for (index, step) in steps.enumerated() {
        let isLast = index == steps.count - 1
        let right =
          isLast
          ? try value(step.operand)
          : try operand(step.operand, before: steps[(index + 1)...].map(\.operand))
        span = first.span.through(step.operand.span)
        let into = steps.count == 1 ? result : temporary()
        emitComparison(step.operator, into, left, right)
        if steps.count > 1 {
          move(into, to: result)
          if !isLast { jump(emit(.jumpIf, x: 0, a: into), to: &end) }
        }
        left = right
      }
      place(&end)
      return result
    }
  }

  private func emitComparison(
    _ op: ComparisonOperator, _ into: Int, _ left: Int, _ right: Int
  ) {
    switch op {
    case .in: emit(.contains, x: 0, a: into, b: left, c: right)
    case .notIn: emit(.contains, x: 1, a: into, b: left, c: right)
    case .is: emit(.identical, x: 0, a: into, b: left, c: right)
    case .isNot: emit(.identical, x: 1, a: into, b: left, c: right)
    default: emit(.compare, x: Int(op.comparison.rawValue), a: into, b: left, c: right)
    }
  }

  private func boolean(
    _ op: BooleanOperator, _ operands: [Expression], into target: Int?
  ) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    var end = Label()
    var certain = flow
    for (index, operand) in operands.enumerated() {
      try value(operand, into: result)
      // Only the first operand is certainly evaluated.
      if index == 0 { certain = flow }
      if index < operands.count - 1 {
        jump(emit(.jumpIf, x: op == .or ? 1 : 0, a: result), to: &end)
      }
    }
    flow = certain
    place(&end)
    return result
  }

  // MARK: Conditions

  /// Jumps when an expression is true.
  func jump(if condition: Expression, to label: inout Label) throws(Diagnostic) {
    try test(condition, true, &label)
  }

  /// Jumps when an expression is false.
  func jump(unless condition: Expression, to label: inout Label) throws(Diagnostic) {
    try test(condition, false, &label)
  }

  private func test(
    _ condition: Expression, _ sense: Bool, _ label: inout Label
  ) throws(Diagnostic) {
    let outer = span
    span = condition.span
    defer { span = outer }
    switch condition.form {
    case .true:
      if sense { emitJump(to: &label) }
    case .false, .none:
      if !sense { emitJump(to: &label) }
    case .unary(.not, let operand): try test(operand, !sense, &label)
    case .boolean(let op, let operands):
      // `and` for false and `or` for true jump at once; otherwise the last one decides.
      let jumpsAtOnce = (op == .and) == !sense
      var skip = Label()
      var certain = flow
      for (index, operand) in operands.enumerated() {
        if jumpsAtOnce || index == operands.count - 1 {
          try test(operand, sense, &label)
        } else {
          try test(operand, !sense, &skip)
        }
        if index == 0 { certain = flow }
      }
      flow = certain
      place(&skip)
    case .comparison(let first, let steps) where steps.count == 1:
      try compareAndJump(first, steps[0], sense, &label)
    default:
      try scratch { () throws(Diagnostic) in
        let register = try value(condition)
        jump(emit(.jumpIf, x: sense ? 1 : 0, a: register), to: &label)
      }
    }
  }

  private func compareAndJump(
    _ first: Expression, _ step: ComparisonStep, _ sense: Bool, _ label: inout Label
  ) throws(Diagnostic) {
    try scratch { () throws(Diagnostic) in
      let outer = span
      switch step.operator {
      case .in, .notIn, .is, .isNot:
        if step.operator == .is || step.operator == .isNot, case .none = step.operand.form {
          let register = try value(first)
          let wanted = (step.operator == .is) == sense
          jump(emit(.jumpNone, x: wanted ? 1 : 0, a: register), to: &label)
          return
        }
        let left = try operand(first, before: [step.operand])
        let right = try value(step.operand)
        span = outer
        let result = temporary()
        emitComparison(step.operator, result, left, right)
        jump(emit(.jumpIf, x: sense ? 1 : 0, a: result), to: &label)
      default:
        let operation = step.operator.jump
        let left = try operand(first, before: [step.operand])
        if let constant = number(step.operand) {
          span = outer
          jump(
            emit(
              operation.withConstant ?? operation, x: sense ? 1 : 0, a: left,
              b: self.constant(constant)), to: &label)
        } else {
          let right = try value(step.operand)
          span = outer
          jump(emit(operation, x: sense ? 1 : 0, a: left, b: right), to: &label)
        }
      }
    }
  }

  // MARK: Displays

  private func display(
    _ parts: [Expression], _ operation: Operation, into target: Int?
  ) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    let hasStar = parts.contains { if case .starred = $0.form { true } else { false } }
    return try scratch { () throws(Diagnostic) in
      // CPython fills a set of more than two constants from a frozenset: the order can show it.
      if operation == .makeSet, parts.count > 2, let constant = try constantSet(parts) {
        let collection = temporary()
        emit(.makeSet, a: collection, b: collection, c: 0)
        emit(.extendSet, a: collection, b: constant)
        move(collection, to: result)
        return result
      }
      if !hasStar, parts.count <= 1000 {
        let first = temporaries(parts.count)
        for (index, part) in parts.enumerated() { try value(part, into: first + index) }
        emit(operation, a: result, b: first, c: parts.count)
        return result
      }
      let collection = temporary()
      emit(operation == .makeSet ? .makeSet : .makeList, a: collection, b: collection, c: 0)
      try fill(collection, parts, isSet: operation == .makeSet)
      if operation == .makeTuple {
        emit(.listToTuple, a: result, b: collection)
      } else {
        move(collection, to: result)
      }
      return result
    }
  }

  /// What a loop walks over; a set of constants is a frozenset there, as in CPython.
  func iterable(_ expression: Expression) throws(Diagnostic) -> Int {
    if case .set(let parts) = expression.form, let constant = try constantSet(parts) {
      return constant
    }
    return try value(expression)
  }

  /// The register of a frozenset of constants; nil: not all of these are constants.
  private func constantSet(_ parts: [Expression]) throws(Diagnostic) -> Int? {
    guard parts.count <= 1000, parts.allSatisfy(isConstant) else { return nil }
    let first = temporaries(parts.count)
    for (index, part) in parts.enumerated() { try value(part, into: first + index) }
    emit(.makeConstantSet, a: first, b: first, c: parts.count)
    return first
  }

  /// Whether CPython's compiler knows the value.
  private func isConstant(_ expression: Expression) -> Bool {
    switch expression.form {
    case .none, .true, .false, .ellipsis, .integer, .float, .string: true
    case .unary(_, let operand): isConstant(operand)
    case .tuple(let parts): parts.allSatisfy(isConstant)
    case .binary(let first, let steps):
      isConstant(first) && steps.allSatisfy { isConstant($0.operand) }
    default: false
    }
  }

  private func fill(
    _ collection: Int, _ parts: [Expression], isSet: Bool
  ) throws(Diagnostic) {
    for part in parts {
      try scratch { () throws(Diagnostic) in
        if case .starred(let inner) = part.form {
          let register = try value(inner)
          emit(isSet ? .extendSet : .extend, a: collection, b: register)
        } else {
          let register = try value(part)
          emit(isSet ? .addToSet : .append, a: collection, b: register)
        }
      }
    }
  }

  private func dictionary(
    _ items: [DictionaryItem], into target: Int?
  ) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    var isPlain = items.count <= 500
    for case .spread in items { isPlain = false }
    return try scratch { () throws(Diagnostic) in
      if isPlain {
        let first = temporaries(items.count * 2)
        for (index, item) in items.enumerated() {
          guard case .pair(let key, let element) = item else { continue }
          try value(key, into: first + 2 * index)
          try value(element, into: first + 2 * index + 1)
        }
        emit(.makeDict, a: result, b: first, c: items.count)
        return result
      }
      let dict = temporary()
      emit(.makeDict, a: dict, b: dict, c: 0)
      for item in items {
        try scratch { () throws(Diagnostic) in
          switch item {
          case .pair(let key, let element):
            let keyRegister = try operand(key, before: [element])
            let register = try value(element)
            emit(.setKey, a: dict, b: keyRegister, c: register)
          case .spread(let inner):
            let register = try value(inner)
            emit(.update, a: dict, b: register)
          }
        }
      }
      move(dict, to: result)
      return result
    }
  }

  private func format(_ parts: [FormatPart], into target: Int?) throws(Diagnostic) -> Int {
    let result = target ?? temporary()
    if parts.isEmpty {
      load(.string(""), into: result)
      return result
    }
    return try scratch { () throws(Diagnostic) in
      let first = temporaries(parts.count)
      for (index, part) in parts.enumerated() {
        switch part {
        case .text(let text): load(.string(text), into: first + index)
        case .value(let hole):
          try scratch { () throws(Diagnostic) in
            let register = try value(hole.expression)
            let conversion =
              switch hole.conversion {
              case nil: 0
              case .str: 1
              case .repr: 2
              case .ascii: 3
              }
            var specification = noRegister
            if let format = hole.format, !format.isEmpty {
              specification = try self.format(format, into: nil)
            }
            span = hole.span
            emit(.format, x: conversion, a: first + index, b: register, c: specification)
          }
        }
      }
      emit(.makeString, a: result, b: first, c: parts.count)
      return result
    }
  }

  // MARK: Comprehensions

  private func comprehension(
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
      try scratch { () throws(Diagnostic) in
        let source = try iterable(comprehension.clauses[0].iterable)
        span = comprehension.clauses[0].iterable.span
        emit(.iterate, a: walk, b: source)
      }
      switch comprehension.kind {
      case .list, .generator: emit(.makeList, a: collection, b: collection, c: 0)
      case .set: emit(.makeSet, a: collection, b: collection, c: 0)
      case .dictionary: emit(.makeDict, a: collection, b: collection, c: 0)
      }
      scope = inner
      let before = flow
      openNames(of: inner)
      try clause(comprehension, 0, walk, collection)
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

  private func clause(
    _ comprehension: Comprehension, _ index: Int, _ walk: Int, _ collection: Int
  ) throws(Diagnostic) {
    let clause = comprehension.clauses[index]
    var (body, again) = (Label(), Label())
    emitJump(to: &again)
    place(&body)
    // Where the element was put by `next`, before it goes to its names.
    let element = elementRegister(clause.target)
    if element.isTemporary { try assign(clause.target, from: element.register) }
    if case .name(let name) = clause.target.form, !element.isTemporary {
      noteAssigned(element.register, name)
    }
    for condition in clause.conditions { try jump(unless: condition, to: &again) }
    if index + 1 < comprehension.clauses.count {
      try scratch { () throws(Diagnostic) in
        let inner = temporaries(3)
        try scratch { () throws(Diagnostic) in
          let source = try iterable(comprehension.clauses[index + 1].iterable)
          span = comprehension.clauses[index + 1].iterable.span
          emit(.iterate, a: inner, b: source)
        }
        try self.clause(comprehension, index + 1, inner, collection)
      }
    } else {
      try scratch { () throws(Diagnostic) in
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
    }
    place(&again)
    span = clause.iterable.span
    let next = emit(.next, a: walk, b: element.register)
    jump(next, to: &body)
  }

  /// Where `next` puts an element: into the name itself, or into a temporary.
  func elementRegister(_ target: Expression) -> (register: Int, isTemporary: Bool) {
    if case .name(let name) = target.form, let register = try? direct(name) {
      return (register, false)
    }
    return (temporary(), true)
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

extension BinaryOperator {
  var operation: Operation {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .matrixMultiply: .matrixMultiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .modulo: .modulo
    case .power: .power
    case .shiftLeft: .shiftLeft
    case .shiftRight: .shiftRight
    case .bitAnd: .bitAnd
    case .bitOr: .bitOr
    case .bitXor: .bitXor
    }
  }
}

extension ComparisonOperator {
  var comparison: ComparisonCode {
    switch self {
    case .less: .less
    case .lessEqual: .lessEqual
    case .greater: .greater
    case .greaterEqual: .greaterEqual
    case .notEqual: .notEqual
    default: .equal
    }
  }

  var jump: Operation {
    switch self {
    case .less: .jumpLess
    case .lessEqual: .jumpLessEqual
    case .greater: .jumpGreater
    case .greaterEqual: .jumpGreaterEqual
    case .notEqual: .jumpNotEqual
    default: .jumpEqual
    }
  }
}

extension Operation {
  /// The same operation with a constant; nil: there is none.
  var withConstant: Operation? {
    switch self {
    case .add: .addConstant
    case .subtract: .subtractConstant
    case .multiply: .multiplyConstant
    case .divide: .divideConstant
    case .floorDivide: .floorDivideConstant
    case .modulo: .moduloConstant
    case .power: .powerConstant
    case .jumpLess: .jumpLessConstant
    case .jumpLessEqual: .jumpLessEqualConstant
    case .jumpGreater: .jumpGreaterConstant
    case .jumpGreaterEqual: .jumpGreaterEqualConstant
    case .jumpEqual: .jumpEqualConstant
    case .jumpNotEqual: .jumpNotEqualConstant
    default: nil
    }
  }
}
