internal import Catalog
internal import Tensors

/// What folding did with the batch normalisations of a model.
public struct Folding {
  /// The model without those that were folded.
  public let model: Sequential
  /// Names of normalisations with the layers they went into.
  public let folded: [(norm: String, into: String)]
  /// Names of those that stay, with the reasons.
  public let kept: [(norm: String, why: String)]

  /// In a sentence for each.
  public var summary: String {
    var lines = folded.map { "folded '\($0.norm)' into '\($0.into)'" }
    lines += kept.map { "kept '\($0.norm)': \($0.why)" }
    return lines.isEmpty ? "no batch normalisation to fold" : lines.joined(separator: "\n")
  }
}

extension Sequential {
  /// A model that predicts the same without the batch normalisations that follow a linear layer.
  ///
  /// Kernel and bias become W gamma / sqrt(v + epsilon) for each unit and
  /// (b - mean) gamma / sqrt(v + epsilon) + beta, with the moving mean and variance v. For
  /// inference: trained on, it is another model.
  ///
  /// - Throws: L309 when it has no weights yet, or a script puts it together.
  public func foldingBatchNorm() throws -> Folding {
    guard let inputShape, !isComposed else {
      throw Failure(
        .value,
        isComposed
          ? "model '\(name)' is put together by its class, so it is not known what follows what"
          : "model '\(name)' has no weights to fold yet", code: "L309",
        help: isComposed ? nil : "build it first: fit it, or call net.build(input_shape)")
    }
    var layers: [any Layer] = []
    var fills: [(layer: any Layer, weights: [Tensor])] = []
    var folded: [(norm: String, into: String)] = []
    var kept: [(norm: String, why: String)] = []
    var index = 0
    while index < chain.count {
      let layer = chain[index]
      index += 1
      if let kernelLayer = layer as? any KernelLayer, index < chain.count,
        let norm = chain[index] as? BatchNorm
      {
        if let weights = try norm.folded(into: kernelLayer) {
          let fresh = kernelLayer.fresh(usesBias: true, activation: .builtIn(.linear))
          fresh.state.name = layer.name
          layers.append(fresh)
          fills.append((fresh, weights))
          folded.append((norm.name, layer.name))
          index += 1
          continue
        }
      }
      if let norm = layer as? BatchNorm {
        kept.append((norm.name, whyKept(norm, after: index > 1 ? chain[index - 2] : nil)))
      }
      let fresh = try layer.twin()
      fresh.state.name = layer.name
      layers.append(fresh)
      fills.append((fresh, layer.weights.map(\.tensor)))
    }
    let model = try Sequential(layers, name: name)
    var stream = RandomStream(seed: 0, name: "init")
    try model.build(inputShape, dtype: dtype, from: &stream)
    for (layer, values) in fills {
      try Weight.assign(values, to: layer.weights, of: "layer '\(layer.name)'")
    }
    model.wanted = wanted
    return Folding(model: model, folded: folded, kept: kept)
  }

  private func whyKept(_ norm: BatchNorm, after layer: (any Layer)?) -> String {
    guard let layer else { return "it is the first layer" }
    if let linear = layer as? any KernelLayer {
      return linear.activation.isLinear
        ? "it normalises another axis than the units of '\(layer.name)'"
        : "the activation of '\(layer.name)' stands before it"
    }
    return "it follows '\(layer.name)' (\(layer.type.name)), which has no kernel"
  }
}

extension BatchNorm {
  /// Kernel and bias of the layer before with this layer's inference folded in; nil when it does
  /// not follow that layer's linear part directly.
  func folded(into layer: any KernelLayer) throws -> [Tensor]? {
    guard layer.activation.isLinear, let kernel = layer.kernel?.tensor, let unit = layer.unitAxis,
      let mean = movingMean?.tensor, let variance = movingVariance?.tensor,
      axis == -1 || axis == layer.state.outputShape?.count, mean.count == kernel.shape[unit]
    else { return nil }
    func wide(_ tensor: Tensor) throws -> Tensor { try tensor.detached().astype(.f64) }
    var factor = try 1 / (wide(variance) + epsilon).sqrt()
    if let gamma = affine.gamma { factor = try factor * wide(gamma.tensor) }
    var bias = try -(wide(mean) * factor)
    if let own = layer.bias?.tensor { bias = try bias + wide(own) * factor }
    if let beta = affine.beta { bias = try bias + wide(beta.tensor) }
    let shape = kernel.shape.keeping([unit])
    return [
      try (wide(kernel) * factor.reshape(shape)).astype(kernel.dtype),
      try bias.astype(kernel.dtype),
    ]
  }
}

/// A model as an argument.
struct WholeModel: Argument {
  let model: Sequential

  static var kind: String { "model" }

  static func read(_ value: Value) throws -> WholeModel? {
    guard case .object(let object) = value, let model = object.receiver(Sequential.self) else {
      return nil
    }
    return WholeModel(model: model)
  }

  var shown: String { "model" }
}

extension ModelEntries {
  static let fold = Entry(
    "fold_batch_norm", "A model for inference with batch normalisation folded into its weights.",
    Parameter("model", WholeModel.self, "a model with weights"), .context,
    returns: "Sequential", example: "quick = fold_batch_norm(net)",
    details: """
      Where batch normalisation follows a dense or convolution layer directly, its inference is \
      linear: `W' = W * gamma / sqrt(v + epsilon)` for each unit, `b' = (b - mean) * gamma / sqrt(v \
      + epsilon) + beta`, with the moving mean and variance v. Prints what was folded and what was \
      not. The given model stays as it is.
      """
  ) { model, context in
    let folding = try model.model.foldingBatchNorm()
    context.sink.emit(.stream(.standard, folding.summary + "\n"))
    return .object(folding.model)
  }
}
