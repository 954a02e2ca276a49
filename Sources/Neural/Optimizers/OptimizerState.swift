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
  public let optimizer: Optimizer
  /// Steps taken so far.
  public private(set) var steps = 0
  private var blocks: [WeightBlock] = []
  /// One list of tensors per block, the slots of all links one after another.
  private var memory: [[Tensor]] = []

  public init(_ optimizer: Optimizer) {
    self.optimizer = optimizer
  }

  /// Whether it needs every weight in a block of its own.
  var isPerWeight: Bool { optimizer.chain.contains(where: \.isPerWeight) }

  /// Plain gradient descent, which can be folded into the product that makes the gradient.
  var isPlain: Bool { optimizer.chain == [.scale] }

  /// The rate of the next step.
  var nextRate: Double { optimizer.rate.value(steps) }

  /// Takes on weights; what was remembered of others is forgotten.
  public func attach(_ blocks: [WeightBlock]) throws {
    self.blocks = blocks
    memory = try blocks.map { block in
      try optimizer.chain.flatMap { link in
        try link.slots.map {
          try Tensor.full(block.weights.shape, $0, dtype: block.weights.dtype)
        }
      }
    }
  }

  /// Counts a step whose update was made elsewhere.
  func countStep() { steps += 1 }

  /// Moves all weights by one step along their gradients.
  public func step() throws {
    let rate = nextRate
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
