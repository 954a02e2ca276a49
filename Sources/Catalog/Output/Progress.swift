/// How far a long piece of work has come.
public struct Progress: Sendable {
  /// What runs: `fit`, `search`.
  public var task: String
  /// From 1.
  public var epoch: Int
  public var epochs: Int
  /// From 1, within the epoch.
  public var step: Int
  public var steps: Int
  /// The latest figures by name, such as `loss` and `val_accuracy`.
  public var values: [(name: String, value: Double)]

  public init(
    task: String, epoch: Int, epochs: Int, step: Int, steps: Int,
    values: [(name: String, value: Double)]
  ) {
    self.task = task
    self.epoch = epoch
    self.epochs = epochs
    self.step = step
    self.steps = steps
    self.values = values
  }
}

/// Follows long work; it decides what of it to show, and how often.
public protocol ProgressObserver: AnyObject, SendableMetatype {
  /// After each step. `chart` makes the picture so far; it costs, so it is made only when shown.
  func advanced(_ progress: Progress, chart: () -> Facts)
  /// After the last step, or after the work was stopped: the final picture and one closing line.
  func finished(_ summary: String, chart: () -> Facts)
}

/// Shows nothing.
public final class SilentProgress: ProgressObserver {
  public init() {}
  public func advanced(_ progress: Progress, chart: () -> Facts) {}
  public func finished(_ summary: String, chart: () -> Facts) {}
}
