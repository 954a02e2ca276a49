internal import Catalog
internal import Tensors

/// Measures a model, its data and its training, and turns the figures into findings.
final class Examination {
  let model: Sequential
  let examples: Examples
  let validation: Examples?
  let loss: LossChoice?
  let context: Context
  /// The optimizer of the run, or the one to try with.
  let optimizer: Optimizer
  /// Whether the user chose it; what it does is not held against a default.
  let isChosen: Bool
  /// The run: the model's, or a short one on a copy.
  private(set) var history: History
  /// A short run on a copy stands for a run that has not been made.
  private(set) var isTrial = false

  private(set) var findings: [Finding] = []
  private(set) var measured: [String] = []
  private(set) var start: Signals?
  private(set) var now: Signals?
  /// The model the run ended with, on a copy.
  private(set) var trained: Sequential
  /// At most this many examples are looked at.
  static let limit = 512

  /// Places of the examples looked at, and these examples.
  let places: [Int]
  let sample: Examples
  private(set) var answers: Answers?
  private(set) var isLogits = false
  private(set) var neighbours: Skill?
  private(set) var training: Skill?
  private(set) var watched: Skill?
  /// The loss at the end as the model predicts: with moving averages, where it has them.
  private(set) var predictingLoss: Double?
  /// The loss at the start, of the data alone.
  private(set) var firstLoss: Double?

  init(
    _ model: Sequential, _ examples: Examples, validation: Examples?, history: History?,
    loss: LossChoice?, optimizer: OptimizerChoice?, context: Context
  ) throws {
    self.model = model
    self.examples = try examples.checked("diagnose")
    self.validation = try validation?.checked("validation")
    self.loss = loss
    self.context = context
    let used = optimizer ?? model.optimizer?.choice ?? model.wanted.optimizer
    self.optimizer = used?.optimizer ?? .adam()
    isChosen = used != nil && used?.script == nil
    self.history = history ?? model.history ?? History()
    isTrial = history == nil && model.history == nil
    places = Probe.spread(examples.count, Examination.limit)
    sample = Examples(
      try examples.x.rows(places), try examples.y.rows(places), hasClasses: examples.hasClasses)
    trained = model
  }

  func add(_ finding: Finding) { findings.append(finding) }
  func note(_ line: String) { measured.append(line) }

  /// Looks at everything; what cannot be measured any more is left out.
  func run() throws -> Diagnosis {
    try examineData()
    if !findings.contains(where: { $0.kind == .dataNotFinite }) { try examineModel() }
    return Diagnosis(
      findings: findings, measured: measured, start: start, now: now,
      title: "diagnosis of '\(model.name)'")
  }

  private func examineModel() throws {
    let probe: Probe
    do {
      probe = try Probe(model, sample, loss: loss, context: context)
    } catch let failure as Failure where failure.code == "L304" {
      add(
        Finding(
          .labelsMismatch, .error, failure.message, evidence: failure.notes,
          advice: failure.help.map { [$0] } ?? []))
      return
    }
    let target = try probe.targets.target(
      sample.y, output: probe.model.outputShape ?? [], dtype: probe.model.dtype)
    let answers = Answers(target, loss: probe.targets.loss.builtIn)
    self.answers = answers
    isLogits = probe.targets.isLogits
    try examineTargets(probe, answers)

    let first = try startingModel()
    if let first {
      let look = try Probe(first, sample, loss: loss, context: context).look()
      start = look
      firstLoss = look.dataLoss
    }
    if isTrial { try runTrial(probe) }
    let last = try Probe(trained, sample, loss: loss, context: context)
    var look = try last.look()
    predictingLoss = try last.loss()
    if isChosen, look.loss.isFinite {
      let ratios = try last.learn(nil, with: OptimizerState(optimizer.at(rate)))
      for index in look.weights.indices { look.weights[index].updateRatio = ratios[index] }
    }
    now = look
    if start == nil, isTrial { start = look }

    training = try skill(of: trained, sample)
    if let validation {
      let places = Probe.spread(validation.count, Examination.limit)
      watched = try skill(
        of: trained,
        Examples(
          try validation.x.rows(places), try validation.y.rows(places),
          hasClasses: validation.hasClasses))
    }
    neighbours = try Neighbours.skill(try features(), answers, context: context)
    noteMeasured(answers)
    examineStart()
    try examineRate()
    examineNow()
    examineFit()
    addDivergence()
  }

  /// The model before its run: as it is when it has not learnt, else drawn again; nil when only
  /// the script knows how.
  private func startingModel() throws -> Sequential? {
    if isTrial { return try built(model.copy()) }
    guard let fresh = try? model.redrawn() else { return nil }
    return try built(fresh)
  }

  /// With weights, drawn from streams of its own.
  func built(_ model: Sequential) throws -> Sequential {
    let (x, _) = try self.model.inputs(sample.x)
    let own = Probe.quiet(context)
    try own.draw(from: "init") {
      try model.build(Array(x.shape.dropFirst()), dtype: x.dtype, from: &$0)
    }
    return model
  }

  /// A short run on a copy, in place of the one that was not made.
  private func runTrial(_ probe: Probe) throws {
    trained = try built(model.copy())
    history = try trained.fit(
      examples, loss: loss, trialTraining(optimizer, steps: 100), context: Probe.quiet(context))
  }

  /// Batches for `steps` steps, the same for every trial.
  func trialTraining(_ optimizer: Optimizer, steps: Int) -> Training {
    let count = examples.count
    let size = min(batchSize, count)
    var stream = RandomStream(seed: context.seed, name: "diagnose")
    var order: [Int] = []
    var batches: [[Int]] = []
    while batches.count < steps {
      if order.count < size { order = stream.permutation(count) }
      batches.append(Array(order.prefix(size)))
      order.removeFirst(size)
    }
    return Training(
      epochs: 1, batchSize: size, optimizer: optimizer, shuffles: false, reports: false,
      batches: batches)
  }

  /// Examples per step of the run, as far as the history tells.
  var batchSize: Int {
    guard history.epochs > 0, history.steps >= history.epochs else { return 32 }
    let steps = max(history.steps / history.epochs, 1)
    return max((examples.count + steps - 1) / steps, 1)
  }

  /// The learning rate at the start of the run.
  var rate: Double { history.rates.first ?? optimizer.rate.start }

  private func skill(of model: Sequential, _ examples: Examples) throws -> Skill? {
    let probe = try Probe(model, examples, loss: loss, context: context)
    let target = try probe.targets.target(
      examples.y, output: probe.model.outputShape ?? [], dtype: probe.model.dtype)
    let answers = Answers(target, loss: probe.targets.loss.builtIn)
    let output = try probe.model.predict(examples.x, context: Probe.quiet(context))
    let isRaw =
      probe.targets.isLogits && !probe.model.canEndEarly
      || probe.targets.isLogits && probe.model.lastActivation?.name == "linear"
    return answers.skill(of: output, isLogits: isRaw, loss: probe.targets.loss.builtIn)
  }

  /// Whether the run got to where looking up neighbours gets, or far from its beginning.
  var hasLearnt: Bool {
    guard let training, let now, now.dataLoss.isFinite else { return false }
    // Answers may be right while the loss says that wrong ones are given with certainty.
    if let constant = answers?.constantLoss, now.dataLoss > 1.2 * constant { return false }
    // A short trial is judged by whether it is on its way.
    if isTrial { return training.value >= 0.3 || progress(history) >= 0.3 }
    return training.value >= min(max((neighbours?.value ?? 0) - 0.05, 0.3), 0.9)
  }

  /// How much of a constant answer's loss a run has removed: 1 all, 0 none.
  func progress(_ history: History) -> Double {
    guard let answers, answers.constantLoss > 0 else { return 0 }
    let tail = history.stepLosses.suffix(max(history.stepLosses.count / 10, 5))
    guard !tail.isEmpty, history.ending != .diverged else { return -1 }
    let mean = tail.reduce(0, +) / Double(tail.count)
    guard mean.isFinite else { return -1 }
    return max(1 - mean / answers.constantLoss, -1)
  }

  private func noteMeasured(_ answers: Answers) {
    if let firstLoss {
      let width = Double(model.outputShape?.last ?? trained.outputShape?.last ?? 1)
      let equal = equalLoss(answers, width)
      var line = "loss at the start \(History.short(firstLoss))"
      if let equal {
        line +=
          width > 1
          ? ", with equal shares ln \(Int(exactly: width) ?? 0) = \(History.short(equal))"
          : ", with equal shares ln 2 = \(History.short(equal))"
      }
      note(line)
    }
    if let last = history["loss"]?.last {
      note(
        (isTrial ? "a short run on a copy" : "the run")
          + ": \(history.steps) steps, loss at the end \(History.short(last))")
    }
    if let training { note("on training examples: \(training.text)") }
    if let watched { note("on validation examples: \(watched.text)") }
    if let neighbours { note("by looking up the 5 nearest examples: \(neighbours.text)") }
    if answers.classes != nil { note("largest class: \(Examination.percent(answers.largest))") }
    for (name, signals) in [("at the start", start), ("now", now)] {
      guard let signals, let first = signals.activated.first, let last = signals.activated.last
      else { continue }
      note(
        "deviation of activations \(name): \(History.short(first.std)) in '\(first.layer)' to "
          + "\(History.short(last.std)) in '\(last.layer)'")
      if let front = signals.kernels.first, let back = signals.kernels.last {
        note(
          "gradient norms \(name): \(History.short(front.gradientNorm)) in '\(front.name)' to "
            + "\(History.short(back.gradientNorm)) in '\(back.name)'")
      }
    }
    let ratios = (now?.kernels ?? []).compactMap(\.updateRatio).sorted()
    if let low = ratios.first, let high = ratios.last {
      note(
        "one update over the weights: \(History.short(low)) to \(History.short(high)); "
          + "1e-3 is usual")
    }
  }

  /// The loss of equal shares for all classes; nil for numbers.
  func equalLoss(_ answers: Answers, _ width: Double) -> Double? {
    guard answers.classes != nil else { return nil }
    return Elementary.log(max(width, 2))
  }

  static func percent(_ share: Double) -> String {
    "\((share * 1000).rounded() / 10) %"
  }
}

extension Optimizer {
  /// The same with a constant rate.
  func at(_ rate: Double) -> Optimizer {
    var changed = self
    changed.rate = .constant(rate)
    return changed
  }
}

extension Sequential {
  /// A model with the same settings whose weights will be drawn anew.
  ///
  /// - Throws: when only the script knows how a layer was made.
  func redrawn() throws -> Sequential {
    guard body == nil else {
      throw Failure(.notImplemented, "only its class knows how model '\(name)' is made")
    }
    let fresh = try chain.filter { !(($0 as? Flatten)?.isInferred ?? false) }.map { try $0.twin() }
    let twin = try Sequential(fresh, name: name)
    twin.wanted = wanted
    return twin
  }
}
