internal import Catalog
internal import Tensors

extension Examination {
  /// Whether another learning rate would have done much better: tried, not guessed.
  func examineRate() throws {
    let ratios = (now?.kernels ?? []).compactMap(\.updateRatio).filter(\.isFinite).sorted()
    guard !hasLearnt, isChosen, let first = try? startForTrials() else { return }
    let steps = min(max(history.steps, 30), 150)
    func attempt(_ factor: Double) throws -> Double {
      let copy = try first.copy()
      let run = try copy.fit(
        examples, loss: loss, trialTraining(optimizer.at(rate * factor), steps: steps),
        context: Probe.quiet(context))
      return progress(run)
    }
    let own = try attempt(1)
    let begin = max(firstLoss.map { 1 - $0 / max(answers?.constantLoss ?? 1, 1e-9) } ?? 0, -1)
    let lower = try [0.1, 0.01, 0.001].map { (factor: $0, progress: try attempt($0)) }
    let higher = try [10.0, 100, 1e3, 1e4].map { (factor: $0, progress: try attempt($0)) }
    guard let low = lower.max(by: { $0.progress < $1.progress }),
      let high = higher.max(by: { $0.progress < $1.progress }), rate > 0
    else { return }
    note(
      "\(steps) steps from a new start remove this share of a constant answer's loss: "
        + "rate \(History.short(rate)): \(Examination.share(own)), "
        + "\(History.short(rate * low.factor)): \(Examination.share(low.progress)), "
        + "\(History.short(rate * high.factor)): \(Examination.share(high.progress))")
    let evidence = { (other: (factor: Double, progress: Double)) -> [String] in
      var lines = [
        "in \(steps) steps from a new start rate \(History.short(self.rate)) removes "
          + "\(Examination.share(own)) of the loss of a constant answer, rate "
          + "\(History.short(self.rate * other.factor)) \(Examination.share(other.progress))"
      ]
      if let middle = ratios.isEmpty ? nil : ratios[ratios.count / 2] {
        lines.append(
          "one update is \(History.short(middle)) of the weights; about 1e-3 is usual")
      }
      if self.history.ending == .diverged { lines.append("the run \(self.history.reason)") }
      return lines
    }
    // A run that is not worse than one at this rate from a new start was not stopped by its rate.
    let isWorse = max(own, progress(history)) + Edge.rateGain
    if low.progress >= isWorse, low.progress >= high.progress - 0.1 {
      add(
        Finding(
          .rateTooHigh, .warning, "The learning rate is too high.", evidence: evidence(low),
          advice: [
            "take \(History.short(rate * low.factor))", "look for it: find_lr(net, x, y)",
            "lower it along the way: exponential_decay(…)",
          ]))
    } else if high.progress >= isWorse, history.ending != .diverged, !isShort(ratios),
      own - begin < 0.3 * (high.progress - begin)
    {
      add(
        Finding(
          .rateTooLow, .warning, "The learning rate is too low.", evidence: evidence(high),
          advice: [
            "take \(History.short(rate * high.factor))", "look for it: find_lr(net, x, y)",
          ]))
    }
  }

  /// A few steps of usual size: more of them would do as well as larger ones.
  private func isShort(_ ratios: [Double]) -> Bool {
    history.steps < 100 && !ratios.isEmpty && ratios[ratios.count / 2] > 3e-4
  }

  /// The start again; when it cannot be drawn again, what the model is, if it is still usable.
  private func startForTrials() throws -> Sequential {
    if !isTrial, let fresh = try? model.redrawn() { return try built(fresh) }
    return try built(model.copy())
  }

  static func share(_ progress: Double) -> String {
    progress <= -1 ? "nothing (it grows)" : percent(progress)
  }

  /// The end of a run for which no cause was found.
  func addDivergence() {
    guard history.ending == .diverged, findings.allSatisfy({ $0.severity == .note }) else { return }
    add(
      Finding(
        .diverged, .error, "The loss stopped being a number.",
        evidence: ["the run \(history.reason)"],
        advice: ["take a lower learning rate", "clip gradients: clipnorm=1.0 at the optimizer"]))
  }

  /// Over- and underfitting, and labels that tell nothing.
  func examineFit() {
    guard let training, let answers, !isTrial, history.ending != .diverged else { return }
    if isUnrelated(training) {
      var evidence = [
        "looking up the 5 nearest examples gives \(neighbours?.text ?? ""); always naming the "
          + (answers.classes == nil
            ? "mean gives R² 0" : "largest class gives \(History.short(answers.largest))")
      ]
      if let watched { evidence.append("validation examples: \(watched.text)") }
      evidence.append("training examples: \(training.text), learnt by heart at best")
      add(
        Finding(
          .labelsUnrelated, .warning, "The labels do not seem to belong to the inputs.",
          evidence: evidence,
          advice: [
            "show some examples with their labels: show(d.images[:20], labels=d.y[:20])",
            "check that inputs and labels were shuffled and cut together",
          ]))
      return
    }
    if addNormalizationLag() { return }
    examineOverfit(training)
    examineUnderfit(training)
  }

  /// Moving averages of batch normalization that are still on their way.
  private func addNormalizationLag() -> Bool {
    guard let now, let predictingLoss, let answers,
      model.layers.contains(where: { $0.type.name.hasPrefix("BatchNorm") }),
      predictingLoss > Edge.normalizationLag * now.dataLoss,
      predictingLoss - now.dataLoss > 0.1 * answers.constantLoss
    else { return false }
    add(
      Finding(
        .normalizationLag, .warning,
        "The averages of batch normalization have not settled, so predictions are worse than "
          + "training was.",
        evidence: [
          "loss \(History.short(now.dataLoss)) with the statistics of the batch, "
            + "\(History.short(predictingLoss)) with the moving averages that predictions use",
          "after \(history.steps) steps a momentum of 0.99 still remembers the start by "
            + Examination.percent(Fused.power(0.99, history.steps)),
        ],
        advice: [
          "train for more steps", "take a smaller momentum: BatchNorm(momentum=0.9)",
        ]))
    return true
  }

  /// Neither neighbours nor new examples are answered better than by a constant.
  private func isUnrelated(_ training: Skill) -> Bool {
    guard let neighbours, sample.count >= 60 else { return false }
    guard neighbours.value < max(0.05, 2.5 * neighbours.error) else { return false }
    if let watched { return watched.value < max(0.1, 2.5 * watched.error) }
    // Without validation examples only a model that also fails shows it.
    return training.value < 0.6
  }

  private func examineOverfit(_ training: Skill) {
    guard let watched else { return }
    let gap = training.value - watched.value
    guard gap > max(Edge.overfit, 3 * watched.error), training.value > 0.3 else { return }
    var evidence = [
      "training examples: \(training.text), validation examples: \(watched.text)"
    ]
    if let losses = history["val_loss"], let best = history.best, losses.indices.contains(best),
      let last = losses.last, last > 1.1 * losses[best]
    {
      evidence.append(
        "validation loss \(History.short(losses[best])) in epoch \(best + 1), "
          + "\(History.short(last)) at the end")
    }
    let weights = model.trainable.reduce(0) { $0 + $1.tensor.count }
    evidence.append("\(weights) weights learn from \(examples.count) examples")
    add(
      Finding(
        .overfit, .warning, "The model overfits: it knows its training examples, not the matter.",
        evidence: evidence,
        advice: [
          "get more examples", "stop in time: stop_after=3", "put Dropout(0.3) between the layers",
          "keep weights small: l2=1e-3", "take a smaller model",
        ]))
  }

  private func examineUnderfit(_ training: Skill) {
    let causes: Set<Finding.Kind> = [
      .labelsMismatch, .symmetry, .deadAtStart, .saturatedAtStart, .signalExplodes,
      .signalVanishes, .gradientExplodes, .gradientVanishes, .rateTooHigh, .rateTooLow, .deadUnits,
    ]
    guard let neighbours, neighbours.value - training.value > Edge.underfit,
      !findings.contains(where: { causes.contains($0.kind) && $0.severity != .note })
    else { return }
    let losses = history["loss"] ?? []
    var isFlat = false
    if losses.count >= 4, let last = losses.last, let constant = answers?.constantLoss, constant > 0
    {
      let before = losses[losses.count - 1 - max(losses.count / 4, 1)]
      // At the pace of the last quarter, a run as long again would not come half as far as
      // neighbours are.
      let remaining = max(neighbours.value - max(1 - last / constant, -1), 0)
      isFlat = 4 * (before - last) / constant < 0.5 * remaining
    }
    let evidence = [
      "training examples: \(training.text); looking up the 5 nearest gives \(neighbours.text)",
      isFlat
        ? "the loss has come to rest, or nearly so, at \(History.short(losses.last ?? 0))"
        : "the loss was still falling at the end: \(History.short(losses.last ?? 0))",
    ]
    if isFlat {
      add(
        Finding(
          .underfit, .warning, "The model underfits: it cannot even answer what it was shown.",
          evidence: evidence,
          advice: [
            "take wider layers, or one more", "put a \"relu\" or \"elu\" between the layers",
            "take less l2 and dropout", "give it better features",
          ]))
    } else {
      add(
        Finding(
          .unfinished, .warning, "The training ended too early.", evidence: evidence,
          advice: ["train for more epochs", "take a higher learning rate"]))
    }
  }
}
