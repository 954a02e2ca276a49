internal import Catalog
internal import Neural

extension Operations {
  static func activation(_ name: String, _ c: JSON) throws -> Activation {
    switch name {
    case "leaky_relu":
      return .leakyReLU(c["negative_slope"]?.double ?? c["slope"]?.double ?? 0.01)
    case "elu": return .elu(c["alpha"]?.double ?? 1)
    case "softplus", "silu", "swish":
      guard (c["beta"]?.double ?? 1) == 1 else { throw Unsupported("beta other than 1") }
    case "gelu":
      guard (c["approximate"]?.string ?? "none") == "none" else {
        throw Unsupported("the tanh form")
      }
    default: break
    }
    guard let activation = Activation.named(name) else { throw Unsupported("activation \(name)") }
    return activation
  }

  static let activations: [String: Check] = {
    var list: [String: Check] = [:]
    for name in [
      "linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "softplus", "softsign",
      "exponential", "gelu", "silu", "swish", "mish", "hard_sigmoid",
    ] {
      list[name] = { c in
        let activation = try activation(name, c.parameters)
        // PyTorch keeps the slope of 1/6 in float32.
        if name == "hard_sigmoid" { c.loosen(1e-7) }
        try c.differentiate(["x"]) { try activation($0[0]) }
        // The closed forms, where the plots draw them.
        guard let curve = activation.curve, c.dtype == .f64 else { return }
        let x = try c.input("x").doubles
        guard x.allSatisfy({ abs($0) < 20 }) else { return }
        guard let want = c.json["outputs"]?["dydx"].flatMap(Case.numbers) else { return }
        let slopes = x.map(curve.derivative)
        for (got, want) in zip(slopes, want) where abs(got - want) > 1e-9 + 1e-6 * abs(want) {
          c.fail("closed derivative: got \(got), expected \(want)")
        }
      }
    }
    list["softmax"] = { c in
      let (axis, warmth) = (c.parameters["axis"]?.int ?? -1, c.number("temperature") ?? 1)
      try c.differentiate(["x"]) {
        try (warmth == 1 ? $0[0] : $0[0] / warmth).softmax(axis)
      }
    }
    list["log_softmax"] = { c in
      let (axis, warmth) = (c.parameters["axis"]?.int ?? -1, c.number("temperature") ?? 1)
      try c.differentiate(["x"]) {
        try (warmth == 1 ? $0[0] : $0[0] / warmth).logSoftmax(axis)
      }
    }
    list["logsumexp"] = { c in
      let axis = c.parameters["axis"]?.int ?? -1
      try c.differentiate(["x"]) { try $0[0].logSumExp(axes: [axis]) }
    }
    return list
  }()
}
