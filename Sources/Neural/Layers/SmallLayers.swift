public import Catalog
public import Tensors

/// Turns each input into one row of numbers.
public final class Flatten: Layer {
  public static let type = ObjectType(
    "Flatten", "Turns each input into one row of numbers.", base: LayerType.layer,
    members: { commonMembers() })

  public let state: LayerState
  /// Put in by the model, because its first layer wants rows.
  public let isInferred: Bool

  public init(name: String = "", isInferred: Bool = false) {
    state = LayerState(name: name)
    self.isInferred = isInferred
  }

  public var type: ObjectType { Self.type }
  public var settings: String { isInferred ? "inferred" : "" }
  public func fresh() -> any Layer { Flatten(name: state.name, isInferred: isInferred) }
  public func outputShape(_ input: [Int]) -> [Int] { [input.reduce(1, *)] }
  public var step: PlanStep? { .flatten }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    try x.reshape([x.shape.first ?? 1, x.shape.dropFirst().reduce(1, *)])
  }

  public static let entry = Entry(
    "Flatten", "Turns each input into one row of numbers.",
    Parameter("input_shape", Shape?.self, "the shape of one input, to build at once") { nil },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "Flatten", example: "Sequential(Flatten(), Dense(10, \"softmax\"))",
    details: """
      `y[i] = x[i].reshape(-1)`. A model whose first layer is Dense puts one in front by itself. \
      Shapes: (batch, a, b, …) gives (batch, a · b · …).
      """,
    makes: Flatten.type
  ) { input, name in
    let layer = Flatten(name: name)
    return layer.wanting(input)
  }
}

/// Applies an activation, as a layer of its own.
public final class ActivationLayer: Activated {
  public static let type = ObjectType(
    "Activation", "Applies an activation, as a layer of its own.", base: LayerType.layer,
    members: { commonMembers() })

  public let state: LayerState
  public let activation: ActivationChoice

  public init(_ activation: ActivationChoice, name: String = "") {
    self.activation = activation
    state = LayerState(name: name)
  }

  public var type: ObjectType { Self.type }
  public var settings: String { activation.name }
  public var ending: Activation? { activation.builtIn }
  public func fresh() -> any Layer { ActivationLayer(activation, name: state.name) }
  public func outputShape(_ input: [Int]) throws -> [Int] { try activation.outputShape(input) }
  public var step: PlanStep? {
    if activation.builtIn?.name == "softmax" { return .activation(nil) }
    return activation.builtIn?.fused.map { .activation($0) }
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor { try activation(x) }
  public func logits(_ x: Tensor, _ pass: Pass) -> Tensor { x }
  public var applies: ActivationChoice? { activation }

  public func visit(_ keep: (Value) -> Void) {
    if let held = activation.held { keep(held) }
  }

  public static let entry = Entry(
    "Activation", "Applies an activation, as a layer of its own.",
    Parameter("activation", ActivationChoice.self, "which"),
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "Activation", example: "Sequential(Dense(20), Activation(\"elu\"))",
    details: """
      `y = activation(x)`. Shapes: y has the shape of x, but for `glu`, which halves the last \
      axis. Source: that of the activation.
      """,
    makes: ActivationLayer.type
  ) { activation, name in .object(ActivationLayer(activation, name: name)) }

  /// Activations with settings, under the names of layers.
  static let leakyReLU = Entry(
    "LeakyReLU", "Leaky ReLU with a slope of its own, as a layer or in place of an activation.",
    Parameter("slope", Double.self, "below zero", also: ["negative_slope", "alpha"]) { 0.01 },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "Activation", example: "Dense(20, LeakyReLU(0.2))",
    details: """
      `y = x if x > 0 else slope * x`. Shapes: y has the shape of x. Peers: Keras's layer takes \
      0.3, its function 0.2, PyTorch 0.01; here both forms take 0.01. Source: Maas et al. 2013.
      """, makes: ActivationLayer.type
  ) { slope, name in .object(ActivationLayer(.builtIn(.leakyReLU(slope)), name: name)) }

  static let elu = Entry(
    "ELU", "ELU with an alpha of its own, as a layer or in place of an activation.",
    Parameter("alpha", Double.self, "the value far below zero is -alpha") { 1 },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "Activation", example: "Dense(20, ELU(0.5))",
    details: """
      `y = x if x > 0 else alpha * (exp(x) - 1)`. Shapes: y has the shape of x. Keras and \
      PyTorch have alpha 1, too. Source: Clevert et al. 2016.
      """, makes: ActivationLayer.type
  ) { alpha, name in .object(ActivationLayer(.builtIn(.elu(alpha)), name: name)) }
}

/// A function of the script as a layer.
public final class FunctionLayer: Layer {
  public static let type = ObjectType(
    "Lambda", "A function as a layer.", base: LayerType.layer, members: { commonMembers() })

  public let state: LayerState
  public let function: Function

  public init(_ function: Function, name: String = "") {
    self.function = function
    state = LayerState(name: name)
  }

  public var type: ObjectType { Self.type }
  public var settings: String { function.callable.name }
  public var ending: Activation? { nil }
  public func fresh() -> any Layer { FunctionLayer(function, name: state.name) }
  public var step: PlanStep? { nil }

  /// Found by trying it on one example of zeros.
  public func outputShape(_ input: [Int]) throws -> [Int] {
    let trial = try Tensor.zeros(Shape([1] + input))
    return Array(try apply(trial).shape.dropFirst())
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor { try apply(x) }

  private func apply(_ x: Tensor) throws -> Tensor {
    let result = try function(.object(x))
    guard let tensor = try Tensor.read(result) else {
      throw Failure(
        .type, "the layer '\(name)' returned \(result.typeName), expected a tensor", code: "L105")
    }
    return tensor
  }

  public func visit(_ keep: (Value) -> Void) { keep(function.held) }

  public static let entry = Entry(
    "Lambda", "A function of a tensor as a layer.",
    Parameter("function", Function.self, "takes and returns a tensor"),
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "Lambda", example: "Sequential(Dense(4), Lambda(lambda x: x * 2))",
    details: """
      `y = function(x)`. Gradients go through it. Shapes: x (batch, …); the function keeps the \
      axis of examples in front. A model with it runs on the tape, not by the faster plan.
      """,
    makes: FunctionLayer.type
  ) { function, name in .object(FunctionLayer(function, name: name)) }
}
