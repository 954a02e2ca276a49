public import Tensors

/// A weight with the gradient it gets; both may be pieces of larger memory.
public struct WeightBlock {
  public let weights: Tensor
  public let gradient: Tensor
  /// What the learning rate is multiplied with for it.
  public let factor: Double

  public init(weights: Tensor, gradient: Tensor, factor: Double = 1) {
    self.weights = weights
    self.gradient = gradient
    self.factor = factor
  }
}

/// An optimizer at work on the weights of one model: how many steps it took and what it remembers.
///
/// Gradients are clipped in place. Weights that lie side by side, with gradients that do, move
/// together in one pass over memory.
public final class OptimizerState {
  var choice: OptimizerChoice {
    didSet { choice.object?.state = self }
  }
  /// Steps taken so far.
  public internal(set) var steps = 0
  /// Epochs begun before the next step, for rates that follow epochs.
  public var epoch = 0
  private(set) var blocks: [WeightBlock] = []
  /// Weights that move together.
  private(set) var spans: [Span] = []
  /// What is remembered: one flat tensor per slot of all links, the weights one after another.
  private(set) var memory: [Tensor] = []
  /// What a script's optimizer remembers of each block.
  private(set) var notes: [WeightMemory] = []
  /// What the rate is multiplied with for the weight that a script's optimizer moves just now.
  private(set) var scriptFactor = 1.0
  /// A rate that the script has set on the way.
  var live: RateChoice?
  /// The rate of the last step.
  public internal(set) var lastRate: Double?
  /// Gradients waiting for a step that takes several batches.
  private(set) var waiting = 0
  private(set) var gathered: Tensor?
  /// The product of Nadam's momenta, and up to which step.
  private var product = (step: 0, value: 1.0)

  /// Weights that lie together with what is remembered of them.
  struct Span {
    let weights: Tensor
    let gradient: Tensor
    let memory: [Tensor]
    let factor: Double
    /// The gradients of the single weights.
    let parts: [Tensor]
  }

  public convenience init(_ optimizer: Optimizer) {
    self.init(OptimizerChoice(optimizer))
  }

  init(_ choice: OptimizerChoice) {
    self.choice = choice
    choice.object?.state = self
  }

  public var optimizer: Optimizer { choice.optimizer }

  /// Plain gradient descent, which can be folded into the product that makes the gradient.
  var isPlain: Bool { choice.script == nil && optimizer.chain == [.scale] }

  /// The rate of the next step.
  func currentRate() throws -> Double {
    if let live { return try live.value(steps, epoch: epoch) }
    if let function = choice.rate { return try RateChoice.value(function, steps) }
    return optimizer.rate.value(steps, epoch: epoch)
  }

  /// The momentum that the schedule asks for, if it does.
  private var scheduledMomentum: Double? {
    guard live == nil, choice.rate == nil else { return nil }
    return optimizer.rate.momentum(steps, epoch: epoch)
  }

  /// The same, when the step is about to be taken.
  func takeRate() throws -> Double {
    let rate = try currentRate()
    lastRate = rate
    return rate
  }

  /// Takes on weights.
  ///
  /// - Parameter keeps: what is remembered stays when the weights are those it is about; else it
  ///   starts anew, with the steps.
  public func attach(_ blocks: [WeightBlock], keeping keeps: Bool = false) throws {
    let isSame =
      keeps && !self.blocks.isEmpty && self.blocks.count == blocks.count
      && zip(self.blocks, blocks).allSatisfy {
        $0.weights.storage === $1.weights.storage && $0.weights.offset == $1.weights.offset
          && $0.weights.count == $1.weights.count && $0.weights.dtype == $1.weights.dtype
      }
    self.blocks = blocks
    waiting = 0
    gathered = nil
    if !isSame {
      steps = 0
      notes = choice.script == nil ? [] : blocks.map { _ in WeightMemory() }
      let total = blocks.reduce(0) { $0 + $1.weights.count }
      let dtype = blocks.first?.weights.dtype ?? .f32
      // Only Rprop begins with the rate; a script's schedule is not asked for others.
      let asksRate = optimizer.chain.contains { if case .rprop = $0 { true } else { false } }
      let rate = asksRate ? try currentRate() : 0
      memory = try optimizer.chain.flatMap { $0.slots(rate: rate) }
        .map { try Tensor.full(Shape([total]), $0, dtype: dtype) }
      if asksRate { try startSteps(rate) }
    }
    try gatherSpans()
  }

  /// Rprop's first steps where weights have a factor of their own: it asks for the rate but once.
  private func startSteps(_ rate: Double) throws {
    guard let slot = optimizer.chain.flatMap({ $0.slots(rate: .nan) }).firstIndex(where: \.isNaN)
    else { return }
    var start = 0
    for block in blocks {
      let part = try memory[slot].piece(start, Shape([block.weights.count]))
      Fused.fill(part, rate * block.factor)
      start += block.weights.count
    }
  }

  private func gatherSpans() throws {
    spans = []
    var group: [WeightBlock] = []
    var start = 0
    func close() throws {
      guard let first = group.first else { return }
      let count = group.reduce(0) { $0 + $1.weights.count }
      guard let weights = Tensor.joined(group.map(\.weights)),
        let gradient = Tensor.joined(group.map(\.gradient))
      else { return }
      spans.append(
        Span(
          weights: weights, gradient: gradient,
          memory: try memory.map { try $0.piece(start, Shape([count])) }, factor: first.factor,
          parts: group.map(\.gradient)))
      start += count
      group = []
    }
    for block in blocks {
      if let first = group.first {
        let more = group + [block]
        if block.factor != first.factor || Tensor.joined(more.map(\.weights)) == nil
          || Tensor.joined(more.map(\.gradient)) == nil
        {
          try close()
        }
      }
      group.append(block)
    }
    try close()
  }

  func visit(_ keep: (Value) -> Void) {
    choice.visit(keep)
    for memory in notes { memory.visit(keep) }
    live?.visit(keep)
  }

  /// Counts a step whose update was made elsewhere.
  func countStep() { steps += 1 }

  /// Adds the gradients to those that wait; true when `count` batches are together, and the
  /// gradients then hold their mean.
  func gather(_ count: Int) throws -> Bool {
    guard count > 1 else { return true }
    let total = spans.reduce(0) { $0 + $1.gradient.count }
    let sum =
      try gathered ?? Tensor.zeros(Shape([total]), dtype: blocks.first?.weights.dtype ?? .f32)
    gathered = sum
    waiting += 1
    let isFull = waiting == count
    var start = 0
    for span in spans {
      let part = try sum.piece(start, span.gradient.shape)
      Fused.mix(part, span.gradient, by: 1 / Double(count))
      if isFull {
        Fused.copy(part, into: span.gradient)
        Fused.fill(part, 0)
      }
      start += span.gradient.count
    }
    if isFull { waiting = 0 }
    return isFull
  }

  /// Takes the step that the gradients which still wait are enough for; true if there were any.
  func flush(_ count: Int) throws -> Bool {
    guard waiting > 0, let gathered else { return false }
    var start = 0
    for span in spans {
      let part = try gathered.piece(start, span.gradient.shape)
      // Each was added as a share of `count`.
      Fused.copy(part, into: span.gradient)
      Fused.scale(span.gradient, by: Double(count) / Double(waiting))
      Fused.fill(part, 0)
      start += span.gradient.count
    }
    waiting = 0
    try step()
    return true
  }

  /// Whether what it remembers is of use for another choice of optimizer.
  func serves(_ other: OptimizerChoice) -> Bool {
    if let own = choice.object, let new = other.object { return own === new }
    guard choice.object == nil, other.object == nil else { return false }
    return choice.optimizer.name == other.optimizer.name
      && choice.optimizer.chain == other.optimizer.chain
  }

  /// The length of each weight's gradient, in the order of the weights.
  public func gradientNorms() -> [Double] {
    blocks.map { $0.gradient.isContiguous ? Fused.squares($0.gradient).squareRoot() : .nan }
  }

  /// Moves all weights by one step along their gradients.
  public func step() throws {
    if let script = choice.script { return try step(script) }
    let momentum = scheduledMomentum
    let rate = try takeRate()
    steps += 1
    var links = optimizer.chain[...]
    while let first = links.first, first.preparesGradient {
      prepare(first)
      links = links.dropFirst()
    }
    var decay = 0.0
    if case .decoupledDecay(let share)? = links.last {
      decay = share
      links = links.dropLast()
    }
    let chain = momentum == nil ? Array(links) : links.map { $0.with(momentum: momentum) }
    let product = nadamProduct(chain)
    // What learns at no rate stays, also where an update divides by the rate.
    for span in spans where span.factor > 0 {
      let own = rate * span.factor
      if fused(chain, span, rate: own, decay: decay, product: product) { continue }
      if decay > 0 { Fused.scale(span.weights, by: 1 - own * decay) }
      if fused(chain, span, rate: own, decay: 0, product: product) { continue }
      var u = span.gradient
      var slot = 0
      for link in chain {
        let count = link.slots(rate: 0).count
        u = try link.apply(
          u, span.weights, Array(span.memory[slot..<slot + count]), step: steps, rate: own,
          product: product)
        slot += count
      }
      if chain.last?.givesWeights ?? false {
        Fused.copy(u, into: span.weights)
      } else {
        Fused.binary(.add, span.weights, u, into: span.weights)
      }
    }
  }

  /// Clips and adds coupled decay, in the memory of the gradients.
  private func prepare(_ link: Transform) {
    switch link {
    case .clipValue(let limit):
      for span in spans { Fused.limit(span.gradient, to: limit) }
    case .clipNorm(let limit):
      for part in spans.lazy.flatMap(\.parts) {
        let length = Fused.squares(part).squareRoot()
        if length > limit { Fused.scale(part, by: limit / length) }
      }
    case .clipGlobalNorm(let limit, let softening):
      let length = spans.reduce(0) { $0 + Fused.squares($1.gradient) }.squareRoot() + softening
      if length > limit {
        for span in spans { Fused.scale(span.gradient, by: limit / length) }
      }
    case .decay(let decay):
      for span in spans { Fused.mix(span.gradient, span.weights, by: decay) }
    default: break
    }
  }

  /// Π μ over the steps so far, for Nadam; it is per step, not per weight.
  private func nadamProduct(_ chain: [Transform]) -> Double {
    for case .nadam(let beta1, _, _, let decay) in chain {
      if product.step > steps { product = (0, 1) }
      while product.step < steps {
        product.step += 1
        product.value *= Transform.nadamMomentum(beta1, decay, product.step)
      }
    }
    return product.value
  }

  /// One step whose update a script's class computes.
  private func step(_ script: any ScriptInstance) throws {
    _ = try takeRate()
    let takesState = (script.parameters(of: "update")?.count ?? 3) > 2
    defer { scriptFactor = 1 }
    for (block, memory) in zip(blocks, notes) where block.factor > 0 {
      scriptFactor = block.factor
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

  // MARK: Checkpoints

  /// Puts back what was remembered; the tensors lie as `memory` does.
  func restore(
    steps: Int, memory values: [Tensor], lastRate: Double?, waiting: Int = 0,
    gathered: Tensor? = nil
  ) throws {
    guard values.count == memory.count,
      zip(values, memory).allSatisfy({ $0.count == $1.count && $0.dtype == $1.dtype })
    else {
      throw Failure(
        .value, "the checkpoint's optimizer remembers other things than \(optimizer.name)",
        code: "L309", help: "resume with the optimizer and the layers it was written with")
    }
    for (value, own) in zip(values, memory) {
      Fused.copy(try value.reshape(own.shape), into: own)
    }
    self.steps = steps
    self.lastRate = lastRate
    self.waiting = waiting
    self.gathered = gathered
  }
}
