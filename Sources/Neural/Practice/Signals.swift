public import Catalog
public import Tensors

/// What one layer gives for a batch, in figures.
public struct LayerSignal: Sendable {
  public let layer: String
  /// The name of the activation that it comes out of; `linear` for none.
  public let activation: String
  /// Over all examples and units; the deviation is the population's (ddof 0).
  public let mean: Double
  public let std: Double
  /// The share of outputs that are exactly 0.
  public let zeroShare: Double
  public let units: Int
  /// Units that are 0 for every example of the batch.
  public let deadUnits: Int
  /// The share of outputs where the activation is flat; 0 for activations that never are.
  public let saturatedShare: Double
  /// How the outputs are spread, for pictures: at most 10,000 of them.
  public let sample: [Double]

  public var deadShare: Double { units > 0 ? Double(deadUnits) / Double(units) : 0 }

  /// - Parameter output: `[batch, …, units]`.
  init(layer: any Layer, _ output: Tensor) throws {
    self.layer = layer.name
    activation = layer.ending?.name ?? "a function"
    let values = output.detached().doubles
    units = output.rank > 1 ? output.shape.last ?? 1 : 1
    var sum = 0.0
    var zeros = 0
    var saturated = 0
    var isAlive = [Bool](repeating: false, count: max(units, 1))
    let flat = LayerSignal.flatness(activation)
    for (index, value) in values.enumerated() {
      sum += value
      if value == 0 { zeros += 1 } else if units > 0 { isAlive[index % units] = true }
      if let flat, flat(value) { saturated += 1 }
    }
    let count = Double(max(values.count, 1))
    let mean = sum / count
    self.mean = mean
    std = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    zeroShare = Double(zeros) / count
    saturatedShare = Double(saturated) / count
    deadUnits = values.isEmpty ? 0 : isAlive.count { !$0 }
    let step = max(1, (values.count + 9_999) / 10_000)
    sample = stride(from: 0, to: values.count, by: step).map { values[$0] }
  }

  /// Where an activation is so flat that next to no gradient passes: within 1 % of its bounds.
  private static func flatness(_ activation: String) -> ((Double) -> Bool)? {
    switch activation {
    case "sigmoid", "hard_sigmoid": { $0 > 0.99 || $0 < 0.01 }
    case "tanh", "softsign", "hard_tanh", "tanh_lecun": { abs($0) > 0.99 }
    default: nil
    }
  }
}

/// What one weight gets and how far it moves.
public struct WeightSignal: Sendable {
  /// `dense.kernel`.
  public let name: String
  /// Its axes: a kernel has at least two.
  public let rank: Int
  public let count: Int
  /// The Euclidean norms.
  public let weightNorm: Double
  public let gradientNorm: Double
  /// The norm of one update of the optimizer over the norm of the weight; nil: no step was taken.
  public internal(set) var updateRatio: Double?
}

/// Statistics through depth for one batch: what layers give, and what gradients come back.
///
/// About 1e-3 is usual for the ratio of update and weight (the notes of CS231n).
public struct Signals: Sendable {
  /// The loss of the batch, with penalties and without.
  public let loss: Double
  public let dataLoss: Double
  public let layers: [LayerSignal]
  /// Those that learn.
  public var weights: [WeightSignal]

  public var kernels: [WeightSignal] { weights.filter { $0.rank > 1 } }

  public var globalGradientNorm: Double {
    weights.reduce(0) { $0 + $1.gradientNorm * $1.gradientNorm }.squareRoot()
  }

  /// Layers with an activation that is more than a line.
  public var activated: [LayerSignal] {
    layers.filter { $0.activation != "linear" && $0.activation != "softmax" }
  }
}

extension Sequential {
  /// What every layer gives for a batch, without dropout; nothing is learnt.
  public func activations(_ x: Tensor, context: Context) throws -> [LayerSignal] {
    try context.enclosing(nil) {
      let (batch, _) = try inputs(x)
      guard batch.count > 0 else { throw Failure(.value, "activations() got no examples") }
      try context.draw(from: "init") { stream in
        try build(
          Array(batch.shape.dropFirst()), dtype: batch.dtype, from: &stream, at: context.place?())
      }
      var signals: [LayerSignal] = []
      let pass = Pass(isTraining: false, stream: RandomStream(seed: 0, name: "dropout"))
      pass.observer = { layer, output in
        try context.check()
        signals.append(try LayerSignal(layer: layer, output))
      }
      _ = try forward(batch.detached(), pass)
      return signals
    }
  }

  /// Signals of a batch: statistics of the layers, gradient norms and, given an optimizer, the
  /// update that one step of it would make.
  ///
  /// A copy is looked at, so that the model and the random streams stay as they are.
  ///
  /// - Parameter optimizer: nil: no step is taken, so there are no ratios.
  public func signals(
    _ examples: Examples, loss: LossChoice? = nil, optimizer: Optimizer? = nil, context: Context
  ) throws -> Signals {
    let probe = try Probe(self, examples, loss: loss, context: context)
    var signals = try probe.look()
    guard let optimizer else { return signals }
    let ratios = try probe.learn(Array(0..<examples.count), with: OptimizerState(optimizer))
    for index in signals.weights.indices { signals.weights[index].updateRatio = ratios[index] }
    return signals
  }
}
