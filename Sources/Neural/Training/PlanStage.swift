internal import Tensors

/// One stage of a plan with its memory for a full batch.
struct Stage {
  let part: PlanOutline.Part
  /// The shape of one output.
  let sizes: [Int]
  /// The length of a row of its output.
  let width: Int
  let output: Tensor
  /// What the activation got, where its derivative needs that.
  let before: Tensor?
  /// Where the largest elements stood, for pooling.
  let places: Tensor?
  /// The gradient with respect to the output; stages of one width share it.
  let gradient: Tensor
  let kernelGradient: Tensor?
  let biasGradient: Tensor?
  /// For a layer whose weights do not learn.
  let biasScratch: Tensor?

  init(
    _ part: PlanOutline.Part, sizes: [Int], input: Int, capacity: Int, dtype: DType,
    _ gradients: PlanGradients, losesBias: Bool
  ) throws {
    self.part = part
    self.sizes = sizes
    var kernel: Tensor?
    var bias: Tensor?
    var keepsInput = false
    var findsPlaces = false
    switch part {
    case .dense(let dense, let activation):
      width = dense.units
      kernel = dense.kernel.flatMap { gradients.table[ObjectIdentifier($0)] }
      bias = dense.bias.flatMap { gradients.table[ObjectIdentifier($0)] }
      keepsInput = activation.kernel.needsInput
    case .convolution(let convolution):
      width = convolution.windows.outputs
      let layer = convolution.layer
      kernel = layer.kernel.flatMap { gradients.table[ObjectIdentifier($0)] }
      bias = layer.bias.flatMap { gradients.table[ObjectIdentifier($0)] }
      keepsInput = convolution.activation.kernel.needsInput
    case .pooling(let pooling):
      width = pooling.windows.outputs
      findsPlaces = !pooling.isMean
    case .own(let part):
      width = input
      try part.attach(gradients, capacity: capacity, dtype: dtype)
    case .activation, .noise: width = input
    }
    // What follows takes the mean away, so the gradient of a bias stays 0.
    switch part {
    case .dense(_, let activation) where losesBias && activation.kernel == .linear: bias = nil
    case .convolution(let convolution) where losesBias && convolution.activation.kernel == .linear:
      bias = nil
    default: break
    }
    let shape = try Shape([capacity, width])
    output = try Tensor.zeros(shape, dtype: dtype)
    gradient = try Tensor.zeros(shape, dtype: dtype)
    before = keepsInput ? try Tensor.zeros(shape, dtype: dtype) : nil
    places = findsPlaces ? try Tensor.zeros(shape, dtype: .i32) : nil
    kernelGradient = kernel
    biasGradient = bias
    biasScratch = bias == nil ? nil : try Tensor.zeros(Shape([width]), dtype: dtype)
  }
}

/// A stage's memory cut to the rows of one batch.
final class StageViews {
  let stage: Stage
  let output: Tensor
  let gradient: Tensor
  let before: Tensor?
  let places: Tensor?
  /// What the last batch was multiplied by.
  private var factor: Tensor?
  /// The stage's input transposed, for the gradient of the kernel.
  private var inputTransposed: Tensor?
  private var kernelTransposed: Tensor?

  init(_ stage: Stage, rows: Int, after previous: StageViews?) throws {
    self.stage = stage
    let shape = try Shape([rows, stage.width])
    output = try stage.output.piece(0, shape)
    gradient = try stage.gradient.piece(0, shape)
    before = try stage.before?.piece(0, shape)
    places = try stage.places?.piece(0, shape)
  }

  func forward(_ x: Tensor, _ stream: inout RandomStream) throws -> Tensor {
    switch stage.part {
    case .dense(let dense, let activation):
      guard let kernel = dense.kernel?.tensor else { break }
      let bias = dense.bias?.tensor
      if let before {
        try Fused.product(x, kernel, into: before)
        Fused.activate(.linear, before, bias: bias, into: before)
        Fused.activate(activation.kernel, alpha: activation.alpha, before, into: output)
      } else {
        try Fused.product(x, kernel, into: output)
        Fused.activate(
          activation.kernel, alpha: activation.alpha, output, bias: bias, into: output)
      }
    case .activation(let activation):
      Fused.activate(activation.kernel, alpha: activation.alpha, x, into: output)
    case .convolution(let part): try forward(part, x)
    case .pooling(let part): try forward(part, x)
    case .own(let part): try part.forward(x, into: output)
    case .noise(let layer):
      let full = try Shape([output.shape[0]] + stage.sizes)
      let noise = try layer.draw(for: x.reshape(full), from: &stream)
      factor = try noise.factor?.broadcast(to: full).reshape(output.shape)
      if let factor {
        Fused.binary(.multiply, x, factor, into: output)
      } else {
        Fused.copy(x, into: output)
      }
      if let shift = try noise.shift?.broadcast(to: full).reshape(output.shape) {
        Fused.binary(.add, output, shift, into: output)
      }
    }
    return output
  }

  /// Turns the gradient of the output into those of the weights and of the input.
  ///
  /// - Parameters:
  ///   - x: the stage's input.
  ///   - target: receives the gradient of the input; nil for the first stage.
  ///   - rate: when set, the weights are moved at once and no gradient is kept.
  func backward(_ x: Tensor, into target: Tensor?, folding rate: Double?) throws {
    switch stage.part {
    case .dense(let dense, let activation):
      guard let kernel = dense.kernel?.tensor else { return }
      if activation.kernel != .linear {
        Fused.activationGradient(
          activation.kernel, alpha: activation.alpha, before ?? output, gradient, into: gradient)
      }
      if let target {
        let turned = try kernelTransposed ?? kernel.swapAxes(0, 1)
        kernelTransposed = turned
        try Fused.product(gradient, turned, into: target)
      }
      guard let kernelGradient = stage.kernelGradient else { return }
      let turned = try inputTransposed ?? x.swapAxes(0, 1)
      inputTransposed = turned
      if let rate {
        try Fused.product(turned, gradient, into: kernel, alpha: -rate, beta: 1)
        if let bias = dense.bias?.tensor, let scratch = stage.biasScratch {
          Fused.columnSums(gradient, into: scratch)
          Fused.sgd(bias, scratch, rate: rate)
        }
      } else {
        try Fused.product(turned, gradient, into: kernelGradient)
        if let biasGradient = stage.biasGradient {
          Fused.columnSums(gradient, into: biasGradient)
        }
      }
    case .activation(let activation):
      guard let target else { return }
      Fused.activationGradient(
        activation.kernel, alpha: activation.alpha, activation.kernel.needsInput ? x : output,
        gradient, into: target)
    case .convolution(let part): try backward(part, x, into: target, folding: rate)
    case .pooling(let part): try backward(part, into: target)
    case .own(let part): try part.backward(x, gradient, into: target, folding: rate)
    case .noise:
      guard let target else { return }
      if let factor {
        Fused.binary(.multiply, gradient, factor, into: target)
      } else {
        Fused.copy(gradient, into: target)
      }
    }
  }
}
