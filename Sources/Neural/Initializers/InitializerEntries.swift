internal import Catalog

/// Declarations of the initializers that take settings.
enum InitializerEntries {
  static let constant = Entry(
    "constant", "An initializer: the same value everywhere; a layer so begun stays symmetric.",
    Parameter("value", Double.self, "the value") { 0 },
    returns: "Initializer", example: "Dense(4, init=constant(0.1))",
    details: "`W = value`. Source: the equation.", makes: InitializerObject.type
  ) { value in
    .object(InitializerObject(Initializer("constant(\(value))", "All \(value).", .constant(value))))
  }

  static let normal = Entry(
    "normal", "An initializer: normal numbers of one deviation.",
    Parameter("std", Double.self, "deviation", also: ["stddev"], where: .atLeast(0)) { 0.05 },
    Parameter("mean", Double.self, "mean") { 0 },
    returns: "Initializer", example: "Dense(4, init=normal(0.01))",
    details: "`N(mean, std**2)`; Keras's RandomNormal has the same defaults. Source: the equation.",
    makes: InitializerObject.type
  ) { std, mean in
    .object(
      InitializerObject(
        Initializer(
          "normal(\(std))", "Normal with deviation \(std).", .normal(mean: mean, deviation: std))))
  }

  static let uniform = Entry(
    "uniform", "An initializer: uniform numbers in a range.",
    Parameter("low", Double.self, "smallest", also: ["minval"]) { -0.05 },
    Parameter("high", Double.self, "largest", also: ["maxval"]) { 0.05 },
    returns: "Initializer", example: "Dense(4, init=uniform(-0.1, 0.1))",
    details: "`U(low, high)`; Keras's RandomUniform has the same defaults. Source: the equation.",
    makes: InitializerObject.type
  ) { low, high in
    .object(
      InitializerObject(
        Initializer(
          "uniform(\(low), \(high))", "Uniform from \(low) to \(high).",
          .uniform(low: low, high: high))))
  }

  static let varianceScaling = Entry(
    "variance_scaling", "An initializer: variance = scale / fan.",
    Parameter("scale", Double.self, "numerator", where: .above(0)) { 1 },
    Parameter("mode", Initializer.Fan.self, "what divides") { .fanIn },
    Parameter("distribution", Initializer.Distribution.self, "shape") { .truncatedNormal },
    returns: "Initializer", example: "Dense(4, init=variance_scaling(2.0))",
    details: """
      `variance = scale / fan`: fan_in is the number of inputs of a unit, fan_out of outputs, fan_avg their mean. The \
      truncated normal is widened so that its variance is kept. Keras's defaults. Source: He et \
      al. 2015.
      """, makes: InitializerObject.type
  ) { scale, mode, distribution in
    .object(
      InitializerObject(
        Initializer(
          "variance_scaling(\(scale))", "Variance \(scale) / \(mode.rawValue).",
          .scaled(scale: scale, mode, distribution))))
  }

  static let orthogonal = Entry(
    "orthogonal", "An initializer: rows or columns at right angles.",
    Parameter("gain", Double.self, "their length") { 1 },
    returns: "Initializer", example: "Dense(4, init=orthogonal(1.4))",
    details: """
      Q of the QR decomposition of normal numbers, each column times the sign of R's diagonal, \
      times gain; the smaller side is orthonormal, `W.T @ W = gain**2 * I`. All axes but the last \
      are taken together. Source: Saxe et al. 2014.
      """, makes: InitializerObject.type
  ) { gain in
    .object(
      InitializerObject(
        Initializer(
          "orthogonal(\(gain))", Initializer.orthogonal.sentence, .orthogonal(gain: gain))))
  }

  static let sparse = Entry(
    "sparse", "An initializer: few connections, the other weights are 0.",
    Parameter("connections", Int.self, "inputs of each unit", where: .atLeast(0)) { 10 },
    Parameter("std", Double.self, "their deviation", also: ["stddev"], where: .atLeast(0)) { 0.01 },
    Parameter(
      "sparsity", Double?.self,
      "in place of connections: the share of outputs that each input misses"
    ) { nil },
    returns: "Initializer", example: "Dense(4, init=sparse(3))",
    details: """
      With connections exactly so many different inputs per unit. With sparsity, \
      `ceil(sparsity * out)` weights of each input are 0, as in PyTorch's `sparse_`. Source: \
      Martens 2010.
      """, makes: InitializerObject.type
  ) { connections, std, sparsity in
    if let sparsity, !(sparsity >= 0 && sparsity <= 1) {
      throw OptionProblem("sparsity must be from 0 to 1, got \(sparsity)")
    }
    let rule = sparsity.map { Initializer.Rule.sparse(share: $0, deviation: std) }
    return .object(
      InitializerObject(
        Initializer(
          "sparse", Initializer.sparse.sentence, rule ?? .connections(connections, deviation: std)))
    )
  }

  static let truncatedNormal = Entry(
    "truncated_normal", "An initializer: normal numbers, redrawn beyond two deviations.",
    Parameter("std", Double.self, "deviation before cutting", also: ["stddev"], where: .atLeast(0))
    { 0.05 },
    Parameter("mean", Double.self, "mean") { 0 },
    returns: "Initializer", example: "Dense(4, init=truncated_normal(0.02))",
    details: """
      The variance shrinks to `0.774 * std**2`. As in Keras the cut stands at two deviations; \
      PyTorch's a=-2, b=2 are absolute. Source: the equation.
      """, makes: InitializerObject.type
  ) { std, mean in
    .object(
      InitializerObject(
        Initializer(
          "truncated_normal(\(std))", Initializer.truncatedNormal.sentence,
          .truncated(mean: mean, deviation: std))))
  }

  static let gain = Entry(
    "calculate_gain", "What keeps the spread of a signal through an activation.",
    Parameter("activation", ActivationChoice.self, "which"),
    returns: "float", example: "calculate_gain(\"relu\")",
    details: """
      1 for linear and sigmoid, 5/3 for tanh, sqrt(2) for ReLU, `sqrt(2 / (1 + slope**2))` for \
      leaky ReLU, 3/4 for SELU, as in PyTorch. A normal initializer of deviation \
      `gain / sqrt(fan_in)` keeps it. Source: He et al. 2015; tanh and SELU are empirical.
      """
  ) { activation in .float(activation.builtIn.map(Initializer.gain) ?? 1) }

  /// Names that mean something else without a shape: `zeros((2, 3))` is a tensor.
  private static let taken: Set<String> = [
    "zeros", "ones", "identity", "orthogonal", "sparse", "truncated_normal",
  ]

  /// Formula and source of those that are constants.
  private static let sources: [String: String] = [
    "glorot_uniform":
      "Limit `sqrt(6 / (in + out))`. Keras's default. Source: Glorot and Bengio 2010.",
    "glorot_normal":
      "Variance `2 / (in + out)`, cut at two deviations as in Keras, not in PyTorch. Source: "
      + "Glorot and Bengio 2010.",
    "he_uniform": "Limit `sqrt(6 / in)`. Source: He et al. 2015.",
    "he_normal":
      "Variance `2 / in`, cut at two deviations as in Keras, not in PyTorch. Source: He et al. 2015.",
    "lecun_uniform": "Limit `sqrt(3 / in)`. Source: LeCun et al. 1998.",
    "lecun_normal":
      "Variance `1 / in`, cut at two deviations as in Keras. Source: LeCun et al. 1998.",
    "random_normal": "`N(0, 0.05**2)`, as in Keras. Source: the equation.",
    "random_uniform": "`U(-0.05, 0.05)`, as in Keras. Source: the equation.",
    "torch_linear_default":
      "Limit `1 / sqrt(in)`; PyTorch draws the bias from it, too. Source: PyTorch.",
    "same_random_value":
      "One draw from `N(0, 2 / in)` for all. For showing why units must differ. Source: "
      + "Rumelhart et al. 1986.",
  ]

  static var all: [Entry] {
    [constant, normal, uniform, varianceScaling, orthogonal, sparse, truncatedNormal, gain]
      + Initializer.all.filter { !taken.contains($0.name) }
      .map { initializer in
        let object = InitializerObject(initializer)
        return Entry(
          initializer.name, "Initializer: \(initializer.sentence)", kind: .constant,
          parameters: [], returns: "Initializer",
          examples: ["Dense(4, init=\(initializer.name))"],
          details: sources[initializer.name] ?? "", body: .constant { _ in .object(object) })
      }
  }
}
