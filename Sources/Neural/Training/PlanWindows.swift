internal import Tensors

/// A convolution as a stage of a plan.
struct PlanConvolution {
  let layer: Convolution
  var activation: FusedActivation
  let windows: Fused.Windows
  /// The pooling behind it takes the gradient through the activation: at the largest elements the
  /// derivative is the same, and there are fewer of them.
  var leavesDerivative = false
  private let shape: Shape

  /// nil when only the tape can run it.
  init?(_ layer: Convolution, _ activation: FusedActivation, input: [Int]) throws {
    guard let kernel = layer.kernel?.tensor, let channels = input.last,
      layer.own.options.mode == .zeros
    else { return nil }
    let groups: Int
    switch layer.kind {
    case .conv1D, .conv2D:
      groups = layer.own.options.groups
      shape = kernel.shape
    case .depthwise2D:
      groups = channels
      shape = try Shape(layer.size + [1, channels * layer.own.multiplier])
    case .separable2D, .transposed1D, .transposed2D: return nil
    }
    self.layer = layer
    self.activation = activation
    windows = Fused.Windows(
      try layer.own.options.axes(Array(input.dropLast()), kernel: layer.size), channels: channels,
      filters: shape.last ?? 0, groups: groups)
  }

  /// The kernel, or its gradient, as the convolution reads it.
  func seen(_ kernel: Tensor) throws -> Tensor { try kernel.reshape(shape) }
}

/// Pooling as a stage of a plan.
struct PlanPooling {
  let isMean: Bool
  let countsPadding: Bool
  let windows: Fused.Windows
  /// The activation before it, whose derivative it takes over.
  var activation: FusedActivation?

  init(_ layer: PoolingLayer, input: [Int]) throws {
    isMean = layer.kind.isMean
    countsPadding = layer.countsPadding
    let sizes = Array(input.dropLast())
    let channels = input.last ?? 0
    let axes =
      layer.kind.isGlobal
      ? try WindowOptions().poolAxes(sizes, kernel: sizes)
      : try layer.options.poolAxes(sizes, kernel: layer.size)
    windows = Fused.Windows(axes, channels: channels, filters: channels)
  }
}

extension StageViews {
  func forward(_ part: PlanConvolution, _ x: Tensor) throws {
    guard let kernel = part.layer.kernel?.tensor else { return }
    let activation = part.activation
    let bias = part.layer.bias?.tensor
    let rectifies = activation.kernel == .relu
    try Fused.convolve(
      x, part.seen(kernel), bias: bias, rectifies: rectifies, into: before ?? output,
      part.windows)
    if !rectifies, activation.kernel != .linear {
      Fused.activate(activation.kernel, alpha: activation.alpha, before ?? output, into: output)
    }
  }

  func backward(
    _ part: PlanConvolution, _ x: Tensor, into target: Tensor?, folding rate: Double?
  ) throws {
    guard let kernel = part.layer.kernel?.tensor else { return }
    let activation = part.activation
    if activation.kernel != .linear, !part.leavesDerivative {
      Fused.activationGradient(
        activation.kernel, alpha: activation.alpha, before ?? output, gradient, into: gradient)
    }
    if let target {
      try Fused.convolutionInput(gradient, part.seen(kernel), into: target, part.windows)
    }
    guard let slope = stage.kernelGradient else { return }
    try Fused.convolutionKernel(
      x, gradient, into: part.seen(slope), bias: stage.biasGradient, part.windows)
    guard let rate else { return }
    Fused.sgd(kernel, slope, rate: rate)
    if let bias = part.layer.bias?.tensor, let slope = stage.biasGradient {
      Fused.sgd(bias, slope, rate: rate)
    }
  }

  func forward(_ part: PlanPooling, _ x: Tensor) throws {
    if let places {
      try Fused.largest(x, into: output, places: places, part.windows)
    } else {
      try Fused.mean(x, countsPadding: part.countsPadding, into: output, part.windows)
    }
  }

  func backward(_ part: PlanPooling, into target: Tensor?) throws {
    guard let target else { return }
    if let activation = part.activation {
      Fused.activationGradient(
        activation.kernel, alpha: activation.alpha, output, gradient, into: gradient)
    }
    if let places {
      try Fused.largestGradient(gradient, places: places, into: target, part.windows)
    } else {
      try Fused.meanGradient(
        gradient, countsPadding: part.countsPadding, into: target, part.windows)
    }
  }
}
