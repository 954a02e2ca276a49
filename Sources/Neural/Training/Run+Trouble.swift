internal import Catalog
internal import Glibc
internal import Tensors

extension Run {
  /// Says something once, in the run's output.
  func warn(_ text: String) {
    guard warned.insert(text).inserted else { return }
    context.sink.emit(.stream(.error, "warning: \(text)\n"))
  }

  /// FTRL and dual averaging lose the initial weights, which in hidden layers keep units apart.
  func warnOfForgetting() {
    guard state.optimizer.forgetsStart else { return }
    let hidden = model.layers.filter { !$0.trainableWeights.isEmpty }.dropLast()
    guard let first = hidden.first else { return }
    let name = state.optimizer.name
    warn(
      "\(name) forgets the initial weights; in hidden layers such as '\(first.name)' they keep "
        + "the units apart. \(name) is meant for linear models: try Adam, or ProximalAdagrad for "
        + "exact zeros.")
  }

  /// Layers that were all frozen, perhaps without meaning to.
  func warnOfStanding() {
    guard model.trainable.isEmpty, !model.layers.contains(where: \.learns) else { return }
    warn(
      "model '\(model.name)' has no weights that learn: all its layers have trainable=False, so "
        + "that fit only measures it")
  }

  /// Says what happened, where, and what to try (L307), and gives the model back the weights that
  /// it had when the epoch began.
  func diverged(_ loss: Double, epoch: Int, batch: Int, _ places: ArraySlice<Int>) throws {
    history.ending = .diverged
    let shown = loss.isNaN ? "nan" : loss > 0 ? "inf" : "-inf"
    history.reason =
      "stopped at step \(history.steps + 1) (epoch \(epoch), batch \(batch)): the loss is \(shown)"
    var notes: [String] = []
    if let bad = x.doubles.firstIndex(where: { !$0.isFinite }) {
      let width = max(x.count / max(count, 1), 1)
      notes.append("the inputs hold a number that is not finite, in example \(bad / width)")
    } else {
      if let weight = model.weights.first(where: { !$0.tensor.doubles.allSatisfy(\.isFinite) }) {
        notes.append(
          "the first weights that are not finite: '\(weight.name)' of layer '\(weight.owner)'")
      } else if let operation = firstBadOperation(places) {
        notes.append(operation)
      }
      if let last = history.stepLosses.last {
        notes.append("the loss of the step before was \(History.short(last))")
      }
      // A step that is folded into the products leaves no gradients to look at.
      let norms = zip(model.trainable, state.gradientNorms()).map { (weight: $0, norm: $1) }
      let worst = norms.max { !($0.norm >= $1.norm) && !$0.norm.isNaN }
      if let worst, worst.norm != 0 {
        notes.append(
          "the largest gradient of the step before, of '\(worst.weight.name)' of layer "
            + "'\(worst.weight.owner)', was \(History.short(worst.norm)) long")
      }
    }
    try Weight.assign(epochWeights, to: model.weights, of: "model '\(model.name)'")
    // What the optimizer remembers comes from the same explosion.
    model.optimizer = OptimizerState(state.choice)
    notes.append("the model has the weights again that it had before epoch \(epoch)")
    let rate = state.lastRate ?? state.optimizer.rate.start
    let failure = Failure(
      .floatingPoint, "fit \(history.reason)", code: "L307", notes: notes,
      help: "try a lower learning rate than \(History.short(rate)), such as "
        + "\(History.short(rate / 10)), or scale the inputs")
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
