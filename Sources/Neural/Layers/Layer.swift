public import Catalog
public import Tensors

/// A step of a model: turns one tensor into another, and may have weights that learn.
public protocol Layer: Object, Placed {
  /// Name, shapes and whether it learns.
  var state: LayerState { get }
  /// Its weights, in the order of `get_weights`; empty before it is built.
  var weights: [Weight] { get }
  /// Its settings as a script would write them, for summaries: `32, activation="relu"`.
  var settings: String { get }

  /// The shape of one output for one input, both without the axis of examples.
  ///
  /// - Throws: `LayerProblem` when it cannot take such an input.
  func outputShape(_ input: [Int]) throws -> [Int]
  /// Makes the weights for inputs of a shape; called once.
  func build(_ input: [Int], with maker: WeightMaker) throws
  /// Builds it for this input if it is not, and checks the input if it is.
  ///
  /// - Returns: the shape of one output.
  func prepare(_ input: [Int], with maker: WeightMaker) throws -> [Int]
  /// Computes the output for a batch; differentiable.
  func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor
  /// A new layer with the same settings, not built.
  ///
  /// - Throws: when only the script knows how it was made.
  func fresh() throws -> any Layer
  /// Those of its weights that learn.
  var trainableWeights: [Weight] { get }
  /// The layers that it is made of; their weights are among its own.
  var inside: [any Layer] { get }
  /// Its weights by names that differ within the layer.
  var namedWeights: [(name: String, weight: Weight)] { get }
  /// The activation that its output comes out of; nil: not known.
  var ending: Activation? { get }
  /// The activation that it applies to each number, for the initializer of the layer before.
  var applies: ActivationChoice? { get }
  /// Whether it mixes its inputs by a kernel, whose start goes by the activation that follows.
  var hasKernel: Bool { get }
  /// Whether its inputs are meant to be rows: in front of a model it gets a Flatten for others.
  var wantsRows: Bool { get }
  /// What the static plan does for it; nil: only the tape can run it.
  var step: PlanStep? { get }
}

extension Layer {
  public var weights: [Weight] { [] }
  public func build(_ input: [Int], with maker: WeightMaker) throws {}
  public var trainableWeights: [Weight] {
    state.isTrainable ? weights.filter(\.isTrainable) : []
  }
  public var inside: [any Layer] { [] }
  public var namedWeights: [(name: String, weight: Weight)] { weights.map { ($0.name, $0) } }
  public var ending: Activation? { .linear }
  public var applies: ActivationChoice? { nil }
  public var hasKernel: Bool { false }
  public var wantsRows: Bool { false }

  public var origin: Failure.Place? {
    get { state.origin }
    set { state.origin = newValue }
  }

  public var name: String { state.name.isEmpty ? LayerState.snake(type.name) : state.name }
  public var text: String { "<\(type.name) '\(name)'\(settings.isEmpty ? "" : ": ")\(settings)>" }
  public var brief: String { "\(type.name)(\(settings))" }

  /// How messages call it: `layer 'dense_1' (Dense, units=64)`.
  var title: String { "'\(name)' (\(type.name)\(settings.isEmpty ? "" : ", ")\(settings))" }

  /// The layer as a script sees it.
  var asValue: Value {
    if let inside = self as? ModelLayer { return .object(inside.model) }
    return .object(self)
  }

  /// The layer for a script, to be built at once where the shape of its inputs is given.
  func wanting(_ input: Shape?) -> Value {
    state.wantedInput = input.map { Array($0) }
    return .object(self)
  }

  /// A new layer with the same settings and the same part in training, not built.
  func twin() throws -> any Layer {
    let made = try fresh()
    if made.state.name.isEmpty { made.state.name = state.name }
    made.state.isTrainable = state.isTrainable
    made.state.rateFactor = state.rateFactor
    made.state.activityPenalty = state.activityPenalty
    return made
  }

  /// Whether training changes it: its weights, or the statistics that it keeps.
  var learns: Bool {
    guard state.isTrainable, trainableWeights.isEmpty else { return state.isTrainable }
    return inside.isEmpty ? !weights.isEmpty : inside.contains(where: \.learns)
  }

  /// The number of weights.
  public var parameterCount: Int { weights.reduce(0) { $0 + $1.tensor.count } }

  public func prepare(_ input: [Int], with maker: WeightMaker) throws -> [Int] {
    let output = try outputShape(input)
    if !state.isBuilt {
      try build(input, with: maker)
      state.inputShape = input
      state.outputShape = output
      state.builtAt = maker.place
      for weight in weights { weight.owner = name }
    } else if let built = state.inputShape, built != input, !weights.isEmpty {
      throw LayerProblem.input(expected: "the inputs it was built for", got: input, built: built)
    }
    return output
  }

  /// The layer called on a tensor by a script, outside a model.
  public func call(_ arguments: Arguments) throws -> Value {
    guard arguments.positional.count == 1, let x = try Tensor.read(arguments.positional[0]) else {
      throw Failure(
        .type, "a layer is called with one tensor", code: "L105", help: "\(name)(x)")
    }
    var training: Bool?
    for (name, value) in arguments.named {
      guard name == "training", let flag = Bool.read(value) else {
        throw Failure(.type, "a layer takes training=True or False, not \(name)=", code: "L105")
      }
      training = flag
    }
    let input = x.dtype.isFloating ? x : try x.astype(.f32)
    do {
      let shape = Array(input.shape.dropFirst())
      return try Pass.running(in: arguments.context, isTraining: training, dtype: input.dtype) {
        pass, maker in
        _ = try prepare(shape, with: maker)
        let output = try forward(input, pass)
        try pass.charge(self, output)
        pass.last = (output, ending)
        try pass.observer?(self, output)
        return .object(output)
      }
    } catch let problem as LayerProblem {
      throw problem.failure(of: self, at: nil)
    }
  }

  /// The members that all layers have.
  static func commonMembers() -> [Entry] {
    [
      .attribute(
        of: Self.self, "name", "Its name in the model.", returns: "str", example: "net[0].name"
      ) {
        .string($0.name)
      } set: { layer, value in
        guard let name = String.read(value), !name.isEmpty else {
          throw Failure(.type, "a layer's name is a str that is not empty")
        }
        layer.state.name = name
      },
      .attribute(
        of: Self.self, "trainable", "Whether its weights learn; takes effect at the next fit.",
        returns: "bool", example: "net[0].trainable = False"
      ) {
        .bool($0.state.isTrainable)
      } set: { layer, value in
        guard let flag = Bool.read(value) else {
          throw Failure(.type, "trainable is True or False, not \(value.typeName)")
        }
        layer.state.isTrainable = flag
      },
      .attribute(
        of: Self.self, "lr_factor",
        "What the learning rate is multiplied with for its weights; takes effect at the next fit.",
        returns: "float", example: "net[0].lr_factor = 0.1"
      ) {
        .float($0.state.rateFactor)
      } set: { layer, value in
        guard let factor = Double.read(value), factor.isFinite, factor >= 0 else {
          throw Failure(.value, "lr_factor is a finite number from 0, got \(value.brief())")
        }
        layer.state.rateFactor = factor
      },
      .attribute(
        of: Self.self, "weights", "Live views of its weights: they change while it learns.",
        returns: "list of Tensor", example: "net[0].weights"
      ) { .array($0.weights.map { .object($0.tensor) }) },
      .attribute(
        of: Self.self, "trainable_weights", "Live views of the weights that learn.",
        returns: "list of Tensor", example: "net[0].trainable_weights"
      ) { .array($0.trainableWeights.map { .object($0.tensor) }) },
      .attribute(
        of: Self.self, "built", "Whether it has its weights.", returns: "bool",
        example: "Dense(3).built"
      ) {
        .bool($0.state.isBuilt)
      } set: { layer, _ in
        // Keras's build methods end with self.built = True; here building itself sets it.
        guard layer is ScriptLayer else {
          throw Failure(.attribute, "attribute 'built' of a layer is not writable")
        }
      },
      .attribute(
        of: Self.self, "input_shape", "The shape of its inputs; None stands for the batch.",
        returns: "tuple or None", example: "net[0].input_shape"
      ) { shapeValue($0.state.inputShape) },
      .attribute(
        of: Self.self, "output_shape", "The shape of its outputs; None stands for the batch.",
        returns: "tuple or None", example: "net[0].output_shape"
      ) { shapeValue($0.state.outputShape) },
      .method(
        of: Self.self, "get_weights", "Copies of its weights.", returns: "list of Tensor",
        example: "net[0].get_weights()"
      ) { .array(try $0.weights.map { .object(try $0.tensor.copy()) }) },
      .method(
        of: Self.self, "set_weights", "Overwrites its weights.",
        Parameter("weights", [Tensor].self, "one tensor for each, of the same shapes"),
        example: "net[0].set_weights(net[0].get_weights())"
      ) { layer, values in
        try Weight.assign(values, to: layer.weights, of: "layer '\(layer.name)'")
        return .none
      },
    ]
  }
}

/// `(None, 28, 28)` as a script's value; `None` stands for the examples.
func shapeValue(_ shape: [Int]?) -> Value {
  guard let shape else { return .none }
  return .tuple([.none] + shape.map { .int($0) })
}

/// The type above all layers.
public enum LayerType {
  public static let layer = ObjectType(
    "Layer", "A step of a model: turns one tensor into another.",
    peer: { ScriptLayer($0, context: $1) }
  ) { ScriptLayer.members }
}

/// What every layer has, whatever it computes.
public final class LayerState {
  /// Empty until the layer joins a model or is given a name.
  public var name: String
  public var isTrainable = true
  /// What the learning rate is multiplied with for its weights.
  public var rateFactor = 1.0
  /// The shape of one input, once built.
  public internal(set) var inputShape: [Int]?
  public internal(set) var outputShape: [Int]?
  /// Added to the loss for each output, divided by the number of examples.
  public var activityPenalty: Penalty?
  /// The line of a script that made the layer, and the one that built it.
  var origin: Failure.Place?
  var builtAt: Failure.Place?
  /// The shape that `input_shape=` asks for, so that the model can be built without data.
  var wantedInput: [Int]?

  public init(name: String = "") {
    self.name = name
  }

  public var isBuilt: Bool { inputShape != nil }

  /// `MaxPool2D` as `max_pool2d`, `Conv2DTranspose` as `conv2d_transpose`, the way Keras names
  /// layers.
  static func snake(_ name: String) -> String {
    var result = ""
    var wasLower = false
    var before: Character = " "
    for character in name {
      if character.isUppercase, wasLower { result += "_" }
      wasLower = character.isLowercase || before.isNumber && character == "D"
      before = character
      result += character.lowercased()
    }
    return result
  }
}

/// A tensor that learns.
public final class Weight {
  /// `kernel`, `bias`.
  public internal(set) var name: String
  public private(set) var tensor: Tensor
  /// Whether it stays where it lies: in a model's memory, or where a script refers to it.
  private(set) var isPlaced: Bool
  /// Whether it learns, as long as its layer does.
  public let isTrainable: Bool
  /// Added to the loss while training.
  public let penalty: Penalty?
  /// What it must fulfil after each step of training.
  public let constraint: Constraint?
  /// The layer's name.
  public internal(set) var owner = ""
  /// Whether a better name may come from the attribute that holds it.
  var hasMadeUpName = false

  public init(
    _ name: String, _ tensor: Tensor, penalty: Penalty? = nil, constraint: Constraint? = nil,
    isTrainable: Bool = true, isPlaced: Bool = false
  ) {
    self.name = name
    self.tensor = tensor
    self.penalty = penalty
    self.constraint = constraint
    self.isTrainable = isTrainable
    self.isPlaced = isPlaced
  }

  /// Moves it to a model's memory, which holds its value already.
  func place(_ piece: Tensor) {
    tensor = piece
    isPlaced = true
  }

  /// Overwrites weights in place, after checking number and shapes.
  static func assign(_ values: [Tensor], to weights: [Weight], of owner: String) throws {
    guard values.count == weights.count else {
      throw Failure(
        .value, "\(owner) has \(weights.count) weights, got \(values.count)", code: "L309",
        help: weights.isEmpty ? "build the model first: fit it, or give input_shape=" : nil)
    }
    for (weight, value) in zip(weights, values) where weight.tensor.shape != value.shape {
      throw Failure(
        .shape,
        "weight '\(weight.name)' of \(owner) has shape \(weight.tensor.shape), "
          + "got \(value.shape)", code: "L301")
    }
    for (weight, value) in zip(weights, values) {
      try weight.tensor.assign([.ellipsis], value)
    }
  }
}

/// Makes the weights of layers while a model is built.
public final class WeightMaker {
  public let dtype: DType
  public var stream: RandomStream
  /// The activation that follows a layer without one, for the choice of its initializer.
  public var following: ActivationChoice?
  /// The line of a script that asks for the weights.
  var place: Failure.Place?

  public init(dtype: DType = .f32, stream: RandomStream) {
    self.dtype = dtype
    self.stream = stream
  }
}
