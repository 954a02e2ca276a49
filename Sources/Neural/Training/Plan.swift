internal import Tensors

/// Learns through fused steps on memory that is laid out once.
///
/// It computes what the tape computes, with the same draws in the same order; sums are taken in
/// another order, so results agree within rounding, not to the bit.
final class Plan: Stepper {
  private let lesson: Lesson
  private let stages: [Stage]
  private let head: PlanHead
  /// All inputs as rows.
  private let inputs: Tensor
  private let input: Tensor
  /// The gradient with respect to what the last stage computes.
  private let capacity: Int
  private let penalties: [(weight: Weight, gradient: Tensor?)]
  private let constrained: [Weight]
  /// Gradient descent without memory goes into the product that makes the gradient.
  private let isFolded: Bool
  private var views: [Int: [StageViews]] = [:]

  /// nil when a layer, the loss or the weights need the tape.
  init?(_ lesson: Lesson, batchSize: Int) throws {
    let model = lesson.model
    // The gradients of other penalties, and of those on outputs, are followed on the tape.
    if model.weights.contains(where: { $0.penalty?.isPlain == false }) { return nil }
    if model.layers.contains(where: { $0.state.activityPenalty != nil }) { return nil }
    guard lesson.weights == nil, let outline = try PlanOutline(lesson) else { return nil }
    let count = lesson.x.shape.first ?? 0
    capacity = min(batchSize, max(count, 1))
    let gradients = try PlanGradients(model)
    var stages: [Stage] = []
    var width = outline.width
    for (index, (part, sizes)) in outline.parts.enumerated() {
      stages.append(
        try Stage(
          part, sizes: sizes, input: width, capacity: capacity, dtype: model.dtype, gradients,
          losesBias: outline.takesMean(index + 1)))
      width = stages.last?.width ?? width
    }
    guard
      let head = try PlanHead(
        lesson, width: width, capacity: capacity, gradient: stages.last?.gradient)
    else { return nil }
    self.lesson = lesson
    self.stages = stages
    self.head = head
    inputs = try lesson.x.reshape(Shape([count, outline.width]))
    input = try Tensor.zeros(Shape([capacity, outline.width]), dtype: model.dtype)
    let own = gradients.table
    penalties = model.weights.filter { $0.penalty != nil }.map { weight in
      (weight, own[ObjectIdentifier(weight)])
    }
    constrained = model.trainable.filter { $0.constraint != nil }
    isFolded =
      lesson.state.isPlain && lesson.accumulation == 1 && lesson.factors.isEmpty
      && penalties.isEmpty && model.dtype == .f32 && gradients.isWhole
    try lesson.state.attach(gradients.blocks(lesson), keeping: true)
  }

  func step(_ places: ArraySlice<Int>) throws -> (loss: Double, right: Int) {
    let rows = places.count
    let views = try self.views(rows)
    let first = try input.piece(0, Shape([rows, input.shape[1]]))
    Fused.rows(inputs, places, into: first)
    try lesson.drawMasks { stream in
      var x = first
      for view in views { x = try view.forward(x, &stream) }
    }
    guard let last = views.last else { return (0, 0) }
    var (loss, right) = try head.judge(last.output, places)
    for (weight, _) in penalties {
      if let penalty = weight.penalty { loss += try penalty(weight.tensor).item() }
    }
    guard loss.isFinite else { return (loss, right) }
    let rate = isFolded ? try lesson.state.takeRate() : nil
    for index in views.indices.reversed() {
      try views[index].backward(
        index > 0 ? views[index - 1].output : first,
        into: index > 0 ? views[index - 1].gradient : nil, folding: rate)
    }
    if isFolded {
      lesson.state.countStep()
      try Constraint.apply(to: constrained)
      return (loss, right)
    }
    for (weight, gradient) in penalties {
      guard let penalty = weight.penalty, let gradient else { continue }
      var sum = try gradient + weight.tensor * (2 * penalty.l2)
      if penalty.l1 != 0 { sum = try sum + weight.tensor.sign() * penalty.l1 }
      Fused.copy(sum, into: gradient)
    }
    guard try lesson.state.gather(lesson.accumulation) else { return (loss, right) }
    try lesson.state.step()
    try Constraint.apply(to: constrained)
    return (loss, right)
  }

  /// The memory cut to a number of rows; made once for full batches and once for the last one.
  private func views(_ rows: Int) throws -> [StageViews] {
    if let known = views[rows] { return known }
    var made: [StageViews] = []
    for stage in stages { made.append(try StageViews(stage, rows: rows, after: made.last)) }
    views[rows] = made
    return made
  }
}

/// Which layers a plan runs, in its own terms; nil when there is one it cannot run.
struct PlanOutline {
  enum Part {
    case dense(Dense, FusedActivation)
    case activation(FusedActivation)
    case noise(any NoiseLayer)
    case own(any PlanPart)
    case convolution(PlanConvolution)
    case pooling(PlanPooling)
  }

  let width: Int
  /// Each with the shape of one output.
  let parts: [(part: Part, sizes: [Int])]

  /// Whether a part takes from each column of its input the mean over the batch.
  func takesMean(_ index: Int) -> Bool {
    guard index < parts.count, case .own(let part) = parts[index].part else { return false }
    return part.takesMean
  }

  init?(_ lesson: Lesson) throws {
    if lesson.model.isComposed { return nil }
    let layers = lesson.model.layers
    var shape = lesson.model.inputShape ?? []
    var parts: [(part: Part, sizes: [Int])] = []
    let linear = FusedActivation(.linear)
    for (index, layer) in layers.enumerated() {
      let isHidden = index == layers.count - 1 && lesson.targets.isLogits
      switch layer.step {
      case .flatten?, .reshape?: shape = try layer.outputShape(shape)
      case .dense(let dense, let activation)?:
        // A bare softmax is the loss's business; elsewhere it needs the tape.
        guard shape.count == 1, let chosen = isHidden ? linear : activation else { return nil }
        shape = [dense.units]
        parts.append((.dense(dense, chosen), shape))
      case .activation(let activation)?:
        if isHidden { break }
        guard let activation else { return nil }
        if case .convolution(var before)? = parts.last?.part, before.activation.kernel == .linear {
          before.activation = activation
          parts[parts.count - 1].part = .convolution(before)
        } else {
          parts.append((.activation(activation), shape))
        }
      case .noise(let layer)?:
        if !layer.isSilent { parts.append((.noise(layer), shape)) }
      case .batchNorm(let layer)?:
        guard let part = PlanBatchNorm(layer, sizes: shape) else { return nil }
        parts.append((.own(part), shape))
      case .layerNorm(let layer)?:
        guard let part = PlanLayerNorm(layer, sizes: shape) else { return nil }
        parts.append((.own(part), shape))
      case .prelu(let layer)?:
        guard let part = PlanPReLU(layer, sizes: shape) else { return nil }
        parts.append((.own(part), shape))
      case .convolution(let layer, let activation)?:
        guard !isHidden, let part = try PlanConvolution(layer, activation, input: shape) else {
          return nil
        }
        shape = try layer.outputShape(shape)
        parts.append((.convolution(part), shape))
      case .pooling(let layer)?:
        var part = try PlanPooling(layer, input: shape)
        if !part.isMean, case .convolution(var before)? = parts.last?.part,
          before.activation.kernel != .linear, !before.activation.kernel.needsInput
        {
          part.activation = before.activation
          before.leavesDerivative = true
          parts[parts.count - 1].part = .convolution(before)
        }
        shape = try layer.outputShape(shape)
        parts.append((.pooling(part), shape))
      case nil: return nil
      }
    }
    guard shape.count == 1, !parts.isEmpty else { return nil }
    width = lesson.model.inputShape?.reduce(1, *) ?? 0
    self.parts = parts
  }
}

/// The gradients of all weights that learn, side by side like the weights.
struct PlanGradients {
  /// By weight.
  private(set) var table: [ObjectIdentifier: Tensor] = [:]
  /// Whether all weights learn and lie in the model's own memory.
  let isWhole: Bool
  private let model: Sequential
  private let arena: Tensor

  init(_ model: Sequential) throws {
    self.model = model
    let weights = model.trainable
    let total = weights.reduce(0) { $0 + $1.tensor.count }
    arena = try Tensor.zeros(Shape([total]), dtype: model.dtype)
    var start = 0
    for weight in weights {
      table[ObjectIdentifier(weight)] = try arena.piece(start, weight.tensor.shape)
      start += weight.tensor.count
    }
    isWhole =
      model.arena.map { own in
        own.count == total && weights.allSatisfy { $0.tensor.storage === own.storage }
      } ?? false
  }

  /// What the optimizer works on.
  func blocks(_ lesson: Lesson) -> [WeightBlock] {
    model.trainable.compactMap { weight in
      table[ObjectIdentifier(weight)].map {
        WeightBlock(
          weights: weight.tensor, gradient: $0, factor: lesson.factor(of: weight))
      }
    }
  }
}
