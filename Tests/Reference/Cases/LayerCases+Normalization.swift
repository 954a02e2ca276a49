internal import Catalog
internal import Neural

extension Case {
  /// Runs a layer with the named inputs as its first weights, and compares output and gradients.
  ///
  /// - Parameters:
  ///   - prepare: what else must be set once the layer has its weights.
  ///   - compute: nil: the layer's forward pass.
  @discardableResult
  func run<L: Layer>(
    _ layer: L, on given: Tensor? = nil, weights names: [String] = [], isTraining: Bool = true,
    prepare: (L) throws -> Void = { _ in },
    result: String = "y", onlyIfGiven: Bool = false,
    _ compute: ((L, Tensor, Pass) throws -> Tensor)? = nil
  ) throws -> Tensor {
    let x = try given ?? input("x")
    if onlyIfGiven, json["outputs"]?[result] == nil { return x }
    let stream = RandomStream(seed: 0, name: "init")
    _ = try layer.prepare(
      Array(x.shape.dropFirst()), with: WeightMaker(dtype: dtype, stream: stream))
    for (weight, name) in zip(layer.weights, names) {
      try weight.tensor.assign([.ellipsis], input(name).reshape(weight.tensor.shape))
    }
    try prepare(layer)
    let pass = Pass(isTraining: isTraining, stream: stream)
    let upstream = try json["upstream"].map { try Case.tensor($0, dtype: dtype) }
    let tensors = [x] + layer.weights.prefix(names.count).map(\.tensor)
    let (y, gradients) = try Tape.recording { tape in
      for tensor in tensors { try tape.watch(tensor) }
      let y = try compute?(layer, x, pass) ?? layer.forward(x, pass)
      guard let upstream else { return (y.detached(), [Tensor]()) }
      return (
        y.detached(), try tape.gradients(of: y, for: tensors, cotangent: upstream.reshape(y.shape))
      )
    }
    expect(y, result)
    for (name, gradient) in zip(["x"] + names, gradients) where json["grads"]?[name] != nil {
      expect(gradient, name, in: "grads")
    }
    return y
  }

  /// A tensor given among the parameters as a plain list.
  func vector(_ name: String) throws -> Tensor {
    guard let values = parameters[name].flatMap(Case.numbers) else {
      throw Unsupported("\(name) is missing")
    }
    return try Tensor(values, shape: Shape([values.count]), dtype: dtype)
  }

  func axes(_ name: String) -> [Int] {
    if let one = parameters[name]?.int { return [one] }
    return parameters[name]?.array?.compactMap(\.int) ?? [-1]
  }

  /// The case's momentum in Keras's sense, whichever it gives.
  var momentum: Double {
    number("momentum_keras") ?? number("momentum_torch").map { 1 - $0 } ?? number("momentum")
      ?? 0.99
  }
}

extension Operations {
  private static func batchNorm(_ c: Case) throws {
    let axis = c.parameters["axis"]?.int ?? -1
    for variance in BatchNorm.Variance.allCases {
      let layer = BatchNorm(
        axis: axis, momentum: c.momentum, epsilon: c.number("epsilon") ?? 1e-3, variance: variance)
      try c.run(layer, weights: ["gamma", "beta"]) { layer in
        try layer.movingMean?.tensor.assign([.ellipsis], c.vector("running_mean_before"))
        try layer.movingVariance?.tensor.assign([.ellipsis], c.vector("running_var_before"))
      }
      if let mean = layer.movingMean?.tensor, let spread = layer.movingVariance?.tensor {
        c.expect(mean, "running_mean")
        c.expect(spread, "running_var_\(variance.rawValue)")
      }
      // With momentum 0 the moving values are those of the batch.
      let instant = BatchNorm(axis: axis, momentum: 0, epsilon: c.number("epsilon") ?? 1e-3)
      try c.run(instant, weights: ["gamma", "beta"])
      if let mean = instant.movingMean?.tensor, let spread = instant.movingVariance?.tensor {
        c.expect(mean, "batch_mean")
        c.expect(spread, "batch_var_biased")
      }
    }
  }

  private static func batchSequence(_ c: Case) throws {
    let batches = try c.input("batches")
    func follow(_ momentum: Double?, _ variance: BatchNorm.Variance) throws -> (Tensor, Tensor) {
      let layer = BatchNorm(momentum: momentum, variance: variance)
      let stream = RandomStream(seed: 0, name: "init")
      _ = try layer.prepare(
        Array(batches.shape.dropFirst(2)), with: WeightMaker(dtype: c.dtype, stream: stream))
      guard let mean = layer.movingMean?.tensor, let spread = layer.movingVariance?.tensor else {
        throw Unsupported("moving values")
      }
      Fused.fill(mean, c.number("start_mean") ?? 0)
      Fused.fill(spread, c.number("start_var") ?? 1)
      var means: [Tensor] = []
      var spreads: [Tensor] = []
      for batch in 0..<batches.shape[0] {
        _ = try layer.forward(
          batches.at([.at(batch)]), Pass(isTraining: true, stream: stream))
        means.append(try mean.copy())
        spreads.append(try spread.copy())
      }
      return (try Tensor.stack(means), try Tensor.stack(spreads))
    }
    for variance in BatchNorm.Variance.allCases {
      let (mean, spread) = try follow(c.momentum, variance)
      c.expect(mean, "running_mean")
      c.expect(spread, "running_var_\(variance.rawValue)")
    }
    let (mean, spread) = try follow(nil, .unbiased)
    c.expect(mean, "cumulative_mean")
    c.expect(spread, "cumulative_var_unbiased")
  }

  /// A dense layer without bias and a batch normalisation, before or after ReLU.
  private static func denseWithNorm(_ c: Case, activatesFirst: Bool) throws {
    guard try c.input("W").rank == 2 else { throw Unsupported("W is no matrix") }
    let (units, epsilon) = (try c.input("W").shape[1], c.number("epsilon") ?? 1e-3)
    let layers: [any Layer] = [
      Dense(units, .builtIn(activatesFirst ? .relu : .linear), usesBias: false),
      BatchNorm(epsilon: epsilon),
    ]
    let net = try Sequential(layers + (activatesFirst ? [] : [ActivationLayer(.builtIn(.relu))]))
    let x = try c.input("x")
    var stream = RandomStream(seed: 0, name: "init")
    try net.build(Array(x.shape.dropFirst()), dtype: c.dtype, from: &stream)
    let names = ["W", "gamma", "beta"]
    for (weight, name) in zip(net.trainable, names) {
      try weight.tensor.assign([.ellipsis], c.input(name))
    }
    let upstream = try Case.tensor(c.json["upstream"], dtype: c.dtype)
    let tensors = [x] + net.trainable.map(\.tensor)
    try Tape.recording { tape in
      for tensor in tensors { try tape.watch(tensor) }
      let y = try net.forward(
        x, Pass(isTraining: c.parameters["training"]?.bool ?? true, stream: stream))
      c.expect(y.detached(), "y")
      let gradients = try tape.gradients(of: y, for: tensors, cotangent: upstream)
      for (name, gradient) in zip(["x"] + names, gradients) {
        c.expect(gradient, name, in: "grads")
      }
    }
  }

  /// A linear layer with a batch normalisation behind it, before and after folding.
  private static func fold(_ c: Case, _ layer: any KernelLayer, kernel: String) throws {
    let norm = BatchNorm(epsilon: c.number("epsilon") ?? 1e-3)
    let net = try Sequential(layer, norm)
    let x = try c.input("x")
    var stream = RandomStream(seed: 0, name: "init")
    try net.build(Array(x.shape.dropFirst()), dtype: c.dtype, from: &stream)
    for (weight, name) in zip(
      layer.weights + norm.weights,
      [kernel] + (c.has("b") ? ["b"] : []) + ["gamma", "beta", "running_mean", "running_var"])
    { try weight.tensor.assign([.ellipsis], c.input(name)) }
    let folding = try net.foldingBatchNorm()
    if folding.folded.count != 1 { c.fail(folding.summary) }
    for model in [net, folding.model] {
      c.expect(try model.predict(x, context: Context(sink: Recording())), "y")
    }
    for (weight, name) in zip(folding.model.weights, [kernel + "_folded", "b_folded"]) {
      c.expect(weight.tensor, name)
    }
  }

  static let normalizations: [String: Check] = [
    "batchnorm_fold_conv": { c in
      try c.know("epsilon", "padding")
      let kernel = try c.input("K").shape
      let options = WindowOptions(padding: try Case.padding(c.parameters["padding"]))
      try fold(
        c,
        Convolution(
          kernel.count == 3 ? .conv1D : .conv2D, kernel[kernel.count - 1],
          Array(kernel.dropLast(2)), .builtIn(.linear),
          Convolution.Settings(options, usesBias: c.has("b"))), kernel: "K")
    },
    "batchnorm_fold": { c in
      try c.know("epsilon")
      let units = try c.input("W").shape[1]
      try fold(c, Dense(units, .builtIn(.linear), usesBias: c.has("b")), kernel: "W")
    },
    "batchnorm_train": { c in
      try c.know(
        "axis", "epsilon", "momentum", "momentum_keras", "momentum_torch", "running_mean_before",
        "running_var_before", "m")
      try batchNorm(c)
    },
    "batchnorm_train_one": { c in
      try c.know("axis", "epsilon")
      try c.run(
        BatchNorm(axis: c.parameters["axis"]?.int ?? -1, epsilon: c.number("epsilon") ?? 1e-3),
        weights: ["gamma", "beta"].filter(c.has))
    },
    "batchnorm_inference": { c in
      try c.know("axis", "epsilon", "running_mean", "running_var")
      try c.run(
        BatchNorm(axis: c.parameters["axis"]?.int ?? -1, epsilon: c.number("epsilon") ?? 1e-3),
        weights: ["gamma", "beta"], isTraining: false
      ) { layer in
        try layer.movingMean?.tensor.assign([.ellipsis], c.vector("running_mean"))
        try layer.movingVariance?.tensor.assign([.ellipsis], c.vector("running_var"))
      }
    },
    "batchnorm_sequence": { c in
      try c.know("momentum", "momentum_keras", "momentum_torch", "start_mean", "start_var")
      try batchSequence(c)
    },
    "layernorm": { c in
      try c.know("axis", "epsilon")
      let layer = LayerNorm(axes: c.axes("axis"), epsilon: c.number("epsilon") ?? 1e-3)
      try c.run(layer, weights: ["gamma", "beta"])
    },
    "groupnorm": { c in
      try c.know("groups", "axis", "epsilon")
      let layer = GroupNorm(
        groups: c.parameters["groups"]?.int ?? 32, axis: c.parameters["axis"]?.int ?? -1,
        epsilon: c.number("epsilon") ?? 1e-3)
      try c.run(layer, weights: ["gamma", "beta"])
    },
    "instancenorm": { c in
      try c.know("axis", "epsilon")
      let layer = GroupNorm(
        groups: -1, axis: c.parameters["axis"]?.int ?? -1, epsilon: c.number("epsilon") ?? 1e-3)
      try c.run(layer, weights: ["gamma", "beta"])
    },
    "rmsnorm": { c in
      try c.know("axis", "epsilon")
      let layer = RMSNorm(axes: c.axes("axis"), epsilon: c.number("epsilon") ?? 1e-6)
      try c.run(layer, weights: ["gamma"])
    },
    "unit_norm": { c in
      try c.know("axis")
      try c.run(UnitNorm(axes: c.axes("axis")))
    },
    "weightnorm_dense": { c in
      try c.know("norm_over")
      let usesBias = c.has("b")
      let layer = WeightNorm(
        Dense(try c.input("v").shape[1], .builtIn(.linear), usesBias: usesBias))
      try c.run(layer, weights: ["v", "g"] + (usesBias ? ["b"] : []))
      c.expect(try layer.kernel(), "W")
    },
    "weightnorm_data_init": { c in
      try c.know()
      let layer = WeightNorm(Dense(try c.input("v").shape[1]), usesData: true)
      // Given g differs from what the batch will set.
      try c.run(layer, weights: ["v"])
      for (name, weight) in layer.namedWeights where name == "g" || name == "bias" {
        c.expect(weight.tensor, name == "g" ? "g" : "b")
      }
    },
    "lrn": { c in
      try c.know(
        "depth_radius", "bias", "alpha", "beta", "alpha_convention", "torch_equivalent", "layout",
        "axis")
      let axis = c.parameters["layout"]?.string == "NCHW" ? 1 : c.parameters["axis"]?.int ?? -1
      let (alpha, beta) = (c.number("alpha") ?? 1, c.number("beta") ?? 0.5)
      try c.run(
        LocalResponseNorm(
          radius: c.parameters["depth_radius"]?.int ?? 5, bias: c.number("bias") ?? 1,
          alpha: alpha, beta: beta, axis: axis))
      // The same in PyTorch's terms.
      guard let other = c.parameters["torch_equivalent"], let size = other["size"]?.int else {
        return
      }
      try c.run(
        LocalResponseNorm(
          size: size, bias: other["k"]?.double ?? 1, alpha: other["alpha"]?.double ?? 1e-4,
          beta: other["beta"]?.double ?? 0.75, form: .mean, axis: axis))
    },
    "lrn_torch": { c in
      try c.know("layout", "size", "alpha", "beta", "k")
      let axis = c.parameters["layout"]?.string == "NHWC" ? -1 : 1
      try c.run(
        LocalResponseNorm(
          size: c.parameters["size"]?.int ?? 5, bias: c.number("k") ?? 1,
          alpha: c.number("alpha") ?? 1e-4, beta: c.number("beta") ?? 0.75, form: .mean,
          axis: axis))
    },
    "dense_bn_before_relu": { c in
      try c.know("epsilon", "training")
      try denseWithNorm(c, activatesFirst: false)
    },
    "dense_bn_after_relu": { c in
      try c.know("epsilon", "training")
      try denseWithNorm(c, activatesFirst: true)
    },
  ]
}
