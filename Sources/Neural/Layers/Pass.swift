internal import Catalog
public import Tensors

/// What a forward pass brings: whether it trains, and the stream of its random masks.
public final class Pass {
  public let isTraining: Bool
  /// Whether dropout and its kin disturb: while training, and in Monte Carlo predictions.
  public let isNoisy: Bool
  /// Inside a model that is frozen as a layer: its batch normalisations stay as they are.
  var isFrozen = false
  /// The layer that runs is followed by one that takes the mean of the batch away.
  ///
  /// The gradient of its bias is then exactly 0; computed, it would be rounding errors, which
  /// optimizers that divide by its size turn into whole steps.
  var losesBias = false
  /// Weights of this pass that have no effect on the loss, and rightly so.
  var idle: [Weight] = []
  /// Whether penalties on outputs are added up.
  var isCharged = false
  /// What penalties on outputs have come to.
  private var charges: Tensor?
  public var stream: RandomStream
  /// Makes the weights of layers that are called for the first time.
  var maker: WeightMaker?
  /// What the last layer that a script called gave, and the activation it came out of.
  var last: (output: Tensor, ending: Activation?)?
  /// Sees what each layer gives; for statistics through depth.
  var observer: ((any Layer, Tensor) throws -> Void)?

  public init(isTraining: Bool, isNoisy: Bool? = nil, stream: RandomStream) {
    self.isTraining = isTraining
    self.isNoisy = isNoisy ?? isTraining
    self.stream = stream
  }

  /// Adds what a layer's penalty on its output comes to, divided by the number of examples.
  func charge(_ layer: any Layer, _ output: @autoclosure () throws -> Tensor) throws {
    guard isCharged, let penalty = layer.state.activityPenalty else { return }
    let output = try output()
    let share = try penalty(output) / Double(max(output.shape.first ?? 1, 1))
    charges = try charges.map { try $0 + share } ?? share
  }

  /// What penalties on outputs have come to since the last call; nil: there are none.
  func takeCharges() -> Tensor? {
    defer { charges = nil }
    return charges
  }

  /// Runs a layer or model that a script calls: as part of the pass that has called the script,
  /// or in a pass of its own.
  static func running<R>(
    in context: Context, isTraining: Bool?, dtype: DType,
    _ body: (Pass, WeightMaker) throws -> R
  ) throws -> R {
    if let outer = context.enclosing as? Pass, let maker = outer.maker {
      return try outer.running(isTraining: isTraining) { try body($0, maker) }
    }
    let outer = context.enclosing as? Pass
    return try context.draw(from: "init") { stream in
      let maker = WeightMaker(dtype: dtype, stream: stream)
      maker.place = context.place?()
      defer { stream = maker.stream }
      if let outer { return try outer.running(isTraining: isTraining) { try body($0, maker) } }
      return try context.draw(from: "dropout") { stream in
        let pass = Pass(isTraining: isTraining ?? false, stream: stream)
        pass.maker = maker
        defer { stream = pass.stream }
        return try body(pass, maker)
      }
    }
  }

  /// The pass itself, or one with the other mode that draws from the same stream.
  private func running<R>(isTraining wanted: Bool?, _ body: (Pass) throws -> R) throws -> R {
    guard let wanted, wanted != isTraining else { return try body(self) }
    let pass = Pass(isTraining: wanted, stream: stream)
    pass.maker = maker
    pass.isFrozen = isFrozen
    pass.observer = observer
    pass.isCharged = isCharged
    pass.charges = charges
    defer {
      charges = pass.charges
      stream = pass.stream
      last = pass.last
    }
    return try body(pass)
  }
}
