internal import Catalog
internal import Neural

extension Operations {
  static let layers: [String: Check] = [
    "dense": { c in
      let usesBias = c.parameters["use_bias"]?.bool ?? true
      try c.differentiate(usesBias ? ["x", "W", "b"] : ["x", "W"]) { inputs in
        let dense = Dense(inputs[1].shape[1], .builtIn(.linear), usesBias: usesBias)
        let stream = RandomStream(seed: 0, name: "init")
        try dense.build(
          Array(inputs[0].shape.dropFirst()), with: WeightMaker(dtype: c.dtype, stream: stream))
        for (weight, value) in zip(dense.weights, inputs.dropFirst()) {
          try weight.tensor.assign([.ellipsis], value.detached())
        }
        let pass = Pass(isTraining: false, stream: stream)
        let layer = try dense.forward(inputs[0].detached(), pass)
        // The gradients of the same formula; a layer's own weights are not traced here.
        let product = try inputs[0].matmul(inputs[1])
        let y = usesBias ? try product + inputs[2] : product
        c.compare(layer.doubles, y.doubles, "layer")
        return y
      }
    },
    "dropout_stats": { c in
      let rate = c.number("rate") ?? 0.5
      let count = 100_000
      let net = try Sequential(Dropout(rate))
      let y = try net.predict(
        Tensor.full(Shape([1, count]), c.number("x") ?? 1, dtype: c.dtype),
        context: Context(sink: Recording(), seed: 3), isTraining: true
      ).doubles
      let zeros = Double(y.count { $0 == 0 }) / Double(count)
      if abs(zeros - rate) > 5 * (rate * (1 - rate) / Double(count)).squareRoot() {
        c.fail("share of zeros: got \(zeros), expected \(rate)")
      }
      let kept = c.json["expect"]?["kept_value"]?.double ?? 0
      if let other = y.first(where: { $0 != 0 && abs($0 - kept) > 1e-6 }) {
        c.fail("a kept value: got \(other), expected \(kept)")
      }
    },
    "clip_by_value": { c in
      try c.clip(["g"], [.clipValue(c.number("value") ?? 1)])
    },
    "clip_by_norm": { c in
      try c.clip(["g"], [.clipNorm(c.number("norm") ?? 1)])
    },
    "clip_by_global_norm": { c in
      try c.clip(["g0", "g1"], [.clipGlobalNorm(c.number("norm") ?? 1)])
    },
  ]
}

extension Case {
  /// Clips gradients the way an optimizer's first link does: one step of rate 1 from zero.
  func clip(_ names: [String], _ links: [Transform]) throws {
    let state = OptimizerState(Optimizer("clip", .constant(1), links + [.scale]))
    let gradients = try names.map { try input($0) }
    let blocks = try gradients.map { gradient in
      WeightBlock(weights: try Tensor.zeros(gradient.shape, dtype: dtype), gradient: gradient)
    }
    try state.attach(blocks)
    try state.step()
    for (name, block) in zip(names, blocks) { expect(try -block.weights, name) }
  }
}
