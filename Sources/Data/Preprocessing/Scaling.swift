public import Catalog
public import Tensors

/// A linear map of each feature: (x - centre) / spread, then stretched to a range.
public struct Scaling: Transformation {
  public enum Method: String, Choice {
    /// Mean 0, variance 1; a constant feature is only centred.
    case standard
    /// From the low end of the range to the high one; a constant feature becomes the low end.
    case minmax
    /// Divided by the largest absolute value.
    case maxabs
    /// The median becomes 0, the distance between two quantiles 1.
    case robust
    /// Mean 0, units kept.
    case center
  }

  public var method: Method
  /// Taken from the count in the variance: 0 as NumPy and scikit-learn, 1 as pandas.
  public var ddof: Int
  /// Where `minmax` ends.
  public var low: Double
  public var high: Double
  /// The quantiles of `robust`, in percent.
  public var quantiles: (low: Double, high: Double)

  public init(
    _ method: Method, ddof: Int = 0, low: Double = 0, high: Double = 1,
    quantiles: (low: Double, high: Double) = (25, 75)
  ) {
    self.method = method
    self.ddof = ddof
    self.low = low
    self.high = high
    self.quantiles = quantiles
  }

  public var text: String {
    switch method {
    case .standard: "StandardScaler(\(ddof == 0 ? "" : "ddof=\(ddof)"))"
    case .minmax: "MinMaxScaler(\(low == 0 && high == 1 ? "" : "(\(low), \(high))"))"
    case .maxabs: "MaxAbsScaler()"
    case .robust:
      "RobustScaler("
        + (quantiles == (25, 75) ? "" : "(\(quantiles.low), \(quantiles.high))") + ")"
    case .center: "StandardScaler(with_std=False)"
    }
  }

  public func fitted(to x: Tensor) throws -> any FittedTransformation { try learnt(from: x) }

  /// The same, where the type is wanted.
  public func learnt(from x: Tensor) throws -> Scaler {
    let figures = try ColumnFigures(x)
    let zero = try Tensor.zeros(figures.shape, dtype: .f64)
    let one = try Tensor.ones(figures.shape, dtype: .f64)
    var scaler = Scaler(scaling: self, centre: zero, spread: one, figures: [])
    switch method {
    case .standard, .center:
      scaler.centre = try figures.mean()
      scaler.figures = [("mean", scaler.centre)]
      if method == .standard {
        let variance = try figures.variance(around: scaler.centre, ddof: ddof)
        scaler.spread = try ColumnFigures.divisor(
          variance.sqrt(),
          isConstant: figures.isConstant(mean: scaler.centre, variance: variance))
        scaler.figures.append(("std", scaler.spread))
      }
    case .minmax:
      let (least, most) = (try figures.minimum(), try figures.maximum())
      scaler.centre = least
      scaler.spread = try ColumnFigures.divisor(most - least)
      scaler.figures = [("data_min", least), ("data_max", most)]
    case .maxabs:
      let most = try Tensor.binary(
        .maximum, figures.minimum().abs(), figures.maximum().abs())
      scaler.spread = try ColumnFigures.divisor(most)
      scaler.figures = [("max_abs", most)]
    case .robust:
      let found = try figures.quantiles([0.5, quantiles.low / 100, quantiles.high / 100])
      scaler.centre = found[0]
      scaler.spread = try ColumnFigures.divisor(found[2] - found[1])
      scaler.figures = [("median", found[0]), ("scale", scaler.spread)]
    }
    return scaler
  }
}

/// What a `Scaling` has learnt.
public struct Scaler: FittedTransformation {
  public let scaling: Scaling
  /// One for each feature, in the shape of one example, f64.
  public internal(set) var centre: Tensor
  public internal(set) var spread: Tensor
  public internal(set) var figures: [(name: String, value: Tensor)]

  public var title: String { scaling.method.rawValue }
  public var transformation: any Transformation { scaling }
  public var method: Scaling.Method { scaling.method }

  private var isStretched: Bool {
    scaling.method == .minmax && (scaling.low != 0 || scaling.high != 1)
  }

  public func apply(_ x: Tensor) throws -> Tensor {
    try require(x, like: Array(centre.shape))
    let x = try x.asFeatures
    let unit = try (x - centre.astype(x.dtype)) / spread.astype(x.dtype)
    guard isStretched else { return unit }
    return try unit * (scaling.high - scaling.low) + scaling.low
  }

  public func undo(_ x: Tensor) throws -> Tensor {
    try require(x, like: Array(centre.shape))
    var x = try x.asFeatures
    if isStretched {
      let width = scaling.high - scaling.low
      x = try (x - scaling.low) / (width == 0 ? 1 : width)
    }
    return try x * spread.astype(x.dtype) + centre.astype(x.dtype)
  }
}
