public import Catalog
public import Tensors

/// Layers one after another; or, when a script's class has a `call`, as that puts them together.
public final class Sequential {
  /// Layers one after another; empty when a script's class puts its own together.
  private(set) var chain: [any Layer]
  /// What the script's class adds, for `class Net(Model)`.
  let body: ScriptBody?
  public var name: String
  /// The shape of one input, once built.
  public private(set) var inputShape: [Int]?
  /// The line of a script that built it.
  private var builtAt: Failure.Place?
  public private(set) var dtype: DType = .f32
  /// The last training run, finished or not.
  public internal(set) var history: History?
  /// The optimizer of the last run, with what it remembers.
  public internal(set) var optimizer: OptimizerState?
  /// What `compile` asked for.
  var wanted = Compiled()
  /// The type of a model that another library's name made: the same with other defaults.
  var manner: ObjectType?
  /// The shape of one input, told before the first layer.
  var expectedInput: [Int]?
  /// Set by a callback that wants the run to end after the epoch.
  var wantsToStop = false
  /// The shape of one output, where `call` of a script's class gives it.
  private var composedShape: [Int]?
  /// The memory in which this model's own weights lie side by side.
  private(set) var arena: Tensor?

  /// What `compile` sets for later calls of `fit`.
  struct Compiled {
    var optimizer: OptimizerChoice?
    var loss: LossChoice?
    var metrics: [MetricChoice] = []
  }

  public init(_ layers: [any Layer], name: String = "sequential") throws {
    chain = layers
    body = nil
    self.name = name
    try nameLayers()
    var seen: Set<ObjectIdentifier> = []
    for layer in layers where !seen.insert(ObjectIdentifier(layer)).inserted {
      throw Failure(
        .value, "layer '\(layer.name)' stands twice in the model", code: "L309",
        help: "make a second layer, or share weights on purpose through two models")
    }
  }

  /// The model behind an instance of a script's class.
  init(_ instance: any ScriptInstance, context: Context) {
    chain = []
    body = ScriptBody(instance, context: context)
    name = LayerState.snake(instance.type.name)
    body?.instancePeer = self
  }

  /// Layers one after another.
  public convenience init(_ layers: any Layer..., name: String = "sequential") throws {
    try self.init(layers, name: name)
  }

  /// `dense`, `dense_1`, …, as Keras counts them.
  private func nameLayers() throws {
    var taken: Set<String> = []
    for layer in chain where !layer.state.name.isEmpty {
      guard taken.insert(layer.state.name).inserted else {
        throw Failure(
          .value, "two layers of the model are called '\(layer.state.name)'", code: "L309",
          help: "names within a model differ")
      }
    }
    for layer in chain where layer.state.name.isEmpty {
      let base = LayerState.snake(layer.type.name)
      var name = base
      var number = 1
      while !taken.insert(name).inserted {
        name = "\(base)_\(number)"
        number += 1
      }
      layer.state.name = name
    }
  }

  public func add(_ layer: any Layer) throws {
    guard inputShape == nil else {
      throw Failure(
        .value, "the model is built; layers cannot be added any more", code: "L309",
        help: "make a new one: Sequential([*net.layers, \(layer.type.name)(…)])")
    }
    guard !chain.contains(where: { $0 === layer }) else {
      throw Failure(.value, "layer '\(layer.name)' stands twice in the model", code: "L309")
    }
    chain.append(layer)
    try nameLayers()
  }

  public var isBuilt: Bool { inputShape != nil }

  /// Whether a script's `call` puts the layers together.
  var isComposed: Bool { body?.definesCall ?? false }

  /// Its layers: one after another, or those in the attributes of a script's instance.
  public var layers: [any Layer] { chain + (body?.layers ?? []) }

  public var weights: [Weight] { (body?.weights ?? []) + layers.flatMap(\.weights) }

  /// The weights that learn.
  public var trainable: [Weight] {
    (body?.weights.filter(\.isTrainable) ?? []) + layers.flatMap(\.trainableWeights)
  }

  /// Its weights by names that differ within the model: `dense.kernel`.
  var namedWeights: [(name: String, weight: Weight)] {
    (body?.weights ?? []).map { ($0.name, $0) }
      + layers.flatMap { layer in
        layer.namedWeights.map { ("\(layer.name).\($0.name)", $0.weight) }
      }
  }

  public var outputShape: [Int]? {
    composedShape ?? layers.last?.state.outputShape ?? inputShape
  }

  func place(_ index: Int) -> LayerPlace {
    LayerPlace(
      index: index, count: layers.count, model: name,
      before: index > 0 ? layers[index - 1] : nil)
  }

  /// Makes the weights for inputs of a shape, if they are not there.
  ///
  /// A first layer that wants rows gets a Flatten in front when the inputs have more axes.
  ///
  /// - Throws: L301 naming the layer that does not fit, L309 when built for another shape.
  public func build(
    _ input: [Int], dtype: DType = .f32, from stream: inout RandomStream,
    at place: Failure.Place? = nil
  ) throws {
    let maker = WeightMaker(dtype: dtype, stream: stream)
    maker.place = place
    defer { stream = maker.stream }
    try build(input, with: maker)
  }

  func build(_ input: [Int], with maker: WeightMaker) throws {
    if let built = inputShape {
      guard built == input else {
        throw Failure(
          .shape,
          "model '\(name)' was built for \(LayerProblem.batch(built)), got "
            + LayerProblem.batch(input), code: "L309",
          notes: builtAt.map { ["it was built by \($0)"] } ?? [],
          help: built == input + [1]
            ? "give them a channel: x[..., None]"
            : "give it such inputs, or make a new model (net.copy() keeps the settings)")
      }
      return
    }
    if let body, body.definesCall {
      composedShape = try body.build(input, with: maker, title: name) { x, pass in
        try body.forward(x, pass, title: "model '\(name)'")
      }
    } else {
      try checkChain()
      // What stands before it and takes rows as anything else does, such as dropout of inputs.
      let first = chain.first { !($0 is any NoiseLayer || $0 is BatchNorm) }
      if input.count > 1, first?.wantsRows ?? false {
        chain.insert(Flatten(isInferred: true), at: 0)
        try nameLayers()
      }
      var shape = input
      for (index, layer) in chain.enumerated() {
        maker.following = following(index)
        do {
          shape = try layer.prepare(shape, with: maker)
        } catch let problem as LayerProblem {
          throw problem.failure(of: layer, at: place(index))
        } catch {
          throw LayerProblem.placed(error, building: layer, for: shape, at: place(index))
        }
      }
    }
    dtype = maker.dtype
    inputShape = input
    builtAt = maker.place
    try gatherWeights()
  }

  /// A script's class that neither computes anything nor has been given layers is a mistake.
  private func checkChain() throws {
    guard body != nil, chain.isEmpty else { return }
    throw Failure(
      .notImplemented, "model '\(name)' (\(type.name)) has no method call(self, x)",
      help: "def call(self, x): return … puts its layers together")
  }

  /// The activation that follows a layer before the next one with weights.
  private func following(_ index: Int) -> ActivationChoice? {
    for layer in chain[(index + 1)...] {
      if let activation = layer.applies { return activation }
      if layer.hasKernel { return nil }
    }
    return nil
  }

  /// Moves the weights into one piece of memory, so that the optimizer is one pass over it.
  ///
  /// Weights that another model owns stay where they are.
  private func gatherWeights() throws {
    let own = weights.filter { !$0.isPlaced }
    let total = own.reduce(0) { $0 + $1.tensor.count }
    guard total > 0 else { return }
    let arena = try Tensor.zeros(Shape([total]), dtype: dtype)
    var start = 0
    for weight in own {
      let piece = try arena.piece(start, weight.tensor.shape)
      Fused.copy(weight.tensor, into: piece)
      weight.place(piece)
      start += piece.count
    }
    self.arena = arena
  }

  /// The output for a batch; differentiable.
  ///
  /// - Parameter beforeActivation: leaves out the last activation, for losses that keep it inside.
  public func forward(
    _ x: Tensor, _ pass: Pass, beforeActivation: Bool = false
  ) throws -> Tensor {
    if let body, body.definesCall {
      return try body.forward(x, pass, title: "model '\(name)'")
    }
    return try forwardChain(x, pass, beforeActivation: beforeActivation)
  }

  /// One layer after another.
  func forwardChain(
    _ x: Tensor, _ pass: Pass, beforeActivation: Bool = false
  ) throws -> Tensor {
    try checkChain()
    var value = x
    for (index, layer) in chain.enumerated() {
      do {
        if beforeActivation, index == chain.count - 1, let last = layer as? any Activated {
          let logits = try last.logits(value, pass)
          try pass.charge(layer, layer.ending.map { try $0(logits) } ?? logits)
          return logits
        }
        pass.losesBias = layer.hasKernel && takesMean(index + 1, of: layer, pass)
        defer { pass.losesBias = false }
        value = try layer.forward(value, pass)
        try pass.charge(layer, value)
        try pass.observer?(layer, value)
      } catch let problem as LayerProblem {
        throw problem.failure(of: layer, at: place(index))
      }
    }
    return value
  }

  /// Whether a layer takes from each unit of the one before it the mean over the batch.
  private func takesMean(_ index: Int, of layer: any Layer, _ pass: Pass) -> Bool {
    guard index < chain.count, let norm = chain[index] as? BatchNorm, norm.usesBatch(pass) else {
      return false
    }
    return norm.axis == -1 || norm.axis == layer.state.outputShape?.count
  }

  /// The activation the model ends in; nil when it is a function of the script.
  var lastActivation: Activation? {
    if let body, body.definesCall { return body.ending }
    return chain.last.map(\.ending) ?? .linear
  }

  /// Whether `forward` can leave out the last activation.
  var canEndEarly: Bool { !isComposed && chain.last is any Activated }

  /// A model with the same layers' settings and, when built, the same weights.
  ///
  /// Of an instance of a script's class, the copy is an instance with the same attributes, new
  /// layers in them, and `__init__` not run again.
  public func copy() throws -> Sequential {
    let fresh = try chain.filter { !(($0 as? Flatten)?.isInferred ?? false) }.map { try $0.twin() }
    let twin: Sequential
    if let body, let made = try body.instance.twin() as? Sequential {
      twin = made
      twin.name = name
      for layer in fresh { try twin.add(layer) }
      if let own = twin.body { try body.copy(into: own) }
    } else {
      twin = try Sequential(fresh, name: name)
    }
    if let inputShape {
      var stream = RandomStream(seed: 0, name: "init")
      try twin.build(inputShape, dtype: dtype, from: &stream)
      try Weight.assign(weights.map(\.tensor), to: twin.weights, of: "model '\(name)'")
    }
    twin.wanted = wanted
    return twin
  }

  /// Inputs as the model takes them: its dtype, examples on the first axis.
  ///
  /// One example without that axis gets it.
  func inputs(_ x: Tensor) throws -> (batch: Tensor, isSingle: Bool) {
    let isSingle = inputShape.map { Array(x.shape) == $0 && !$0.isEmpty } ?? false
    let batch = isSingle ? try x.expandDims(0) : x
    guard batch.rank > 0 else {
      throw Failure(
        .shape, "a model takes examples on the first axis, got a single number", code: "L301")
    }
    let dtype = inputShape == nil ? (x.dtype == .f64 ? .f64 : .f32) : self.dtype
    let plain = batch.detached()
    return (plain.dtype == dtype ? batch : try plain.astype(dtype), isSingle)
  }

  /// The outputs for examples, in batches, nothing recorded and nothing dropped.
  ///
  /// - Parameters:
  ///   - isTraining: layers do as while training.
  ///   - isNoisy: dropout and its kin do so; nil: as `isTraining` says.
  public func predict(
    _ x: Tensor, batchSize: Int = 512, context: Context, isTraining: Bool = false,
    isNoisy: Bool? = nil
  ) throws -> Tensor {
    try context.enclosing(nil) {
      try outputs(
        x, batchSize: batchSize, context: context, isTraining: isTraining, isNoisy: isNoisy)
    }
  }

  private func outputs(
    _ x: Tensor, batchSize: Int, context: Context, isTraining: Bool, isNoisy: Bool?
  ) throws -> Tensor {
    let (batch, isSingle) = try inputs(x)
    try context.draw(from: "init") { stream in
      try build(
        Array(batch.shape.dropFirst()), dtype: batch.dtype, from: &stream, at: context.place?())
    }
    let count = batch.shape.first ?? 0
    return try context.draw(from: "dropout") { stream in
      let pass = Pass(isTraining: isTraining, isNoisy: isNoisy, stream: stream)
      defer { stream = pass.stream }
      var parts: [Tensor] = []
      for start in stride(from: 0, to: max(count, 1), by: max(batchSize, 1)) {
        try context.check()
        let part = try batch.at([.range(start, min(start + max(batchSize, 1), count))])
        parts.append(try forward(part, pass))
      }
      let all = parts.count == 1 ? parts[0] : try Tensor.concat(parts)
      return isSingle ? try all.at([.at(0)]) : all
    }
  }
}
