/// Constant expressions such as `2**63 - 1` and `-2**63`, whose value has 64 bits though a step on
/// the way has more.
struct WideConstant {
  /// The value; it fits in 64 bits.
  let value: Int

  /// Fails where the expression is not of this kind: the machine computes it, or raises.
  init?(_ expression: Expression) {
    var isWide = false
    guard let value = WideConstant.fold(expression, &isWide), isWide,
      let value = Int(exactly: value)
    else { return nil }
    self.value = value
  }

  private static func fold(_ expression: Expression, _ isWide: inout Bool) -> Int128? {
    let value: Int128? =
      switch expression.form {
      case .integer(let value): Int128(value)
      case .bigInteger(let digits, let radix): Int128(digits, radix: radix)
      case .unary(.minus, let operand): fold(operand, &isWide).flatMap { $0 == .min ? nil : -$0 }
      case .unary(.plus, let operand): fold(operand, &isWide)
      case .unary(.invert, let operand): fold(operand, &isWide).map { ~$0 }
      case .binary(let first, let steps): fold(first, steps, &isWide)
      default: nil
      }
    if let value, Int(exactly: value) == nil { isWide = true }
    return value
  }

  private static func fold(
    _ first: Expression, _ steps: [BinaryStep], _ isWide: inout Bool
  ) -> Int128? {
    guard steps.count <= 16, var value = fold(first, &isWide) else { return nil }
    for step in steps {
      guard let operand = fold(step.operand, &isWide),
        let result = apply(step.operator, value, operand)
      else { return nil }
      value = result
      if Int(exactly: value) == nil { isWide = true }
    }
    return value
  }

  private static func apply(_ name: BinaryOperator, _ x: Int128, _ y: Int128) -> Int128? {
    let result: (partialValue: Int128, overflow: Bool)
    switch name {
    case .add: result = x.addingReportingOverflow(y)
    case .subtract: result = x.subtractingReportingOverflow(y)
    case .multiply: result = x.multipliedReportingOverflow(by: y)
    case .shiftLeft: return y >= 0 && y < 127 && (x << y) >> y == x ? x << y : nil
    case .power:
      guard y >= 0, y < 127 else { return nil }
      var power: Int128 = 1
      for _ in 0..<y {
        let (next, overflow) = power.multipliedReportingOverflow(by: x)
        if overflow { return nil }
        power = next
      }
      return power
    default: return nil
    }
    return result.overflow ? nil : result.partialValue
  }
}
