public import Catalog
internal import Tensors

/// Ends a run that no longer gets better.
public final class EarlyStopping: TrainingCallback {
  public static let type = ObjectType("EarlyStopping", "Ends a run that no longer gets better.")

  private let monitor: Monitor
  private let fresh: Stopping
  private let restores: Bool
  private var stopping: Stopping
  private var kept: [Tensor] = []

  public init(_ monitor: Monitor = Monitor("val_loss"), _ stopping: Stopping, restores: Bool) {
    self.monitor = monitor
    self.restores = restores
    fresh = stopping
    self.stopping = stopping
  }

  public var type: ObjectType { Self.type }
  public var text: String {
    "EarlyStopping(monitor=\"\(monitor.name)\", patience=\(fresh.patience))"
  }

  public func tell(
    _ moment: TrainingMoment, _ number: Int, _ figures: [(name: String, value: Double)],
    _ run: Run
  ) throws {
    switch moment {
    case .trainBegin:
      stopping = fresh
      kept = []
    case .epochEnd:
      guard let value = monitor.value(figures, for: "EarlyStopping", run) else { return }
      let verdict = stopping.see(value, epoch: number)
      if restores, verdict == .best || kept.isEmpty {
        kept = try run.model.weights.map { try $0.tensor.copy() }
      }
      if verdict == .stop {
        let epochs = stopping.waited == 1 ? "an epoch" : "\(stopping.waited) epochs"
        run.stop("no better \(monitor.name) for \(epochs)")
      }
    case .trainEnd:
      guard restores, !kept.isEmpty, stopping.best.epoch != run.history.epochs - 1 else { return }
      try Weight.assign(kept, to: run.model.weights, of: "model '\(run.model.name)'")
      run.note("weights of epoch \(stopping.best.epoch + 1) restored")
    default: break
    }
  }

  public func remembered() throws -> CallbackMemory {
    CallbackMemory(
      [
        "best": stopping.best.value, "epoch": Double(stopping.best.epoch),
        "waited": Double(stopping.waited),
      ], tensors: kept)
  }

  public func recall(_ memory: CallbackMemory) throws {
    stopping.best = (
      memory.numbers["best"] ?? .nan, Int(exactly: memory.numbers["epoch"] ?? 0) ?? 0
    )
    stopping.waited = Int(exactly: memory.numbers["waited"] ?? 0) ?? 0
    kept = memory.tensors
  }

  static let entry = Entry(
    "EarlyStopping", "A callback that ends a run that no longer gets better.",
    Parameter("monitor", String.self, "the figure it watches") { "val_loss" },
    Parameter("min_delta", Double.self, "by how much a value must be better", where: .atLeast(0)) {
      0
    },
    Parameter("patience", Int.self, "epochs without a better one that pass", where: .atLeast(0)) {
      0
    },
    Parameter("verbose", Value.self, "taken for Keras's sake") { .none },
    Parameter("mode", Monitor.Mode.self, "which way the figure gets better") { .auto },
    Parameter("baseline", Double?.self, "must be beaten for patience to start anew") { nil },
    Parameter("restore_best_weights", Bool.self, "whether the best weights come back") { false },
    Parameter(
      "start_from_epoch", Int.self, "epochs before it are not looked at", where: .atLeast(0)
    ) { 0 },
    returns: "EarlyStopping", example: "EarlyStopping(patience=5, restore_best_weights=True)",
    details: """
      It stops when `patience` epochs in a row were not better than the best by more than \
      min_delta; with patience 0 at the first such epoch. fit(stop_after=5) does the same with \
      the best weights restored. Peers: Keras's rule and defaults; others count one epoch more, \
      for them add 1 to patience. Source: Prechelt 1998, "Early stopping - but when?".
      """, makes: type
  ) { monitor, delta, patience, _, mode, baseline, restores, start in
    let monitor = Monitor(monitor, mode)
    return .object(
      EarlyStopping(
        monitor,
        Stopping(
          monitor.watched, patience: patience, delta: delta, baseline: baseline, start: start),
        restores: restores))
  }
}
