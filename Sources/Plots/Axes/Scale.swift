internal import Glibc

/// Maps data to positions along an axis.
public struct Scale: Sendable {
  public enum Kind: Sendable {
    case linear
    case log
  }

  public let kind: Kind
  /// The data at the two ends.
  public let lower: Double
  public let upper: Double
  /// The positions of the two ends; `start` may be the larger one.
  public let start: Double
  public let end: Double
  private let origin: Double
  private let factor: Double

  /// - Parameters:
  ///   - lower, upper: `lower < upper`; above 0 for `.log`.
  public init(
    _ kind: Kind = .linear, _ lower: Double, _ upper: Double, to start: Double, _ end: Double
  ) {
    self.kind = kind
    self.lower = lower
    self.upper = upper
    self.start = start
    self.end = end
    switch kind {
    case .linear:
      origin = lower
      factor = (end - start) / (upper - lower)
    case .log:
      origin = log10(lower)
      factor = (end - start) / (log10(upper) - log10(lower))
    }
  }

  /// The position of a value; for `.log` what is not above 0 lies far off the lower end.
  public func callAsFunction(_ value: Double) -> Double {
    switch kind {
    case .linear: start + (value - origin) * factor
    case .log: value > 0 ? start + (log10(value) - origin) * factor : start - (end - start) * 10
    }
  }

  /// The value at a position.
  public func value(at position: Double) -> Double {
    let moved = origin + (position - start) / factor
    return kind == .linear ? moved : pow(10, moved)
  }

  /// The range widened so that it can be drawn: zero width, overflow and tiny ranges are padded.
  public static func drawable(_ lower: Double, _ upper: Double) -> ClosedRange<Double> {
    let limit = 1e300
    let low = max(-limit, min(limit, lower))
    let high = max(-limit, min(limit, upper))
    let size = max(abs(low), abs(high))
    if high - low > size * 1e-11, high - low > 1e-290 { return low...high }
    let middle = low + (high - low) / 2
    let pad = max(0.5 * abs(middle), 0.5)
    return (middle - pad)...(middle + pad)
  }
}
