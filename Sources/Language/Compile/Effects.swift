/// What computing an expression may do besides giving its value.
extension Expression {
  /// Whether computing it calls functions, or runs other code that may be seen.
  var callsCode: Bool {
    switch form {
    case .call, .comprehension, .yield, .yieldFrom, .named: true
    case .none, .true, .false, .ellipsis, .integer, .bigInteger, .float, .string, .name, .lambda,
      .invalid:
      false
    case .format(let parts): parts.contains { $0.callsCode }
    case .tuple(let parts), .list(let parts), .set(let parts), .boolean(_, let parts):
      parts.contains { $0.callsCode }
    case .dictionary(let items):
      items.contains { item in
        switch item {
        case .pair(let key, let value): key.callsCode || value.callsCode
        case .spread(let value): value.callsCode
        }
      }
    case .attribute(let base, _): base.callsCode
    case .element(let base, let index): base.callsCode || index.callsCode
    case .slice(let lower, let upper, let step):
      [lower, upper, step].contains { $0?.callsCode == true }
    case .unary(_, let operand), .starred(let operand): operand.callsCode
    case .binary(let first, let steps):
      first.callsCode || steps.contains { $0.operand.callsCode }
    case .comparison(let first, let steps):
      first.callsCode || steps.contains { $0.operand.callsCode }
    case .conditional(let condition, let then, let otherwise):
      condition.callsCode || then.callsCode || otherwise.callsCode
    }
  }
}

extension FormatPart {
  fileprivate var callsCode: Bool {
    guard case .value(let value) = self else { return false }
    return value.expression.callsCode || value.format?.contains { $0.callsCode } == true
  }
}
