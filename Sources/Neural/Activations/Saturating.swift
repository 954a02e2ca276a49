internal import Tensors

// Functions that level off on both sides, and the logarithm of one.

extension Activation {
  /// 1 / (1 + exp(-x)), from 0 to 1.
  public static let sigmoid = Activation(
    "sigmoid", "Squeezes into (0, 1); flat far from zero, its slope is at most 0.25.",
    formula: "1 / (1 + exp(-x))", source: "Verhulst 1845",
    curve: Curve(logistic, derivative: { logistic($0) * (1 - logistic($0)) }),
    fused: FusedActivation(.sigmoid)
  ) { try $0.sigmoid() }

  /// log(sigmoid(x)) without its rounding.
  public static let logSigmoid = Activation(
    "log_sigmoid", "The logarithm of the sigmoid, computed without its rounding.",
    formula: "min(x, 0) - log(1 + exp(-abs(x)))", source: "the logarithm of sigmoid",
    curve: Curve({ -softPlus(-$0) }, derivative: { logistic(-$0) }),
    fused: FusedActivation(.logSigmoid)
  ) { try -(-$0).softplus() }

  /// clip(slope x + 1/2, 0, 1).
  ///
  /// The slope is 1/6, as in Keras 3 and PyTorch; Keras 2 had 0.2.
  public static func hardSigmoid(_ slope: Double = 1.0 / 6) -> Activation {
    let edge = 0.5 / slope
    return Activation(
      "hard_sigmoid", "A sigmoid of three straight pieces.",
      formula: slope == 1.0 / 6 ? "clip(x / 6 + 0.5, 0, 1)" : "clip(slope * x + 0.5, 0, 1)",
      source: "Courbariaux et al. 2015; Keras 2 has the slope 0.2",
      options: [Option("slope", slope, where: .above(0))],
      curve: Curve(
        { clamp($0 * slope + 0.5, 0, 1) }, derivative: { abs($0) < edge ? slope : 0 },
        kinks: [-edge, edge]),
      fused: FusedActivation(.hardSigmoid, slope), remake: { hardSigmoid($0[0]) }
    ) { x in
      let line = try x * slope + 0.5
      return try clipped(line, 0, 1)
    }
  }

  /// A line between two bounds, which have no gradient themselves.
  static func clipped(_ line: Tensor, _ low: Double, _ high: Double) throws -> Tensor {
    let from = try Tensor.select(
      Tensor.compare(.lessOrEqual, line, .float(low)), Tensor.full([], low, dtype: line.dtype),
      line)
    return try Tensor.select(
      Tensor.compare(.greaterOrEqual, line, .float(high)),
      Tensor.full([], high, dtype: line.dtype), from)
  }

  /// From -1 to 1, centred on zero.
  public static let tanh = Activation(
    "tanh", "Squeezes into (-1, 1), centred on zero; flat far from it.",
    formula: "(exp(x) - exp(-x)) / (exp(x) + exp(-x))", source: "LeCun et al. 1998",
    curve: Curve(
      { Elementary.tanh($0) }, derivative: { 1 - Elementary.tanh($0) * Elementary.tanh($0) }),
    fused: FusedActivation(.tanh)
  ) { try $0.tanh() }

  /// The identity between two bounds.
  public static func hardTanh(_ low: Double = -1, _ high: Double = 1) -> Activation {
    Activation(
      "hard_tanh", "The identity, cut off at two bounds.",
      formula: "min(max(x, min_value), max_value)", source: "Collobert 2004",
      options: [Option("min_value", low, also: ["min"]), Option("max_value", high, also: ["max"])],
      curve: Curve(
        { clamp($0, low, high) }, derivative: { $0 > low && $0 < high ? 1 : 0 },
        kinks: [low, high].filter(\.isFinite)),
      fused: low == -high && high > 0 ? FusedActivation(.hardTanh, high) : nil,
      remake: { values in
        guard values[0] < values[1] else {
          throw OptionProblem("min_value must be below max_value, got \(values[0]), \(values[1])")
        }
        return hardTanh(values[0], values[1])
      }
    ) { try clipped($0, low, high) }
  }

  /// x / (1 + |x|).
  public static let softsign = Activation(
    "softsign", "Squeezes into (-1, 1) more slowly than tanh.", formula: "x / (1 + abs(x))",
    source: "Turian et al. 2009",
    curve: Curve(
      { $0.isInfinite ? ($0 > 0 ? 1 : -1) : $0 / (1 + abs($0)) },
      derivative: { 1 / ((1 + abs($0)) * (1 + abs($0))) }),
    fused: FusedActivation(.softsign)
  ) { x in
    let far = x.dtype == .f32 ? 1e38 : 1e300
    let finite = try x.clip(.float(-far), .float(far))
    return try finite / (finite.abs() + 1)
  }

  /// 0 up to -1, (x + 1) / 2 up to 1, 1 beyond.
  public static let sparseSigmoid = Activation(
    "sparse_sigmoid", "Three straight pieces from 0 at -1 to 1 at 1; the slope of sparse_plus.",
    formula: "clip((x + 1) / 2, 0, 1)", source: "Keras 3", curve: hardSigmoid(0.5).curve,
    fused: FusedActivation(.hardSigmoid, 0.5)
  ) { try clipped($0 * 0.5 + 0.5, 0, 1) }
}
