public import Catalog
public import Tensors

/// The largest of several linear maps: y = max over k of (x W_k + b_k).
///
/// Goodfellow et al. 2013. Kernel `[pieces, in, units]`, bias `[pieces, units]`. Where maps tie,
/// they share the gradient.
public final class Maxout: Layer {
  public static let type = ObjectType(
    "Maxout", "The largest of several linear maps.", base: LayerType.layer
  ) {
    commonMembers() + [
      .attribute(
        of: Maxout.self, "kernel", "A live view of the kernels, (pieces, inputs, units).",
        returns: "Tensor", example: "net[0].kernel", get: { try $0.live($0.kernel) }),
      .attribute(
        of: Maxout.self, "bias", "A live view of the biases, (pieces, units); None without.",
        returns: "Tensor or None", example: "net[0].bias",
        get: { $0.usesBias ? try $0.live($0.bias) : .none }),
    ]
  }

  public let state: LayerState
  public let units: Int
  public let pieces: Int
  public let initializer: InitializerChoice
  public let biasInitializer: InitializerChoice
  public let usesBias: Bool
  public let penalty: Penalty?
  public let biasPenalty: Penalty?
  public let constraint: Constraint?
  public private(set) var kernel: Weight?
  public private(set) var bias: Weight?

  public init(
    _ units: Int, pieces: Int = 2, initializer: InitializerChoice = .automatic,
    biasInitializer: InitializerChoice = .named(.zeros), usesBias: Bool = true,
    penalty: Penalty? = nil, biasPenalty: Penalty? = nil, activityPenalty: Penalty? = nil,
    constraint: Constraint? = nil, name: String = ""
  ) {
    self.units = units
    self.pieces = pieces
    self.initializer = initializer
    self.biasInitializer = biasInitializer
    self.usesBias = usesBias
    self.penalty = penalty
    self.biasPenalty = biasPenalty
    self.constraint = constraint
    state = LayerState(name: name)
    state.activityPenalty = activityPenalty
  }

  public var type: ObjectType { Self.type }
  public var weights: [Weight] { [kernel, bias].compactMap { $0 } }
  public var ending: Activation? { nil }
  public var hasKernel: Bool { true }
  public var wantsRows: Bool { true }
  public var step: PlanStep? { nil }
  public var settings: String { "units=\(units), pieces=\(pieces)" }

  public func fresh() -> any Layer {
    Maxout(
      units, pieces: pieces, initializer: initializer, biasInitializer: biasInitializer,
      usesBias: usesBias, penalty: penalty, biasPenalty: biasPenalty, constraint: constraint,
      name: state.name
    )
  }

  public func visit(_ keep: (Value) -> Void) {
    let held = [
      initializer.held, biasInitializer.held, penalty?.held, biasPenalty?.held,
      state.activityPenalty?.held, constraint?.held,
    ]
    for held in held {
      if let held { keep(held) }
    }
  }

  public var externalBytes: Int {
    weights.reduce(0) { $0 + $1.tensor.count * $1.tensor.dtype.size }
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    guard let width = input.last else {
      throw LayerProblem.input(
        expected: "inputs with at least one axis beside the batch", got: input, built: nil)
    }
    if let kernel, kernel.tensor.shape[1] != width {
      throw LayerProblem.input(
        expected: "inputs ending in \(kernel.tensor.shape[1])", got: input,
        built: state.inputShape)
    }
    return input.dropLast() + [units]
  }

  public func build(_ input: [Int], with maker: WeightMaker) throws {
    guard let width = input.last else { return }
    _ = try Shape([pieces, width, units])
    // Every map gets the fan of a map, and is a ReLU's half.
    let parts = try (0..<pieces).map { _ in
      try initializer.make(
        [width, units], for: .builtIn(.relu), dtype: maker.dtype, from: &maker.stream
      ).weights
    }
    kernel = Weight(
      "kernel", try Tensor.stack(parts), penalty: penalty, constraint: constraint)
    guard usesBias else { return }
    let start = try biasInitializer.make(
      [pieces, units], for: .builtIn(.linear), dtype: maker.dtype, from: &maker.stream)
    bias = Weight("bias", start.weights, penalty: biasPenalty)
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    try check(x)
    guard let kernel else { throw NotBuilt(layer: name).failure }
    let width = kernel.tensor.shape[1]
    let rows = x.shape.dropLast().reduce(1, *)
    var maps = try x.reshape([rows, width]).matmul(kernel.tensor)
    if let bias { maps = try maps + bias.tensor.reshape([pieces, 1, units]) }
    return try maps.max(axes: [0]).reshape(Shape(x.shape.dropLast() + [units]))
  }

  public static let entry = Entry(
    "Maxout", "The largest of several linear maps: an activation that is learnt.",
    Parameter("units", Int.self, "width of the output", where: .within(1, 1 << 24)),
    Parameter(
      "pieces", Int.self, "how many maps", also: ["num_pieces"], where: .within(1, 1 << 16)
    ) { 2 },
    Parameter(
      "init", InitializerChoice.self, "how the kernels start", also: ["kernel_initializer"]
    ) { .automatic },
    Parameter(
      "bias_init", InitializerChoice.self, "how the biases start", also: ["bias_initializer"]
    ) { .named(.zeros) },
    Parameter("use_bias", Bool.self, "whether biases are added") { true },
    Parameter(
      "regularizer", Penalty?.self, "what the kernels add to the loss: l1(…), l2(…), a function",
      also: ["kernel_regularizer"]
    ) { nil },
    Parameter("bias_regularizer", Penalty?.self, "what the biases add to the loss") { nil },
    Parameter(
      "activity_regularizer", Penalty?.self,
      "what the output adds to the loss, divided by the number of examples"
    ) { nil },
    Parameter(
      "constraint", Constraint?.self, "what the kernels must fulfil after each step",
      also: ["kernel_constraint"]
    ) { nil },
    Parameter("input_shape", Shape?.self, "the shape of one input, to build at once") { nil },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "Maxout", example: "Sequential(Maxout(20, pieces=2), Dense(3))",
    details: """
      `y = max over k of (x @ W_k + b_k)`. ReLU and leaky ReLU are special cases, at the price \
      of `pieces` times the weights. Maps that tie share the gradient. Shapes: x (batch, …, \
      inputs), W (pieces, inputs, units), b (pieces, units), y (batch, …, units). Source: \
      Goodfellow et al. 2013, "Maxout networks".
      """, makes: Maxout.type
  ) {
    units, pieces, start, biasStart, usesBias, penalty, biasPenalty, activityPenalty, constraint,
    input, name in
    let layer = Maxout(
      units, pieces: pieces, initializer: start, biasInitializer: biasStart, usesBias: usesBias,
      penalty: penalty, biasPenalty: biasPenalty, activityPenalty: activityPenalty,
      constraint: constraint, name: name)
    return layer.wanting(input)
  }
}
