internal import Tensors

/// What a layer does in a plan, with weights and memory of its own.
protocol PlanPart: AnyObject {
  /// Whether it takes from each column the mean over the batch, so that what a layer before it adds
  /// to a column has no effect.
  var takesMean: Bool { get }
  /// Takes memory for batches of up to `capacity` examples.
  func attach(_ gradients: PlanGradients, capacity: Int, dtype: DType) throws
  func forward(_ x: Tensor, into output: Tensor) throws
  /// - Parameters:
  ///   - gradient: that of the output.
  ///   - target: receives that of the input; nil when nobody needs it.
  ///   - rate: when set, the weights are moved at once.
  func backward(
    _ x: Tensor, _ gradient: Tensor, into target: Tensor?, folding rate: Double?
  ) throws
}

extension PlanPart {
  var takesMean: Bool { false }

  /// Moves weights by gradient descent.
  func move(_ weights: [(weight: Weight?, gradient: Tensor?)], rate: Double?) {
    guard let rate else { return }
    for case (let weight?, let gradient?) in weights {
      Fused.sgd(weight.tensor, gradient, rate: rate)
    }
  }
}

/// Batch normalisation over the last axis, in a plan.
final class PlanBatchNorm: PlanPart {
  private let layer: BatchNorm
  private let width: Int
  private let columns: Int
  private let usesBatch: Bool
  private var memory: (normal: Fused.Normal, mean: Tensor, variance: Tensor)?
  private var gammaGradient: Tensor?
  private var betaGradient: Tensor?

  /// nil when it normalises another axis.
  init?(_ layer: BatchNorm, sizes: [Int]) {
    guard let columns = sizes.last, columns > 0,
      layer.axis == -1 || layer.axis == sizes.count
    else { return nil }
    self.layer = layer
    self.columns = columns
    width = sizes.reduce(1, *)
    usesBatch = layer.state.isTrainable
  }

  var takesMean: Bool { usesBatch }

  func attach(_ gradients: PlanGradients, capacity: Int, dtype: DType) throws {
    let column = { try Tensor.zeros(Shape([self.columns]), dtype: dtype) }
    memory = (
      Fused.Normal(
        values: try Tensor.zeros(Shape([capacity, width]), dtype: dtype), inverse: try column()),
      try column(), try column()
    )
    gammaGradient = layer.affine.gamma.flatMap { gradients.table[ObjectIdentifier($0)] }
    betaGradient = layer.affine.beta.flatMap { gradients.table[ObjectIdentifier($0)] }
  }

  func forward(_ x: Tensor, into output: Tensor) throws {
    guard let memory, let movingMean = layer.movingMean?.tensor,
      let movingVariance = layer.movingVariance?.tensor
    else { return }
    Fused.batchNorm(
      x, mean: usesBatch ? memory.mean : movingMean,
      variance: usesBatch ? memory.variance : movingVariance, epsilon: layer.epsilon,
      usesBatch: usesBatch, gamma: layer.affine.gamma?.tensor, beta: layer.affine.beta?.tensor,
      normal: memory.normal, into: output)
    if usesBatch { try layer.follow(memory.mean, memory.variance, count: x.count / columns) }
  }

  func backward(
    _ x: Tensor, _ gradient: Tensor, into target: Tensor?, folding rate: Double?
  ) throws {
    guard let memory else { return }
    Fused.batchNormGradient(
      gradient, normal: memory.normal, usesBatch: usesBatch, gamma: layer.affine.gamma?.tensor,
      into: target, gammaGradient: gammaGradient, betaGradient: betaGradient)
    move([(layer.affine.gamma, gammaGradient), (layer.affine.beta, betaGradient)], rate: rate)
  }
}

/// Layer normalisation over the last axis, in a plan.
final class PlanLayerNorm: PlanPart {
  private let layer: LayerNorm
  private let width: Int
  private let columns: Int
  private var normal: Fused.Normal?
  private var gammaGradient: Tensor?
  private var betaGradient: Tensor?

  /// nil when it normalises over other axes.
  init?(_ layer: LayerNorm, sizes: [Int]) {
    guard let columns = sizes.last, columns > 0,
      layer.axes == [-1] || layer.axes == [sizes.count]
    else { return nil }
    self.layer = layer
    self.columns = columns
    width = sizes.reduce(1, *)
  }

  func attach(_ gradients: PlanGradients, capacity: Int, dtype: DType) throws {
    normal = Fused.Normal(
      values: try Tensor.zeros(Shape([capacity, width]), dtype: dtype),
      inverse: try Tensor.zeros(Shape([capacity * (width / columns)]), dtype: dtype))
    gammaGradient = layer.affine.gamma.flatMap { gradients.table[ObjectIdentifier($0)] }
    betaGradient = layer.affine.beta.flatMap { gradients.table[ObjectIdentifier($0)] }
  }

  func forward(_ x: Tensor, into output: Tensor) throws {
    guard let normal else { return }
    Fused.layerNorm(
      x, columns: columns, epsilon: layer.epsilon, gamma: layer.affine.gamma?.tensor,
      beta: layer.affine.beta?.tensor, normal: normal, into: output)
  }

  func backward(
    _ x: Tensor, _ gradient: Tensor, into target: Tensor?, folding rate: Double?
  ) throws {
    guard let normal else { return }
    Fused.layerNormGradient(
      gradient, columns: columns, normal: normal, gamma: layer.affine.gamma?.tensor, into: target,
      gammaGradient: gammaGradient, betaGradient: betaGradient)
    move([(layer.affine.gamma, gammaGradient), (layer.affine.beta, betaGradient)], rate: rate)
  }
}

/// PReLU in a plan.
final class PlanPReLU: PlanPart {
  private let layer: PReLU
  private let sizes: [Int]
  private var memory: (slopes: Tensor, gradient: Tensor)?
  private var alphaGradient: Tensor?

  init?(_ layer: PReLU, sizes: [Int]) {
    guard !sizes.contains(0) else { return nil }
    self.layer = layer
    self.sizes = sizes
  }

  func attach(_ gradients: PlanGradients, capacity: Int, dtype: DType) throws {
    memory = (
      try Tensor.zeros(Shape(sizes), dtype: dtype), try Tensor.zeros(Shape(sizes), dtype: dtype)
    )
    alphaGradient = layer.alpha.flatMap { gradients.table[ObjectIdentifier($0)] }
  }

  func forward(_ x: Tensor, into output: Tensor) throws {
    guard let memory, let alpha = layer.alpha?.tensor else { return }
    Fused.copy(alpha, into: memory.slopes)
    Fused.prelu(x, alpha: memory.slopes, into: output)
  }

  func backward(
    _ x: Tensor, _ gradient: Tensor, into target: Tensor?, folding rate: Double?
  ) throws {
    guard let memory else { return }
    Fused.preluGradient(
      gradient, x, alpha: memory.slopes, into: target, alphaGradient: memory.gradient)
    guard let alpha = layer.alpha, let alphaGradient else { return }
    let shared = sizes.indices.filter { alpha.tensor.shape[$0] != sizes[$0] }
    let sum =
      try shared.isEmpty
      ? memory.gradient : memory.gradient.sum(axes: shared, keepdims: true)
    Fused.copy(sum, into: alphaGradient)
    move([(alpha, alphaGradient)], rate: rate)
  }
}
