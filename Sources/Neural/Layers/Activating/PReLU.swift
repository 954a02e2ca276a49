public import Catalog
public import Tensors

/// Leaky ReLU whose slopes are learnt.
///
/// He et al. 2015: y = x above zero, alpha x below.
public final class PReLU: Layer {
  public static let type = ObjectType(
    "PReLU", "Leaky ReLU whose slopes are learnt.", base: LayerType.layer
  ) {
    commonMembers() + [
      .attribute(
        of: PReLU.self, "alpha", "A live view of the slopes below zero.", returns: "Tensor",
        example: "net[1].alpha", get: { try $0.live($0.alpha) })
    ]
  }

  public let state: LayerState
  /// Axes along which one slope is shared, counted with that of the examples, which always shares.
  public let sharedAxes: [Int]
  public let initializer: InitializerChoice
  public private(set) var alpha: Weight?

  public init(
    initializer: InitializerChoice = .named(.zeros), sharedAxes: [Int] = [], name: String = ""
  ) {
    self.initializer = initializer
    self.sharedAxes = sharedAxes
    state = LayerState(name: name)
  }

  public var type: ObjectType { Self.type }
  public var weights: [Weight] { [alpha].compactMap { $0 } }
  public var ending: Activation? { nil }
  public var applies: ActivationChoice? { .builtIn(.leakyReLU()) }
  public var step: PlanStep? { .prelu(self) }
  public var settings: String {
    sharedAxes.isEmpty ? "" : "shared_axes=\(Axes(sharedAxes).shown)"
  }

  public func fresh() -> any Layer {
    PReLU(initializer: initializer, sharedAxes: sharedAxes, name: state.name)
  }

  public func visit(_ keep: (Value) -> Void) {
    if let held = initializer.held { keep(held) }
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    let shape = try slopes(input)
    if let alpha, Array(alpha.tensor.shape) != shape {
      throw LayerProblem.input(
        expected: "the inputs its slopes are for", got: input, built: state.inputShape)
    }
    return input
  }

  /// The shape of the slopes: that of an input, with 1 along shared axes.
  private func slopes(_ input: [Int]) throws -> [Int] {
    var shape = input
    for place in try resolve(sharedAxes, input) { shape[place - 1] = 1 }
    return shape
  }

  public func build(_ input: [Int], with maker: WeightMaker) throws {
    let made = try initializer.make(
      slopes(input), for: .builtIn(.linear), dtype: maker.dtype, from: &maker.stream)
    alpha = Weight("alpha", made.weights)
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    try check(x)
    guard let alpha else { throw NotBuilt(layer: name).failure }
    return try Tensor.select(x.greater(0), x, x * alpha.tensor)
  }

  public static let entry = Entry(
    "PReLU", "Leaky ReLU whose slopes are learnt.",
    Parameter(
      "alpha_init", InitializerChoice.self, "how the slopes start", also: ["alpha_initializer"]
    ) { .named(.zeros) },
    Parameter(
      "shared_axes", Axes.self, "axes along which one slope is shared, such as (1, 2) of images"
    ) { Axes(nil) },
    Parameter("input_shape", Shape?.self, "the shape of one input, to build at once") { nil },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "PReLU", example: "Sequential(Dense(20), PReLU(), Dense(3))",
    details: """
      `y = x if x > 0 else alpha * x`, alpha learnt: its gradient is the sum of `g * x` where x \
      <= 0. No l2 falls on it: that would draw it to ReLU. It fits small data sets too closely. \
      Shapes: alpha has the shape of one input, with 1 on the shared axes. Peers: as in Keras, \
      every number of an input has its own slope, starting at 0; PyTorch has one for all, \
      starting at 0.25 (here shared_axes with all axes and alpha_init=constant(0.25)). Source: \
      He et al. 2015, "Delving deep into rectifiers".
      """, makes: PReLU.type
  ) { start, shared, input, name in
    let layer = PReLU(initializer: start, sharedAxes: shared.values ?? [], name: name)
    return layer.wanting(input)
  }
}
