public import Catalog
public import Tensors

/// The layer behind an instance of a script's class: `class Scale(Layer)`, `class Wide(Dense)`.
///
/// A class that derives from a concrete layer gets that layer inside, made by
/// `super().__init__(…)`, and computes what it computes until it says otherwise.
public final class ScriptLayer: Layer, Peer {
  private let body: ScriptBody
  private let ownState = LayerState()
  private var concrete: (any Layer)?

  init(_ instance: any ScriptInstance, context: Context) {
    body = ScriptBody(instance, context: context)
    body.instancePeer = self
  }

  public var script: (any ScriptInstance)? { body.instance }
  public var inner: (any Object)? { concrete }
  public var type: ObjectType { body.instance.type }
  public var state: LayerState { concrete?.state ?? ownState }
  public var weights: [Weight] { (concrete?.weights ?? []) + body.allWeights }
  public var inside: [any Layer] { body.layers }
  public var settings: String { concrete?.settings ?? "" }
  public var step: PlanStep? { nil }
  public var ending: Activation? { body.definesCall ? body.ending : concrete?.ending }

  public var trainableWeights: [Weight] {
    (concrete?.trainableWeights ?? []) + body.trainableWeights(state.isTrainable)
  }

  public var namedWeights: [(name: String, weight: Weight)] {
    (concrete?.namedWeights ?? []) + body.namedWeights
  }

  public func fresh() throws -> any Layer {
    guard let twin = try body.instance.twin() as? ScriptLayer else {
      throw NotBuilt(layer: name).failure
    }
    twin.concrete = try concrete?.twin()
    twin.ownState.name = ownState.name
    twin.ownState.isTrainable = ownState.isTrainable
    twin.ownState.rateFactor = ownState.rateFactor
    try body.copy(into: twin.body)
    return twin
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    guard let built = state.inputShape, let output = state.outputShape else {
      throw NotBuilt(layer: name).failure
    }
    guard built == input else {
      throw LayerProblem.input(expected: "the inputs it was built for", got: input, built: built)
    }
    return output
  }

  public func prepare(_ input: [Int], with maker: WeightMaker) throws -> [Int] {
    if let built = state.inputShape, let output = state.outputShape {
      if built == input { return output }
      guard weights.isEmpty else {
        throw LayerProblem.input(expected: "the inputs it was built for", got: input, built: built)
      }
    }
    if concrete == nil, type.base !== LayerType.layer, !body.definesCall {
      throw Failure(
        .type, "layer \(title) has not called super().__init__()", code: "L105",
        help: "call super().__init__(…) with the arguments of \(type.base?.name ?? "Layer")")
    }
    let output = try body.build(
      input, with: maker, title: name,
      buildOwn: { try buildConcrete(input, with: maker) },
      call: { try forward($0, $1) })
    state.inputShape = input
    state.outputShape = output
    return output
  }

  private func buildConcrete(_ input: [Int], with maker: WeightMaker) throws {
    guard let concrete, !concrete.state.isBuilt else { return }
    _ = try concrete.prepare(input, with: maker)
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    guard body.definesCall else { return try forwardOwn(x, pass) }
    return try body.forward(x, pass, title: "layer \(title)")
  }

  /// What the library's class computes: `super().call(x)`.
  private func forwardOwn(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    guard let concrete else {
      throw Failure(
        .notImplemented, "layer \(title) has no method call(self, x)",
        help: "def call(self, x): return … computes the layer's output")
    }
    if let maker = pass.maker {
      _ = try concrete.prepare(Array(x.shape.dropFirst()), with: maker)
    }
    let output = try concrete.forward(x, pass)
    pass.last = (output, concrete.ending)
    return output
  }

  public func visit(_ keep: (Value) -> Void) {
    body.visit(keep)
    if let concrete { keep(.object(concrete)) }
  }

  // MARK: What its class inherits

  static let members: [Entry] = commonMembers() + [initializer, build, call, addWeight, shape]

  /// `super().__init__(…)`: the arguments of the class above.
  private static let initializer = Entry(
    "__init__", "Takes the layer's name, or the arguments of the layer that the class extends.",
    kind: .method,
    parameters: [
      ParameterFacts(
        name: "arguments", sentence: "those of the class above; of Layer: name=, trainable=",
        passing: .restNamed)
    ], returns: "None", examples: ["super().__init__()"],
    body: .library { entry, arguments in
      guard case .object(let object)? = arguments.receiver, let layer = object as? ScriptLayer
      else { return .none }
      try layer.start(arguments)
      return .none
    })

  private func start(_ arguments: Arguments) throws {
    var above = type.base
    while let next = above, next.isScriptClass { above = next.base }
    guard let above, above !== LayerType.layer else {
      return try startPlain(arguments)
    }
    guard
      let entry = NeuralCatalog.layers.first(where: { $0.type === above && $0.name == above.name })
    else {
      throw Failure(
        .type, "a class cannot derive from \(above.name)", code: "L007",
        help: "derive from Layer, and keep a \(above.name) in an attribute")
    }
    var inner = arguments
    inner.receiver = nil
    guard case .object(let made) = try entry.call(inner), let layer = made as? any Layer else {
      return
    }
    if layer.state.name.isEmpty { layer.state.name = state.name }
    concrete = layer
  }

  private func startPlain(_ arguments: Arguments) throws {
    guard arguments.positional.isEmpty else {
      throw Failure(
        .type, "\(type.name)() takes no positional arguments", code: "L105",
        help: "define __init__(self, …) in the class, and call super().__init__() in it")
    }
    for (name, value) in arguments.named {
      switch name {
      case "name":
        guard let name = try String?.read(value) else {
          throw Failure(.type, "a layer's name is a str, not \(value.typeName)")
        }
        ownState.name = name ?? ""
      case "trainable":
        guard let flag = Bool.read(value) else {
          throw Failure(.type, "trainable is True or False, not \(value.typeName)")
        }
        ownState.isTrainable = flag
      case "input_shape":
        ownState.wantedInput = try InputShape.read(value)?.sizes
      case "dtype": break
      default:
        throw Failure(
          .type, "\(type.name)() got an unexpected keyword argument '\(name)'", code: "L105",
          help: Nearest.question(name, among: ["name", "trainable", "input_shape"])
            ?? "define __init__(self, \(name)) in the class")
      }
    }
  }

  private static let build = Entry.ofLayers(
    "build", "Makes the weights for inputs of a shape; a class may define its own.",
    Parameter("input_shape", InputShape.self, "the shape of one input, None in front")
  ) { layer, shape, context in
    if let own = layer as? ScriptLayer, let maker = (context.enclosing as? Pass)?.maker,
      own.state.inputShape == nil
    {
      // `super().build(shape)` within the class's own build.
      try own.buildConcrete(shape.sizes, with: maker)
      return .none
    }
    try context.draw(from: "init") { stream in
      let maker = WeightMaker(stream: stream)
      defer { stream = maker.stream }
      _ = try layer.prepare(shape.sizes, with: maker)
    }
    return .none
  }

  private static let call = Entry.ofLayers(
    "call", "Computes the output for a batch; a class defines its own, and calls the layer itself.",
    Parameter("x", Tensor.self, "a batch"), returns: "Tensor"
  ) { layer, x, context in
    guard let own = layer as? ScriptLayer else {
      return try layer.call(Arguments(positional: [.object(x)], context: context))
    }
    return try Pass.running(in: context, isTraining: nil, dtype: x.dtype) { pass, _ in
      .object(try own.forwardOwn(x, pass))
    }
  }

  private static let shape = Entry.ofLayers(
    "compute_output_shape", "The shape of its outputs for inputs of a shape, once it is built.",
    Parameter("input_shape", InputShape.self, "the shape of one input, None in front"),
    returns: "tuple"
  ) { layer, shape, _ in shapeValue(try layer.outputShape(shape.sizes)) }

  private static let addWeight = Entry.method(
    of: ScriptLayer.self, "add_weight",
    "Makes a tensor that learns with the layer; for build and __init__.",
    Parameter("shape", Shape?.self, "its shape; None: one number") { nil },
    Parameter("init", InitializerChoice.self, "how it starts", also: ["initializer"]) {
      .automatic
    },
    Parameter("name", String?.self, "its name; None: the attribute it is kept in") { nil },
    Parameter("trainable", Bool.self, "whether it learns") { true },
    Parameter("dtype", DType?.self, "None: that of the model") { nil },
    returns: "Tensor", example: "self.w = self.add_weight((3,), init=\"ones\")"
  ) { layer, shape, initializer, name, isTrainable, dtype in
    .object(
      try layer.body.addWeight(
        shape.map { Array($0) } ?? [], initializer, name: name ?? "", isTrainable: isTrainable,
        dtype: dtype))
  }
}

extension Entry {
  /// A method of every layer, whatever its class, with one parameter.
  fileprivate static func ofLayers<P: Argument>(
    _ name: String, _ sentence: String, _ parameter: Parameter<P>, returns: String = "None",
    body: @escaping @Sendable (any Layer, P, Context) throws -> Value
  ) -> Entry {
    Entry(
      name, sentence, kind: .method, parameters: [parameter.facts], returns: returns, examples: [],
      body: .library { entry, arguments in
        guard case .object(let object)? = arguments.receiver, let layer = object as? any Layer
        else { throw Failure(.type, "\(name)() needs the layer it belongs to") }
        var binding = try Binding(arguments, for: entry)
        let value = try binding.take(parameter)
        try binding.finish()
        return try body(layer, value, arguments.context)
      })
  }
}
