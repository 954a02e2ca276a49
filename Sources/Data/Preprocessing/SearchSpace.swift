internal import Catalog
public import Tensors

/// Numbers that are equally likely in every decade: 10^U(log10 low, log10 high).
///
/// For rates and penalties, whose size matters and not their distance.
public struct LogUniform: Sendable {
  public let low: Double
  public let high: Double

  /// - Throws: a `Failure` unless 0 < low <= high.
  public init(_ low: Double, _ high: Double) throws {
    guard low > 0, low <= high, high.isFinite else {
      throw Failure(
        .value, "a log-uniform space needs 0 < low <= high, got \(low) and \(high)",
        help: "for ranges that reach 0 or below use a linear space")
    }
    self.low = low
    self.high = high
  }

  private var span: Double { Elementary.log(high / low) }

  /// Below this number lies a share `p` of the draws.
  public func quantile(_ p: Double) -> Double {
    min(max(low * Elementary.exp(min(max(p, 0), 1) * span), low), high)
  }

  public func draw(from stream: inout RandomStream) -> Double {
    quantile(stream.uniform())
  }

  public var mean: Double { span > 0 ? (high - low) / span : low }
  public var median: Double { quantile(0.5) }
  public var variance: Double {
    guard span > 0 else { return 0 }
    return (high * high - low * low) / (2 * span) - mean * mean
  }

  private static let ten = 2.302_585_092_994_045_7
  /// Of the base-10 logarithm of the draws.
  public var logMean: Double { (Elementary.log(low) + Elementary.log(high)) / 2 / LogUniform.ten }
  public var logVariance: Double { span * span / 12 / LogUniform.ten / LogUniform.ten }
}

/// Points of a space of settings to try.
public enum SearchGrid {
  /// Every combination, the last axis changing fastest.
  ///
  /// - Throws: a `Failure` when there are more than `limit`.
  public static func points<T>(_ axes: [[T]], limit: Int = 1_000_000) throws -> [[T]] {
    var size = 1
    for axis in axes {
      let (product, overflow) = size.multipliedReportingOverflow(by: axis.count)
      guard !overflow, product <= limit else {
        throw Failure(
          .value, "the grid has more than \(limit) points",
          help: "draw points at random instead, or try fewer values")
      }
      size = product
    }
    return axes.reduce([[]]) { points, axis in
      points.flatMap { point in axis.map { point + [$0] } }
    }
  }

  /// How many different values of one setting `trials` trials see, on a grid and at random.
  ///
  /// Bergstra and Bengio 2012: when only one setting matters, a grid repeats its few values.
  public static func coverage(
    trials: Int, dimensions: Int, from stream: inout RandomStream
  ) throws -> (grid: Int, random: Int) {
    guard trials > 0, dimensions > 0, trials <= 1_000_000 else {
      throw Failure(.value, "coverage needs at least one trial and one dimension")
    }
    // The largest number of values per axis whose grid is not beyond the trials.
    var side = 1
    func fits(_ side: Int) -> Bool {
      var product = 1
      for _ in 0..<dimensions {
        let (next, overflow) = product.multipliedReportingOverflow(by: side)
        if overflow || next > trials { return false }
        product = next
        if side == 1 { break }
      }
      return true
    }
    while fits(side + 1) { side += 1 }
    let drawn = Set((0..<trials).map { _ in stream.uniform() })
    return (side, drawn.count)
  }
}
