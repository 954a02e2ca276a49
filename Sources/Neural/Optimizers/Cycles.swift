public import Catalog
internal import Tensors

/// One rise and one long fall of the rate, with the momentum mirrored (Smith 2018), as PyTorch's
/// OneCycleLR has it: `steps` - 1 intervals.
public struct OneCycle: Sendable, Equatable {
  /// The greatest rate.
  public var rate: Double
  public var steps: Double
  /// The share of the steps that rise.
  public var rise: Double
  /// The first rate is rate / start, the last one that / end.
  public var start: Double
  public var end: Double
  /// In lines in place of half cosines.
  public var isLinear: Bool
  /// Back to the first rate as slowly as it rose, then on to the last.
  public var hasThreePhases: Bool
  /// The least and the greatest momentum; nil: the optimizer's own stays.
  public var momenta: ClosedRange<Double>?

  public init(
    rate: Double, steps: Double, rise: Double = 0.3, start: Double = 25, end: Double = 10_000,
    isLinear: Bool = false, hasThreePhases: Bool = false,
    momenta: ClosedRange<Double>? = 0.85...0.95
  ) {
    self.rate = rate
    self.steps = steps
    self.rise = rise
    self.start = start
    self.end = end
    self.isLinear = isLinear
    self.hasThreePhases = hasThreePhases
    self.momenta = momenta
  }

  private func along(_ t: Double, _ low: Double, _ high: Double, _ last: Double) -> Double {
    let phases =
      hasThreePhases
      ? [(rise * steps - 1, low, high), (2 * rise * steps - 2, high, low), (steps - 1, low, last)]
      : [(rise * steps - 1, low, high), (steps - 1, high, last)]
    var begin = 0.0
    for (index, (end, from, to)) in phases.enumerated() {
      if t <= end || index == phases.count - 1 {
        let share = end > begin ? min(max((t - begin) / (end - begin), 0), 1) : 1
        return isLinear ? from + (to - from) * share : to + (from - to) * Schedule.wave(share)
      }
      begin = end
    }
    return last
  }

  func rate(_ t: Double) -> Double { along(t, rate / start, rate, rate / start / end) }

  func momentum(_ t: Double) -> Double? {
    momenta.map { along(t, $0.upperBound, $0.lowerBound, $0.upperBound) }
  }

  var text: String {
    "one_cycle(\(rate), \(steps), rise=\(rise), start=\(start), end=\(end)"
      + (isLinear ? ", anneal=\"linear\"" : "") + (hasThreePhases ? ", three_phase=True" : "") + ")"
  }
}

/// The rate goes up and down between two bounds (Smith 2017), the momentum the other way, as
/// PyTorch's CyclicLR has it.
public struct Cyclic: Sendable, Equatable {
  public enum Mode: String, Choice {
    case triangular
    /// The height halves with each cycle.
    case triangular2
    /// The height shrinks with each step.
    case exponential = "exp_range"
  }

  public var low: Double
  public var high: Double
  public var up: Double
  public var down: Double
  public var mode: Mode
  public var gamma: Double
  public var momenta: ClosedRange<Double>?

  public init(
    low: Double, high: Double, up: Double, down: Double? = nil, mode: Mode = .triangular,
    gamma: Double = 1, momenta: ClosedRange<Double>? = 0.8...0.9
  ) {
    self.low = low
    self.high = high
    self.up = up
    self.down = down ?? up
    self.mode = mode
    self.gamma = gamma
    self.momenta = momenta
  }

  /// From 0 at the low bound to 1 at the high one.
  private func height(_ t: Double) -> Double {
    let whole = (t / (up + down)).rounded(.down)
    let place = t - whole * (up + down)
    let height = place <= up ? place / up : (up + down - place) / down
    switch mode {
    case .triangular: return height
    case .triangular2: return height / Fused.power(2, Int(exactly: min(whole, 2000)) ?? 0)
    case .exponential: return height * Schedule.power(gamma, t)
    }
  }

  func rate(_ t: Double) -> Double { low + (high - low) * height(t) }

  func momentum(_ t: Double) -> Double? {
    momenta.map { $0.upperBound - ($0.upperBound - $0.lowerBound) * height(t) }
  }

  var text: String {
    "cyclic(\(low), \(high), \(up), \(down)"
      + (mode == .triangular ? ")" : ", mode=\"\(mode.rawValue)\", gamma=\(gamma))")
  }
}
