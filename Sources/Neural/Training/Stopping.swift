public import Catalog

/// Which way a watched figure gets better.
public enum Watched: Sendable, Equatable {
  case lower
  case higher

  /// What every figure is better than.
  var worst: Double { self == .lower ? .infinity : -.infinity }

  func isBetter(_ value: Double, than other: Double) -> Bool {
    self == .lower ? value < other : value > other
  }
}

/// When a run that no longer gets better is ended, as Keras's EarlyStopping decides it.
public struct Stopping: Sendable, Equatable {
  public enum Verdict: Sendable {
    /// The best so far.
    case best
    case waiting
    case stop
  }

  public let watched: Watched
  /// Epochs without a new best after which it stops; 0: at the first such epoch.
  public let patience: Int
  /// By how much a value must be better than the best.
  public let delta: Double
  /// What must be beaten for patience to start anew; nil: only the best so far.
  public let baseline: Double?
  /// Epochs before this one, counted from 0, are not looked at.
  public let start: Int
  /// The best value, and its epoch from 0; before the first it is infinite.
  public internal(set) var best: (value: Double, epoch: Int)
  /// Epochs waited.
  public internal(set) var waited = 0

  public init(
    _ watched: Watched = .lower, patience: Int, delta: Double = 0, baseline: Double? = nil,
    start: Int = 0
  ) {
    self.watched = watched
    self.patience = patience
    self.delta = abs(delta)
    self.baseline = baseline
    self.start = start
    best = (watched.worst, 0)
  }

  /// Takes in the figure of an epoch; epochs count from 0.
  public mutating func see(_ value: Double, epoch: Int) -> Verdict {
    guard epoch >= start else { return .waiting }
    waited += 1
    if isBetter(value, than: best.value) {
      best = (value, epoch)
      if baseline.map({ isBetter(value, than: $0) }) ?? true { waited = 0 }
      return .best
    }
    return waited >= patience && epoch > 0 ? .stop : .waiting
  }

  private func isBetter(_ value: Double, than other: Double) -> Bool {
    watched == .lower ? value + delta < other : value - delta > other
  }

  public static func == (a: Stopping, b: Stopping) -> Bool {
    a.watched == b.watched && a.patience == b.patience && a.delta == b.delta
      && a.baseline == b.baseline && a.start == b.start && a.best == b.best && a.waited == b.waited
  }
}

/// Lowers the learning rate when a figure no longer gets better (ReduceLROnPlateau).
public struct Plateau: Sendable, Equatable {
  /// When patience is over.
  public enum Convention: String, Choice {
    /// At `patience` epochs without a new best; the best counts from min_delta absolute.
    case keras
    /// After more than `patience` epochs, one later.
    case torch
  }

  public let watched: Watched
  public let factor: Double
  public let patience: Int
  /// By how much a value must be better than the best.
  public let delta: Double
  /// Whether `delta` is a share of the best.
  public let isRelative: Bool
  /// Epochs after a change in which none is counted.
  public let cooldown: Int
  /// The rate never goes below it.
  public let least: Double
  public let convention: Convention
  /// Changes that are not greater are not made (PyTorch's eps).
  public let smallestChange: Double
  public internal(set) var best: Double
  public internal(set) var waited = 0
  public internal(set) var resting = 0

  public init(
    _ watched: Watched = .lower, factor: Double = 0.1, patience: Int = 10, delta: Double = 1e-4,
    isRelative: Bool = false, cooldown: Int = 0, least: Double = 0,
    convention: Convention = .keras, smallestChange: Double = 0
  ) {
    self.watched = watched
    self.factor = factor
    self.patience = patience
    self.delta = abs(delta)
    self.isRelative = isRelative
    self.cooldown = cooldown
    self.least = least
    self.convention = convention
    self.smallestChange = smallestChange
    best = watched.worst
  }

  private func isBetter(_ value: Double) -> Bool {
    let bound: Double
    if isRelative, best.isFinite {
      bound = watched == .lower ? best * (1 - delta) : best * (1 + delta)
    } else {
      bound = watched == .lower ? best - delta : best + delta
    }
    return watched.isBetter(value, than: bound)
  }

  /// Takes in the figure of an epoch.
  ///
  /// - Returns: the new rate; nil when it stays.
  public mutating func see(_ value: Double, rate: Double) -> Double? {
    if convention == .keras {
      if resting > 0 {
        resting -= 1
        waited = 0
      }
      if isBetter(value) {
        best = value
        waited = 0
        return nil
      }
      guard resting == 0 else { return nil }
      waited += 1
      guard waited >= patience, rate > least else { return nil }
    } else {
      if isBetter(value) {
        best = value
        waited = 0
      } else {
        waited += 1
      }
      if resting > 0 {
        resting -= 1
        waited = 0
      }
      guard waited > patience else { return nil }
    }
    resting = cooldown
    waited = 0
    let new = max(rate * factor, least)
    return rate - new > smallestChange ? new : nil
  }
}
