internal import CKernels

extension Fused {
  private static func kind(_ first: Tensor, _ others: [Tensor?], count: Int) -> Int32 {
    for tensor in [first] + others.compactMap({ $0 }) {
      precondition(
        tensor.dtype == first.dtype && tensor.dtype.isFloating && tensor.isContiguous,
        "operands of a normalisation are contiguous floats of one dtype")
    }
    return Int32(first.dtype.rawValue)
  }

  /// What a normalisation keeps for its gradient.
  public struct Normal {
    /// The normal values, at least as many as inputs.
    public let values: Tensor
    /// 1 / sqrt(variance + epsilon), one for each column or row.
    public let inverse: Tensor

    public init(values: Tensor, inverse: Tensor) {
      self.values = values
      self.inverse = inverse
    }
  }

  /// `y = gamma (x - mean) / sqrt(variance + epsilon) + beta` for the columns of rows as long as
  /// `mean`; exact also far from zero.
  ///
  /// - Parameter usesBatch: mean and variance are those of the batch, and are written.
  public static func batchNorm(
    _ x: Tensor, mean: Tensor, variance: Tensor, epsilon: Double, usesBatch: Bool, gamma: Tensor?,
    beta: Tensor?, normal: Normal, into y: Tensor
  ) {
    let columns = mean.count
    let kind = kind(
      x, [mean, variance, gamma, beta, normal.values, normal.inverse, y], count: columns)
    precondition(
      columns > 0 && x.count % columns == 0 && variance.count == columns
        && normal.inverse.count == columns && gamma?.count ?? columns == columns
        && beta?.count ?? columns == columns && y.count == x.count
        && normal.values.count >= x.count, "shapes of a normalisation must agree")
    y.storage.version += 1
    if usesBatch { mean.storage.version += 1 }
    unsafe gk_batch_norm(
      kind, x.count / columns, columns, epsilon, usesBatch ? 1 : 0, mean.pointer, variance.pointer,
      normal.inverse.pointer, gamma?.pointer, beta?.pointer, normal.values.pointer, y.pointer,
      x.pointer)
  }

  /// The gradient of the input of `batchNorm` from that of its output, and with `usesBatch` those of
  /// gamma and beta.
  public static func batchNormGradient(
    _ g: Tensor, normal: Normal, usesBatch: Bool, gamma: Tensor?, into target: Tensor?,
    gammaGradient: Tensor?, betaGradient: Tensor?
  ) {
    let columns = normal.inverse.count
    let kind = kind(
      g, [normal.values, normal.inverse, gamma, target, gammaGradient, betaGradient],
      count: columns)
    precondition(
      columns > 0 && g.count % columns == 0 && target?.count ?? g.count == g.count
        && gammaGradient?.count ?? columns == columns && betaGradient?.count ?? columns == columns
        && gamma?.count ?? columns == columns && normal.values.count >= g.count,
      "shapes of a normalisation must agree")
    target?.storage.version += 1
    unsafe gk_batch_norm_back(
      kind, g.count / columns, columns, usesBatch ? 1 : 0, target?.pointer,
      gammaGradient?.pointer, betaGradient?.pointer, gamma?.pointer, normal.inverse.pointer,
      normal.values.pointer, g.pointer)
  }

  /// The same over each row of `columns` elements; `normal.inverse` has one element for each row.
  public static func layerNorm(
    _ x: Tensor, columns: Int, epsilon: Double, gamma: Tensor?, beta: Tensor?, normal: Normal,
    into y: Tensor
  ) {
    let kind = kind(x, [gamma, beta, normal.values, normal.inverse, y], count: columns)
    precondition(
      columns > 0 && x.count % columns == 0 && gamma?.count ?? columns == columns
        && beta?.count ?? columns == columns && y.count == x.count
        && normal.values.count >= x.count && normal.inverse.count >= x.count / columns,
      "shapes of a normalisation must agree")
    y.storage.version += 1
    unsafe gk_layer_norm(
      kind, x.count / columns, columns, epsilon, normal.inverse.pointer, gamma?.pointer,
      beta?.pointer, normal.values.pointer, y.pointer, x.pointer)
  }

  public static func layerNormGradient(
    _ g: Tensor, columns: Int, normal: Normal, gamma: Tensor?, into target: Tensor?,
    gammaGradient: Tensor?, betaGradient: Tensor?
  ) {
    let kind = kind(
      g, [normal.values, normal.inverse, gamma, target, gammaGradient, betaGradient],
      count: columns)
    precondition(
      columns > 0 && g.count % columns == 0 && target?.count ?? g.count == g.count
        && gammaGradient?.count ?? columns == columns && betaGradient?.count ?? columns == columns
        && gamma?.count ?? columns == columns && normal.values.count >= g.count
        && normal.inverse.count >= g.count / columns, "shapes of a normalisation must agree")
    target?.storage.version += 1
    unsafe gk_layer_norm_back(
      kind, g.count / columns, columns, target?.pointer, gammaGradient?.pointer,
      betaGradient?.pointer, gamma?.pointer, normal.inverse.pointer, normal.values.pointer,
      g.pointer)
  }

  /// `y = x` above zero, `alpha x` below, one alpha for each column.
  public static func prelu(_ x: Tensor, alpha: Tensor, into y: Tensor) {
    let columns = alpha.count
    let kind = kind(x, [alpha, y], count: columns)
    precondition(columns > 0 && x.count % columns == 0 && y.count == x.count)
    y.storage.version += 1
    unsafe gk_prelu(kind, x.count / columns, columns, y.pointer, x.pointer, alpha.pointer)
  }

  /// The gradients of `prelu`: of its input, when wanted, and of alpha.
  public static func preluGradient(
    _ g: Tensor, _ x: Tensor, alpha: Tensor, into target: Tensor?, alphaGradient: Tensor
  ) {
    let columns = alpha.count
    let kind = kind(x, [g, alpha, target, alphaGradient], count: columns)
    precondition(
      columns > 0 && x.count % columns == 0 && g.count == x.count
        && target?.count ?? g.count == g.count && alphaGradient.count == columns)
    target?.storage.version += 1
    unsafe gk_prelu_back(
      kind, x.count / columns, columns, target?.pointer, alphaGradient.pointer, alpha.pointer,
      x.pointer, g.pointer)
  }

  /// `out = keep out + share x`.
  public static func blend(_ out: Tensor, keep: Double, share: Double, _ x: Tensor) {
    let kind = kind(out, [x], count: out.count)
    precondition(out.count == x.count)
    out.storage.version += 1
    unsafe gk_blend(kind, out.count, out.pointer, keep, share, x.pointer)
  }
}
