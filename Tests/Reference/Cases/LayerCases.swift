internal import Catalog
internal import Neural

extension Operations {
  static let layers: [String: Check] = [
    "dense": { c in
      let usesBias = c.parameters["use_bias"]?.bool ?? true
      let dense = Dense(try c.input("W").shape[1], .builtIn(.linear), usesBias: usesBias)
      try c.run(dense, weights: usesBias ? ["W", "b"] : ["W"])
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
