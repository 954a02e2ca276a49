/// What a training run measured, epoch by epoch, and why it ended.
public final class History {
  /// Why a run ended.
  public enum Ending: String, Sendable {
    /// All epochs were run.
    case finished
    /// No improvement for `stop_after` epochs.
    case early
    /// The user interrupted it.
    case interrupted
    /// The loss was no longer a finite number.
    case diverged
    /// An error ended it.
    case failed
  }

  /// Figures by name, one value per epoch: `loss`, `accuracy`, `val_loss`, `val_accuracy`.
  public private(set) var columns: [(name: String, values: [Double])] = []
  /// The rate at the end of each epoch.
  public private(set) var rates: [Double] = []
  public internal(set) var ending = Ending.finished
  /// More about the ending, in a sentence; empty when all epochs were run.
  public internal(set) var reason = ""
  /// The loss of each step, before its update.
  public internal(set) var stepLosses: [Double] = []
  /// Steps taken in all.
  public var steps: Int { stepLosses.count }
  /// What was asked for, in a line.
  public internal(set) var title = ""
  /// Seconds the clock showed; differs from run to run.
  public internal(set) var seconds = 0.0

  /// Whether the static plan ran, not the tape.
  public internal(set) var isPlanned = false

  public init() {}

  public var epochs: Int { rates.count }

  public subscript(_ name: String) -> [Double]? {
    columns.first { $0.name == name }?.values
  }

  func append(_ figures: [(name: String, value: Double)], rate: Double) {
    for (name, value) in figures {
      if let index = columns.firstIndex(where: { $0.name == name }) {
        columns[index].values.append(value)
      } else {
        columns.append((name, Array(repeating: .nan, count: epochs) + [value]))
      }
    }
    rates.append(rate)
  }

  /// Puts back what a checkpoint kept.
  func restore(
    _ columns: [(name: String, values: [Double])], rates: [Double], steps: [Double]
  ) {
    self.columns = columns.sorted { Self.rank($0.name) < Self.rank($1.name) }
    self.rates = rates
    stepLosses = steps
  }

  /// The order in which figures are measured: the loss, other figures, then those of validation.
  private static func rank(_ name: String) -> String {
    let plain = name.hasPrefix("val_") ? String(name.dropFirst(4)) : name
    let place = plain == "loss" ? "0" : plain == "accuracy" ? "1" : "2"
    return (name.hasPrefix("val_") ? "1" : "0") + place + plain
  }

  /// The figure by which the best epoch is chosen.
  public var watched: String { self["val_loss"] == nil ? "loss" : "val_loss" }

  /// The epoch with the lowest watched figure, from 0; nil before the first.
  public var best: Int? {
    guard let values = self[watched] else { return nil }
    let finite = values.indices.filter { values[$0].isFinite }
    return finite.min { (values[$0], $0) < (values[$1], $1) }
  }

  /// One closing line, without what a clock measured.
  public var summary: String {
    guard epochs > 0 else {
      return "fit: no epoch was finished" + (reason.isEmpty ? "" : "; \(reason)")
    }
    let last = epochs - 1
    let figures = columns.map { "\($0.name) \(History.short($0.values[last]))" }
    var line = "fit: \(epochs) \(epochs == 1 ? "epoch" : "epochs"), "
    line += figures.joined(separator: ", ")
    if let best, best != last { line += "; best epoch \(best + 1)" }
    if !reason.isEmpty { line += "; \(reason)" }
    return line
  }

  /// Four significant digits.
  static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    let size = abs(value)
    if size >= 1e5 || size < 1e-4 {
      var exponent = 0
      var mantissa = value
      while abs(mantissa) >= 10 {
        mantissa /= 10
        exponent += 1
      }
      while abs(mantissa) < 1 {
        mantissa *= 10
        exponent -= 1
      }
      return "\((mantissa * 1000).rounded() / 1000)e\(exponent)"
    }
    var scale = 1.0
    while size * scale < 1000 { scale *= 10 }
    return "\((value * scale).rounded() / scale)"
  }
}
