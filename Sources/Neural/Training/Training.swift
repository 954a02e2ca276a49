public import Catalog
public import Data
public import Tensors

/// How a model is trained.
public struct Training: Sendable {
  public var epochs: Int
  public var batchSize: Int
  public var optimizer: Optimizer
  public var shuffles: Bool
  /// Epochs without improvement after which it stops; nil: never.
  public var patience: Int?
  /// Whether the weights of the best epoch are restored at the end.
  public var keepsBest: Bool
  /// Runs the tape where the static plan could; for comparing the two.
  public var forcesTape: Bool
  /// Whether the observer is told of each step.
  public var reports: Bool
  /// The examples of each step of an epoch, in place of a random order; nil: all in turn.
  public var batches: [[Int]]?
  /// Batches whose gradients are averaged for one step; what is left at the end of an epoch makes
  /// a step of its own.
  public var accumulation = 1
  /// Leaves out the last batch of an epoch when it is short.
  public var dropsRemainder = false
  /// How much examples count by their class; classes that are not named count 1.
  public var classWeights: [Int: Double] = [:]
  /// What the learning rate is multiplied with, by the names of layers.
  public var rates: [String: Double] = [:]
  /// The checkpoint from which the run goes on.
  public var resume: String?

  public init(
    epochs: Int = 10, batchSize: Int = 32, optimizer: Optimizer = .adam(), shuffles: Bool = true,
    patience: Int? = nil, keepsBest: Bool? = nil, forcesTape: Bool = false, reports: Bool = true,
    batches: [[Int]]? = nil
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.shuffles = shuffles
    self.patience = patience
    self.keepsBest = keepsBest ?? (patience != nil)
    self.forcesTape = forcesTape
    self.reports = reports
    self.batches = batches
  }
}

/// Inputs with their targets.
public struct Examples {
  public let x: Tensor
  public let y: Tensor
  /// The targets are class numbers, whatever the model ends in.
  public let hasClasses: Bool
  /// How much each example counts, `[examples]`; nil: all the same.
  public let weights: Tensor?

  public init(_ x: Tensor, _ y: Tensor, hasClasses: Bool = false, weights: Tensor? = nil) {
    self.x = x
    self.y = y
    self.hasClasses = hasClasses
    self.weights = weights
  }

  public init(_ data: Dataset) {
    self.init(data.x, data.y, hasClasses: !data.classes.isEmpty)
  }

  public var count: Int { x.shape.first ?? 0 }

  func examples(_ range: Range<Int>) throws -> Examples {
    Examples(
      try x.at([.range(range.lowerBound, range.upperBound)]),
      try y.at([.range(range.lowerBound, range.upperBound)]), hasClasses: hasClasses,
      weights: try weights?.at([.range(range.lowerBound, range.upperBound)]))
  }

  /// - Throws: when the numbers of inputs and targets differ, or there are none.
  func checked(_ what: String) throws -> Examples {
    guard let count = x.shape.first, let labels = y.shape.first else {
      throw Failure(
        .shape,
        "\(what) needs inputs and targets with examples on the first axis, got "
          + "\(x.shape) and \(y.shape)", code: "L301")
    }
    guard count == labels else {
      throw Failure(
        .shape, "\(what) got \(count) inputs and \(labels) targets", code: "L301",
        notes: ["inputs \(x.shape), targets \(y.shape)"],
        help: "each input needs one target: cut both in the same way")
    }
    if let weights, weights.rank != 1 || weights.count != count {
      throw Failure(
        .shape, "\(what) got weights of shape \(weights.shape) for \(count) examples", code: "L301",
        help: "sample_weight has one number for each example")
    }
    guard count > 0 else {
      throw Failure(
        .value, "\(what) got no examples", code: "L301",
        notes: ["inputs \(x.shape), targets \(y.shape)"],
        help: "look where they got lost: a file, a filter or a split that left nothing")
    }
    return self
  }
}

/// One way of learning from a batch: the static plan or the tape.
protocol Stepper: AnyObject {
  /// Learns from the examples at these places.
  ///
  /// - Returns: the mean loss before the update, penalties included, and how many were right.
  func step(_ places: ArraySlice<Int>) throws -> (loss: Double, right: Int)
}

extension Sequential {
  /// Trains on examples.
  ///
  /// - Parameter loss: nil: chosen by the last layer and the targets.
  /// - Throws: errors about shapes and targets before anything is learnt; `Interrupted` and the
  ///   errors of script functions after a whole batch, with `history` telling how far it came.
  @discardableResult
  public func fit(
    _ examples: Examples, validation: Examples? = nil, loss: LossChoice? = nil,
    _ training: Training = Training(), callbacks: [any TrainingCallback] = [], context: Context
  ) throws -> History {
    try fit(
      examples, validation: validation, loss: loss, training,
      ScriptParts(callbacks: CallbackList(callbacks: callbacks.map { .builtIn($0) })),
      context: context)
  }

  /// The same with what a script brings.
  func fit(
    _ examples: Examples, validation: Examples?, loss: LossChoice?, _ training: Training,
    _ parts: ScriptParts, context: Context
  ) throws -> History {
    // A pass that has called the script which trains a model here is no concern of this one.
    try context.enclosing(nil) {
      try train(examples, validation, loss, training, parts, context: context)
    }
  }

  private func train(
    _ examples: Examples, _ validation: Examples?, _ loss: LossChoice?, _ training: Training,
    _ parts: ScriptParts, context: Context
  ) throws -> History {
    let examples = try examples.checked("fit")
    let validation = try validation?.checked("validation")
    let (x, isSingle) = try inputs(examples.x)
    guard !isSingle else {
      throw Failure(
        .shape, "fit needs examples on the first axis, got one input of shape \(examples.x.shape)",
        code: "L301")
    }
    for place in (training.batches ?? []).joined() where place < 0 || place >= examples.count {
      throw Failure(.index, "example \(place) does not exist: there are \(examples.count)")
    }
    let targets = try prepare(x, examples, loss: loss, context: context)
    guard !weights.isEmpty else { throw nothingToLearn }
    let output = outputShape ?? []
    let target = try targets.target(examples.y, output: output, dtype: dtype)
    let run = try Run(
      model: self, x: x.detached().contiguous(), target: target,
      weights: try Self.weights(of: examples, target, training, dtype: dtype), targets: targets,
      training: training, parts: parts, context: context)
    if let validation {
      let (inputs, _) = try inputs(validation.x)
      guard Array(inputs.shape.dropFirst()) == inputShape else {
        throw Failure(
          .shape, "the validation inputs are \(inputs.shape), the training inputs \(x.shape)",
          code: "L301", help: "all axes but the first are equal: prepare both in the same way")
      }
      run.validation = (
        inputs.detached(), try targets.target(validation.y, output: output, dtype: dtype)
      )
    }
    history = run.history
    optimizer = run.state
    try run.train()
    return run.history
  }

  private var nothingToLearn: Failure {
    Failure(
      .value, "fit has nothing to do: model '\(name)' has no weights that learn", code: "L306",
      help: "add a layer with weights, such as Dense; predict and evaluate need none")
  }

  /// How much each example counts, by itself and by its class; nil: all the same.
  private static func weights(
    of examples: Examples, _ target: Target, _ training: Training, dtype: DType
  ) throws -> Tensor? {
    var weights = examples.weights.map(\.doubles)
    if !training.classWeights.isEmpty {
      let labels: [Double]
      switch target {
      case .classes(let tensor): labels = tensor.doubles
      case .values(let tensor) where tensor.count == examples.count: labels = tensor.doubles
      case .values(let tensor) where tensor.rank == 2: labels = try tensor.argmax(-1).doubles
      case .values: labels = []
      }
      guard labels.count == examples.count else {
        throw Failure(
          .value,
          "class_weight needs one class for each example, the targets are "
            + "\(examples.y.shape)", help: "sample_weight takes a number for each example")
      }
      let table = training.classWeights
      let there = Set(labels.compactMap { Int(exactly: $0) })
      let last = Int(exactly: (target.tensor.rank > 1 ? target.tensor.shape[1] : 1)) ?? 1
      if let unknown = table.keys.sorted().first(where: { !there.contains($0) && $0 >= last }),
        let top = there.max(), unknown > top
      {
        throw Failure(
          .value, "class_weight names class \(unknown), the targets have the classes 0 to \(top)",
          code: "L304", help: "its keys are class numbers: class_weight={0: 1.0, 1: 2.0}")
      }
      weights = labels.indices.map { index in
        (weights?[index] ?? 1) * (Int(exactly: labels[index]).flatMap { table[$0] } ?? 1)
      }
    }
    guard let weights else { return nil }
    guard weights.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw Failure(.value, "the weights of examples are finite numbers from 0")
    }
    return try Tensor(weights).astype(dtype)
  }

  /// Builds the model if need be, and finds the loss.
  func prepare(
    _ x: Tensor, _ examples: Examples, loss: LossChoice?, context: Context
  ) throws -> Targets {
    try context.draw(from: "init") { stream in
      try build(
        Array(x.shape.dropFirst()), dtype: x.dtype, from: &stream, at: context.place?())
    }
    return try Targets(
      loss: loss ?? wanted.loss, last: lastActivation, canEndEarly: canEndEarly,
      output: outputShape ?? [], y: examples.y, hasClasses: examples.hasClasses,
      end: isComposed ? "the model" : layers.last.map { "layer \($0.title)" } ?? "the model")
  }

  /// Loss and accuracy on examples, nothing dropped.
  public func evaluate(
    _ examples: Examples, loss: LossChoice? = nil, batchSize: Int = 512, context: Context
  ) throws -> [(name: String, value: Double)] {
    try context.enclosing(nil) {
      try evaluate(
        examples, loss, MetricTally(wanted.metrics), batchSize: batchSize, context: context)
    }
  }

  private func evaluate(
    _ examples: Examples, _ loss: LossChoice?, _ tally: MetricTally, batchSize: Int,
    context: Context
  ) throws -> [(name: String, value: Double)] {
    let examples = try examples.checked("evaluate")
    let (x, _) = try inputs(examples.x)
    let targets = try prepare(x, examples, loss: loss, context: context)
    let target = try targets.target(examples.y, output: outputShape ?? [], dtype: dtype)
    return try measure(
      x.detached(), target, targets, tally, batchSize: batchSize, context: context)
  }

  /// Mean figures over all batches.
  func measure(
    _ x: Tensor, _ target: Target, _ targets: Targets, _ tally: MetricTally, batchSize: Int,
    context: Context
  ) throws -> [(name: String, value: Double)] {
    try tally.reset()
    let count = x.shape.first ?? 0
    var sum = 0.0
    var right = 0
    let pass = Pass(isTraining: false, stream: RandomStream(seed: 0, name: "dropout"))
    pass.isCharged = true
    for start in stride(from: 0, to: count, by: max(batchSize, 1)) {
      try context.check()
      let end = min(start + max(batchSize, 1), count)
      let part = try target.examples(start..<end)
      let out = try forward(x.at([.range(start, end)]), pass, beforeActivation: targets.isLogits)
      sum += try Double(end - start) * targets.value(out, part).item()
      if let charges = pass.takeCharges() { sum += try Double(end - start) * charges.item() }
      if targets.countsRight, let loss = targets.loss.builtIn {
        right += try Accuracy.right(out, part, isLogits: targets.isLogits, loss: loss)
      }
      if !tally.isEmpty { try tally.update(whole(out, targets), part) }
    }
    var figures = [(name: "loss", value: sum / Double(count))]
    for weight in weights {
      if let penalty = weight.penalty { figures[0].value += try penalty(weight.tensor).item() }
    }
    if targets.countsRight { figures.append(("accuracy", Double(right) / Double(count))) }
    return try figures + tally.figures()
  }

  /// The output with the activation that the loss has kept inside.
  func whole(_ output: Tensor, _ targets: Targets) throws -> Tensor {
    guard targets.isLogits, canEndEarly, let last = lastActivation else { return output }
    return try last(output)
  }
}
