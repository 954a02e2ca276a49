internal import Catalog
internal import Data
internal import Tensors

/// What stands where examples are wanted: a data set, or a tensor of inputs.
enum ExamplesArgument: Argument {
  case dataset(Dataset)
  case inputs(Tensor)

  static var kind: String { "Dataset or tensor" }

  static func read(_ value: Value) throws -> ExamplesArgument? {
    if case .object(let object) = value, let data = object as? Dataset { return .dataset(data) }
    return try Tensor.read(value).map { .inputs($0) }
  }

  var shown: String { "data" }

  /// The examples, with targets given beside or inside.
  func examples(_ y: Tensor?, in function: String) throws -> Examples {
    switch self {
    case .dataset(let data):
      guard y == nil else {
        throw Failure(.type, "\(function)() takes y or a Dataset, not both", code: "L105")
      }
      return Examples(data)
    case .inputs(let x):
      guard let y else {
        throw Failure(
          .type, "\(function)() missing 1 required positional argument: 'y'", code: "L105",
          help: "give inputs and targets, or one Dataset")
      }
      return Examples(x, y)
    }
  }
}

/// Targets as scripts give them: a tensor, or lists of numbers.
struct TargetsArgument: Argument {
  let tensor: Tensor

  static var kind: String { "tensor" }

  static func read(_ value: Value) throws -> TargetsArgument? {
    if case .list(let list) = value, list.count > 0, let word = String.read(try list.element(0)) {
      throw Failure(
        .type, "targets are numbers, the first one is \(Value.string(word).brief())", code: "L304",
        help: "number the classes: LabelEncoder().fit_transform(y)")
    }
    return try Tensor.read(value).map { TargetsArgument(tensor: $0) }
  }

  var shown: String { "targets" }
}

/// Layers and functions as `Sequential` takes them.
struct LayerArgument: Argument {
  let layers: [any Layer]
  /// The shape of one input, where it stands at the head of the layers.
  var input: [Int]?

  static var kind: String { "layer" }

  static func read(_ value: Value) throws -> LayerArgument? {
    switch value {
    case .object(let model as Sequential):
      return LayerArgument(layers: model.body == nil ? model.layers : [ModelLayer(model)])
    case .object(let mark as InputMark): return LayerArgument(layers: [], input: mark.shape)
    case .object(let kind as LayerKind): return LayerArgument(layers: [MadeLayer(kind)])
    case .object(let layer as any Layer): return LayerArgument(layers: [layer])
    case .object(let activation as ActivationFunction):
      return LayerArgument(layers: [ActivationLayer(.builtIn(activation.activation))])
    case .list(let list):
      var all = LayerArgument(layers: [])
      for (index, element) in try list.elements().enumerated() {
        guard let read = try LayerArgument.read(element) else {
          throw Failure(
            .type,
            "a model is made of layers; the \(LayerProblem.ordinal(index + 1)) of its list is "
              + "\(element.brief())", code: "L105",
            help: Activation.named(String.read(element) ?? "") != nil
              ? "an activation is a layer as Activation(\(element.brief()))"
              : "put layers there, such as Dense(10)")
        }
        all = LayerArgument(layers: all.layers + read.layers, input: all.input ?? read.input)
      }
      return all
    case .function(let callable):
      guard !(callable is EntryFunction) else { return nil }
      return LayerArgument(layers: [FunctionLayer(Function(callable))])
    default: return nil
    }
  }

  var shown: String { "layer" }
}

/// Declarations of models and their methods.
enum ModelEntries {
  static let sequential = Entry(
    "Sequential", "A model: layers one after another.",
    Parameter("layers", Rest<LayerArgument>.self, "layers, or one list of them", passing: .rest),
    Parameter("name", String.self, "its name", passing: .keywordOnly) { "sequential" },
    .context, returns: "Sequential",
    example: "Sequential(Dense(20, \"relu\"), Dense(3, \"softmax\"))",
    details: """
      `y = last(… second(first(x)))`. The size of the inputs comes from the data at the first fit or \
      call. Shapes: the examples are on the first axis of x and y.
      """,
    makes: Sequential.type
  ) { layers, name, context in
    .object(try made(layers.values, name: name, context))
  }

  /// A model of these layers, built when the shape of its inputs is among them.
  static func made(_ layers: [LayerArgument], name: String, _ context: Context) throws
    -> Sequential
  {
    let model = try Sequential(layers.flatMap(\.layers), name: name)
    model.expectedInput = layers.lazy.compactMap(\.input).first
    if let input = model.layers.first?.state.wantedInput ?? model.expectedInput,
      !model.layers.isEmpty
    {
      try context.draw(from: "init") { try model.build(input, from: &$0, at: context.place?()) }
    }
    return model
  }

  static let compile = Entry.method(
    of: Sequential.self, "compile", "Sets optimizer and loss for later calls of fit.",
    Parameter("optimizer", OptimizerChoice.self, "how it learns") { OptimizerChoice(.adam()) },
    Parameter("loss", LossChoice?.self, "None: chosen by the last layer and the data") { nil },
    Parameter("metrics", MetricList.self, "accuracy is measured for classes anyway") {
      MetricList(metrics: [])
    },
    example: "net.compile(optimizer=\"sgd\", loss=\"mse\")",
    details: "Not needed: fit takes both, and chooses the loss by itself."
  ) { model, optimizer, loss, metrics in
    model.wanted = Sequential.Compiled(
      optimizer: optimizer, loss: loss, metrics: metrics.metrics)
    return .none
  }

  static let members: [Entry] = [
    .attribute(
      of: Sequential.self, "name", "Its name.", returns: "str", example: "net.name",
      get: { .string($0.name) },
      set: { model, value in
        guard let name = String.read(value) else {
          throw Failure(.type, "a model's name is a str, not \(value.typeName)")
        }
        model.name = name
      }),
    .attribute(
      of: Sequential.self, "layers", "Its layers.", returns: "list", example: "net.layers[0]"
    ) { .array($0.layers.map(\.asValue)) },
    .attribute(
      of: Sequential.self, "weights", "Live views of all weights.", returns: "list of Tensor",
      example: "net.weights"
    ) { .array($0.weights.map { .object($0.tensor) }) },
    .attribute(
      of: Sequential.self, "trainable_weights", "Live views of the weights that learn.",
      returns: "list of Tensor", example: "net.trainable_weights"
    ) { .array($0.trainable.map { .object($0.tensor) }) },
    .attribute(
      of: Sequential.self, "history", "The last training run, finished or not.",
      returns: "History or None", example: "net.history"
    ) { model in model.history.map { .object($0) } ?? .none },
    .attribute(
      of: Sequential.self, "optimizer", "The optimizer of the last run.",
      returns: "Optimizer or None", example: "net.optimizer"
    ) { model in
      guard let choice = model.optimizer?.choice ?? model.wanted.optimizer else { return .none }
      return .object(choice.object ?? OptimizerObject(choice, state: model.optimizer))
    },
    .attribute(
      of: Sequential.self, "stop_training", "Set to True by a callback to end the run.",
      returns: "bool", example: "self.model.stop_training = True",
      get: { .bool($0.wantsToStop) },
      set: { model, value in
        guard let flag = Bool.read(value) else {
          throw Failure(.type, "stop_training is True or False, not \(value.typeName)")
        }
        model.wantsToStop = flag
      }),
    .attribute(
      of: Sequential.self, "input_shape", "The shape of its inputs; None stands for the batch.",
      returns: "tuple or None", example: "net.input_shape"
    ) { model in
      model.inputShape.map { .tuple([.none] + $0.map { .int($0) }) } ?? .none
    },
    .attribute(
      of: Sequential.self, "output_shape", "The shape of its outputs; None stands for the batch.",
      returns: "tuple or None", example: "net.output_shape"
    ) { model in
      model.isBuilt
        ? .tuple([.none] + (model.outputShape ?? []).map { .int($0) }) : .none
    },
    fit, evaluate, predict,
    compile,
    .method(
      of: Sequential.self, "build", "Makes the weights for inputs of a shape.",
      Parameter("input_shape", InputShape.self, "the shape of one input"), .context,
      returns: "Sequential", example: "net.build((784,))"
    ) { model, shape, context in
      // `super().build(shape)` within the class's own build has nothing left to do.
      if model.isComposed, context.enclosing is Pass { return .none }
      try context.draw(from: "init") {
        try model.build(shape.sizes, from: &$0, at: context.place?())
      }
      return .object(model)
    },
    .method(
      of: Sequential.self, "add", "Puts a layer at the end.",
      Parameter("layer", LayerArgument.self, "the layer"), example: "net.add(Dense(3))"
    ) { model, layer in
      if model.isComposed {
        throw Failure(
          .value, "model '\(model.name)' is put together by its class", code: "L309",
          help: "assign the layer to an attribute in __init__, and use it in call")
      }
      if let input = layer.input, model.layers.isEmpty { model.expectedInput = input }
      for layer in layer.layers { try model.add(layer) }
      return .none
    },
    .method(
      of: Sequential.self, "summary", "Prints its layers, shapes and weights.", .context,
      example: "net.summary()"
    ) { model, context in
      if !model.isBuilt, !model.isComposed, !model.layers.isEmpty,
        let input = model.layers.first?.state.wantedInput ?? model.expectedInput
      {
        try context.draw(from: "init") { try model.build(input, from: &$0, at: context.place?()) }
      }
      context.sink.emit(.stream(.standard, model.summaryText + "\n"))
      return .none
    },
    .method(
      of: Sequential.self, "copy", "A model with equal layers and weights of its own.",
      returns: "Sequential", example: "net.copy()"
    ) { .object(try $0.copy()) },
    .method(
      of: Sequential.self, "get_weights", "Copies of all weights.", returns: "list of Tensor",
      example: "net.get_weights()"
    ) { .array(try $0.weights.map { .object(try $0.tensor.copy()) }) },
    .method(
      of: Sequential.self, "set_weights", "Overwrites all weights.",
      Parameter("weights", [Tensor].self, "one tensor for each, of the same shapes"),
      example: "net.set_weights(net.get_weights())"
    ) { model, values in
      try Weight.assign(values, to: model.weights, of: "model '\(model.name)'")
      return .none
    },
    .method(
      of: Sequential.self, "freeze", "Keeps all its weights as they are in later fits.",
      returns: "Sequential", example: "net[:-1].freeze()"
    ) { model in
      for layer in model.layers { layer.state.isTrainable = false }
      return .object(model)
    },
    .method(
      of: Sequential.self, "unfreeze", "Lets all its weights learn again.",
      returns: "Sequential", example: "net.unfreeze()"
    ) { model in
      for layer in model.layers { layer.state.isTrainable = true }
      return .object(model)
    },
  ]

  /// What `class Net(Model)` and `class Net(Sequential)` inherit beside the members of all models.
  static let inherited: [Entry] = [
    .method(
      of: Sequential.self, "__init__", "Takes a name; of Sequential, the layers too.",
      Parameter("layers", Rest<LayerArgument>.self, "layers, of Sequential", passing: .rest),
      Parameter("name", String?.self, "None: the name of the class", passing: .keywordOnly) { nil }
    ) { model, layers, name in
      if let name { model.name = name }
      let all = layers.values.flatMap(\.layers)
      if !all.isEmpty, !model.type.isKind(of: Sequential.type) {
        throw Failure(
          .type, "Model.__init__() takes no layers", code: "L105",
          help: "assign them to attributes of self, or derive from Sequential")
      }
      for layer in all { try model.add(layer) }
      return .none
    },
    .method(
      of: Sequential.self, "call", "Computes the output for a batch; a class defines its own.",
      Parameter("x", Tensor.self, "a batch"), .context, returns: "Tensor"
    ) { model, x, context in
      try Pass.running(in: context, isTraining: nil, dtype: x.dtype) { pass, _ in
        .object(try model.forwardChain(x, pass))
      }
    },
    .method(
      of: Sequential.self, "add_weight", "Makes a tensor that learns with the model.",
      Parameter("shape", Shape?.self, "its shape; None: one number") { nil },
      Parameter("init", InitializerChoice.self, "how it starts", also: ["initializer"]) {
        .automatic
      },
      Parameter("name", String?.self, "its name; None: the attribute it is kept in") { nil },
      Parameter("trainable", Bool.self, "whether it learns") { true },
      returns: "Tensor", example: "self.w = self.add_weight((3,), init=\"ones\")"
    ) { model, shape, initializer, name, isTrainable in
      guard let body = model.body else {
        throw Failure(
          .type, "a Sequential model gets its weights from its layers", code: "L105",
          help: "class Net(Model) may have weights of its own")
      }
      return .object(
        try body.addWeight(
          shape.map { Array($0) } ?? [], initializer, name: name ?? "", isTrainable: isTrainable,
          dtype: nil))
    },
  ]

  static let batchSize = Parameter(
    "batch_size", Int.self, "examples per step", where: .within(1, 1 << 30), default: { 32 })
}
