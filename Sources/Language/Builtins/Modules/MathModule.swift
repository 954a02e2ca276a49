import Catalog
import Glibc

/// `import math`.
enum MathModule {
  static let module = BuiltinModule(
    "math", "Mathematical functions of numbers.",
    functions: plain + logarithms + rounding + pairs + integers + sequences,
    constants: [
      ("pi", "The circumference of a circle of diameter 1.", .pi),
      ("e", "The base of natural logarithms.", M_E),
      ("tau", "Twice pi.", 2 * .pi),
      ("inf", "Infinity.", .infinity),
      ("nan", "Not a number.", .nan),
    ])

  private static let number = ParameterFacts.required("x", "number")

  /// A function of one number.
  private static func function(
    _ name: String, _ sentence: String, overflows: Bool = false, example: String = "",
    _ body: @escaping @Sendable (Double) -> Double
  ) -> Builtin {
    Builtin(name, sentence, number, returns: "float", example: example) {
      machine, window throws(Thrown) in
      let x = try machine.real(window[0])
      let result = body(x)
      if result.isFinite { return RawValue(result) }
      return RawValue(
        try machine.attempt { try MathFunctions.checked(x, overflows: overflows, body) })
    }
  }

  /// A function of one number that may refuse it.
  private static func checked(
    _ name: String, _ sentence: String, _ body: @escaping @Sendable (Double) throws -> Double
  ) -> Builtin {
    Builtin(name, sentence, number, returns: "float") { machine, window throws(Thrown) in
      let x = try machine.real(window[0])
      return RawValue(try machine.attempt { try body(x) })
    }
  }

  /// A question about one number.
  private static func question(
    _ name: String, _ sentence: String, _ body: @escaping @Sendable (Double) -> Bool
  ) -> Builtin {
    Builtin(name, sentence, number, returns: "bool") { machine, window throws(Thrown) in
      RawValue(body(try machine.real(window[0])))
    }
  }

  private static func pair(
    _ name: String, _ sentence: String, _ first: String, _ second: String,
    _ body: @escaping @Sendable (Double, Double) throws -> Double
  ) -> Builtin {
    Builtin(
      name, sentence, .required(first, "number"), .required(second, "number"), returns: "float"
    ) { machine, window throws(Thrown) in
      let (x, y) = (try machine.real(window[0]), try machine.real(window[1]))
      return RawValue(try machine.attempt { try body(x, y) })
    }
  }

  private static let plain: [Builtin] = [
    function("sqrt", "The square root.", example: "math.sqrt(2)") { $0.squareRoot() },
    function("cbrt", "The cube root.") { Glibc.cbrt($0) },
    function("exp", "e to the power x.", overflows: true) { Glibc.exp($0) },
    function("exp2", "2 to the power x.", overflows: true) { Glibc.exp2($0) },
    function("expm1", "exp(x) - 1, exact near 0.", overflows: true) { Glibc.expm1($0) },
    function("sin", "The sine of an angle in radians.") { Glibc.sin($0) },
    function("cos", "The cosine of an angle in radians.") { Glibc.cos($0) },
    function("tan", "The tangent of an angle in radians.") { Glibc.tan($0) },
    function("asin", "The angle with this sine.") { Glibc.asin($0) },
    function("acos", "The angle with this cosine.") { Glibc.acos($0) },
    function("atan", "The angle with this tangent.") { Glibc.atan($0) },
    function("sinh", "The hyperbolic sine.", overflows: true) { Glibc.sinh($0) },
    function("cosh", "The hyperbolic cosine.", overflows: true) { Glibc.cosh($0) },
    function("tanh", "The hyperbolic tangent.") { Glibc.tanh($0) },
    function("asinh", "The inverse hyperbolic sine.") { Glibc.asinh($0) },
    function("acosh", "The inverse hyperbolic cosine.") { Glibc.acosh($0) },
    function("atanh", "The inverse hyperbolic tangent.") { Glibc.atanh($0) },
    function("erf", "The error function.") { Glibc.erf($0) },
    function("erfc", "1 - erf(x), exact for large x.") { Glibc.erfc($0) },
    function("fabs", "The size of a number, as a float.") { $0.magnitude },
    function("degrees", "An angle in degrees.") { $0 * (180 / Double.pi) },
    function("radians", "An angle in radians.") { $0 * (Double.pi / 180) },
    checked("gamma", "The gamma function: (x - 1)!") { try MathFunctions.gamma($0) },
    checked("lgamma", "The logarithm of the size of the gamma function.") {
      try MathFunctions.logGamma($0)
    },
    checked("ulp", "The distance to the next float.") { x in
      x.isFinite ? x.magnitude.ulp : x.magnitude
    },
    question("isnan", "Whether it is not a number.") { $0.isNaN },
    question("isinf", "Whether it is infinite.") { $0.isInfinite },
    question("isfinite", "Whether it is a finite number.") { $0.isFinite },
  ]

  private static let logarithms: [Builtin] = [
    Builtin(
      "log", "The natural logarithm, or the one to a base.", number,
      .optional("base", "number", shown: "e"), returns: "float", example: "math.log(8, 2)"
    ) { machine, window throws(Thrown) in
      let x = try machine.real(window[0])
      let top = try machine.attempt { try MathFunctions.log(x) }
      guard let base = window.given(1) else { return RawValue(top) }
      let y = try machine.real(base)
      let bottom = try machine.attempt { try MathFunctions.log(y) }
      guard bottom != 0 else {
        throw machine.error(.zeroDivision, "float division by zero", code: "L109")
      }
      return RawValue(top / bottom)
    },
    checked("log2", "The logarithm to base 2.") { try MathFunctions.log2($0) },
    checked("log10", "The logarithm to base 10.") { try MathFunctions.log10($0) },
    function("log1p", "log(1 + x), exact near 0.") { Glibc.log1p($0) },
  ]

  private static let rounding: [Builtin] = [
    toWhole("floor", "The next whole number below.", "__floor__") { $0.rounded(.down) },
    toWhole("ceil", "The next whole number above.", "__ceil__") { $0.rounded(.up) },
    toWhole("trunc", "The whole part.", "__trunc__") { $0.rounded(.towardZero) },
    Builtin("modf", "The fraction and the whole part.", number, returns: "tuple") {
      machine, window throws(Thrown) in
      let x = try machine.real(window[0])
      if x.isInfinite {
        return machine.tuple([RawValue(x.sign == .minus ? -0.0 : 0.0), RawValue(x)])
      }
      let whole = x.rounded(.towardZero)
      let fraction = x.isNaN ? x : Glibc.copysign(x - whole, x)
      return machine.tuple([RawValue(fraction), RawValue(whole)])
    },
    Builtin(
      "frexp", "Mantissa and exponent: x = m * 2**e.", number, returns: "tuple"
    ) { machine, window throws(Thrown) in
      let x = try machine.real(window[0])
      guard x.isFinite, x != 0 else { return machine.tuple([RawValue(x), RawValue(0)]) }
      let mantissa = x.significand / 2
      return machine.tuple([
        RawValue(x < 0 ? -mantissa : mantissa), RawValue(Int(x.exponent) + 1),
      ])
    },
    Builtin(
      "ldexp", "x * 2**i.", number, .required("i", "int"), returns: "float"
    ) { machine, window throws(Thrown) in
      let x = try machine.real(window[0])
      guard let exponent = try machine.integer(ifIndex: window[1]) else {
        throw machine.mismatch("Expected an int as second argument to ldexp.")
      }
      return RawValue(try machine.attempt { try MathFunctions.ldexp(x, exponent) })
    },
  ]

  private static func toWhole(
    _ name: String, _ sentence: String, _ special: String,
    _ body: @escaping @Sendable (Double) -> Double
  ) -> Builtin {
    Builtin(name, sentence, number, returns: "int", example: "") {
      machine, window throws(Thrown) in
      if let int = window[0].integer { return RawValue(int) }
      if let made = try machine.special(special, window[0]) { return made }
      let x = try machine.real(window[0])
      return RawValue(try machine.attempt { try NumberText.whole(body(x)) })
    }
  }

  private static let pairs: [Builtin] = [
    pair("pow", "x to the power y, as a float.", "x", "y") { try MathFunctions.power($0, $1) },
    pair("atan2", "The angle of the point (x, y).", "y", "x") { Glibc.atan2($0, $1) },
    pair("fmod", "The remainder with the sign of x.", "x", "y") {
      try MathFunctions.fmod($0, $1)
    },
    pair("remainder", "The remainder to the nearest multiple of y.", "x", "y") {
      try MathFunctions.remainder($0, $1)
    },
    pair("copysign", "The size of x with the sign of y.", "x", "y") { Glibc.copysign($0, $1) },
    pair("nextafter", "The next float after x towards y.", "x", "y") {
      Glibc.nextafter($0, $1)
    },
    Builtin(
      "isclose", "Whether two numbers are nearly equal.", .named("a", "number"),
      .named("b", "number"), .keyword("rel_tol", "float", shown: "1e-09"),
      .keyword("abs_tol", "float", shown: "0.0"), returns: "bool",
      example: "math.isclose(0.1 + 0.2, 0.3)"
    ) { machine, window throws(Thrown) in
      let (a, b) = (try machine.real(window[0]), try machine.real(window[1]))
      let relative = window[2].isUndefined ? 1e-9 : try machine.real(window[2])
      let absolute = window[3].isUndefined ? 0 : try machine.real(window[3])
      guard relative >= 0, absolute >= 0 else {
        throw machine.error(.value, "tolerances must be non-negative")
      }
      if a == b { return RawValue(true) }
      if a.isInfinite || b.isInfinite { return RawValue(false) }
      let distance = (b - a).magnitude
      return RawValue(
        distance <= (relative * b).magnitude || distance <= (relative * a).magnitude
          || distance <= absolute)
    },
    Builtin(
      "hypot", "The length of a vector.", .rest("coordinates"), returns: "float",
      example: "math.hypot(3, 4)"
    ) { machine, window throws(Thrown) in
      var vector: [Double] = []
      for index in 0..<window.restCount { vector.append(try machine.real(window.rest(index))) }
      return RawValue(MathFunctions.norm(vector))
    },
    Builtin(
      "dist", "The distance of two points.", .required("p", "sequence"),
      .required("q", "sequence"), returns: "float"
    ) { machine, window throws(Thrown) in
      let p = try machine.reals(window[0])
      let q = try machine.reals(window[1])
      guard p.count == q.count else {
        throw machine.error(.value, "both points must have the same number of dimensions")
      }
      return RawValue(MathFunctions.norm(zip(p, q).map { $0 - $1 }))
    },
  ]

  private static let integers: [Builtin] = [
    Builtin(
      "factorial", "n!", .required("x", "int"), returns: "int", example: "math.factorial(5)"
    ) { machine, window throws(Thrown) in
      let n = try machine.integer(window[0])
      return RawValue(try machine.exact { try MathFunctions.factorial(n) })
    },
    folded("gcd", "The greatest common divisor.", 0) { try MathFunctions.gcd($0, $1) },
    folded("lcm", "The least common multiple.", 1) { try MathFunctions.lcm($0, $1) },
    Builtin(
      "comb", "In how many ways k of n things can be chosen.", .required("n", "int"),
      .required("k", "int"), returns: "int"
    ) { machine, window throws(Thrown) in
      let (n, k) = (try machine.integer(window[0]), try machine.integer(window[1]))
      return RawValue(try machine.exact { try MathFunctions.combinations(n, k) })
    },
    Builtin(
      "perm", "In how many orders k of n things can be chosen.", .required("n", "int"),
      .optional("k", "int or None", shown: "None"), returns: "int"
    ) { machine, window throws(Thrown) in
      let n = try machine.integer(window[0])
      guard let given = window.given(1), !given.isNone else {
        return RawValue(try machine.exact { try MathFunctions.factorial(n) })
      }
      let k = try machine.integer(given)
      return RawValue(try machine.exact { try MathFunctions.permutations(n, k) })
    },
    Builtin(
      "isqrt", "The whole part of the square root.", .required("n", "int"), returns: "int"
    ) { machine, window throws(Thrown) in
      let n = try machine.integer(window[0])
      return RawValue(try machine.attempt { try MathFunctions.squareRoot(n) })
    },
  ]

  private static func folded(
    _ name: String, _ sentence: String, _ start: Int,
    _ body: @escaping @Sendable (Int, Int) throws -> Int
  ) -> Builtin {
    Builtin(name, sentence, .rest("integers"), returns: "int") {
      machine, window throws(Thrown) in
      var result = start
      for index in 0..<window.restCount {
        let next = try machine.integer(window.rest(index))
        result = try machine.exact { try body(result, next) }
      }
      return RawValue(result)
    }
  }

  private static let sequences: [Builtin] = [
    Builtin(
      "fsum", "The sum of numbers, rounded once.", .required("seq", "iterable"),
      returns: "float", example: "math.fsum([0.1] * 10)"
    ) { machine, window throws(Thrown) in
      let values = try machine.reals(window[0])
      return RawValue(try machine.attempt { try MathFunctions.exactSum(values) })
    },
    Builtin(
      "prod", "The product of the elements.", .required("iterable", "iterable"),
      .keyword("start", "number", shown: "1"), returns: "number"
    ) { machine, window throws(Thrown) in
      let scope = HandleScope(machine)
      let place = scope.keep(window.given(1) ?? RawValue(1))
      try machine.forEach(window[0]) { element throws(Thrown) in
        scope[place] = try machine.arithmetic(.multiply, scope[place], element)
        return true
      }
      return scope[place]
    },
  ]
}

extension Machine {
  /// A number as `math` reads it.
  @inline(__always)
  func real(_ value: RawValue) throws(Thrown) -> Double {
    if value.isFloat { return value.double }
    if value.isInt { return Double(value.int) }
    guard let number = try float(value) else {
      var help: String?
      if value.tag == RawValue.Tag.native, NativeCell(value).object.type.member("sqrt") != nil {
        help = "math works on one number; sqrt(x), exp(x) … without math work on every element"
      }
      throw error(
        .type, "must be real number, not \(typeName(value))", code: "L105", help: help)
    }
    return number
  }

  /// The numbers of an iterable.
  func reals(_ source: RawValue) throws(Thrown) -> [Double] {
    var all: [Double] = []
    try forEach(source) { element throws(Thrown) in
      all.append(try real(element))
      return true
    }
    return all
  }

  /// Runs integer arithmetic; what does not fit in 64 bits raises as all arithmetic does.
  func exact(_ body: () throws -> Int) throws(Thrown) -> Int {
    do {
      return try body()
    } catch let failure as Failure where failure.exception == "OverflowError" {
      throw overflowError()
    } catch {
      throw thrown(error)
    }
  }
}
