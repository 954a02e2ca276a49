public import Tensors

/// Weights that lie together, with the gradient they get.
public struct WeightBlock {
  public let weights: Tensor
  public let gradient: Tensor

  public init(weights: Tensor, gradient: Tensor) {
    self.weights = weights
    self.gradient = gradient
  }
}

/// An optimizer at work on the weights of one model: how many steps it took and what it remembers.
public final class OptimizerState {
  let choice: OptimizerChoice
  /// Steps taken so far.
  public private(set) var steps = 0
  private var blocks: [WeightBlock] = []
  /// One list of tensors per block, the slots of all links one after another.
  private var memory: [[Tensor]] = []
  /// What a script's optimizer remembers of each block.
  private(set) var notes: [WeightMemory] = []
  /// A rate that the script has set on the way.
  var live: RateChoice?
  /// The rate of the last step.
  private(set) var lastRate: Double?

  public convenience init(_ optimizer: Optimizer) {
    self.init(OptimizerChoice(optimizer))
  }

  init(_ choice: OptimizerChoice) {
    self.choice = choice
    choice.object?.state = self
  }

  public var optimizer: Optimizer { choice.optimizer }

  /// Whether it needs every weight in a block of its own.
  var isPerWeight: Bool {
    choice.script != nil || optimizer.chain.contains(where: \.isPerWeight)
  }

  /// Plain gradient descent, which can be folded into the product that makes the gradient.
  var isPlain: Bool { choice.script == nil && optimizer.chain == [.scale] }

  /// The rate of the next step.
  func currentRate() throws -> Double {
    if let live { return try live.value(steps) }
    if let function = choice.rate { return try RateChoice.value(function, steps) }
    return optimizer.rate.value(steps)
  }

  /// The same, when the step is about to be taken.
  func takeRate() throws -> Double {
    let rate = try currentRate()
    lastRate = rate
    return rate
  }

  /// Takes on weights; what was remembered of others is forgotten.
  public func attach(_ blocks: [WeightBlock]) throws {
    self.blocks = blocks
    notes = choice.script == nil ? [] : blocks.map { _ in WeightMemory() }
    memory = try blocks.map { block in
      try optimizer.chain.flatMap { link in
        try link.slots.map {
          try Tensor.full(block.weights.shape, $0, dtype: block.weights.dtype)
        }
      }
    }
  }

  func visit(_ keep: (Value) -> Void) {
    choice.visit(keep)
    for memory in notes { memory.visit(keep) }
    live?.visit(keep)
  }

  /// Counts a step whose update was made elsewhere.
  func countStep() { steps += 1 }

  /// Moves all weights by one step along their gradients.
  public func step() throws {
    if let script = choice.script { return try step(script) }
    let rate = try takeRate()
    steps += 1
    let norm = try globalNorm()
    for (block, memory) in zip(blocks, memory) where !fused(block, memory, rate: rate) {
      var u = block.gradient
      var slot = 0
      for link in optimizer.chain {
        let used = Array(memory[slot..<slot + link.slots.count])
        slot += used.count
        u = try link.apply(
          u, block.weights, used, step: steps, rate: rate, norm: norm)
      }
      Fused.binary(.add, block.weights, u, into: block.weights)
    }
  }

  /// One step whose update a script's class computes.
  private func step(_ script: any ScriptInstance) throws {
    _ = try takeRate()
    let takesState = (script.parameters(of: "update")?.count ?? 3) > 2
    for (block, memory) in zip(blocks, notes) {
      let weight = block.weights.detached()
      // A gradient that the script keeps must not change with the next step.
      var arguments: [Value] = [.object(weight), .object(try block.gradient.copy())]
      if takesState { arguments.append(.object(memory)) }
      let result = try script.call("update", arguments, named: [])
      if result.isNone { continue }
      guard case .object(let object) = result, let new = object as? Tensor,
        new.shape == weight.shape
      else {
        throw Failure(
          .type,
          "update of optimizer '\(script.type.name)' returned \(result.brief()), expected the new "
            + "weight, a tensor of shape \(weight.shape)", code: "L105",
          help: "return weight - self.learning_rate * gradient, or change weight in place")
      }
      if new !== weight { try block.weights.assign([.ellipsis], new) }
    }
    steps += 1
  }

  private func globalNorm() throws -> Double {
    let isNeeded = optimizer.chain.contains {
      if case .clipGlobalNorm = $0 { true } else { false }
    }
    guard isNeeded else { return 0 }
    var sum = 0.0
    for block in blocks { sum += try block.gradient.square().sum().item() }
    return sum.squareRoot()
  }

  /// The whole update in one pass over memory, for the chains that have a kernel.
  private func fused(_ block: WeightBlock, _ memory: [Tensor], rate: Double) -> Bool {
    var chain = optimizer.chain[...]
    var decay = 0.0
    if case .decoupledDecay(let share)? = chain.last {
      decay = share
      chain = chain.dropLast()
    }
    guard let first = chain.first else { return false }
    switch (first, chain.dropFirst().first, chain.count) {
    case (.scale, nil, 1):
      Fused.sgd(block.weights, block.gradient, rate: rate, decay: decay)
      return true
    case (.scale, .trace(let momentum, let nesterov, dampening: 0)?, 2) where decay == 0:
      Fused.momentum(
        block.weights, velocity: memory[0], block.gradient, rate: rate, momentum: momentum,
        nesterov: nesterov)
      return true
    case (.adam(let beta1, let beta2, let epsilon, let isHat, amsgrad: false), .scale?, 2):
      let correction = (1 - Fused.power(beta2, steps)).squareRoot()
      Fused.adam(
        block.weights, first: memory[0], second: memory[1], block.gradient, step: steps,
        rate: rate, beta1: beta1, beta2: beta2, epsilon: isHat ? epsilon / correction : epsilon,
        decay: decay)
      return true
    default: return false
    }
  }
}
