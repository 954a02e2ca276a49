import Catalog

/// What the run loop does in line; the rest of each instruction is never inlined.
extension Machine {
  // MARK: Arithmetic

  // Each path puts its result into its register itself: results that meet first cost time, and so
  // does one function for the first three with their operators as closures.

  /// `x + y`; bit 0 of the flags: the operands stand the other way round.
  @inline(__always)
  func add(_ r: Registers, _ i: Instruction, _ y: RawValue) throws(Thrown) {
    let x = r[i.b]
    if x.tag | y.tag == 0 {
      let (sum, overflow) = x.int.addingReportingOverflow(y.int)
      if !overflow {
        r[i.a] = RawValue(sum)
        return
      }
    } else if x.tag & y.tag == 1, x.tag | y.tag == 1 {
      r[i.a] = RawValue(x.double + y.double)
      return
    }
    r[i.a] =
      i.x & 1 == 0 ? try arithmetic(.add, x, y, flags: i.x) : try arithmetic(.add, y, x)
  }

  /// `x - y`.
  @inline(__always)
  func subtract(_ r: Registers, _ i: Instruction, _ y: RawValue) throws(Thrown) {
    let x = r[i.b]
    if x.tag | y.tag == 0 {
      let (difference, overflow) = x.int.subtractingReportingOverflow(y.int)
      if !overflow {
        r[i.a] = RawValue(difference)
        return
      }
    } else if x.tag & y.tag == 1, x.tag | y.tag == 1 {
      r[i.a] = RawValue(x.double - y.double)
      return
    }
    r[i.a] = try arithmetic(.subtract, x, y, flags: i.x)
  }

  /// `x * y`; bit 0 of the flags: the operands stand the other way round.
  @inline(__always)
  func multiply(_ r: Registers, _ i: Instruction, _ y: RawValue) throws(Thrown) {
    let x = r[i.b]
    if x.tag | y.tag == 0 {
      let (product, overflow) = x.int.multipliedReportingOverflow(by: y.int)
      if !overflow {
        r[i.a] = RawValue(product)
        return
      }
    } else if x.tag & y.tag == 1, x.tag | y.tag == 1 {
      r[i.a] = RawValue(x.double * y.double)
      return
    }
    r[i.a] =
      i.x & 1 == 0 ? try arithmetic(.multiply, x, y, flags: i.x) : try arithmetic(.multiply, y, x)
  }

  /// `x / y`.
  @inline(__always)
  func divide(_ r: Registers, _ i: Instruction, _ y: RawValue) throws(Thrown) {
    let x = r[i.b]
    if x.tag & y.tag == 1, x.tag | y.tag == 1, y.double != 0 {
      r[i.a] = RawValue(x.double / y.double)
      return
    }
    r[i.a] = try arithmetic(.divide, x, y, flags: i.x)
  }

  /// `x // y`.
  @inline(__always)
  func floorDivide(_ r: Registers, _ i: Instruction, _ y: RawValue) throws(Thrown) {
    let x = r[i.b]
    if x.tag | y.tag == 0, y.int > 0 {
      let quotient = x.int / y.int
      r[i.a] = RawValue(x.int < 0 && quotient &* y.int != x.int ? quotient &- 1 : quotient)
      return
    }
    r[i.a] = try arithmetic(.floorDivide, x, y, flags: i.x)
  }

  /// `x % y`.
  @inline(__always)
  func modulo(_ r: Registers, _ i: Instruction, _ y: RawValue) throws(Thrown) {
    let x = r[i.b]
    if x.tag | y.tag == 0, y.int > 0 {
      let rest = x.int % y.int
      r[i.a] = RawValue(rest < 0 ? rest &+ y.int : rest)
      return
    }
    r[i.a] = try arithmetic(.modulo, x, y, flags: i.x)
  }

  /// `x ** y`, quickly for squares.
  @inline(__always)
  func power(_ r: Registers, _ i: Instruction, _ y: RawValue) throws(Thrown) {
    let x = r[i.b]
    if y.isInt, y.int == 2 {
      if x.isFloat {
        let square = x.double * x.double
        if square.isFinite {
          r[i.a] = RawValue(square)
          return
        }
      } else if x.isInt {
        let (square, overflow) = x.int.multipliedReportingOverflow(by: x.int)
        if !overflow {
          r[i.a] = RawValue(square)
          return
        }
      }
    }
    r[i.a] = try arithmetic(.power, x, y, flags: i.x)
  }

  /// `x & y`, `x ^ y`.
  @inline(__always)
  func combineBits(
    _ r: Registers, _ i: Instruction, _ operation: Operation,
    _ combine: (UInt64, UInt64) -> UInt64
  ) throws(Thrown) {
    let (x, y) = (r[i.b], r[i.c])
    if x.tag | y.tag == 0 {
      r[i.a] = RawValue(tag: 0, bits: combine(x.bits, y.bits))
      return
    }
    r[i.a] = try arithmetic(operation, x, y, flags: i.x)
  }

  // MARK: Elements

  /// An element of a list or tuple; nil: the container is another, or has no such place.
  @inline(__always)
  static func element(_ container: RawValue, _ index: Int) -> RawValue? {
    var index = index
    if container.isList {
      let list = ListCell(container)
      if index < 0 { index &+= list.count }
      if UInt(bitPattern: index) < UInt(bitPattern: list.count) { return list[index] }
    } else if container.isTuple {
      let tuple = TupleCell(container)
      if index < 0 { index &+= tuple.count }
      if UInt(bitPattern: index) < UInt(bitPattern: tuple.count) { return tuple[index] }
    }
    return nil
  }

  // MARK: Comparison and jumps

  /// A comparison of which only the truth is wanted.
  @inline(__always)
  func test(
    _ code: ComparisonCode, _ x: RawValue, _ y: RawValue, _ ints: (Int, Int) -> Bool,
    _ floats: (Double, Double) -> Bool
  ) throws(Thrown) -> Bool {
    if x.tag | y.tag == 0 { return ints(x.int, y.int) }
    if x.tag & y.tag == 1, x.tag | y.tag == 1 { return floats(x.double, y.double) }
    return try slowTest(code, x, y)
  }

  /// Jumps when a condition has the truth that the instruction wants; backwards, it looks at what
  /// waits for the machine first.
  @inline(__always)
  func jump(
    _ pc: inout UnsafeMutablePointer<Instruction>, _ instruction: Instruction, if isTrue: Bool
  ) throws(Thrown) {
    guard isTrue == (instruction.x != 0) else { return }
    if instruction.offset < 0, pending.raw != 0 { try attend() }
    unsafe pc += instruction.offset
  }

  @inline(never)
  private func slowTest(
    _ code: ComparisonCode, _ x: RawValue, _ y: RawValue
  ) throws(Thrown) -> Bool {
    if x.isString, y.isString {
      switch code {
      case .equal: return StringCell(x).equals(StringCell(y))
      case .notEqual: return !StringCell(x).equals(StringCell(y))
      default: return code.holds(StringCell(x).compare(StringCell(y)))
      }
    }
    return try truth(compare(code, x, y))
  }
}
