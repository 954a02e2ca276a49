internal import Catalog
internal import FoundationEssentials
internal import Glibc
internal import Tensors

/// One training run: epochs of batches, with what is measured on the way.
final class Run {
  let model: Sequential
  let training: Training
  let context: Context
  let targets: Targets
  let history = History()
  let state: OptimizerState
  var validation: (x: Tensor, target: Target)?
  private let x: Tensor
  private let stepper: any Stepper
  private let callbacks: CallbackList
  private let tally: MetricTally
  private let validationTally: MetricTally
  private var bestWeights: [Tensor]?

  init(
    model: Sequential, x: Tensor, target: Target, targets: Targets, training: Training,
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
    state = OptimizerState(optimizer)
    let lesson = Lesson(
      model: model, x: x, target: target, targets: targets, state: state, tally: tally,
      context: context)
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

  private var count: Int { x.shape.first ?? 0 }

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
      history.reason += history.reason.isEmpty ? "" : ", "
      history.reason += "weights of epoch \(best + 1) restored"
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
    try callbacks.tell(.trainBegin)
    try runAll()
    try callbacks.tell(
      .trainEnd, nil,
      history.columns.compactMap { column in
        column.values.last.map { (column.name, $0) }
      })
  }

  private func runAll() throws {
    var waited = 0
    for epoch in 0..<max(training.epochs, 0) {
      try callbacks.tell(.epochBegin, epoch)
      guard let figures = try runEpoch(epoch + 1, batches()) else { return }
      history.append(figures, rate: state.lastRate ?? state.optimizer.rate.start)
      try callbacks.tell(.epochEnd, epoch, figures)
      if history.best == history.epochs - 1 {
        waited = 0
        if training.keepsBest { bestWeights = try model.weights.map { try $0.tensor.copy() } }
      } else {
        waited += 1
        if let patience = training.patience, waited >= patience {
          history.ending = .early
          history.reason = "stopped: no better \(history.watched) for \(patience) epochs"
          return
        }
      }
      if model.wantsToStop, epoch + 1 < training.epochs {
        history.ending = .early
        history.reason = "stopped by a callback after epoch \(epoch + 1) of \(training.epochs)"
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
    return stride(from: 0, to: count, by: size).map { order[$0..<min($0 + size, count)] }
  }

  /// The figures of an epoch, or nil when the loss was no number any more.
  private func runEpoch(
    _ epoch: Int, _ batches: [ArraySlice<Int>]
  ) throws -> [(name: String, value: Double)]? {
    var sum = 0.0
    var right = 0
    var seen = 0
    try tally.reset()
    for (batch, places) in batches.enumerated() {
      try context.pause()
      try callbacks.tell(.batchBegin, batch)
      let (loss, hits) = try stepper.step(places)
      guard loss.isFinite else {
        diverged(loss, epoch: epoch, batch: batch + 1, places)
        return nil
      }
      history.stepLosses.append(loss)
      try callbacks.tell(.batchEnd, batch, [("loss", loss)])
      sum += loss * Double(places.count)
      right += hits
      seen += places.count
      if training.reports {
        var values = [(name: "loss", value: sum / Double(seen))]
        if targets.countsRight { values.append(("accuracy", Double(right) / Double(seen))) }
        context.progress.advanced(
          Progress(
            task: "fit", epoch: epoch, epochs: training.epochs, step: batch + 1,
            steps: batches.count,
            values: values)
        ) { .graph(history.graph) }
      }
    }
    var figures = [(name: "loss", value: sum / Double(seen))]
    if targets.countsRight { figures.append(("accuracy", Double(right) / Double(seen))) }
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

  /// FTRL and dual averaging lose the initial weights, which in hidden layers keep units apart.
  private func warnOfForgetting() {
    guard state.optimizer.forgetsStart else { return }
    let hidden = model.layers.filter { !$0.trainableWeights.isEmpty }.dropLast()
    guard let first = hidden.first else { return }
    let name = state.optimizer.name
    context.sink.emit(
      .stream(
        .error,
        "warning: \(name) forgets the initial weights; in hidden layers such as '\(first.name)' "
          + "they keep the units apart. \(name) is meant for linear models: try Adam, or "
          + "ProximalAdagrad for exact zeros.\n"))
  }

  /// Says what happened, where, and what to try (L307).
  private func diverged(_ loss: Double, epoch: Int, batch: Int, _ places: ArraySlice<Int>) {
    history.ending = .diverged
    history.reason =
      "stopped at step \(history.steps + 1) (epoch \(epoch), batch \(batch)): the loss is "
      + (loss.isNaN ? "nan" : loss > 0 ? "inf" : "-inf")
    var notes: [String] = []
    if let bad = x.doubles.firstIndex(where: { !$0.isFinite }) {
      let width = max(x.count / max(count, 1), 1)
      notes.append("the inputs hold a number that is not finite, in example \(bad / width)")
    } else if let weight = model.weights.first(where: { weight in
      !weight.tensor.doubles.allSatisfy(\.isFinite)
    }) {
      notes.append(
        "the first weights that are not finite: '\(weight.name)' of layer '\(weight.owner)'")
    } else if let operation = firstBadOperation(places) {
      notes.append(operation)
    }
    let rate = state.lastRate ?? state.optimizer.rate.start
    let failure = Failure(
      .floatingPoint, "fit \(history.reason)", code: "L307", notes: notes,
      help: "try a lower learning rate than \(rate), such as \(rate / 10), or scale the inputs")
    context.sink.emit(.stream(.error, failure.report().joined(separator: "\n") + "\n"))
    if training.reports { context.progress.finished(history.summary) { .graph(history.graph) } }
  }
}

extension Run {
  /// What gave the first number that is not finite when the batch goes through the model; nil when
  /// that cannot be told, as where code of a script would run again.
  private func firstBadOperation(_ places: ArraySlice<Int>) -> String? {
    guard model.body == nil, case .builtIn = targets.loss,
      !model.chain.contains(where: { $0 is ScriptLayer || $0 is MadeLayer || $0 is ModelLayer })
    else { return nil }
    return try? Tape.paused { () -> String? in
      let pass = Pass(isTraining: false, stream: RandomStream(seed: 0, name: "inspection"))
      var value = try x.rows(Array(places))
      for (index, layer) in model.chain.enumerated() {
        let next = try layer.forward(value, pass)
        guard next.doubles.allSatisfy(\.isFinite) else {
          return
            "the first operation whose result is not finite: layer '\(layer.name)' (\(layer.type.name), "
            + "\(LayerProblem.ordinal(index + 1)) of \(model.chain.count)); its inputs reach "
            + "\(largest(value))"
        }
        value = next
      }
      return "the outputs of all layers are finite and reach \(largest(value)): the first that is "
        + "not is the loss '\(targets.loss.name)'"
    }
  }

  /// The largest magnitude in a tensor, in three digits.
  private func largest(_ tensor: Tensor) -> String {
    let most = tensor.doubles.reduce(0) { max($0, abs($1)) }
    guard most > 0 else { return "0" }
    if most >= 0.001, most < 1e6 { return "\((most * 1000).rounded() / 1000)" }
    let exponent = log10(most).rounded(.down)
    let digits = (most / pow(10, exponent) * 100).rounded() / 100
    return "\(digits)e\(exponent < 0 ? "-" : "+")\(Int(exactly: abs(exponent)) ?? 0)"
  }
}

/// What a training run works on.
struct Lesson {
  let model: Sequential
  /// All inputs, contiguous, of the model's dtype.
  let x: Tensor
  let target: Target
  let targets: Targets
  let state: OptimizerState
  /// The script's metrics of the running epoch.
  let tally: MetricTally
  let context: Context

  /// Draws masks from the session's stream for dropout.
  func drawMasks<R>(_ body: (inout RandomStream) throws -> R) rethrows -> R {
    try context.draw(from: "dropout", body)
  }
}
