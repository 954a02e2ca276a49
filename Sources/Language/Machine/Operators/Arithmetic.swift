import Catalog

/// Operators on values of any type.
extension Machine {
  /// An arithmetic operation on anything: what the run loop does not do in line.
  ///
  /// - Parameter flags: bit 1: in place.
  @inline(never)
  func arithmetic(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, flags: UInt8 = 0
  ) throws(Thrown) -> RawValue {
    if operation == .add, a.isString, b.isString {
      return try concatenation(a, b)
    }
    let isInPlace = flags & 2 != 0
    if let result = try known(operation, a, b, isInPlace: isInPlace) { return result }
    if operation == .multiply {
      let (left, right) = (plain(a), plain(b))
      let isLeft = left.isString || left.isSequence
      if isLeft || right.isString || right.isSequence {
        if let times = try integer(ifIndex: isLeft ? b : a) {
          return try repeated(isLeft ? left : right, times, isInPlace && isLeft && a.isList)
        }
        throw error(
          .type, "can't multiply sequence by non-int of type '\(typeName(isLeft ? b : a))'",
          code: "L104", about: [a, b])
      }
    }
    throw unsupported(operation, a, b, isInPlace: isInPlace)
  }

  /// An arithmetic operation; nil: the operands have none.
  func known(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, isInPlace: Bool
  ) throws(Thrown) -> RawValue? {
    if let x = a.integer, let y = b.integer {
      if a.isBool, b.isBool {
        switch operation {
        case .bitAnd: return RawValue(x & y == 1)
        case .bitOr: return RawValue(x | y == 1)
        case .bitXor: return RawValue(x ^ y == 1)
        default: break
        }
      }
      if operation != .matrixMultiply { return try integers(operation, x, y) }
    }
    if let x = a.number, let y = b.number {
      if let result = try floats(operation, x, y) { return result }
    }
    if a.tag == RawValue.Tag.deque || b.tag == RawValue.Tag.deque,
      let result = try deques(operation, a, b, isInPlace: isInPlace)
    {
      return result
    }
    if isScripted(a) || isScripted(b) {
      // Texts and dicts have these operators for any right side, lists have theirs as sequences.
      let isOwn =
        a.isString && operation == .modulo || a.isDict && operation == .bitOr && isInPlace
      if !isOwn, let result = try instances(operation, a, b, isInPlace: isInPlace) {
        return result
      }
    }
    if let result = try sequences(operation, a, b, isInPlace: isInPlace) { return result }
    if operation == .bitOr, let union = union(a, b) { return union }
    return try natives(operation, a, b, isInPlace: isInPlace)
  }

  @inline(never)
  func unsupported(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, isInPlace: Bool
  ) -> Thrown {
    if operation == .add {
      let known = plain(a)
      if a.isString, b.number != nil || a.isString, b.isNone {
        return error(
          .type, "can only concatenate str (not \"\(typeName(b))\") to str", code: "L104",
          about: [a, b])
      }
      if known.isString || known.isSequence {
        let name = typeName(known)
        return error(
          .type, "can only concatenate \(name) (not \"\(typeName(b))\") to \(name)",
          code: "L104", about: [a, b])
      }
    }
    var spelling = operation.spelling
    if isInPlace { spelling = operation == .power ? "**=" : spelling + "=" }
    return error(
      .type,
      "unsupported operand type(s) for \(spelling): '\(typeName(a))' and '\(typeName(b))'",
      code: "L104", about: [a, b])
  }

  private func natives(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, isInPlace: Bool
  ) throws(Thrown) -> RawValue? {
    let op = operation.catalog
    if a.tag == RawValue.Tag.native {
      let object = NativeCell(a).object
      let other = value(b)
      if isInPlace, let result = try attempt({ try object.inPlace(op, other) }) {
        if case .object(let same) = result, same === object { return a }
        return raw(result)
      }
      if let result = try attempt({ try object.binary(op, other, reflected: false) }) {
        return raw(result)
      }
    }
    if b.tag == RawValue.Tag.native {
      let object = NativeCell(b).object
      let other = value(a)
      if let result = try attempt({ try object.binary(op, other, reflected: true) }) {
        return raw(result)
      }
    }
    return nil
  }

  /// `-a`, `+a`, `~a`.
  @inline(never)
  func unary(_ operation: Operation, _ a: RawValue) throws(Thrown) -> RawValue {
    if let x = a.integer {
      switch operation {
      case .negate:
        let (result, overflow) = 0.subtractingReportingOverflow(x)
        if overflow { throw overflowError() }
        return RawValue(result)
      case .plus: return RawValue(x)
      default: return RawValue(~x)
      }
    }
    if a.isFloat, operation != .invert {
      return RawValue(operation == .negate ? -a.double : a.double)
    }
    let op: Catalog.UnaryOperator =
      operation == .negate ? .negate : operation == .plus ? .plus : .invert
    if a.tag == RawValue.Tag.native,
      let result = try attempt({ try NativeCell(a).object.unary(op) })
    {
      return raw(result)
    }
    if isScripted(a) {
      let name = operation == .negate ? "__neg__" : operation == .plus ? "__pos__" : "__invert__"
      switch way(a, heap.intern(name)) {
      case .method(let method): return try ask(method, a)
      case .peer(let peer): if peer.number != nil { return try unary(operation, peer) }
      case .none: break
      }
    }
    throw error(
      .type, "bad operand type for unary \(op.rawValue): '\(typeName(a))'", code: "L104")
  }
}

extension Operation {
  /// The plain operator of an arithmetic operation with or without a constant.
  var binary: Operation {
    switch self {
    case .addConstant: .add
    case .subtractConstant: .subtract
    case .multiplyConstant: .multiply
    case .divideConstant: .divide
    case .floorDivideConstant: .floorDivide
    case .moduloConstant: .modulo
    case .powerConstant: .power
    default: self
    }
  }

  /// The place in `SpecialNames.operators`.
  var operatorIndex: Int { Int(rawValue) - Int(Operation.add.rawValue) }

  var catalog: Catalog.BinaryOperator {
    switch binary {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .floorDivide: .floorDivide
    case .modulo: .remainder
    case .power: .power
    case .matrixMultiply: .matrixMultiply
    case .shiftLeft: .shiftLeft
    case .shiftRight: .shiftRight
    case .bitAnd: .and
    case .bitOr: .or
    default: .xor
    }
  }

  /// How messages write it.
  var spelling: String { self.binary == .power ? "** or pow()" : catalog.rawValue }
}
