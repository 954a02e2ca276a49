/// Conditions: jumps without a truth value in a register, where that can be.
extension Compiler {
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
}
