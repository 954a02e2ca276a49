import Catalog
import Glibc

/// Operators on integers and floats, with CPython's results and errors.
extension Machine {
  func integers(
    _ operation: Operation, _ x: Int, _ y: Int
  ) throws(Thrown) -> RawValue {
    let (result, overflow): (Int, Bool)
    switch operation {
    case .add: (result, overflow) = x.addingReportingOverflow(y)
    case .subtract: (result, overflow) = x.subtractingReportingOverflow(y)
    case .multiply: (result, overflow) = x.multipliedReportingOverflow(by: y)
    case .divide:
      if y == 0 { throw error(.zeroDivision, "division by zero", code: "L109") }
      return RawValue(Machine.quotient(x, y))
    case .floorDivide:
      if y == 0 { throw zeroDivision() }
      if y == -1 {
        (result, overflow) = 0.subtractingReportingOverflow(x)
      } else {
        let quotient = x / y
        result = (x % y != 0) && ((x < 0) != (y < 0)) ? quotient - 1 : quotient
        overflow = false
      }
    case .modulo:
      if y == 0 { throw error(.zeroDivision, "integer modulo by zero", code: "L109") }
      if y == -1 { return RawValue(0) }
      let rest = x % y
      return RawValue(rest != 0 && ((rest < 0) != (y < 0)) ? rest + y : rest)
    case .power: return try power(x, y)
    case .shiftLeft:
      if y < 0 { throw error(.value, "negative shift count") }
      if x == 0 { return RawValue(0) }
      guard y < 64, (x << y) >> y == x else { throw overflowError() }
      return RawValue(x << y)
    case .shiftRight:
      if y < 0 { throw error(.value, "negative shift count") }
      return RawValue(y > 63 ? (x < 0 ? -1 : 0) : x >> y)
    case .bitAnd: return RawValue(x & y)
    case .bitOr: return RawValue(x | y)
    default: return RawValue(x ^ y)
    }
    if overflow { throw overflowError(about: [RawValue(x), RawValue(y)]) }
    return RawValue(result)
  }

  func zeroDivision() -> Thrown {
    error(.zeroDivision, "integer division or modulo by zero", code: "L109")
  }

  /// The quotient of two integers, rounded once.
  static func quotient(_ x: Int, _ y: Int) -> Double {
    if x.magnitude <= 1 << 53, y.magnitude <= 1 << 53 { return Double(x) / Double(y) }
    // 62 bits of quotient at least, the rest as a sticky bit.
    let (a, b) = (x.magnitude, y.magnitude)
    let shift = max(
      0, 62 - (a.bitWidth - a.leadingZeroBitCount) + (b.bitWidth - b.leadingZeroBitCount))
    let wide = a.multipliedFullWidth(by: 1)
    let high: UInt
    let low: UInt
    if shift >= 64 {
      high = shift - 64 >= 64 ? 0 : a << UInt(shift - 64)
      low = 0
    } else if shift > 0 {
      high = a >> UInt(64 - shift)
      low = a << UInt(shift)
    } else {
      high = wide.high
      low = a
    }
    guard high < b else {
      return (x < 0) != (y < 0) ? -(Double(a) / Double(b)) : Double(a) / Double(b)
    }
    let (quotient, rest) = b.dividingFullWidth((high, low))
    let sticky = quotient | (rest == 0 ? 0 : 1)
    let value = scalbn(Double(sticky), Int32(-shift))
    return (x < 0) != (y < 0) ? -value : value
  }

  private func power(_ base: Int, _ exponent: Int) throws(Thrown) -> RawValue {
    if exponent < 0 {
      if base == 0 {
        throw error(.zeroDivision, "0.0 cannot be raised to a negative power", code: "L109")
      }
      return RawValue(pow(Double(base), Double(exponent)))
    }
    var (result, factor, left) = (1, base, exponent)
    while left > 0 {
      if left & 1 == 1 {
        let (product, overflow) = result.multipliedReportingOverflow(by: factor)
        if overflow { throw overflowError() }
        result = product
      }
      left >>= 1
      if left > 0 {
        let (square, overflow) = factor.multipliedReportingOverflow(by: factor)
        if overflow { throw overflowError() }
        factor = square
      }
    }
    return RawValue(result)
  }

  func floats(
    _ operation: Operation, _ x: Double, _ y: Double
  ) throws(Thrown) -> RawValue? {
    switch operation {
    case .add: return RawValue(x + y)
    case .subtract: return RawValue(x - y)
    case .multiply: return RawValue(x * y)
    case .divide:
      if y == 0 { throw error(.zeroDivision, "float division by zero", code: "L109") }
      return RawValue(x / y)
    case .floorDivide:
      if y == 0 { throw error(.zeroDivision, "float floor division by zero", code: "L109") }
      return RawValue(Machine.floorDivide(x, y))
    case .modulo:
      if y == 0 { throw error(.zeroDivision, "float modulo", code: "L109") }
      return RawValue(Machine.modulo(x, y))
    case .power:
      if x == 0, y < 0 {
        throw error(.zeroDivision, "0.0 cannot be raised to a negative power", code: "L109")
      }
      if x < 0, y.isFinite, x.isFinite, y != y.rounded() {
        throw error(
          .value, "complex numbers are not part of Gradus",
          help: "a negative number with a fractional exponent has no real power")
      }
      let result = pow(x, y)
      if result.isInfinite, x.isFinite, y.isFinite {
        let type = typesByName["OverflowError"] ?? types[Int(RawValue.Tag.exception)]
        throw raise(
          newException(
            type,
            heap.newTuple([RawValue(34), string("Numerical result out of range")])))
      }
      return RawValue(result)
    default: return nil
    }
  }

  static func modulo(_ x: Double, _ y: Double) -> Double {
    var rest = fmod(x, y)
    if rest != 0 {
      if (y < 0) != (rest < 0) { rest += y }
    } else {
      rest = copysign(0, y)
    }
    return rest
  }

  static func floorDivide(_ x: Double, _ y: Double) -> Double {
    var rest = fmod(x, y)
    var quotient = (x - rest) / y
    if rest != 0 {
      if (y < 0) != (rest < 0) {
        rest += y
        quotient -= 1
      }
    }
    if quotient == 0 { return copysign(0, x / y) }
    let floor = quotient.rounded(.down)
    return quotient - floor > 0.5 ? floor + 1 : floor
  }
}
