internal import Catalog

// One-sided elementwise functions with their derivatives.

/// The one-sided operations on elements.
public enum UnaryOperation: String, CaseIterable, Sendable {
  case negative, abs, sign, square, invert
  case not = "logical_not"
  case sqrt, exp, log, expm1, log1p, log2, log10
  case sin, cos, tan
  case arcsin, arccos, arctan
  case sinh, cosh, tanh
  case sigmoid, softplus, relu, erf
  case floor, ceil, round, trunc, reciprocal
  case isnan, isinf, isfinite

  var kernel: UnaryKernel {
    switch self {
    case .negative: .negate
    case .abs: .abs
    case .sign: .sign
    case .square: .square
    case .invert: .invert
    case .not: .not
    case .sqrt: .sqrt
    case .exp: .exp
    case .log: .log
    case .expm1: .expm1
    case .log1p: .log1p
    case .log2: .log2
    case .log10: .log10
    case .sin: .sin
    case .cos: .cos
    case .tan: .tan
    case .arcsin: .asin
    case .arccos: .acos
    case .arctan: .atan
    case .sinh: .sinh
    case .cosh: .cosh
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .softplus: .softplus
    case .relu: .relu
    case .erf: .erf
    case .floor: .floor
    case .ceil: .ceil
    case .round: .round
    case .trunc: .trunc
    case .reciprocal: .reciprocal
    case .isnan: .isNaN
    case .isinf: .isInfinite
    case .isfinite: .isFinite
    }
  }

  /// The dtype the kernel works in.
  private func working(_ dtype: DType) throws(TensorError) -> DType {
    switch self {
    case .negative:
      guard dtype != .bool else {
        throw .type(
          "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator "
            + "or the logical_not function instead.")
      }
      return dtype
    case .invert:
      guard !dtype.isFloating else {
        throw .type("'invert' works on integers and truth values, got \(dtype.name)")
      }
      return dtype
    case .abs, .sign, .square, .not, .isnan, .isinf, .isfinite, .relu, .floor, .ceil, .round,
      .trunc:
      return dtype
    default: return dtype.floating
    }
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    let dtype = try working(x.dtype)
    let input = x.dtype == dtype ? x : try x.cast(to: dtype)
    let y = try Tensor(uninitialized: x.shape, kernel.givesTruth ? .bool : dtype)
    try Workers.filling(y.count) { y.apply(kernel, input, watch: $0) }
    if let tape = Tape.recording(x) { try record(on: tape, x, y) }
    return y
  }

  private func record(on tape: Tape, _ x: Tensor, _ y: Tensor) throws {
    let slope: ((Tensor) throws -> Tensor)?
    var needs = [x]
    switch self {
    case .negative: return try tape.record("negative", y, (x, { try -$0 }))
    case .abs: slope = { try $0 * x.sign() }
    case .square: slope = { try $0 * (x * 2) }
    case .sqrt: (slope, needs) = ({ try $0 / (y * 2) }, [y])
    case .exp: (slope, needs) = ({ try $0 * y }, [y])
    case .log: slope = { try $0 / x }
    case .expm1: (slope, needs) = ({ try $0 * (y + 1) }, [y])
    case .log1p: slope = { try $0 / (x + 1) }
    case .log2: slope = { try $0 / (x * 0.6931471805599453) }
    case .log10: slope = { try $0 / (x * 2.302585092994046) }
    case .sin: slope = { try $0 * x.cos() }
    case .cos: slope = { try -($0 * x.sin()) }
    case .tan: (slope, needs) = ({ try $0 * (y * y + 1) }, [y])
    case .arcsin: slope = { try $0 / (1 - x * x).sqrt() }
    case .arccos: slope = { try -($0 / (1 - x * x).sqrt()) }
    case .arctan: slope = { try $0 / (x * x + 1) }
    case .sinh: slope = { try $0 * UnaryOperation.cosh(x) }
    case .cosh: slope = { try $0 * UnaryOperation.sinh(x) }
    case .tanh: (slope, needs) = ({ try $0 * (1 - y * y) }, [y])
    case .sigmoid: (slope, needs) = ({ try $0 * (y * (1 - y)) }, [y])
    case .softplus: slope = { try $0 * x.sigmoid() }
    case .relu: slope = { try Tensor.select(x.greater(0), $0, $0 * 0) }
    case .erf: slope = { try $0 * ((-(x * x)).exp() * 1.1283791670955126) }
    case .reciprocal: (slope, needs) = ({ try -($0 * y * y) }, [y])
    case .sign, .floor, .ceil, .round, .trunc: slope = { try $0 * 0 }
    case .invert, .not, .isnan, .isinf, .isfinite: slope = nil
    }
    guard let slope else { return }
    try tape.record("elementwise", y, needs: needs, (x, slope))
  }
}

extension Tensor {
  public static prefix func - (x: Tensor) throws -> Tensor { try UnaryOperation.negative(x) }
  public func abs() throws -> Tensor { try UnaryOperation.abs(self) }
  public func sign() throws -> Tensor { try UnaryOperation.sign(self) }
  public func square() throws -> Tensor { try UnaryOperation.square(self) }
  public func sqrt() throws -> Tensor { try UnaryOperation.sqrt(self) }
  public func exp() throws -> Tensor { try UnaryOperation.exp(self) }
  public func log() throws -> Tensor { try UnaryOperation.log(self) }
  public func expm1() throws -> Tensor { try UnaryOperation.expm1(self) }
  public func log1p() throws -> Tensor { try UnaryOperation.log1p(self) }
  public func sin() throws -> Tensor { try UnaryOperation.sin(self) }
  public func cos() throws -> Tensor { try UnaryOperation.cos(self) }
  public func tanh() throws -> Tensor { try UnaryOperation.tanh(self) }
  public func sigmoid() throws -> Tensor { try UnaryOperation.sigmoid(self) }
  public func softplus() throws -> Tensor { try UnaryOperation.softplus(self) }
  public func relu() throws -> Tensor { try UnaryOperation.relu(self) }
  public func erf() throws -> Tensor { try UnaryOperation.erf(self) }
  public func floor() throws -> Tensor { try UnaryOperation.floor(self) }
  /// Any of the one-sided operations.
  public func unary(_ operation: UnaryOperation) throws -> Tensor { try operation(self) }

  /// Rounds half to even after `decimals` places, as NumPy does.
  public func rounded(decimals: Int = 0) throws -> Tensor {
    guard decimals != 0 else { return try UnaryOperation.round(self) }
    guard dtype.isFloating || decimals < 0, decimals.magnitude <= 300 else { return try copy() }
    var factor = 1.0
    for _ in 0..<decimals.magnitude { factor *= 10 }
    let scaled = decimals > 0 ? try self * factor : try self / factor
    let whole = try UnaryOperation.round(scaled)
    return try (decimals > 0 ? whole / factor : whole * factor).astype(dtype)
  }

  /// Values held between two bounds; the gradient passes where the value was not cut.
  public func clip(_ low: Operand?, _ high: Operand?) throws -> Tensor {
    var result = self
    if let low { result = try Tensor.binary(.maximum, result, low) }
    if let high { result = try Tensor.binary(.minimum, result, high) }
    return result === self ? try copy() : result
  }
}

// MARK: Entries

extension UnaryOperation {
  fileprivate var sentence: String {
    switch self {
    case .negative: "Each element with the opposite sign."
    case .abs: "Each element without its sign."
    case .sign: "-1, 0 or 1 for each element."
    case .square: "Each element times itself."
    case .invert: "Each bit, or truth value, inverted."
    case .not: "True where an element is zero."
    case .sqrt: "The square root of each element."
    case .exp: "e to the power of each element."
    case .log: "The natural logarithm of each element."
    case .expm1: "exp(x) - 1, exact near zero."
    case .log1p: "log(1 + x), exact near zero."
    case .log2: "The logarithm to base 2."
    case .log10: "The logarithm to base 10."
    case .sin: "The sine of each element, in radians."
    case .cos: "The cosine of each element, in radians."
    case .tan: "The tangent of each element, in radians."
    case .arcsin: "The angle whose sine is the element."
    case .arccos: "The angle whose cosine is the element."
    case .arctan: "The angle whose tangent is the element."
    case .sinh: "The hyperbolic sine."
    case .cosh: "The hyperbolic cosine."
    case .tanh: "The hyperbolic tangent."
    case .sigmoid: "1 / (1 + exp(-x)), without overflow."
    case .softplus: "log(1 + exp(x)), without overflow."
    case .relu: "max(0, x); the gradient at 0 is 0."
    case .erf: "The error function."
    case .floor: "The largest whole number not above each element."
    case .ceil: "The smallest whole number not below each element."
    case .round: "The nearest whole number, half to even."
    case .trunc: "Each element without its fraction."
    case .reciprocal: "1 / x."
    case .isnan: "True where an element is not a number."
    case .isinf: "True where an element is infinite."
    case .isfinite: "True where an element is neither infinite nor NaN."
    }
  }

  /// The derivative by x, where there is one; y is the result.
  private var slope: String? {
    switch self {
    case .negative: "-1"
    case .abs: "sign(x), 0 at 0"
    case .square: "2 * x"
    case .sqrt: "1 / (2 * y)"
    case .exp: "y"
    case .log: "1 / x"
    case .expm1: "y + 1"
    case .log1p: "1 / (1 + x)"
    case .log2: "1 / (x * log(2))"
    case .log10: "1 / (x * log(10))"
    case .sin: "cos(x)"
    case .cos: "-sin(x)"
    case .tan: "1 + y**2"
    case .arcsin: "1 / sqrt(1 - x**2)"
    case .arccos: "-1 / sqrt(1 - x**2)"
    case .arctan: "1 / (1 + x**2)"
    case .sinh: "cosh(x)"
    case .cosh: "sinh(x)"
    case .tanh: "1 - y**2"
    case .sigmoid: "y * (1 - y)"
    case .softplus: "sigmoid(x)"
    case .relu: "1 above 0, else 0"
    case .erf: "2 / sqrt(pi) * exp(-x**2)"
    case .reciprocal: "-y**2"
    case .sign, .floor, .ceil, .round, .trunc: "0"
    case .invert, .not, .isnan, .isinf, .isfinite: nil
    }
  }

  /// The result, y.
  private var formula: String {
    switch self {
    case .negative: "-x"
    case .abs: "x if x >= 0 else -x"
    case .sign: "-1 if x < 0 else 1 if x > 0 else 0"
    case .square: "x * x"
    case .invert: "~x"
    case .not: "x == 0"
    case .exp: "e**x"
    case .log: "log_e(x)"
    case .log2: "log_2(x)"
    case .log10: "log_10(x)"
    case .expm1: "e**x - 1"
    case .log1p: "log_e(1 + x)"
    case .tan: "sin(x) / cos(x)"
    case .sinh: "(exp(x) - exp(-x)) / 2"
    case .cosh: "(exp(x) + exp(-x)) / 2"
    case .tanh: "(exp(x) - exp(-x)) / (exp(x) + exp(-x))"
    case .sigmoid: "1 / (1 + exp(-x))"
    case .softplus: "log(1 + exp(x))"
    case .relu: "max(0, x)"
    case .erf: "2 / sqrt(pi) * integral of exp(-t**2) from 0 to x"
    case .reciprocal: "1 / x"
    case .isnan: "x != x"
    case .isinf: "abs(x) == inf"
    case .isfinite: "abs(x) < inf"
    case .sqrt, .sin, .cos, .arcsin, .arccos, .arctan, .floor, .ceil, .round, .trunc:
      "\(rawValue)(x)"
    }
  }

  /// Formula, derivative, shapes and source.
  fileprivate var details: String {
    let own: Set<UnaryOperation> = [.sigmoid, .softplus, .relu, .erf]
    let slope = slope.map { "derivative `\($0)`" } ?? "no gradient"
    let source = own.contains(self) ? "the equation" : "NumPy's `\(rawValue)`"
    return "`y = \(formula)`, \(slope). Shapes: that of x. Source: \(source)."
  }

  /// Names that the language itself uses, or that an operator serves, are not functions.
  fileprivate var isFunction: Bool { ![.abs, .round].contains(self) }

  fileprivate var example: String {
    switch self {
    case .invert: "invert(tensor([True, False]))"
    default: "\(rawValue)(tensor([0.25, 0.5]))"
    }
  }
}

extension Tensor {
  static let elementaryEntries: [Entry] =
    UnaryOperation.allCases.filter(\.isFunction).map { operation in
      Entry(
        operation.rawValue, operation.sentence,
        Parameter("x", Operand.self, "elements, each on its own"),
        returns: "tensor", example: operation.example, details: operation.details
      ) { x in .tensor(try operation(x.tensor)) }
    } + [
      Entry(
        "clip", "Elements held between two bounds; the gradient passes where nothing was cut.",
        Parameter("x", Operand.self, "the elements"),
        Parameter("low", Operand?.self, "lower bound", also: ["a_min", "min"], default: { nil }),
        Parameter("high", Operand?.self, "upper bound", also: ["a_max", "max"], default: { nil }),
        returns: "tensor", example: "clip(tensor([-2.0, 0.5, 3.0]), -1, 1)",
        details: "`min(max(x, low), high)`. Derivative: 1 between the bounds, 0 outside. Shapes: "
          + "that of x; bounds with axes are stretched to it. Source: NumPy's `clip`."
      ) { x, low, high in .tensor(try x.tensor.clip(low, high)) }
    ]

  /// Functions whose names the language has for its own: they are in modules only.
  static let namesakeFunctions: [Entry] = [
    Entry(
      "abs", UnaryOperation.abs.sentence, Parameter("x", Operand.self, "elements, each on its own"),
      returns: "tensor"
    ) { x in .tensor(try x.tensor.abs()) },
    Entry(
      "round", "Rounds half to even after some decimals.",
      Parameter("x", Operand.self, "elements, each on its own"),
      Parameter("decimals", Int.self, "places kept", default: { 0 }), returns: "tensor"
    ) { x, decimals in .tensor(try x.tensor.rounded(decimals: decimals)) },
  ]

  static let elementaryMembers: [Entry] =
    [UnaryOperation.abs, .exp, .log, .sqrt, .square, .sin, .cos, .tanh, .sigmoid, .relu].map {
      operation in
      .method(
        of: Tensor.self, operation.rawValue, operation.sentence, returns: "tensor",
        example: "tensor([0.25, 0.5]).\(operation.rawValue)()"
      ) { x in .tensor(try operation(x)) }
    } + [
      .method(
        of: Tensor.self, "clip", "Elements held between two bounds.",
        Parameter("low", Operand?.self, "lower bound", also: ["a_min", "min"], default: { nil }),
        Parameter("high", Operand?.self, "upper bound", also: ["a_max", "max"], default: { nil }),
        returns: "tensor", example: "tensor([-2.0, 3.0]).clip(-1, 1)"
      ) { x, low, high in .tensor(try x.clip(low, high)) },
      .method(
        of: Tensor.self, "round", "Rounds half to even after some decimals.",
        Parameter("decimals", Int.self, "places kept", default: { 0 }),
        returns: "tensor", example: "tensor([0.123, 4.567]).round(1)"
      ) { x, decimals in .tensor(try x.rounded(decimals: decimals)) },
    ]
}
