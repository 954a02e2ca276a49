internal import Catalog
internal import Tensors

// ReLU and what descends from it: the identity far above zero, little or nothing far below.

extension Activation {
  /// max(0, x); the gradient at 0 is 0.
  public static let relu = relu()

  /// ReLU in its general form: `maximum` above it, x from the threshold, a line below.
  ///
  /// Keras's `relu(x, negative_slope, max_value, threshold)`.
  public static func relu(
    slope: Double = 0, maximum: Double = .infinity, threshold: Double = 0
  ) -> Activation {
    let isPlain = slope == 0 && threshold == 0
    let kernel: FusedActivation? =
      isPlain
      ? maximum == .infinity ? FusedActivation(.relu) : FusedActivation(.capped, maximum)
      : threshold == 0 && maximum == .infinity && slope > 0 ? FusedActivation(.leaky, slope) : nil
    return Activation(
      "relu", "Zero for negative input, identity above.",
      formula: isPlain && maximum == .infinity
        ? "max(0, x)"
        : "max_value if x >= max_value else x if x > threshold else negative_slope * "
          + "(x - threshold)",
      source: "Nair and Hinton 2010", pairing: .he,
      options: [
        Option("negative_slope", slope, also: ["slope", "alpha"]),
        Option("max_value", maximum, where: .atLeast(0)), Option("threshold", threshold),
      ],
      curve: Curve(
        { x in
          x >= maximum
            ? maximum
            : x > threshold
              ? x
              : slope == 0 && !x.isNaN
                ? 0 : slope * (x - threshold)
        }, derivative: { $0 >= maximum ? 0 : $0 > threshold ? 1 : slope },
        kinks: (slope == 1 && threshold == 0 ? [] : [threshold])
          + (maximum.isFinite ? [maximum] : [])),
      fused: kernel,
      remake: { relu(slope: $0[0], maximum: $0[1], threshold: $0[2]) }
    ) { x in
      if isPlain, maximum == .infinity { return try x.relu() }
      let low =
        slope == 0 ? try Tensor.zeros([], dtype: x.dtype) : try (x - threshold) * slope
      let middle = try Tensor.select(
        Tensor.compare(.lessOrEqual, x, .float(threshold)), low, x)
      guard maximum.isFinite else { return middle }
      return try Tensor.select(
        Tensor.compare(.greaterOrEqual, x, .float(maximum)),
        Tensor.full([], maximum, dtype: x.dtype), middle)
    }
  }

  /// min(max(0, x), 6).
  public static let relu6 = Activation(
    "relu6", "ReLU that stops at 6; keeps numbers small for low precision.",
    formula: "min(max(0, x), 6)", source: "Krizhevsky 2010", pairing: .he,
    curve: relu(maximum: 6).curve, fused: FusedActivation(.capped, 6)
  ) { x in
    try select(x, above: 6, 6, x.relu())
  }

  /// x above zero, a small slope below; the gradient at 0 is the slope.
  public static func leakyReLU(_ slope: Double = 0.01) -> Activation {
    Activation(
      "leaky_relu", "Identity above zero, a small slope below, so that no unit dies.",
      formula: "x if x > 0 else slope * x", source: "Maas et al. 2013", pairing: .he,
      options: [Option("slope", slope, also: ["negative_slope", "alpha"])],
      curve: Curve(
        { $0 > 0 ? $0 : slope * $0 }, derivative: { $0 > 0 ? 1 : slope },
        kinks: slope == 1 ? [] : [0]),
      // The kernel tells the side from the sign of the output.
      fused: slope > 0 ? FusedActivation(.leaky, slope) : nil,
      remake: { leakyReLU($0[0]) }
    ) { try select($0, above: 0, $0, $0 * slope) }
  }

  /// Leaky ReLU whose slope is drawn while training; here the mean slope, which tests use.
  ///
  /// The layer `RReLU` draws.
  public static func rrelu(lower: Double = 1.0 / 8, upper: Double = 1.0 / 3) -> Activation {
    let slope = (lower + upper) / 2
    let leaky = leakyReLU(slope)
    return Activation(
      "rrelu", "Leaky ReLU with the mean of the slopes that the layer RReLU draws in training.",
      formula: "x if x > 0 else (lower + upper) / 2 * x", source: "Xu et al. 2015", pairing: .he,
      options: [Option("lower", lower), Option("upper", upper)], curve: leaky.curve,
      fused: leaky.fused, remake: { rrelu(lower: $0[0], upper: $0[1]) }
    ) { try randomized($0, slopes: Tensor.full([], slope, dtype: $0.dtype)) }
  }

  /// RReLU with slopes that were drawn: x above zero, slope times x elsewhere.
  public static func randomized(_ x: Tensor, slopes: Tensor) throws -> Tensor {
    try select(x, above: 0, x, x * slopes)
  }

  /// x above zero, alpha (exp(x) - 1) below; smooth at zero when alpha is 1.
  public static func elu(_ alpha: Double = 1) -> Activation {
    Activation(
      "elu", "Identity above zero, falls softly to -alpha below.",
      formula: "x if x > 0 else alpha * (exp(x) - 1)", source: "Clevert et al. 2016", pairing: .he,
      options: [Option("alpha", alpha)],
      curve: Curve(
        { $0 > 0 ? $0 : alpha * expm1($0) },
        derivative: { $0 > 0 ? 1 : alpha * Elementary.exp($0) }, kinks: alpha == 1 ? [] : [0]),
      fused: alpha > 0 ? FusedActivation(.elu, alpha) : nil, remake: { elu($0[0]) }
    ) { try select($0, above: 0, $0, negativePart($0).expm1() * alpha) }
  }

  /// max(0, x) + min(0, alpha (exp(x / alpha) - 1)): its derivative never jumps.
  public static func celu(_ alpha: Double = 1) -> Activation {
    Activation(
      "celu", "ELU whose slope at zero is 1 for every alpha.",
      formula: "max(0, x) + min(0, alpha * (exp(x / alpha) - 1))", source: "Barron 2017",
      pairing: .he, options: [Option("alpha", alpha, where: .above(0))],
      curve: Curve(
        { $0 > 0 ? $0 : alpha * expm1($0 / alpha) },
        derivative: { $0 > 0 ? 1 : Elementary.exp($0 / alpha) }),
      fused: FusedActivation(.celu, alpha), remake: { celu($0[0]) }
    ) { try select($0, above: 0, $0, (negativePart($0) / alpha).expm1() * alpha) }
  }

  static let seluAlpha = 1.673_263_242_354_377_284_8
  static let seluScale = 1.050_700_987_355_480_493_4

  /// A scaled ELU that keeps mean 0 and variance 1 in deep dense nets with LeCun weights.
  public static let selu = Activation(
    "selu", "Keeps mean 0 and variance 1 through deep dense nets with LeCun weights.",
    formula: "1.0507 * (x if x > 0 else 1.6733 * (exp(x) - 1))", source: "Klambauer et al. 2017",
    pairing: .lecun,
    curve: Curve(
      { seluScale * ($0 > 0 ? $0 : seluAlpha * expm1($0)) },
      derivative: { seluScale * ($0 > 0 ? 1 : seluAlpha * Elementary.exp($0)) }, kinks: [0]),
    fused: FusedActivation(.selu)
  ) { try select($0, above: 0, $0, negativePart($0).expm1() * seluAlpha) * seluScale }

  /// log(1 + exp(x)), a smooth ReLU.
  public static let softplus = softplus()

  /// log(1 + exp(beta x)) / beta; x itself where beta x is above the threshold.
  ///
  /// Keras has neither setting. PyTorch's threshold is 20, where the error is 2e-9.
  public static func softplus(beta: Double = 1, threshold: Double = .infinity) -> Activation {
    Activation(
      "softplus", "A smooth ReLU; its slope is the sigmoid.",
      formula: beta == 1 ? "log(1 + exp(x))" : "log(1 + exp(beta * x)) / beta",
      source: "Dugas et al. 2001", pairing: .he,
      options: [Option("beta", beta, where: .above(0)), Option("threshold", threshold)],
      curve: Curve(
        { beta * $0 > threshold ? $0 : softPlus(beta * $0) / beta },
        derivative: { beta * $0 > threshold ? 1 : logistic(beta * $0) },
        kinks: threshold.isFinite ? [threshold / beta] : []),
      fused: threshold.isFinite ? nil : FusedActivation(.softplus, beta),
      remake: { softplus(beta: $0[0], threshold: $0[1]) }
    ) { x in
      let smooth = beta == 1 ? try x.softplus() : try (x * beta).softplus() / beta
      return threshold.isFinite ? try select(x, above: threshold / beta, x, smooth) : smooth
    }
  }

  /// (x + sqrt(x² + b)) / 2: a softplus without exponentials.
  public static func squareplus(_ b: Double = 4) -> Activation {
    Activation(
      "squareplus", "A smooth ReLU without exponentials.", formula: "(x + sqrt(x * x + b)) / 2",
      source: "Barron 2021", pairing: .he, options: [Option("b", b, where: .above(0))],
      curve: Curve(
        { x in
          let root = (x * x + b).squareRoot()
          return x > 0 ? (x + root) / 2 : b / 2 / (root - x)
        },
        derivative: { (1 + $0 / ($0 * $0 + b).squareRoot()) / 2 }),
      remake: { squareplus($0[0]) }
    ) { x in
      // Below zero the sum would cancel.
      let root = try (x.square() + b).sqrt()
      return try select(x, above: 0, (x + root) * 0.5, b / 2 / (root - x))
    }
  }

  /// 0 up to -1, (x + 1)² / 4 up to 1, x beyond.
  public static let sparsePlus = Activation(
    "sparse_plus", "A smooth ReLU that is exactly zero below -1 and exactly x above 1.",
    formula: "0 if x <= -1 else x if x >= 1 else (x + 1)**2 / 4", source: "Keras 3", pairing: .he,
    curve: Curve(
      { $0 <= -1 ? 0 : $0 >= 1 ? $0 : ($0 + 1) * ($0 + 1) / 4 },
      derivative: { $0 <= -1 ? 0 : $0 >= 1 ? 1 : ($0 + 1) / 2 })
  ) { x in
    let middle = try (x.clip(.float(-1), .float(1)) + 1).square() * 0.25
    return try select(x, above: 1, x, middle)
  }

  /// x above a threshold, a fixed value elsewhere.
  public static func threshold(_ edge: Double = 0, value: Double = 0) -> Activation {
    Activation(
      "threshold", "Identity above a threshold, a fixed value elsewhere.",
      formula: "x if x > threshold else value", source: "PyTorch", pairing: .he,
      options: [Option("threshold", edge), Option("value", value, also: ["default_value"])],
      curve: Curve(
        { $0 <= edge ? value : $0 }, derivative: { $0 > edge ? 1 : 0 }, kinks: [edge]),
      fused: edge == 0 && value == 0 ? FusedActivation(.relu) : nil,
      remake: { threshold($0[0], value: $0[1]) }
    ) { x in
      try Tensor.select(
        Tensor.compare(.lessOrEqual, x, .float(edge)), Tensor.full([], value, dtype: x.dtype), x)
    }
  }
}
