public import Catalog
public import Tensors

/// Told of a training run on its way; may end it, change its rate, or write files.
public protocol TrainingCallback: Object {
  /// - Parameters:
  ///   - number: the epoch or the batch, from 0; 0 at the begin and end of the run.
  ///   - figures: what was measured so far.
  func tell(
    _ moment: TrainingMoment, _ number: Int, _ figures: [(name: String, value: Double)],
    _ run: Run) throws
  /// What a checkpoint keeps of it.
  func remembered() throws -> CallbackMemory
  func recall(_ memory: CallbackMemory) throws
}

extension TrainingCallback {
  public func remembered() throws -> CallbackMemory { CallbackMemory() }
  public func recall(_ memory: CallbackMemory) throws {}
  public var text: String { "<\(type.name)>" }
}

/// What a callback has seen so far, in numbers.
public struct CallbackMemory {
  public var numbers: [String: Double]
  public var tensors: [Tensor]

  public init(_ numbers: [String: Double] = [:], tensors: [Tensor] = []) {
    self.numbers = numbers
    self.tensors = tensors
  }
}

/// What a callback is told of.
public enum TrainingMoment: String, Sendable, CaseIterable {
  case trainBegin = "on_train_begin"
  case trainEnd = "on_train_end"
  case epochBegin = "on_epoch_begin"
  case epochEnd = "on_epoch_end"
  case batchBegin = "on_batch_begin"
  case batchEnd = "on_batch_end"

  /// Keras's longer name for the same.
  var other: String? {
    switch self {
    case .batchBegin: "on_train_batch_begin"
    case .batchEnd: "on_train_batch_end"
    default: nil
    }
  }

  static var all: [TrainingMoment] { allCases }
}

/// A figure of the history that a callback watches.
public struct Monitor: Sendable {
  /// Which way it gets better.
  public enum Mode: String, Choice {
    /// Higher for accuracies and the like, lower for all else.
    case auto
    case min
    case max
  }

  public let name: String
  public let watched: Watched

  public init(_ name: String, _ mode: Mode = .auto) {
    self.name = name
    let rising = ["acc", "auc", "precision", "recall", "f1", "r2", "hit", "iou"]
    let rises = mode == .max || mode == .auto && rising.contains { name.contains($0) }
    watched = rises ? .higher : .lower
  }

  /// Its value; nil with a warning, once a run, when the run does not measure it.
  func value(
    _ figures: [(name: String, value: Double)], for callback: String, _ run: Run
  ) -> Double? {
    if let value = figures.last(where: { $0.name == name })?.value { return value }
    let known = figures.map(\.name)
    var help = "it measures " + known.joined(separator: ", ")
    let watched = known.filter { $0.hasPrefix("val_") }
    let possible = watched.isEmpty ? known.map { "val_" + $0 } : watched
    if name.hasPrefix("val_"), !possible.contains(name),
      let near = Nearest.question(name, among: possible)
    {
      help += "; \(near)"
    } else if name.hasPrefix("val_"), watched.isEmpty {
      help += "; give validation data: fit(…, validation_split=0.2)"
    } else if let near = Nearest.question(name, among: known) {
      help += "; \(near)"
    }
    run.warn("\(callback) watches '\(name)', which this run does not measure: \(help)")
    return nil
  }
}
