internal import Tensors

extension Activation {
  /// x: no activation.
  public static let linear = Activation(
    "linear", "Passes its input on; layers without more collapse into one linear map.",
    formula: "x", source: "the identity", curve: Curve({ $0 }, derivative: { _ in 1 }),
    fused: FusedActivation(.linear)
  ) { $0 }

  /// exp(x).
  public static let exponential = Activation(
    "exponential", "The exponential function.", formula: "exp(x)",
    source: "the equation; for rates that are never negative",
    curve: Curve({ Elementary.exp($0) }, derivative: { Elementary.exp($0) }),
    fused: FusedActivation(.exponential)
  ) { try $0.exp() }

  /// exp(x) / sum(exp(x)) over the last axis: shares that add up to 1.
  public static let softmax = Activation(
    "softmax", "Turns each row into shares that add up to 1; for classes that exclude each other.",
    formula: "exp(x_i) / sum_k exp(x_k)", source: "Bridle 1990"
  ) { try $0.softmax() }

  /// log(softmax(x)) without its rounding.
  public static let logSoftmax = Activation(
    "log_softmax", "The logarithm of softmax, computed without its rounding.",
    formula: "x_i - log(sum_k exp(x_k))", source: "the logarithm of softmax"
  ) { try $0.logSoftmax() }

  /// The point of the simplex that is nearest to a row: shares, many of them exactly 0.
  public static let sparsemax = Activation(
    "sparsemax", "Turns each row into shares that add up to 1, the small ones exactly 0.",
    formula: "max(x_i - t, 0) with t such that the row adds up to 1",
    source: "Martins and Astudillo 2016"
  ) { x in
    guard x.count > 0, let width = x.shape.last else { return x }
    let plain = x.detached()
    let sorted = try plain.sorted(-1, descending: true)
    let rank = try Tensor((1...width).map(Double.init)).astype(x.dtype)
    // The support: as many of the largest as stay above their common threshold.
    let inside = try (sorted * rank + 1).greater(sorted.cumulativeSum(-1)).astype(x.dtype)
    let size = try inside.sum(-1, keepdims: true)
    let least = try Tensor.select(
      inside.greater(0), sorted, Tensor.full([], .infinity, dtype: x.dtype)
    ).min(axes: [-1], keepdims: true)
    let support = try Tensor.compare(.greaterOrEqual, plain, least).astype(x.dtype)
    let threshold = try ((x * support).sum(-1, keepdims: true) - 1) / size
    return try (x - threshold) * support
  }

  /// All that have a name of their own, with their usual settings.
  public static let all: [Activation] = [
    linear, sigmoid, tanh, relu, leakyReLU(), elu(), selu, softmax, logSoftmax, softplus, softsign,
    gelu, swish, mish, hardSigmoid(), exponential, logSigmoid, hardTanh(), relu6, rrelu(), celu(),
    hardSwish, hardShrink(), softShrink(), tanhShrink, threshold(), glu, squareplus(), sparsePlus,
    sparseSigmoid, sparsemax,
  ]

  /// Other names by which scripts know them.
  public static let aliases: [String: String] = [
    "silu": "swish", "logistic": "sigmoid", "identity": "linear", "leakyrelu": "leaky_relu",
    "hard_swish": "hard_silu", "hardtanh": "hard_tanh", "logsigmoid": "log_sigmoid",
    "softshrink": "soft_shrink", "hardshrink": "hard_shrink", "tanhshrink": "tanh_shrink",
    "hardsigmoid": "hard_sigmoid", "hardswish": "hard_silu",
  ]

  /// The built-in one of that name, or nil.
  public static func named(_ name: String) -> Activation? {
    let name = aliases[name] ?? name
    return all.first { $0.name == name }
  }
}
