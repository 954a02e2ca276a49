internal import Tensors

/// `condition ? a : b` where only one side is a tensor.
private func select(_ x: Tensor, above edge: Double, _ a: Tensor, _ b: Tensor) throws -> Tensor {
  try Tensor.select(x.greater(edge), a, b)
}

/// min(x, 0) whose gradient at 0 is 1, so that the unused branch of an exponential cannot overflow.
private func negativePart(_ x: Tensor) throws -> Tensor {
  try select(x, above: 0, x * 0, x)
}

extension Activation {
  /// x: no activation.
  public static let linear = Activation(
    "linear", "Passes its input on; layers without more collapse into one linear map.",
    formula: "x", curve: Curve({ $0 }, derivative: { _ in 1 }),
    fused: FusedActivation(.linear)
  ) { $0 }

  /// 1 / (1 + exp(-x)), from 0 to 1.
  public static let sigmoid = Activation(
    "sigmoid", "Squeezes into (0, 1); flat far from zero, its slope is at most 0.25.",
    formula: "1 / (1 + exp(-x))",
    curve: Curve(logistic, derivative: { logistic($0) * (1 - logistic($0)) }),
    fused: FusedActivation(.sigmoid)
  ) { try $0.sigmoid() }

  /// From -1 to 1, centred on zero.
  public static let tanh = Activation(
    "tanh", "Squeezes into (-1, 1), centred on zero; flat far from it.",
    formula: "(exp(x) - exp(-x)) / (exp(x) + exp(-x))",
    curve: Curve(
      { Elementary.tanh($0) }, derivative: { 1 - Elementary.tanh($0) * Elementary.tanh($0) }),
    fused: FusedActivation(.tanh)
  ) { try $0.tanh() }

  /// max(0, x); the gradient at 0 is 0.
  public static let relu = Activation(
    "relu", "Zero for negative input, identity above.", formula: "max(0, x)", pairing: .he,
    curve: Curve({ $0 > 0 ? $0 : $0.isNaN ? $0 : 0 }, derivative: { $0 > 0 ? 1 : 0 }, kinks: [0]),
    fused: FusedActivation(.relu)
  ) { try $0.relu() }

  /// x above zero, a small slope below; the gradient at 0 is the slope.
  public static func leakyReLU(_ slope: Double = 0.01) -> Activation {
    Activation(
      "leaky_relu", "Identity above zero, a small slope below, so that no unit dies.",
      formula: "x if x > 0 else slope * x", pairing: .he, options: [("slope", slope)],
      curve: Curve(
        { $0 > 0 ? $0 : slope * $0 }, derivative: { $0 > 0 ? 1 : slope },
        kinks: slope == 1 ? [] : [0]),
      fused: FusedActivation(.leaky, slope)
    ) { try select($0, above: 0, $0, $0 * slope) }
  }

  /// x above zero, alpha (exp(x) - 1) below; smooth at zero when alpha is 1.
  public static func elu(_ alpha: Double = 1) -> Activation {
    Activation(
      "elu", "Identity above zero, falls softly to -alpha below.",
      formula: "x if x > 0 else alpha * (exp(x) - 1)", pairing: .he, options: [("alpha", alpha)],
      curve: Curve(
        { $0 > 0 ? $0 : alpha * expm1($0) },
        derivative: { $0 > 0 ? 1 : alpha * Elementary.exp($0) }, kinks: alpha == 1 ? [] : [0]),
      fused: FusedActivation(.elu, alpha)
    ) { try select($0, above: 0, $0, negativePart($0).expm1() * alpha) }
  }

  static let seluAlpha = 1.673_263_242_354_377_284_8
  static let seluScale = 1.050_700_987_355_480_493_4

  /// A scaled ELU that keeps mean 0 and variance 1 in deep dense nets with LeCun weights.
  public static let selu = Activation(
    "selu", "Keeps mean 0 and variance 1 through deep dense nets with LeCun weights.",
    formula: "1.0507 * (x if x > 0 else 1.6733 * (exp(x) - 1))", pairing: .lecun,
    curve: Curve(
      { seluScale * ($0 > 0 ? $0 : seluAlpha * expm1($0)) },
      derivative: { seluScale * ($0 > 0 ? 1 : seluAlpha * Elementary.exp($0)) }, kinks: [0]),
    fused: FusedActivation(.selu)
  ) { try select($0, above: 0, $0, negativePart($0).expm1() * seluAlpha) * seluScale }

  /// exp(x) / sum(exp(x)) over the last axis: shares that add up to 1.
  public static let softmax = Activation(
    "softmax", "Turns each row into shares that add up to 1; for classes that exclude each other.",
    formula: "exp(x_i) / sum_k exp(x_k)"
  ) { try $0.softmax() }

  /// log(softmax(x)) without its rounding.
  public static let logSoftmax = Activation(
    "log_softmax", "The logarithm of softmax, computed without its rounding.",
    formula: "x_i - log(sum_k exp(x_k))"
  ) { try $0.logSoftmax() }

  /// log(1 + exp(x)), a smooth ReLU.
  public static let softplus = Activation(
    "softplus", "A smooth ReLU; its slope is the sigmoid.", formula: "log(1 + exp(x))",
    pairing: .he, curve: Curve(softPlus, derivative: logistic), fused: FusedActivation(.softplus)
  ) { try $0.softplus() }

  /// x / (1 + |x|).
  public static let softsign = Activation(
    "softsign", "Squeezes into (-1, 1) more slowly than tanh.", formula: "x / (1 + abs(x))",
    curve: Curve(
      { $0 / (1 + abs($0)) }, derivative: { 1 / ((1 + abs($0)) * (1 + abs($0))) })
  ) { try $0 / ($0.abs() + 1) }

  /// x Phi(x), exact, with the error function.
  public static let gelu = Activation(
    "gelu", "x times the chance that a standard normal number is below x.",
    formula: "x * (1 + erf(x / sqrt(2))) / 2", pairing: .he,
    curve: Curve(
      { $0 * normalShare($0) },
      derivative: {
        normalShare($0) + $0 * Elementary.exp(-$0 * $0 / 2) * 0.398_942_280_401_432_7
      })
  ) { x in try x * ((x * 0.707_106_781_186_547_5).erf() + 1) * 0.5 }

  /// x sigmoid(x).
  public static let swish = Activation(
    "swish", "x times its sigmoid; dips below zero and returns (SiLU).",
    formula: "x * sigmoid(x)", pairing: .he,
    curve: Curve(
      { $0 * logistic($0) },
      derivative: { logistic($0) * (1 + $0 * (1 - logistic($0))) }),
    fused: FusedActivation(.swish)
  ) { try $0 * $0.sigmoid() }

  /// x tanh(softplus(x)).
  public static let mish = Activation(
    "mish", "x times the tanh of its softplus; like swish, a little steeper.",
    formula: "x * tanh(log(1 + exp(x)))", pairing: .he,
    curve: Curve(
      { $0 * Elementary.tanh(softPlus($0)) },
      derivative: { x in
        let t = Elementary.tanh(softPlus(x))
        return t + x * logistic(x) * (1 - t * t)
      })
  ) { try $0 * $0.softplus().tanh() }

  /// clip(x / 6 + 1/2, 0, 1).
  public static let hardSigmoid = Activation(
    "hard_sigmoid", "A sigmoid of three straight pieces.", formula: "clip(x / 6 + 0.5, 0, 1)",
    curve: Curve(
      { min(max($0 / 6 + 0.5, 0), 1) }, derivative: { abs($0) < 3 ? 1.0 / 6 : 0 }, kinks: [-3, 3])
  ) { x in
    let line = try x / 6 + 0.5
    let low = try select(x, above: -3, line, x * 0)
    return try Tensor.select(x.less(3), low, x * 0 + 1)
  }

  /// exp(x).
  public static let exponential = Activation(
    "exponential", "The exponential function.", formula: "exp(x)",
    curve: Curve({ Elementary.exp($0) }, derivative: { Elementary.exp($0) })
  ) { try $0.exp() }

  /// All that have a name of their own, with their usual settings.
  public static let all: [Activation] = [
    linear, sigmoid, tanh, relu, leakyReLU(), elu(), selu, softmax, logSoftmax, softplus, softsign,
    gelu, swish, mish, hardSigmoid, exponential,
  ]

  /// Other names by which scripts know them.
  static let aliases: [String: String] = [
    "silu": "swish", "logistic": "sigmoid", "identity": "linear", "leakyrelu": "leaky_relu",
  ]

  /// The built-in one of that name, or nil.
  public static func named(_ name: String) -> Activation? {
    let name = aliases[name] ?? name
    return all.first { $0.name == name }
  }
}

@Sendable private func logistic(_ x: Double) -> Double {
  if x >= 0 { return 1 / (1 + Elementary.exp(-x)) }
  let e = Elementary.exp(x)
  return e / (1 + e)
}

@Sendable private func softPlus(_ x: Double) -> Double {
  max(x, 0) + log1p(Elementary.exp(-abs(x)))
}

/// log(1 + x) for x from 0 to 1, accurate near 0.
private func log1p(_ x: Double) -> Double {
  let sum = 1 + x
  return sum == 1 ? x : Elementary.log(sum) * x / (sum - 1)
}

/// exp(x) - 1, accurate near 0 (Kahan).
private func expm1(_ x: Double) -> Double {
  let e = Elementary.exp(x)
  if e == 1 { return x }
  if e - 1 == -1 { return -1 }
  return (e - 1) * x / Elementary.log(e)
}

/// The share of a standard normal distribution below x, by its series.
private func normalShare(_ x: Double) -> Double {
  let z = abs(x)
  if z > 8 { return x > 0 ? 1 : 0 }
  // sum of x^(2k+1) / (1·3·5···(2k+1)), which converges for every x.
  var term = z
  var sum = z
  var k = 1.0
  while term > sum * 1e-17, k < 400 {
    term *= z * z / (2 * k + 1)
    sum += term
    k += 1
  }
  let half = sum * Elementary.exp(-z * z / 2) * 0.398_942_280_401_432_7
  return x >= 0 ? 0.5 + half : 0.5 - half
}
