internal import Catalog
internal import Tensors

/// Short ways to usual models.
enum Builders {
  static let mlp = Entry(
    "mlp", "Dense layers of the widths given; the last one gives the answers.",
    Parameter(
      "widths", Rest<Int>.self, "widths of the layers, the last of the output", passing: .rest),
    Parameter(
      "activation", ActivationChoice.self, "of the hidden layers", passing: .keywordOnly
    ) { .builtIn(.relu) },
    Parameter(
      "last", ActivationChoice?.self, "of the last; None: softmax, or linear for one output",
      passing: .keywordOnly
    ) { nil },
    Parameter("init", InitializerChoice.self, "how kernels start", passing: .keywordOnly) {
      .automatic
    },
    Parameter(
      "dropout", Double.self, "behind each hidden layer", passing: .keywordOnly,
      where: .within(0, below: 1)
    ) { 0 },
    Parameter("name", String.self, "its name", passing: .keywordOnly) { "mlp" },
    returns: "Sequential", example: "mlp(300, 100, 10, activation=\"elu\")",
    "mlp(20, 1, last=\"sigmoid\")",
    details: """
      `Sequential(Dense(w, activation), …, Dense(last))`, with a Dropout behind each hidden \
      layer if wanted. Shapes: inputs of any shape, flattened; outputs (batch, last width).
      """, makes: nil
  ) { widths, activation, last, start, dropout, name in
    .object(
      try Sequential.mlp(
        widths.values, activation, last: last, initializer: start, dropout: dropout, name: name))
  }

  static let tower = Entry(
    "tower", "Many dense layers of one width and activation, for looking at depth.",
    Parameter("layers", Int.self, "how many", where: .within(1, 10_000)),
    Parameter("width", Int.self, "units of each", where: .within(1, 1 << 20)) { 100 },
    Parameter("activation", ActivationChoice.self, "of each") { .builtIn(.tanh) },
    Parameter("init", InitializerChoice.self, "how kernels start") { .automatic },
    Parameter("name", String.self, "its name", passing: .keywordOnly) { "tower" },
    returns: "Sequential",
    example: "activations(tower(5, width=20, activation=\"tanh\"), randn(50, 20)).std",
    details: """
      `layers` times `Dense(width, activation)`. With init="random_normal" (deviation 0.05) the \
      signal of a tanh tower dies away, with "glorot_uniform" it goes through: `activations` \
      shows it. Shapes: inputs (batch, …), outputs (batch, width). Source: Glorot and Bengio \
      2010.
      """
  ) { count, width, activation, start, name in
    .object(
      try Sequential.tower(count, width: width, activation, initializer: start, name: name))
  }
}

extension Sequential {
  /// Dense layers of the widths given; the last one gives the answers.
  ///
  /// - Parameters:
  ///   - activation: of the hidden layers.
  ///   - last: of the last one; nil: softmax, or linear for one output.
  ///   - dropout: the share that is dropped behind each hidden layer.
  /// - Throws: a `Failure` when there are no widths, or one is no size.
  public static func mlp(
    _ widths: [Int], _ activation: ActivationChoice = .builtIn(.relu),
    last: ActivationChoice? = nil, initializer: InitializerChoice = .automatic,
    dropout: Double = 0, name: String = "mlp"
  ) throws -> Sequential {
    guard let output = widths.last else {
      throw Failure(.type, "mlp() needs at least the width of the output: mlp(32, 10)")
    }
    for width in widths where !(1...(1 << 24)).contains(width) {
      throw Failure(.value, "a width must be from 1 to \(1 << 24), got \(width)")
    }
    var layers: [any Layer] = []
    for width in widths.dropLast() {
      layers.append(Dense(width, activation, initializer: initializer))
      if dropout > 0 { layers.append(Dropout(dropout)) }
    }
    layers.append(
      Dense(output, last ?? .builtIn(output == 1 ? .linear : .softmax), initializer: initializer))
    return try Sequential(layers, name: name)
  }

  /// Dense layers of one width and activation, for looking at depth.
  public static func tower(
    _ layers: Int, width: Int = 100, _ activation: ActivationChoice = .builtIn(.tanh),
    initializer: InitializerChoice = .automatic, name: String = "tower"
  ) throws -> Sequential {
    try Sequential(
      (0..<layers).map { _ in Dense(width, activation, initializer: initializer) }, name: name)
  }
}
