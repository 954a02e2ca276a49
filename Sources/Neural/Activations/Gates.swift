internal import Tensors

// x times a share of it that x itself decides, and the shrinking functions.

extension Activation {
  /// x Phi(x), exact, with the error function.
  public static let gelu = gelu()

  /// x Phi(x), exact or with Phi in its tanh form, which differs by at most 4.8e-4.
  public static func gelu(isApproximate: Bool = false) -> Activation {
    let scale = 1.595_769_121_605_730_7
    @Sendable func inner(_ x: Double) -> Double { scale * (x + 0.044715 * x * x * x) }
    let curve =
      isApproximate
      ? Curve(
        { $0 < -100 ? 0 : $0 * logistic(inner($0)) },
        derivative: {
          let (x, s) = (clamp($0, -100, 100), logistic(inner(clamp($0, -100, 100))))
          return s + x * s * (1 - s) * scale * (1 + 0.134145 * x * x)
        })
      : Curve(
        { $0 < -100 ? 0 : $0 * normalShare($0) },
        derivative: {
          let x = clamp($0, -100, 100)
          return normalShare(x) + x * Elementary.exp(-x * x / 2) * 0.398_942_280_401_432_7
        })
    return Activation(
      "gelu", "x times the chance that a standard normal number is below x.",
      formula: isApproximate
        ? "x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2"
        : "x * (1 + erf(x / sqrt(2))) / 2",
      source: "Hendrycks and Gimpel 2016", pairing: .he,
      options: [Option("approximate", isApproximate ? 1 : 0, isSwitch: true)], curve: curve,
      fused: FusedActivation(isApproximate ? .geluTanh : .gelu),
      remake: { gelu(isApproximate: $0[0] != 0) }
    ) { given in
      let x = try gated(given)
      if isApproximate {
        return try x * ((x.square() * x * 0.044715 + x) * scale).sigmoid()
      }
      return try x * ((x * 0.707_106_781_186_547_5).erf() + 1) * 0.5
    }
  }

  /// x sigmoid(x).
  public static let swish = swish()

  /// x sigmoid(beta x); with beta 1 it is also called SiLU.
  public static func swish(beta: Double = 1) -> Activation {
    Activation(
      "swish", "x times its sigmoid; dips below zero and returns (SiLU).",
      formula: beta == 1 ? "x * sigmoid(x)" : "x * sigmoid(beta * x)",
      source: "Ramachandran et al. 2017; SiLU with beta 1: Elfwing et al. 2018", pairing: .he,
      options: [Option("beta", beta)],
      curve: Curve(
        { logistic(beta * $0) == 0 ? 0 : $0 * logistic(beta * $0) },
        derivative: {
          let (x, s) = (clamp($0, -1e300, 1e300), logistic(beta * $0))
          return s + beta * x * s * (1 - s)
        }),
      fused: FusedActivation(.swish, beta), remake: { swish(beta: $0[0]) }
    ) { x in
      let share = beta == 1 ? try x.sigmoid() : try (x * beta).sigmoid()
      return try (beta > 0 ? Tensor.maximum(x, -1000 / beta) : x) * share
    }
  }

  /// x clip(x / 6 + 1/2, 0, 1).
  public static let hardSwish = Activation(
    "hard_silu", "Swish with a sigmoid of three straight pieces (hard swish).",
    formula: "x * clip(x / 6 + 0.5, 0, 1)", source: "Howard et al. 2019", pairing: .he,
    curve: Curve(
      { $0 <= -3 ? 0 : $0 >= 3 ? $0 : $0 * ($0 / 6 + 0.5) },
      derivative: { $0 <= -3 ? 0 : $0 >= 3 ? 1 : $0 / 3 + 0.5 }, kinks: [-3, 3]),
    fused: FusedActivation(.hardSwish)
  ) { try gated($0) * clipped($0 / 6 + 0.5, 0, 1) }

  /// x tanh(softplus(x)).
  public static let mish = Activation(
    "mish", "x times the tanh of its softplus; like swish, a little steeper.",
    formula: "x * tanh(log(1 + exp(x)))", source: "Misra 2019", pairing: .he,
    curve: Curve(
      { $0 < -800 ? 0 : $0 * Elementary.tanh(softPlus($0)) },
      derivative: {
        let x = clamp($0, -800, 800)
        let t = Elementary.tanh(softPlus(x))
        return t + x * logistic(x) * (1 - t * t)
      }), fused: FusedActivation(.mish)
  ) { try gated($0) * $0.softplus().tanh() }

  /// The first half of a row times the sigmoid of the second.
  public static let glu = Activation(
    "glu", "Halves each row: its first half times the sigmoid of its second.",
    formula: "a * sigmoid(b), (a, b) the halves of x", source: "Dauphin et al. 2017",
    isHalving: true
  ) { x in
    guard let width = x.shape.last, width % 2 == 0 else {
      throw OptionProblem("glu halves the last axis, which must be even, got \(x.shape)")
    }
    return try x.at([.ellipsis, .range(0, width / 2)])
      * x.at([.ellipsis, .range(width / 2, width)]).sigmoid()
  }

  // MARK: Shrinking

  /// 0 within an edge, x beyond it.
  public static func hardShrink(_ edge: Double = 0.5) -> Activation {
    Activation(
      "hard_shrink", "Zero near zero, identity beyond an edge.",
      formula: "0 if abs(x) <= threshold else x", source: "Donoho and Johnstone 1994",
      options: [Option("threshold", edge, also: ["lambd"], where: .atLeast(0))],
      curve: Curve(
        { abs($0) <= edge ? 0 : $0 }, derivative: { abs($0) <= edge ? 0 : 1 }, kinks: [-edge, edge]
      ),
      fused: FusedActivation(.hardShrink, edge), remake: { hardShrink($0[0]) }
    ) { x in
      try Tensor.select(
        Tensor.compare(.lessOrEqual, x.abs(), .float(edge)), Tensor.zeros([], dtype: x.dtype), x)
    }
  }

  /// sign(x) max(|x| - edge, 0): the proximal step of an L1 penalty.
  public static func softShrink(_ edge: Double = 0.5) -> Activation {
    Activation(
      "soft_shrink", "Moves towards zero by an edge and stops there; the step of an L1 penalty.",
      formula: "sign(x) * max(abs(x) - threshold, 0)", source: "Donoho 1995",
      options: [Option("threshold", edge, also: ["lambd"], where: .atLeast(0))],
      curve: Curve(
        { $0 > edge ? $0 - edge : $0 < -edge ? $0 + edge : $0.isNaN ? $0 : 0 },
        derivative: { abs($0) <= edge ? 0 : 1 }, kinks: [-edge, edge]),
      fused: FusedActivation(.softShrink, edge), remake: { softShrink($0[0]) }
    ) { x in
      // Zero that keeps NaN.
      let inside = try select(x, below: -edge, x + edge, x * 0)
      return try select(x, above: edge, x - edge, inside)
    }
  }

  /// x - tanh(x).
  public static let tanhShrink = Activation(
    "tanh_shrink", "x less its tanh: nearly zero near zero.", formula: "x - tanh(x)",
    source: "PyTorch",
    curve: Curve(
      { $0 - Elementary.tanh($0) }, derivative: { Elementary.tanh($0) * Elementary.tanh($0) }),
    fused: FusedActivation(.tanhShrink)
  ) { try $0 - $0.tanh() }
}
