internal import Catalog
internal import FoundationEssentials
internal import Tensors

/// One training run: epochs of batches, with what is measured on the way.
public final class Run {
  public let model: Sequential
  public let training: Training
  public let history = History()
  let context: Context
  let targets: Targets
  let state: OptimizerState
  var validation: (x: Tensor, target: Target)?
  let x: Tensor
  private let stepper: any Stepper
  let callbacks: CallbackList
  private let tally: MetricTally
  private let validationTally: MetricTally
  var bestWeights: [Tensor]?
  /// The weights when the running epoch began.
  var epochWeights: [Tensor] = []
  var position = Position()
  /// What was said already.
  var warned: Set<String> = []
  /// Where a callback wants a checkpoint.
  private var wantedFiles: [String] = []
  private var resume: String?

  init(
    model: Sequential, x: Tensor, target: Target, weights: Tensor?, targets: Targets,
    training: Training,
    parts: ScriptParts, context: Context
  ) throws {
    self.model = model
    self.x = x
    self.targets = targets
    self.training = training
    self.context = context
    callbacks = parts.callbacks
    tally = MetricTally(parts.metrics)
    validationTally = MetricTally(parts.metrics)
    let optimizer = parts.optimizer ?? OptimizerChoice(training.optimizer)
    state = Self.state(of: model, optimizer)
    resume = training.resume
    let lesson = Lesson(
      model: model, x: x, target: target, weights: weights, targets: targets, state: state,
      tally: tally, accumulation: max(training.accumulation, 1),
      factors: try Self.factors(model, training.rates), context: context)
    // Only the tape shows what the whole model gives for each batch.
    stepper =
      try
      (training.forcesTape || !tally.isEmpty
      ? nil
      : Plan(lesson, batchSize: training.batches?.map(\.count).max() ?? training.batchSize))
      ?? TapeStepper(lesson)
    history.isPlanned = stepper is Plan
    history.title =
      "\(model.name): \(targets.loss.name), \(optimizer.text), batches of "
      + "\(training.batchSize)"
  }

  var count: Int { x.shape.first ?? 0 }

  /// What the last run's optimizer remembers goes on, unless it was another optimizer.
  private static func state(of model: Sequential, _ choice: OptimizerChoice) -> OptimizerState {
    guard let old = model.optimizer, old.serves(choice) else { return OptimizerState(choice) }
    if old.choice.text != choice.text { old.live = nil }
    old.choice = choice
    return old
  }

  /// The factors of the learning rate, of weights where it is not 1.
  private static func factors(
    _ model: Sequential, _ rates: [String: Double]
  ) throws -> [ObjectIdentifier: Double] {
    let names = model.layers.map(\.name)
    for name in rates.keys.sorted() where !names.contains(name) {
      throw Failure(
        .value, "rates= names a layer '\(name)', which model '\(model.name)' does not have",
        notes: ["layers: " + names.joined(separator: ", ")],
        help: Nearest.question(name, among: names))
    }
    var factors: [ObjectIdentifier: Double] = [:]
    func set(_ layer: any Layer, _ outer: Double) throws {
      let factor = layer.state.rateFactor * outer
      guard factor.isFinite, factor >= 0 else {
        throw Failure(.value, "the rate of layer '\(layer.name)' is multiplied with \(factor)")
      }
      if factor != 1 {
        for weight in layer.weights { factors[ObjectIdentifier(weight)] = factor }
      }
      for part in layer.inside { try set(part, factor) }
    }
    for layer in model.layers { try set(layer, rates[layer.name] ?? 1) }
    return factors
  }

  // MARK: For callbacks

  /// Ends the run after the epoch.
  public func stop(_ reason: String) {
    model.wantsToStop = true
    stopReason = reason
  }

  /// The rate of the next step.
  public func rate() throws -> Double { try state.currentRate() }

  /// Sets the rate from the next step on, in place of the optimizer's.
  public func setRate(_ rate: Double) { state.live = RateChoice(.constant(rate)) }

  /// - Throws: when the rate follows a schedule, which a callback would fight with.
  func needsConstantRate(for callback: String) throws {
    let isConstant =
      state.live?.schedule.isConstant
      ?? (state.choice.rate == nil && state.optimizer.rate.isConstant)
    guard !isConstant else { return }
    throw Failure(
      .value, "\(callback) changes the learning rate, which here follows \(state.choice.text)",
      help: "give the optimizer a plain number: Adam(0.001)")
  }

  /// The rate that was set on the way, if it is a plain number.
  var liveRate: Double? {
    guard let live = state.live, live.function == nil, case .constant(let rate) = live.schedule
    else { return nil }
    return rate
  }

  /// Writes a checkpoint when all callbacks have been told.
  func writesCheckpoint(to path: String) { wantedFiles.append(path) }

  /// Goes on from a checkpoint; for callbacks that are told of the begin.
  func resumes(from path: String) { resume = path }

  /// Adds a remark to how the run ended.
  func note(_ text: String) {
    history.reason += history.reason.isEmpty ? "" : ", "
    history.reason += text
  }

  private var stopReason: String?

  private func writeWanted() throws {
    defer { wantedFiles = [] }
    for path in wantedFiles { try writeCheckpoint(to: path) }
  }

  // MARK: The run

  func train() throws {
    let began = Date()
    let reader = "fit of '\(model.name)'"
    x.storage.pin(by: reader)
    defer {
      x.storage.unpin(by: reader)
      history.seconds = Date().timeIntervalSince(began)
    }
    do {
      try runEpochs()
    } catch is Interrupted {
      throw interrupted()
    } catch TensorError.interrupted {
      throw interrupted()
    } catch let error
      where Failure(error).exception == Failure.Exception.keyboardInterrupt.rawValue
    {
      // It stopped inside a function of the script.
      _ = interrupted()
      throw error
    } catch {
      history.ending = .failed
      history.reason = "stopped by an error in epoch \(history.epochs + 1)"
      throw error
    }
    if training.keepsBest, let bestWeights, let best = history.best, best != history.epochs - 1 {
      try Weight.assign(bestWeights, to: model.weights, of: "model '\(model.name)'")
      note("weights of epoch \(best + 1) restored")
    }
    if training.reports { context.progress.finished(history.summary) { .graph(history.graph) } }
  }

  private func interrupted() -> Interrupted {
    history.ending = .interrupted
    history.reason = "interrupted in epoch \(history.epochs + 1) of \(training.epochs)"
    if training.reports { context.progress.finished(history.summary) { .graph(history.graph) } }
    return Interrupted(
      note: "fit was in epoch \(history.epochs + 1) of \(training.epochs); the model holds what it "
        + "learnt from whole batches and can be used and trained on")
  }

  private func runEpochs() throws {
    model.wantsToStop = false
    let size = max(training.batchSize, 1)
    for case .object(let callback) in callbacks.callbacks {
      callback.model = model
      callback.settings = [
        ("epochs", max(training.epochs, 0)),
        ("steps", training.batches?.count ?? (count + size - 1) / size),
      ]
    }
    warnOfForgetting()
    warnOfStanding()
    try callbacks.tell(.trainBegin, nil, [], self)
    if let resume { try restore(from: context.resolve(resume)) }
    try runAll()
    try callbacks.tell(
      .trainEnd, nil,
      history.columns.compactMap { column in
        column.values.last.map { (column.name, $0) }
      }, self)
  }

  private func runAll() throws {
    while position.epoch < max(training.epochs, 0) {
      let epoch = position.epoch
      epochWeights = try model.weights.map { try $0.tensor.copy() }
      if position.batch == 0 {
        try callbacks.tell(.epochBegin, epoch, [], self)
        position.order = context.drawn["shuffle"] ?? 0
      } else {
        // The order of the epoch that was cut off is drawn again.
        context.drawn["shuffle"] = position.order
      }
      guard let figures = try runEpoch(epoch + 1, batches()) else { return }
      history.append(figures, rate: state.lastRate ?? state.optimizer.rate.start)
      state.epoch += 1
      let waited = position.waited
      position = Position(epoch: epoch + 1, waited: waited)
      try callbacks.tell(.epochEnd, epoch, figures, self)
      var isOver = false
      if history.best == history.epochs - 1 {
        position.waited = 0
        if training.keepsBest { bestWeights = try model.weights.map { try $0.tensor.copy() } }
      } else {
        position.waited += 1
        if let patience = training.patience, position.waited >= patience {
          history.ending = .early
          history.reason = "stopped: no better \(history.watched) for \(patience) epochs"
          isOver = true
        }
      }
      try writeWanted()
      if isOver { return }
      if model.wantsToStop, epoch + 1 < training.epochs {
        history.ending = .early
        history.reason =
          stopReason.map { "stopped: \($0)" }
          ?? "stopped by a callback after epoch \(epoch + 1) of \(training.epochs)"
        return
      }
    }
  }

  /// The examples of each step of an epoch.
  private func batches() -> [ArraySlice<Int>] {
    if let given = training.batches { return given.map { $0[...] } }
    let order =
      training.shuffles
      ? context.draw(from: "shuffle") { $0.permutation(count) } : Array(0..<count)
    let size = max(training.batchSize, 1)
    let all = stride(from: 0, to: count, by: size).map { order[$0..<min($0 + size, count)] }
    return training.dropsRemainder && all.count > 1 ? all.filter { $0.count == size } : all
  }

  /// The figures of an epoch, or nil when the loss was no number any more.
  private func runEpoch(
    _ epoch: Int, _ batches: [ArraySlice<Int>]
  ) throws -> [(name: String, value: Double)]? {
    try tally.reset()
    for (batch, places) in batches.enumerated().dropFirst(position.batch) {
      try context.pause()
      try callbacks.tell(.batchBegin, batch, [], self)
      let (loss, hits) = try stepper.step(places)
      guard loss.isFinite else {
        try diverged(loss, epoch: epoch, batch: batch + 1, places)
        return nil
      }
      history.stepLosses.append(loss)
      position.batch = batch + 1
      position.loss += loss * Double(places.count)
      position.right += hits
      position.seen += places.count
      if batch == batches.count - 1 { try flush() }
      try callbacks.tell(.batchEnd, batch, [("loss", loss)], self)
      if !wantedFiles.isEmpty { try writeWanted() }
      if training.reports {
        var values = [(name: "loss", value: position.loss / Double(position.seen))]
        if targets.countsRight {
          values.append(("accuracy", Double(position.right) / Double(position.seen)))
        }
        context.progress.advanced(
          Progress(
            task: "fit", epoch: epoch, epochs: training.epochs, step: batch + 1,
            steps: batches.count,
            values: values)
        ) { .graph(history.graph) }
      }
    }
    let seen = Double(position.seen)
    var figures = [(name: "loss", value: position.loss / seen)]
    if targets.countsRight { figures.append(("accuracy", Double(position.right) / seen)) }
    figures += try tally.figures()
    if let validation {
      let measured = try model.measure(
        validation.x, validation.target, targets, validationTally,
        batchSize: max(training.batchSize, 512),
        context: context)
      figures += measured.map { ("val_\($0.name)", $0.value) }
    }
    return figures
  }

  /// The step that gradients left over at the end of an epoch make.
  private func flush() throws {
    guard training.accumulation > 1, try state.flush(training.accumulation) else { return }
    try Constraint.apply(to: model.trainable.filter { $0.constraint != nil })
  }
}

/// What a training run works on.
struct Lesson {
  let model: Sequential
  /// All inputs, contiguous, of the model's dtype.
  let x: Tensor
  let target: Target
  /// How much each example counts; nil: all the same.
  let weights: Tensor?
  let targets: Targets
  let state: OptimizerState
  /// The script's metrics of the running epoch.
  let tally: MetricTally
  /// Batches that make one step.
  let accumulation: Int
  /// What the learning rate is multiplied with, of weights where it is not 1.
  let factors: [ObjectIdentifier: Double]
  let context: Context

  func factor(of weight: Weight) -> Double { factors[ObjectIdentifier(weight)] ?? 1 }

  /// Draws masks from the session's stream for dropout.
  func drawMasks<R>(_ body: (inout RandomStream) throws -> R) rethrows -> R {
    try context.draw(from: "dropout", body)
  }
}
