public import Catalog
public import Tensors

/// Fully connected layer: y = activation(x W + b), over the last axis.
///
/// Weights: kernel `[in, out]`, bias `[out]`.
public final class Dense: KernelLayer {
  public static let type = ObjectType(
    "Dense", "Fully connected layer.", base: LayerType.layer
  ) {
    commonMembers() + [
      .attribute(
        of: Dense.self, "units", "The width of its output.", returns: "int",
        example: "Dense(32).units"
      ) { .int($0.units) },
      .attribute(
        of: Dense.self, "weight", "A live view of the kernel, (inputs, units).",
        returns: "Tensor", example: "net[0].weight", get: { try $0.live($0.kernel, "weight") }),
      .attribute(
        of: Dense.self, "kernel", "The same as weight.", returns: "Tensor",
        example: "net[0].kernel", get: { try $0.live($0.kernel, "kernel") }),
      .attribute(
        of: Dense.self, "bias", "A live view of the bias, (units,); None without one.",
        returns: "Tensor or None", example: "net[0].bias",
        get: { $0.usesBias ? try $0.live($0.bias, "bias") : .none }),
    ]
  }

  public let state: LayerState
  public let units: Int
  public let activation: ActivationChoice
  public let initializer: InitializerChoice
  public let biasInitializer: InitializerChoice
  public let usesBias: Bool
  public let penalty: Penalty?
  public let biasPenalty: Penalty?
  public let constraint: Constraint?
  public let biasConstraint: Constraint?
  public private(set) var kernel: Weight?
  public private(set) var bias: Weight?
  /// What made the kernel, once built.
  public private(set) var initialized = ""

  public init(
    _ units: Int, _ activation: ActivationChoice = .builtIn(.linear),
    initializer: InitializerChoice = .automatic,
    biasInitializer: InitializerChoice = .named(.zeros), usesBias: Bool = true,
    penalty: Penalty? = nil, biasPenalty: Penalty? = nil, activityPenalty: Penalty? = nil,
    constraint: Constraint? = nil, biasConstraint: Constraint? = nil, name: String = ""
  ) {
    self.units = units
    self.activation = activation
    self.initializer = initializer
    self.biasInitializer = biasInitializer
    self.usesBias = usesBias
    self.penalty = penalty
    self.biasPenalty = biasPenalty
    self.constraint = constraint
    self.biasConstraint = biasConstraint
    state = LayerState(name: name)
    state.activityPenalty = activityPenalty
  }

  /// A layer with a built-in activation.
  public convenience init(_ units: Int, _ activation: Activation, name: String = "") {
    self.init(units, .builtIn(activation), name: name)
  }

  public var type: ObjectType { Self.type }
  public var weights: [Weight] { [kernel, bias].compactMap { $0 } }
  public var unitAxis: Int? { 1 }
  public var wantsRows: Bool { true }
  public var start: (name: String, choice: InitializerChoice)? { (initialized, initializer) }

  public var settings: String {
    var text = "units=\(units)"
    if !activation.isLinear { text += ", \(activation.name)" }
    return text
  }

  public func fresh() -> any Layer { fresh(usesBias: usesBias, activation: activation) }

  public func fresh(usesBias: Bool, activation: ActivationChoice) -> any KernelLayer {
    Dense(
      units, activation, initializer: initializer, biasInitializer: biasInitializer,
      usesBias: usesBias, penalty: penalty, biasPenalty: biasPenalty, constraint: constraint,
      biasConstraint: biasConstraint, name: state.name
    ).like(self)
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    guard let width = input.last else {
      throw LayerProblem.input(
        expected: "inputs with at least one axis beside the batch", got: input, built: nil)
    }
    if let built = state.inputShape?.last, built != width {
      throw LayerProblem.input(
        expected: "inputs ending in \(built)", got: input, built: state.inputShape)
    }
    return try activation.outputShape(input.dropLast() + [units])
  }

  public func build(_ input: [Int], with maker: WeightMaker) throws {
    guard let width = input.last else { return }
    let basis = activation.isLinear ? maker.following ?? activation : activation
    let (weights, name) = try initializer.make(
      [width, units], for: basis, dtype: maker.dtype, from: &maker.stream)
    let first =
      usesBias
      ? try biasInitializer.make([units], for: basis, dtype: maker.dtype, from: &maker.stream)
        .weights : nil
    kernel = Weight("kernel", weights, penalty: penalty, constraint: constraint)
    bias = first.map { Weight("bias", $0, penalty: biasPenalty, constraint: biasConstraint) }
    initialized = name
  }

  /// x W + b.
  public func linear(_ x: Tensor, kernel: Tensor, bias: Tensor?) throws -> Tensor {
    let product = try x.matmul(kernel)
    guard let bias else { return product }
    return try product + bias
  }

  public var step: PlanStep? {
    guard let fused = activation.builtIn?.fused else {
      return activation.builtIn?.name == "softmax" ? .dense(self, nil) : nil
    }
    return .dense(self, fused)
  }

  public func visit(_ keep: (Value) -> Void) {
    let held = [
      activation.held, initializer.held, biasInitializer.held, penalty?.held, biasPenalty?.held,
      state.activityPenalty?.held, constraint?.held, biasConstraint?.held,
    ]
    for held in held {
      if let held { keep(held) }
    }
  }

  public var externalBytes: Int {
    weights.reduce(0) { $0 + $1.tensor.count * $1.tensor.dtype.size }
  }

  private func live(_ weight: Weight?, _ name: String) throws -> Value {
    guard let weight else { throw NotBuilt(layer: self.name).failure }
    return .object(weight.tensor)
  }

  public static let entry = Entry(
    "Dense", "Fully connected layer: multiplies the last axis by a matrix and adds a bias.",
    Parameter("units", Int.self, "width of the output", where: .within(1, 1 << 24)),
    Parameter("activation", ActivationChoice.self, "applied to the sum") { .builtIn(.linear) },
    Parameter(
      "init", InitializerChoice.self, "how the matrix starts; \"auto\" goes by the activation",
      also: ["kernel_initializer"]
    ) { .automatic },
    Parameter(
      "bias_init", InitializerChoice.self, "how the bias starts", also: ["bias_initializer"]
    ) {
      .named(.zeros)
    },
    Parameter("use_bias", Bool.self, "whether a bias is added") { true },
    Parameter("l2", Double.self, "adds l2 * sum(w * w) to the loss", where: .atLeast(0)) { 0 },
    Parameter("l1", Double.self, "adds l1 * sum(abs(w)) to the loss", where: .atLeast(0)) { 0 },
    Parameter(
      "regularizer", Penalty?.self, "what W adds to the loss: l1(…), l2(…), a function of W",
      also: ["kernel_regularizer"]
    ) { nil },
    Parameter("bias_regularizer", Penalty?.self, "what b adds to the loss") { nil },
    Parameter(
      "activity_regularizer", Penalty?.self,
      "what the output adds to the loss, divided by the number of examples"
    ) { nil },
    Parameter("max_norm", Double?.self, "short for constraint=max_norm(…)") { nil },
    Parameter(
      "constraint", Constraint?.self,
      "what W must fulfil after each step: max_norm(3), a function of W",
      also: ["kernel_constraint"]
    ) { nil },
    Parameter("bias_constraint", Constraint?.self, "what b must fulfil after each step") { nil },
    Parameter("input_shape", Shape?.self, "the shape of one input, to build at once") { nil },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "Dense", example: "Dense(32, activation=\"relu\")",
    details: """
      `y = activation(x @ W + b)`. Gradients: `dW = x.T @ g`, `db = sum(g)`, `dx = g @ W.T`, g \
      being the gradient of the sum. Shapes: x (batch, …, inputs), W (inputs, units), b \
      (units,), y (batch, …, units). Peers: Keras starts W with glorot_uniform whatever the \
      activation, "auto" only where that fits (He for ReLU, LeCun for SELU); PyTorch's Linear \
      keeps W as (units, inputs) and starts from U(-1/√inputs, 1/√inputs), here \
      init="torch_linear_default". Source: Rumelhart, Hinton and Williams 1986.
      """, makes: Dense.type
  ) {
    units, activation, start, biasStart, usesBias, l2, l1, regularizer, biasRegularizer,
    activityRegularizer, maxNorm, constraint, biasConstraint, input, name in
    let own = l1 > 0 || l2 > 0 ? Penalty(l1: l1, l2: l2) : nil
    let layer = Dense(
      units, activation, initializer: start, biasInitializer: biasStart, usesBias: usesBias,
      penalty: regularizer ?? own, biasPenalty: biasRegularizer,
      activityPenalty: activityRegularizer, constraint: constraint ?? maxNorm.map { .maxNorm($0) },
      biasConstraint: biasConstraint, name: name)
    return layer.wanting(input)
  }
}

/// Something was asked of weights that do not exist yet.
struct NotBuilt {
  let layer: String

  var failure: Failure {
    Failure(
      .value, "layer '\(layer)' has no weights yet: it has seen no data", code: "L309",
      help: "fit the model, call it on data, or give input_shape= to its first layer")
  }
}
