public import Catalog
internal import Tensors

/// What a rate range test measured (Smith 2015): the loss of each step while the rate grows.
public final class RateSearch {
  /// The rate and the loss before the update, step by step.
  public let rates: [Double]
  public let losses: [Double]
  /// The running mean of the losses, corrected for its start.
  public let smooth: [Double]
  /// The rate to begin with; nil: the loss never fell.
  public let suggestion: Double?
  /// Where it falls most steeply, and where it is least.
  public let steepest: Int?
  public let lowest: Int?
  /// Why that rate, in a sentence.
  public let reason: String
  let title: String

  /// How fast the running mean forgets.
  static let memory = 0.9
  /// Beyond this multiple of the least loss the test is over.
  public static let limit = 4.0
  /// What the loss must have fallen by, as a share of the first, for a suggestion.
  static let fall = 0.05

  init(rates: [Double], losses: [Double], ended: String, title: String) {
    self.title = title
    var mean = 0.0
    var smooth: [Double] = []
    for (step, loss) in losses.enumerated() {
      mean = RateSearch.memory * mean + (1 - RateSearch.memory) * loss
      smooth.append(mean / (1 - Fused.power(RateSearch.memory, step + 1)))
    }
    var end = smooth.count
    var least = Double.infinity
    for (step, value) in smooth.enumerated() {
      least = min(least, value)
      if !value.isFinite || value > RateSearch.limit * max(least, 1e-12) {
        end = step
        break
      }
    }
    self.rates = Array(rates.prefix(end))
    self.losses = Array(losses.prefix(end))
    self.smooth = Array(smooth.prefix(end))
    let shown = self.smooth
    let lowest = shown.indices.min { shown[$0] < shown[$1] }
    self.lowest = lowest
    guard let lowest, let first = shown.first, first - shown[lowest] > RateSearch.fall * abs(first),
      lowest > 0
    else {
      steepest = nil
      suggestion = nil
      reason =
        "the loss fell at no rate between \(History.short(rates.first ?? 0)) and "
        + "\(History.short(rates.last ?? 0)): let diagnose(net, x, y) look at it"
      return
    }
    let before = 0..<lowest
    let steepest =
      before.dropFirst(min(5, before.count / 2)).max {
        shown[$0] - shown[$0 + 1] < shown[$1] - shown[$1 + 1]
      } ?? 0
    self.steepest = steepest
    // A tenth of the rate with the least loss; where the fall begins late, not before its middle.
    let rate = self.rates[lowest] / 10
    suggestion = rate
    reason =
      "a tenth of \(History.short(self.rates[lowest])), where the loss was least "
      + "(\(History.short(shown[lowest]))); it fell most steeply at "
      + "\(History.short(self.rates[steepest]))" + (ended.isEmpty ? "" : "; \(ended)")
  }
}

extension Sequential {
  /// Raises the rate from step to step and watches the loss (Smith 2015).
  ///
  /// A copy learns, so that model, history and random streams stay as they are.
  ///
  /// - Parameters:
  ///   - low: the first rate; every step multiplies it, up to `high`.
  ///   - optimizer: nil: what `compile` asked for, else Adam.
  public func findRate(
    _ examples: Examples, low: Double = 1e-6, high: Double = 10, steps: Int = 100,
    batchSize: Int = 32, optimizer: Optimizer? = nil, loss: LossChoice? = nil, context: Context
  ) throws -> RateSearch {
    guard low > 0, high > low, high.isFinite else {
      throw Failure(.value, "find_lr needs 0 < low < high, got low=\(low) and high=\(high)")
    }
    let examples = try examples.checked("find_lr")
    let quiet = Probe.quiet(context)
    var chosen = optimizer ?? wanted.optimizer?.optimizer ?? .adam()
    let growth = Elementary.log(high / low) / Double(max(steps - 1, 1))
    let rates = (0..<steps).map { low * Elementary.exp(growth * Double($0)) }
    chosen.rate = .piecewise(
      boundaries: (0..<max(steps - 1, 0)).map { Double($0) + 0.5 }, values: rates)
    let count = examples.count
    var order: [Int] = []
    var batches: [[Int]] = []
    var stream = RandomStream(seed: context.seed, name: "find_lr")
    while batches.count < steps {
      if order.isEmpty { order = stream.permutation(count) }
      batches.append(Array(order.prefix(batchSize)))
      order.removeFirst(min(batchSize, order.count))
    }
    let copy = try copy()
    let run = try Probe.noting({ "find_lr worked on a copy; the model is as it was" }) {
      try copy.fit(
        examples, loss: loss,
        Training(
          epochs: 1, batchSize: min(batchSize, count), optimizer: chosen, shuffles: false,
          reports: false, batches: batches), context: quiet)
    }
    guard !run.stepLosses.isEmpty else {
      throw Failure(
        .value, "find_lr: the first loss is no number", code: "L307",
        help: "diagnose(net, x, y) says why")
    }
    return RateSearch(
      rates: Array(rates.prefix(run.steps)), losses: run.stepLosses,
      ended: run.ending == .diverged
        ? "beyond \(History.short(rates[run.steps - 1])) the loss was no number" : "",
      title: "rate range test of '\(name)', \(chosen.name), batches of \(batchSize)")
  }
}

extension RateSearch: Object {
  public static let type = ObjectType("RateSearch", "What a rate range test measured.") {
    [
      .attribute(
        of: RateSearch.self, "suggestion", "The rate to begin with; None when the loss never fell.",
        returns: "float or None", example: "find_lr(net, d).suggestion"
      ) { $0.suggestion.map { .float($0) } ?? .none },
      .attribute(
        of: RateSearch.self, "reason", "Why that rate.", returns: "str",
        example: "find_lr(net, d).reason"
      ) { .string($0.reason) },
      .attribute(
        of: RateSearch.self, "rates", "The rate of each step.", returns: "Tensor",
        example: "find_lr(net, d).rates"
      ) { .object(try Tensor($0.rates)) },
      .attribute(
        of: RateSearch.self, "losses", "The loss of each step before its update.",
        returns: "Tensor", example: "find_lr(net, d).losses"
      ) { .object(try Tensor($0.losses)) },
      .attribute(
        of: RateSearch.self, "smooth", "The running mean of the losses.", returns: "Tensor",
        example: "find_lr(net, d).smooth"
      ) { .object(try Tensor($0.smooth)) },
    ]
  }

  public var type: ObjectType { Self.type }
  public func length() -> Int { rates.count }
  public var brief: String { text }

  public var text: String {
    guard let suggestion else { return "no rate to suggest: \(reason)" }
    return "suggested rate \(History.short(suggestion)): \(reason)"
  }

  /// The rate it suggests, so that it can stand for it: `Adam(find_lr(net, d))`.
  public func scalar() -> Value? { suggestion.map { .float($0) } }

  public func display(_ context: Context) -> Media { Media(text) }

  public func table() -> Table? {
    Table(
      title: title,
      columns: ["step", "rate", "loss", "smooth"].map { Table.Column($0, isNumeric: true) },
      rows: rates.indices.map { step in
        [.whole(step + 1), .number(rates[step]), .number(losses[step]), .number(smooth[step])]
      }, notes: [text])
  }

  /// The losses over the rates, the running mean on top.
  public func facts() -> Facts? {
    var marks = Series("smooth", x: rates, y: smooth, hue: 0)
    if let lowest { marks.mark = (lowest, "least") }
    let rule = suggestion.map { Panel.Rule(.vertical, at: $0, label: "suggestion") }
    return .graph(
      Graph(
        title: title,
        panels: [
          Panel(
            x: Axis("learning rate", scale: .log), y: Axis("loss"),
            series: [Series("loss", x: rates, y: losses, emphasis: .faint, hue: 0), marks],
            rules: rule.map { [$0] } ?? [])
        ], summary: text))
  }

  static let entry = Entry(
    "find_lr", "Looks for a learning rate: raises it from step to step and watches the loss.",
    Parameter("model", ModelArgument.self, "trained or not; it stays as it is"),
    Parameter("x", ExamplesArgument.self, "a data set, or inputs", also: ["data", "on"]),
    Parameter("y", Tensor?.self, "targets, when x are inputs") { nil },
    Parameter("low", Double.self, "the first rate", where: .above(0)) { 1e-6 },
    Parameter("high", Double.self, "the last rate", where: .above(0)) { 10 },
    Parameter("steps", Int.self, "how many, each with one batch", where: .within(10, 100_000)) {
      100
    },
    Parameter("batch_size", Int.self, "examples per step", where: .within(1, 1 << 30)) { 32 },
    Parameter("optimizer", OptimizerChoice?.self, "None: Adam, or what compile set") { nil },
    Parameter("loss", LossChoice?.self, "None: chosen by the last layer and the targets") { nil },
    .context, returns: "RateSearch",
    example: "find_lr(Sequential(Dense(8, \"relu\"), Dense(2, \"softmax\")), moons(100), steps=50)",
    details: """
      `lr_k = low * (high / low) ** (k / (steps - 1))`, one step each. The suggestion is a tenth of \
      the rate with the least (smoothed) loss, with its reason; plot() draws the curve. A copy \
      learns: model, history and random streams stay as they are. The test ends where the loss is \
      four times its least value, or no number. Source: the rate range test of Smith 2017.
      """
  ) { model, data, y, low, high, steps, batchSize, optimizer, loss, context in
    let (examples, _) = try PracticeData.sets(data, y, nil, in: "find_lr")
    return .object(
      try model.model.findRate(
        examples, low: low, high: high, steps: steps, batchSize: batchSize,
        optimizer: optimizer.map { $0.optimizer }, loss: loss, context: context))
  }
}
