/// Operators and comparisons that give a value.
extension Compiler {
  func unary(
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

  func binary(
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
  func number(_ expression: Expression) -> Code.Constant? {
    guard let constant = literal(expression) else { return nil }
    switch constant {
    case .int, .float, .text: return constant
    default: return nil
    }
  }

  func comparison(
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

  func emitComparison(
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

  func boolean(
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
