internal import Catalog
internal import Neural

extension Operations {
  static let layers: [String: Check] = [
    "dense": { c in
      try c.know("use_bias")
      let usesBias = c.parameters["use_bias"]?.bool ?? true
      let dense = Dense(try c.input("W").shape[1], .builtIn(.linear), usesBias: usesBias)
      try c.run(dense, weights: usesBias ? ["W", "b"] : ["W"])
    },
    "clip_by_value": { c in
      try c.know("value")
      try c.clip(["g"], [.clipValue(c.number("value") ?? 1)])
    },
    "clip_by_norm": { c in
      try c.know("norm")
      try c.clip(["g"], [.clipNorm(c.number("norm") ?? 1)])
    },
    "clip_by_global_norm": { c in
      try c.know("norm")
      let names = c.json["inputs"]?.members?.map { $0.key } ?? []
      let limit = c.number("norm") ?? 1
      try c.clip(names, [.clipGlobalNorm(limit)])
      if c.json["outputs"]?["torch_g0"] != nil {
        try c.clip(names, [.clipGlobalNorm(limit, softening: 1e-6)], prefix: "torch_")
      }
      let norms = try names.map { try c.input($0).astype(.f64).norm().item() }
      c.expect(try Tensor(norms).norm(), "global_norm")
    },
  ]
}

extension Case {
  /// Clips gradients the way an optimizer's first link does: one step of rate 1 from zero.
  func clip(_ names: [String], _ links: [Transform], prefix: String = "") throws {
    let state = OptimizerState(Optimizer("clip", .constant(1), links + [.scale]))
    let gradients = try names.map { try input($0) }
    let blocks = try gradients.map { gradient in
      WeightBlock(weights: try Tensor.zeros(gradient.shape, dtype: dtype), gradient: gradient)
    }
    try state.attach(blocks)
    try state.step()
    for (name, block) in zip(names, blocks) { expect(try -block.weights, prefix + name) }
  }
}
