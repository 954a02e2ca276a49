internal import Catalog
internal import Tensors

/// Looks into a model by trying things on a copy of it.
///
/// Model, session and random streams stay as they were; an interrupt reaches it.
final class Probe {
  let model: Sequential
  let examples: Examples
  let targets: Targets
  private let x: Tensor
  private let target: Target
  private let context: Context

  /// - Parameter original: stays untouched, built or not.
  init(
    _ original: Sequential, _ examples: Examples, loss: LossChoice?, context: Context
  ) throws {
    self.context = Probe.quiet(context)
    self.examples = try examples.checked("the probe")
    model = try original.copy()
    let (x, isSingle) = try model.inputs(examples.x)
    guard !isSingle else {
      throw Failure(
        .shape, "examples are wanted on the first axis, got one input of shape \(examples.x.shape)",
        code: "L301")
    }
    self.x = x.detached()
    targets = try model.prepare(x, examples, loss: loss, context: self.context)
    target = try targets.target(
      examples.y, output: model.outputShape ?? [], dtype: model.dtype)
  }

  /// A context with the same seed and interrupt that shows nothing and draws from streams of its
  /// own, which start where the session's stand.
  static func quiet(_ context: Context, seed: UInt64? = nil) -> Context {
    let own = Context(
      sink: Recording(), seed: seed ?? context.seed, pending: context.pending,
      directory: context.directory)
    if seed == nil { own.drawn = context.drawn }
    own.atSafepoint = context.atSafepoint
    own.place = context.place
    own.portray = context.portray
    return own
  }

  /// Batch normalization is looked at as it trains; all else as it predicts.
  private var pass: Pass {
    let trains = model.layers.contains { $0.type.name.hasPrefix("BatchNorm") }
    return Pass(
      isTraining: trains, isNoisy: false,
      stream: RandomStream(seed: context.seed, name: "dropout"))
  }

  /// The mean loss of examples without penalties.
  func loss(_ places: [Int]? = nil) throws -> Double {
    try context.check()
    let (batch, part) = try cut(places)
    let output = try model.forward(
      batch, Pass(isTraining: false, stream: RandomStream(seed: 0, name: "dropout")),
      beforeActivation: targets.isLogits)
    return try targets.value(output, part).item()
  }

  private func cut(_ places: [Int]?) throws -> (Tensor, Target) {
    guard let places else { return (x, target) }
    return (try x.rows(places), try target.examples(places))
  }

  /// Statistics of layers and gradients for examples; nothing moves.
  func look(_ places: [Int]? = nil) throws -> Signals {
    let pass = pass
    var layers: [LayerSignal] = []
    let last = model.layers.last
    pass.observer = { layer, output in
      if layer !== last { layers.append(try LayerSignal(layer: layer, output)) }
    }
    let (loss, dataLoss, gradients) = try gradients(places, pass)
    let named = model.namedWeights
    let weights = zip(model.trainable, gradients).map { weight, gradient in
      WeightSignal(
        name: named.first { $0.weight === weight }?.name ?? weight.name, rank: weight.tensor.rank,
        count: weight.tensor.count, weightNorm: Probe.norm(weight.tensor.doubles),
        gradientNorm: Probe.norm(gradient.doubles))
    }
    return Signals(loss: loss, dataLoss: dataLoss, layers: layers, weights: weights)
  }

  /// One step of an optimizer on the copy.
  ///
  /// - Returns: for each weight that learns the norm of its update over its own before.
  func learn(_ places: [Int]?, with state: OptimizerState) throws -> [Double] {
    let weights = model.trainable
    let (_, _, gradients) = try gradients(places, pass)
    let blocks = try zip(weights, gradients).map { weight, gradient in
      let block = WeightBlock(
        weights: weight.tensor,
        gradient: try Tensor.zeros(weight.tensor.shape, dtype: weight.tensor.dtype))
      Fused.copy(try gradient.contiguous(), into: block.gradient)
      return block
    }
    let before = weights.map { $0.tensor.doubles }
    try state.attach(blocks)
    try state.step()
    return zip(weights, before).map { weight, before in
      let moved = Probe.norm(zip(weight.tensor.doubles, before).map { $0 - $1 })
      let size = Probe.norm(before)
      return size > 0 ? moved / size : moved > 0 ? .infinity : 0
    }
  }

  /// Loss with penalties and gradients of all examples; nothing moves.
  func gradient() throws -> (loss: Double, gradients: [Tensor]) {
    let (loss, _, gradients) = try gradients(nil, pass)
    return (loss, gradients)
  }

  /// The same loss alone.
  func total() throws -> Double {
    try context.check()
    let pass = pass
    pass.isCharged = true
    let output = try model.forward(x, pass, beforeActivation: targets.isLogits)
    var loss = try targets.value(output, target).item()
    if let charges = pass.takeCharges() { loss += try charges.item() }
    for weight in model.weights {
      if let penalty = weight.penalty { loss += try penalty(weight.tensor).item() }
    }
    return loss
  }

  private func gradients(_ places: [Int]?, _ pass: Pass) throws -> (Double, Double, [Tensor]) {
    try context.check()
    let (batch, part) = try cut(places)
    let weights = model.trainable
    return try context.enclosing(nil) {
      try Tape.recording { tape in
        for weight in weights { try tape.watch(weight.tensor) }
        pass.isCharged = true
        let output = try model.forward(batch, pass, beforeActivation: targets.isLogits)
        var loss = try targets.value(output, part, learns: !weights.isEmpty)
        let dataLoss = try loss.detached().item()
        if let charges = pass.takeCharges() { loss = try loss + charges }
        for weight in model.weights {
          if let penalty = weight.penalty { loss = try loss + penalty(weight.tensor) }
        }
        let value = try loss.detached().item()
        guard loss.isTraced else {
          return (
            value, dataLoss,
            try weights.map { try Tensor.zeros($0.tensor.shape, dtype: $0.tensor.dtype) }
          )
        }
        return (value, dataLoss, try tape.gradients(of: loss, for: weights.map(\.tensor)))
      }
    }
  }

  static func norm(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// Passes an interrupt on with a note about this work, in place of the one about a copy's fit.
  static func noting<R>(_ note: () -> String, _ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch is Interrupted {
      throw Interrupted(note: note())
    } catch TensorError.interrupted {
      throw Interrupted(note: note())
    }
  }

  /// At most `limit` places, evenly through `0..<count`.
  static func spread(_ count: Int, _ limit: Int) -> [Int] {
    guard count > limit, limit > 0 else { return Array(0..<count) }
    return (0..<limit).map { $0 * count / limit }
  }
}
