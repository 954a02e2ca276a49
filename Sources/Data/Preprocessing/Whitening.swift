internal import Catalog
public import Tensors

/// Features made uncorrelated with variance 1 while staying as near as they can to what they were.
///
/// W = V (Λ + ε)^-½ Vᵀ of the covariance (Bell and Sejnowski 1997): symmetric, so its sign is not
/// free.
public struct ZeroPhaseWhitening: Transformation {
  /// Added to the eigenvalues; directions of little variance are mostly noise.
  public var epsilon: Double
  /// Taken from the count in the covariance.
  public var ddof: Int

  public init(epsilon: Double = 1e-5, ddof: Int = 0) {
    self.epsilon = epsilon
    self.ddof = ddof
  }

  public var text: String {
    let ddofText = ddof == 0 ? "" : ", ddof=\(ddof)"
    return "ZCA(epsilon=\(epsilon)\(ddofText))"
  }

  public func fitted(to x: Tensor) throws -> any FittedTransformation { try learnt(from: x) }

  public func learnt(from x: Tensor) throws -> Whitener {
    let figures = try ColumnFigures(x)
    let rows = try x.featureRows()
    let (n, d) = (rows.shape[0], rows.shape[1])
    let mean = try figures.mean().reshape([d])
    let centred = try rows - mean
    let covariance = try centred.transposed.matmul(centred) / Double(max(n - ddof, 1))
    let (values, vectors) = try covariance.eigh()
    let zero = try Tensor.zeros([], dtype: .f64)
    let positive = try Tensor.binary(.maximum, values, zero)
    let largest = try d > 0 ? positive.max().item() : 0
    // Without ε a direction that has no variance but rounding is left out.
    let floor = largest * Double(d) * Double.ulpOfOne
    let isKept = try Tensor.compare(.greater, positive + epsilon, .float(floor))
    let scale = try Tensor.select(
      isKept, 1 / ColumnFigures.divisor((positive + epsilon).sqrt()), zero)
    let matrix = try (vectors * scale).matmul(vectors.transposed)
    let back = try Tensor.select(isKept, (positive + epsilon).sqrt(), zero)
    return Whitener(
      rule: self, shape: Array(figures.shape), mean: mean, matrix: matrix,
      inverse: try (vectors * back).matmul(vectors.transposed), covariance: covariance,
      eigenvalues: try values.flip([0]).copy())
  }
}

/// A learnt ZCA: (x - mean) · W.
public struct Whitener: FittedTransformation {
  let rule: ZeroPhaseWhitening
  let shape: [Int]
  public let mean: Tensor
  public let matrix: Tensor
  let inverse: Tensor
  public let covariance: Tensor
  /// Of the covariance, falling.
  public let eigenvalues: Tensor

  public var title: String { "zca" }
  public var transformation: any Transformation { rule }
  public var figures: [(name: String, value: Tensor)] {
    [("mean", mean), ("W", matrix), ("covariance", covariance), ("eigenvalues", eigenvalues)]
  }

  public func apply(_ x: Tensor) throws -> Tensor {
    try require(x, like: shape)
    let x = try x.asFeatures
    let rows = try x.reshape(Shape([x.shape[0], mean.count])) - mean.astype(x.dtype)
    return try rows.matmul(matrix.astype(x.dtype)).reshape(x.shape)
  }

  public func undo(_ x: Tensor) throws -> Tensor {
    try require(x, like: shape)
    let x = try x.asFeatures
    let rows = try x.reshape(Shape([x.shape[0], mean.count])).matmul(inverse.astype(x.dtype))
    return try (rows + mean.astype(x.dtype)).reshape(x.shape)
  }
}
