internal import Catalog
public import Tensors

/// Rotation to the directions of largest variance, of which the first are kept.
///
/// Centred, not scaled. Components are the rows of `components`; of each the loading of largest
/// magnitude is positive, as scikit-learn has it.
public struct PrincipalComponents: Transformation {
  /// How many are kept; nil: as many as there can be.
  public var count: Int?
  /// Keeps as many as explain this share of the variance; nil: `count` decides.
  public var share: Double?
  /// Whether the results are divided by their deviation: √(λ + epsilon).
  public var whitens: Bool
  public var epsilon: Double
  /// Taken from the count in the covariance: 1 as scikit-learn, 0 as CS231n.
  public var ddof: Int

  public init(
    _ count: Int? = nil, share: Double? = nil, whitens: Bool = false, epsilon: Double = 0,
    ddof: Int = 1
  ) {
    self.count = count
    self.share = share
    self.whitens = whitens
    self.epsilon = epsilon
    self.ddof = ddof
  }

  public var text: String {
    var parts: [String] = []
    if let count { parts.append("\(count)") }
    if let share { parts.append("\(share)") }
    if whitens { parts.append("whiten=True") }
    if epsilon != 0 { parts.append("epsilon=\(epsilon)") }
    if ddof != 1 { parts.append("ddof=\(ddof)") }
    return "PCA(\(parts.joined(separator: ", ")))"
  }

  public func fitted(to x: Tensor) throws -> any FittedTransformation { try learnt(from: x) }

  public func learnt(from x: Tensor) throws -> Rotation {
    let figures = try ColumnFigures(x)
    let rows = try x.featureRows()
    let (n, d) = (rows.shape[0], rows.shape[1])
    let most = min(n, d)
    if let count, count > most || count < 1 {
      throw Failure(
        .value, "PCA of \(n) examples with \(d) features has 1 to \(most) components, not \(count)")
    }
    let mean = try figures.mean().reshape([d])
    let centred = try rows - mean
    let parts = Double(max(n - ddof, 1))
    var vectors: Tensor
    var variances: Tensor
    // Singular values are more exact; the covariance is quicker when there are many examples.
    if n <= d || Double(n) * Double(d) * Double(d) < 1e8 {
      let (_, s, vt) = try centred.svd(full: false)
      vectors = vt
      variances = try s.square() / parts
    } else {
      let (values, columns) = try centred.transposed.matmul(centred).eigh()
      vectors = try columns.transposed.flip([0])
      variances = try Tensor.binary(.maximum, values.flip([0]), Tensor.zeros([], dtype: .f64))
      variances = try variances / parts
    }
    vectors = try PrincipalComponents.turned(vectors)
    let total = variances.doubles.reduce(0, +)
    var kept = count ?? most
    if let share {
      var sum = 0.0
      kept =
        (variances.doubles.firstIndex {
          sum += $0
          return sum >= share * total
        } ?? most - 1) + 1
    }
    return Rotation(
      rule: self, shape: Array(figures.shape), mean: mean,
      components: try vectors.at([.range(0, kept)]).copy(),
      variances: try variances.at([.range(0, kept)]).copy(),
      total: total > 0 ? total : 1, parts: parts)
  }

  /// The sign of each row such that its element of largest magnitude is positive.
  static func turned(_ rows: Tensor) throws -> Tensor {
    let places = try rows.abs().argmax(1).expandDims(1)
    let largest = try rows.takeAlong(places, axis: 1)
    let negative = try Tensor.compare(.less, largest, .float(0))
    return try Tensor.select(negative, rows * -1, rows)
  }
}

/// A learnt rotation: (x - mean) · componentsᵀ, perhaps divided by the deviations.
public struct Rotation: FittedTransformation {
  let rule: PrincipalComponents
  let shape: [Int]
  public let mean: Tensor
  /// One direction per row.
  public let components: Tensor
  /// The variance along each direction, falling.
  public let variances: Tensor
  /// The variance along all directions.
  let total: Double
  /// What sums of squares were divided by.
  let parts: Double

  public var title: String { rule.whitens ? "pca, whitened" : "pca" }
  public var transformation: any Transformation { rule }
  public var isReversible: Bool { components.shape[0] == mean.count }

  public var figures: [(name: String, value: Tensor)] {
    var all = [("mean", mean), ("components", components), ("explained_variance", variances)]
    if let ratio = try? variances / total { all.append(("explained_variance_ratio", ratio)) }
    if let values = try? (variances * parts).sqrt() { all.append(("singular_values", values)) }
    return all
  }

  /// Directions without variance are left at 0 instead of divided by it.
  private func deviations(_ dtype: DType) throws -> Tensor {
    try ColumnFigures.divisor((variances + rule.epsilon).sqrt()).astype(dtype)
  }

  public func apply(_ x: Tensor) throws -> Tensor {
    try require(x, like: shape)
    let x = try x.asFeatures
    let rows = try x.reshape(Shape([x.shape[0], mean.count]))
    let turned = try (rows - mean.astype(x.dtype)).matmul(components.transposed.astype(x.dtype))
    return rule.whitens ? try turned / deviations(x.dtype) : turned
  }

  public func undo(_ x: Tensor) throws -> Tensor {
    guard x.rank == 2, x.shape[1] == components.shape[0] else {
      throw Failure(
        .shape,
        "\(title) gives \(components.shape[0]) numbers for an example, x has shape "
          + "\(x.shape)", code: "L301")
    }
    let x = try x.asFeatures
    let full = rule.whitens ? try x * deviations(x.dtype) : x
    let rows = try full.matmul(components.astype(x.dtype)) + mean.astype(x.dtype)
    return try rows.reshape(Shape([x.shape[0]] + shape))
  }
}
