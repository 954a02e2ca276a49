public import Catalog

/// Lowers the learning rate when a figure no longer gets better.
public final class ReduceLROnPlateau: TrainingCallback {
  public static let type = ObjectType(
    "ReduceLROnPlateau", "Lowers the learning rate when a figure no longer gets better.")

  private let monitor: Monitor
  private let fresh: Plateau
  private var plateau: Plateau

  public init(_ monitor: Monitor = Monitor("val_loss"), _ plateau: Plateau) {
    self.monitor = monitor
    fresh = plateau
    self.plateau = plateau
  }

  public var type: ObjectType { Self.type }
  public var text: String {
    "ReduceLROnPlateau(monitor=\"\(monitor.name)\", factor=\(fresh.factor), "
      + "patience=\(fresh.patience))"
  }

  public func tell(
    _ moment: TrainingMoment, _ number: Int, _ figures: [(name: String, value: Double)],
    _ run: Run
  ) throws {
    switch moment {
    case .trainBegin:
      plateau = fresh
      try run.needsConstantRate(for: "ReduceLROnPlateau")
    case .epochEnd:
      guard let value = monitor.value(figures, for: "ReduceLROnPlateau", run) else { return }
      if let rate = plateau.see(value, rate: try run.rate()) { run.setRate(rate) }
    default: break
    }
  }

  public func remembered() throws -> CallbackMemory {
    CallbackMemory([
      "best": plateau.best, "waited": Double(plateau.waited), "resting": Double(plateau.resting),
    ])
  }

  public func recall(_ memory: CallbackMemory) throws {
    plateau.best = memory.numbers["best"] ?? plateau.best
    plateau.waited = Int(exactly: memory.numbers["waited"] ?? 0) ?? 0
    plateau.resting = Int(exactly: memory.numbers["resting"] ?? 0) ?? 0
  }

  /// Whether `min_delta` is a share of the best or a difference.
  enum Threshold: String, Choice {
    case absolute = "abs"
    case relative = "rel"
  }

  static let entry = Entry(
    "ReduceLROnPlateau", "A callback that lowers the learning rate when a figure stays.",
    Parameter("monitor", String.self, "the figure it watches") { "val_loss" },
    Parameter(
      "factor", Double.self, "what the rate is multiplied with", where: .within(0, below: 1)
    ) { 0.1 },
    Parameter("patience", Int.self, "epochs without a better one that pass", where: .atLeast(0)) {
      10
    },
    Parameter("verbose", Value.self, "taken for Keras's sake") { .none },
    Parameter("mode", Monitor.Mode.self, "which way the figure gets better") { .auto },
    Parameter(
      "min_delta", Double.self, "by how much a value must be better", also: ["threshold"],
      where: .atLeast(0)
    ) { 1e-4 },
    Parameter("cooldown", Int.self, "epochs of rest after a change", where: .atLeast(0)) { 0 },
    Parameter("min_lr", Double.self, "the rate never goes below", where: .atLeast(0)) { 0 },
    Parameter("convention", Plateau.Convention.self, "when patience is over") { .keras },
    Parameter("threshold_mode", Threshold.self, "min_delta as a difference or a share") {
      .absolute
    },
    returns: "ReduceLROnPlateau", example: "ReduceLROnPlateau(factor=0.5, patience=3)",
    details: """
      `lr = max(lr * factor, min_lr)` once `patience` epochs were not better than the best. It \
      needs a constant rate to start from. Peers: convention="keras" acts at `patience` epochs \
      without a better one, "torch" after more than `patience`; PyTorch's threshold is relative \
      (threshold_mode="rel"). Source: Keras.
      """, makes: type
  ) { monitor, factor, patience, _, mode, delta, cooldown, least, convention, threshold in
    let monitor = Monitor(monitor, mode)
    return .object(
      ReduceLROnPlateau(
        monitor,
        Plateau(
          monitor.watched, factor: factor, patience: patience, delta: delta,
          isRelative: threshold == .relative, cooldown: cooldown, least: least,
          convention: convention, smallestChange: convention == .torch ? 1e-8 : 0)))
  }
}
