extension Parser {
  /// A part of a target that cannot be assigned to, or deleted.
  struct BadTarget {
    let expression: Expression
  }

  /// The first part of `target` that cannot be one; nil when all can.
  func invalidTarget(in target: Expression, deleting: Bool = false) -> BadTarget? {
    switch target.form {
    case .name, .attribute, .element, .invalid: return nil
    case .tuple(let items), .list(let items):
      for item in items {
        if let bad = invalidTarget(in: item, deleting: deleting) { return bad }
      }
      return nil
    case .starred(let value):
      return deleting ? BadTarget(expression: target) : invalidTarget(in: value)
    default: return BadTarget(expression: target)
    }
  }

  /// The error for `target = …` with a target that is none, in CPython's words.
  ///
  /// - Parameters:
  ///   - mayCompare: whether what follows `=` could be the right side of a comparison.
  ///   - equal: the index of the `=`.
  mutating func badTarget(
    _ target: Expression, mayCompare: Bool, before equal: Int
  ) -> Failed {
    let last = tokens[equal - 1]
    var nearest = target
    if case .tuple(let items) = target.form, !target.isGrouped(bytes), let end = items.last {
      nearest = end
    }
    if mayCompare, last.kind != .comma,
      nearest.canBeCompared(isGrouped: nearest.span.end < last.end)
    {
      if case .name = nearest.form {
        return fail(
          "invalid syntax. Maybe you meant '==' or ':=' instead of '='?",
          at: nearest.span, code: "L004", help: "use == to compare")
      }
      return fail(
        "cannot assign to \(nearest.describedKind) here. Maybe you meant '==' instead of '='?",
        at: nearest.span, code: "L004", help: "use == to compare")
    }
    let bad = invalidTarget(in: target)?.expression ?? target
    return fail("cannot assign to \(bad.describedKind)", at: bad.span)
  }

  /// The targets of a `for`: a target, or a tuple of them without parentheses.
  mutating func loopTargets() throws(Failed) -> Expression {
    let start = current.start
    var items: [Expression] = []
    var isTuple = false
    repeat {
      if isTuple, kind == .in { break }
      let itemStart = current.start
      if take(.star) {
        items.append(.init(.starred(try bitwiseOr()), span(from: itemStart)))
      } else {
        items.append(try bitwiseOr())
      }
      isTuple = isTuple || kind == .comma
    } while take(.comma)
    let target =
      isTuple || items.isEmpty ? Expression(.tuple(items), span(from: start)) : items[0]
    if let bad = invalidTarget(in: target) {
      if kind == .end { throw unexpected() }
      throw fail("cannot assign to \(bad.expression.describedKind)", at: bad.expression.span)
    }
    return target
  }
}

extension Expression {
  /// Whether parentheses are part of its span.
  func isGrouped(_ bytes: ContiguousArray<UInt8>) -> Bool {
    bytes.indices.contains(span.start) && bytes[span.start] == Byte.leftParenthesis
      && bytes[span.end - 1] == Byte.rightParenthesis
  }

  /// Whether it can stand left of `==` as it is written, and be meant so.
  func canBeCompared(isGrouped: Bool) -> Bool {
    switch form {
    case .comprehension(let comprehension): comprehension.kind != .generator
    case .tuple, .list: false
    case _ where isGrouped: true
    case .true, .false, .none, .comparison, .boolean, .conditional, .lambda,
      .starred, .yield, .yieldFrom, .named, .unary(.not, _):
      false
    default: true
    }
  }

  var isYield: Bool {
    switch form {
    case .yield, .yieldFrom: true
    default: false
    }
  }

  /// What CPython calls it in messages.
  var describedKind: String {
    switch form {
    case .none: "None"
    case .true: "True"
    case .false: "False"
    case .ellipsis: "ellipsis"
    case .name: "name"
    case .integer, .bigInteger, .float, .string: "literal"
    case .format: "f-string expression"
    case .tuple: "tuple"
    case .list: "list"
    case .set: "set display"
    case .dictionary: "dict literal"
    case .comprehension(let comprehension):
      switch comprehension.kind {
      case .list: "list comprehension"
      case .set: "set comprehension"
      case .dictionary: "dict comprehension"
      case .generator: "generator expression"
      }
    case .attribute: "attribute"
    case .element: "subscript"
    case .slice: "slice"
    case .call: "function call"
    case .unary, .binary, .boolean: "expression"
    case .comparison: "comparison"
    case .conditional: "conditional expression"
    case .lambda: "lambda"
    case .named: "named expression"
    case .starred: "starred"
    case .yield, .yieldFrom: "yield expression"
    case .invalid: "expression"
    }
  }
}
