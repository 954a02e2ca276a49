import Catalog

/// Functions of numbers.
enum NumberFunctions {
  static let all: [Builtin] = [
    Builtin(
      "abs", "The size of a number without its sign.", .required("x", "number"),
      returns: "number", example: "abs(-3)"
    ) { machine, window throws(Thrown) in try machine.absolute(window[0]) },
    Builtin(
      "round", "The nearest whole number, or the nearest with so many places; half to even.",
      .named("number", "number"), .named("ndigits", "int or None", shown: "None"),
      returns: "number", example: "round(2.675, 2)"
    ) { machine, window throws(Thrown) in try machine.rounded(window[0], window[1]) },
    Builtin(
      "divmod", "Quotient and remainder of a floor division.", .required("x", "number"),
      .required("y", "number"), returns: "tuple", example: "divmod(17, 5)"
    ) { machine, window throws(Thrown) in try machine.divided(window[0], window[1]) },
    Builtin(
      "pow", "A power, or its remainder by a third number.", .named("base", "number"),
      .named("exp", "number"), .named("mod", "int or None", shown: "None"), returns: "number",
      example: "pow(2, 10)"
    ) { machine, window throws(Thrown) in
      guard let modulus = window.given(2), !modulus.isNone else {
        return try machine.arithmetic(.power, window[0], window[1])
      }
      if case .method(let method) = machine.way(window[0], machine.heap.intern("__pow__")) {
        return try machine.ask(method, window[0], [window[1], modulus])
      }
      return try machine.power(window[0], window[1], modulus)
    },
    inBase("bin", "An integer in base 2, as text.", 2, "0b"),
    inBase("oct", "An integer in base 8, as text.", 8, "0o"),
    inBase("hex", "An integer in base 16, as text.", 16, "0x"),
    Builtin(
      "ord", "The code point of a character.", .required("c", "str"), returns: "int",
      example: "ord(\"a\")"
    ) { machine, window throws(Thrown) in
      guard window[0].isString else {
        throw machine.mismatch(
          "ord() expected string of length 1, but \(machine.typeName(window[0])) found")
      }
      let string = StringCell(window[0])
      guard string.count == 1 else {
        throw machine.mismatch(
          "ord() expected a character, but string of length \(string.count) found")
      }
      return RawValue(Int(string.scalar(atByte: 0).scalar.value))
    },
    Builtin(
      "chr", "The character of a code point.", .required("i", "int"), returns: "str",
      example: "chr(97)"
    ) { machine, window throws(Thrown) in
      let code = try machine.integer(window[0])
      guard code >= 0, code < 0x110000 else {
        throw machine.error(.value, "chr() arg not in range(0x110000)")
      }
      guard let scalar = Unicode.Scalar(UInt32(code)) else {
        throw machine.error(.value, "surrogates are no characters in Gradus: \(code)")
      }
      return machine.heap.newString(scalar).value
    },
  ]

  private static func inBase(
    _ name: String, _ sentence: String, _ radix: Int, _ prefix: String
  ) -> Builtin {
    Builtin(name, sentence, .required("number", "int"), returns: "str") {
      machine, window throws(Thrown) in
      let number = try machine.integer(window[0])
      let digits = String(number.magnitude, radix: radix)
      return machine.string((number < 0 ? "-" : "") + prefix + digits)
    }
  }
}

extension Machine {
  /// What a special method of a script's object gives; nil: it has none.
  func special(_ name: String, _ value: RawValue) throws(Thrown) -> RawValue? {
    guard isScripted(value), let method = type(of: value).own(heap.intern(name))
    else { return nil }
    return try ask(method, value)
  }

  func absolute(_ value: RawValue) throws(Thrown) -> RawValue {
    if let int = value.integer {
      guard int != Int.min else { throw overflowError() }
      return RawValue(abs(int))
    }
    if value.isFloat { return RawValue(value.double.magnitude) }
    if let made = try special("__abs__", value) { return made }
    if plain(value).number != nil { return try absolute(plain(value)) }
    if let method = try method("__abs__", ofNative: value) { return try call(method, []) }
    throw error(.type, "bad operand type for abs(): '\(typeName(value))'", code: "L104")
  }

  /// The bound method of a library object under a special name or the function's own.
  func method(_ name: String, ofNative value: RawValue) throws(Thrown) -> RawValue? {
    guard value.tag == RawValue.Tag.native else { return nil }
    let plain = name.filter { $0 != "_" }
    for name in [name, plain] {
      let found = try attribute(value, heap.intern(name), isOptional: true)
      if !found.isUndefined { return found }
    }
    return nil
  }

  func rounded(_ value: RawValue, _ digits: RawValue) throws(Thrown) -> RawValue {
    let hasDigits = !digits.isUndefined && !digits.isNone
    if let int = value.integer {
      return hasDigits ? try rounded(int, places: integer(digits)) : RawValue(int)
    }
    if value.isFloat {
      let double = value.double
      if !hasDigits { return RawValue(try attempt { try FloatText.rounded(double) }) }
      let places = try integer(digits)
      return RawValue(try attempt { try FloatText.rounded(double, places: places) })
    }
    if isScripted(value) {
      if let method = type(of: value).own(heap.intern("__round__")) {
        return try ask(method, value, digits.isUndefined ? [] : [digits])
      }
      if plain(value).number != nil { return try rounded(plain(value), digits) }
    }
    if !hasDigits, value.tag == RawValue.Tag.native {
      // An array without axes is a number.
      let object = NativeCell(value).object
      if (try? object.length()) == nil, let scalar = object.scalar() {
        return try rounded(raw(scalar), digits)
      }
    }
    if let method = try method("__round__", ofNative: value) {
      return try call(method, hasDigits ? [digits] : [])
    }
    if value.tag == RawValue.Tag.native, let scalar = NativeCell(value).object.scalar() {
      return try rounded(raw(scalar), digits)
    }
    throw error(.type, "type \(typeName(value)) doesn't define __round__ method")
  }

  /// An integer rounded to tens, hundreds; half to even.
  private func rounded(_ value: Int, places: Int) throws(Thrown) -> RawValue {
    guard places < 0 else { return RawValue(value) }
    guard places >= -19 else { return RawValue(0) }
    var unit: UInt = 1
    for _ in 0..<(-places) { unit *= 10 }
    let size = value.magnitude
    let (quotient, rest) = size.quotientAndRemainder(dividingBy: unit)
    let half = unit / 2
    let isUp = rest > half || (rest == half && quotient & 1 == 1)
    let (product, overflow) = (quotient + (isUp ? 1 : 0)).multipliedReportingOverflow(by: unit)
    guard !overflow, let whole = Int(exactly: product) else { throw overflowError() }
    return RawValue(value < 0 ? -whole : whole)
  }

  func divided(_ x: RawValue, _ y: RawValue) throws(Thrown) -> RawValue {
    if x.integer != nil, y.integer != nil {
      guard y.int != 0 else { throw zeroDivision() }
    } else if x.number != nil, let divisor = y.number {
      guard divisor != 0 else { throw error(.zeroDivision, "float divmod()", code: "L109") }
    } else if let made = try divisionMethod(x, y) {
      return made
    }
    let isNumeric = x.number != nil && y.number != nil
    guard isNumeric || x.tag == RawValue.Tag.native || y.tag == RawValue.Tag.native else {
      throw error(
        .type,
        "unsupported operand type(s) for divmod(): '\(typeName(x))' and '\(typeName(y))'",
        code: "L104")
    }
    let quotient = try arithmetic(.floorDivide, x, y)
    return tuple([quotient, try arithmetic(.modulo, x, y)])
  }

  private func divisionMethod(_ x: RawValue, _ y: RawValue) throws(Thrown) -> RawValue? {
    if isScripted(x), let method = type(of: x).own(heap.intern("__divmod__")) {
      let result = try ask(method, x, [y])
      if !result.isNotImplemented { return result }
    }
    if isScripted(y), let method = type(of: y).own(heap.intern("__rdivmod__")) {
      let result = try ask(method, y, [x])
      if !result.isNotImplemented { return result }
    }
    let (left, right) = (plain(x), plain(y))
    guard !left.isIdentical(to: x) || !right.isIdentical(to: y) else { return nil }
    return left.number != nil && right.number != nil ? try divided(left, right) : nil
  }

  /// `pow(base, exponent, modulus)` on integers.
  fileprivate func power(
    _ base: RawValue, _ exponent: RawValue, _ modulus: RawValue
  ) throws(Thrown) -> RawValue {
    guard let base = plain(base).integer, var exponent = plain(exponent).integer,
      let modulus = plain(modulus).integer
    else {
      throw mismatch("pow() 3rd argument not allowed unless all arguments are integers")
    }
    guard modulus != 0 else { throw error(.value, "pow() 3rd argument cannot be 0") }
    let size = modulus.magnitude
    var factor = Self.remainder(base, size)
    if exponent < 0 {
      guard let inverse = Self.inverse(factor, size) else {
        throw error(.value, "base is not invertible for the given modulus")
      }
      factor = inverse
      guard exponent != Int.min else { throw overflowError() }
      exponent = -exponent
    }
    var result: UInt = 1 % size
    while exponent > 0 {
      if exponent & 1 == 1 { result = Self.product(result, factor, size) }
      factor = Self.product(factor, factor, size)
      exponent >>= 1
    }
    // The result has the sign of the modulus.
    if modulus < 0, result != 0 { return RawValue(-Int(size - result)) }
    return RawValue(Int(result))
  }

  private static func remainder(_ value: Int, _ size: UInt) -> UInt {
    let rest = value.magnitude % size
    return value < 0 && rest != 0 ? size - rest : rest
  }

  private static func product(_ a: UInt, _ b: UInt, _ size: UInt) -> UInt {
    let (high, low) = a.multipliedFullWidth(by: b)
    return size.dividingFullWidth((high % size, low)).remainder
  }

  /// The inverse by Euclid's algorithm; nil: they have a common factor.
  private static func inverse(_ value: UInt, _ size: UInt) -> UInt? {
    if size == 1 { return 0 }
    var (old, rest) = (value, size)
    var (oldFactor, factor): (UInt, UInt) = (1, 0)
    while rest != 0 {
      let quotient = old / rest
      (old, rest) = (rest, old - quotient * rest)
      let step = product(quotient % size, factor, size)
      (oldFactor, factor) = (
        factor, (oldFactor >= step ? oldFactor - step : oldFactor + (size - step)) % size
      )
    }
    return old == 1 ? oldFactor : nil
  }

  /// A number as a double, as `float()` and `math` read it; nil: it is none.
  func float(_ value: RawValue) throws(Thrown) -> Double? {
    if let number = number(value) { return number }
    guard isScripted(value) else { return nil }
    if let made = try special("__float__", value) {
      guard made.isFloat else {
        throw error(
          .type,
          "\(typeName(value)).__float__ returned non-float (type \(typeName(made)))")
      }
      return made.double
    }
    return try integer(ifIndex: value).map { Double($0) }
  }
}
