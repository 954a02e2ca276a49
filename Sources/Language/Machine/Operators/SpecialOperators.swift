import Catalog

/// Operators where a side is an object of a script's class: who is asked, and in which order.
extension Machine {
  /// The type whose comparisons a script may have written; nil: the machine knows by itself.
  private func comparing(_ value: RawValue) -> TypeCell? {
    if value.tag == RawValue.Tag.instance { return InstanceCell(value).type }
    if value.tag == RawValue.Tag.exception, ExceptionCell(value).type.isScript {
      return ExceptionCell(value).type
    }
    return nil
  }

  /// Whether the type of `b` is another one that derives from the type of `a`.
  private func isBelow(_ b: RawValue, _ a: RawValue) -> Bool {
    let (left, right) = (type(of: a), type(of: b))
    return left.cell != right.cell && right.isKind(of: left)
  }

  /// `a op b` where one is an object of a script's class: both sides are asked.
  func compareInstances(
    _ code: ComparisonCode, _ a: RawValue, _ b: RawValue
  ) throws(Thrown) -> RawValue {
    func ask(
      _ code: ComparisonCode, _ left: RawValue, _ right: RawValue
    ) throws(Thrown) -> RawValue? {
      guard let type = comparing(left) else { return nil }
      if let method = type.own(names.comparisons[Int(code.rawValue)]) {
        if method.isNone {
          throw error(.type, "'NoneType' object is not callable", code: "L106")
        }
        let result = try self.ask(method, left, [right])
        if !result.isNotImplemented { return result }
      } else if code == .notEqual, let method = type.own(names.equal) {
        let result = try self.ask(method, left, [right])
        if !result.isNotImplemented { return RawValue(try !truth(result)) }
      }
      return nil
    }
    var askedRight = false
    if comparing(b) != nil, isBelow(b, a) {
      askedRight = true
      if let result = try ask(code.mirrored, b, a) { return result }
    }
    if let result = try ask(code, a, b) { return result }
    if !askedRight, let result = try ask(code.mirrored, b, a) { return result }
    let (left, right) = (plain(a), plain(b))
    let isPlain = left.isIdentical(to: a) && right.isIdentical(to: b)
    switch code {
    case .equal: return RawValue(try isPlain ? isSame(a, b) : equals(left, right))
    case .notEqual: return RawValue(try isPlain ? !isSame(a, b) : !equals(left, right))
    default:
      if !isPlain, isOrdered(left, right) { return try compare(code, left, right) }
      throw error(
        .type,
        "'\(code.spelling)' not supported between instances of '\(typeName(a))' and "
          + "'\(typeName(b))'", code: "L104", about: [a, b])
    }
  }

  /// Whether built-in values have an order: numbers, texts, lists, tuples, sets.
  func isOrdered(_ a: RawValue, _ b: RawValue) -> Bool {
    if a.number != nil { return b.number != nil }
    if a.isAnySet { return b.isAnySet }
    if a.tag == RawValue.Tag.native || b.tag == RawValue.Tag.native { return true }
    return a.tag == b.tag && (a.isString || a.isSequence)
  }

  /// Whether the built-in type of the left side has the operator for the right side, before that
  /// is asked; sequences come after it.
  private func knows(_ operation: Operation, _ a: RawValue, _ b: RawValue) -> Bool {
    if operation == .matrixMultiply { return false }
    if a.isFloat {
      return b.number != nil && operation.operatorIndex < Operation.power.operatorIndex + 1
    }
    if a.integer != nil { return b.integer != nil }
    return false
  }

  /// `a op b` by the methods of classes; nil: none knows.
  func instances(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, isInPlace: Bool
  ) throws(Thrown) -> RawValue? {
    let name = names.operators[operation.operatorIndex]
    func method(_ value: RawValue, _ name: StringCell) -> RawValue? {
      guard case .method(let found) = way(value, name), !found.isNone else { return nil }
      return found
    }
    if isInPlace, let method = method(a, name.inPlace) {
      let result = try ask(method, a, [b])
      if !result.isNotImplemented { return result }
    }
    // A subclass on the right that has its own operator is asked first.
    var askedRight = false
    if isScripted(b), isBelow(b, a), let reflected = method(b, name.reflected),
      !(method(a, name.reflected)?.isIdentical(to: reflected) ?? false)
    {
      askedRight = true
      let result = try ask(reflected, b, [a])
      if !result.isNotImplemented { return result }
    }
    if let method = method(a, name.plain) {
      let result = try ask(method, a, [b])
      if !result.isNotImplemented { return result }
    } else if !askedRight, knows(operation, plain(a), plain(b)) {
      return try known(operation, plain(a), plain(b), isInPlace: false)
    }
    let isSameType =
      isScripted(a) && isScripted(b) && type(of: a).cell == type(of: b).cell
    if !isSameType, !askedRight, let method = method(b, name.reflected) {
      let result = try ask(method, b, [a])
      if !result.isNotImplemented { return result }
    }
    let (left, right) = (plain(a), plain(b))
    if left.isIdentical(to: a), right.isIdentical(to: b) { return nil }
    let isExtended = isInPlace && operation == .add && left.isList
    let made =
      isExtended
      ? try sequences(operation, left, b, isInPlace: true)
      : try known(operation, left, right, isInPlace: isInPlace)
    guard let result = made else { return nil }
    // What was changed in place is still the object it was.
    return isInPlace && result.isHeap && result.isIdentical(to: left) ? a : result
  }
}

extension ComparisonCode {
  /// The comparison with the sides exchanged.
  var mirrored: ComparisonCode {
    switch self {
    case .less: .greater
    case .lessEqual: .greaterEqual
    case .greater: .less
    case .greaterEqual: .lessEqual
    case .equal: .equal
    case .notEqual: .notEqual
    }
  }
}
