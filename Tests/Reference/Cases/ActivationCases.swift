internal import Catalog
internal import Neural

extension Operations {
  /// What the cases call the settings of each operation; a setting that is not listed is an error.
  private static let settings: [String: [String: String]] = [
    "leaky_relu": ["negative_slope": "slope", "slope": "slope", "alpha": "slope"],
    "elu": ["alpha": "alpha"], "celu": ["alpha": "alpha"],
    "softplus": ["beta": "beta", "threshold": "threshold"],
    "softplus_threshold": ["beta": "beta", "threshold": "threshold"],
    "silu": ["beta": "beta"], "swish": ["beta": "beta"],
    "hard_tanh": ["min": "min_value", "max": "max_value"],
    "relu_general": [
      "negative_slope": "negative_slope", "max_value": "max_value", "threshold": "threshold",
    ],
    "rrelu_eval": ["lower": "lower", "upper": "upper"],
    "hard_shrink": ["threshold": "threshold"], "soft_shrink": ["threshold": "threshold"],
    "threshold": ["threshold": "threshold", "value": "value"],
    "gelu": ["approximate": "approximate"],
  ]

  /// Settings that cases give and the library has as constants.
  private static let constants = [
    "selu.alpha": 1.673_263_242_354_377_2, "selu.scale": 1.050_700_987_355_480_5,
  ]

  private static let names = [
    "softplus_threshold": "softplus", "relu_general": "relu", "rrelu_eval": "rrelu",
    "hard_sigmoid_keras2": "hard_sigmoid",
  ]

  /// The activation of an operation with the settings of a case.
  static func activation(_ name: String, _ c: JSON) throws -> Activation {
    let text = names[name] ?? name
    var given: [String] = name == "hard_sigmoid_keras2" ? ["slope=0.2"] : []
    if case .object(let members) = c {
      for (key, value) in members {
        // The constants of SELU are the library's own.
        if let own = constants["\(name).\(key)"] {
          guard let said = value.double, abs(said - own) <= 1e-12 else {
            throw Unsupported("\(key) \(value) of \(name)")
          }
          continue
        }
        // A layer's part also says what it is.
        if key == "type" || key == "f" { continue }
        guard let option = settings[name]?[key] else {
          throw Unsupported("setting '\(key)' of \(name)")
        }
        if let word = value.string {
          given.append("\(option)=\(word)")
        } else if let number = value.double {
          given.append("\(option)=\(number)")
        }
      }
    }
    let options = given.isEmpty ? "" : "(" + given.joined(separator: ", ") + ")"
    guard let choice = try ActivationChoice.read(.string(text + options)),
      let activation = choice.builtIn
    else { throw Unsupported("activation \(name)") }
    return activation
  }

  static let activations: [String: Check] = {
    var list: [String: Check] = [:]
    for name in [
      "linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "softplus", "softsign",
      "exponential", "gelu", "silu", "swish", "mish", "hard_sigmoid", "log_sigmoid",
      "hard_sigmoid_keras2", "hard_tanh", "relu6", "relu_general", "rrelu_eval", "celu",
      "softplus_threshold", "hard_silu", "hard_shrink", "soft_shrink", "tanh_shrink", "threshold",
    ] {
      list[name] = { c in
        let activation = try activation(name, c.parameters)
        // PyTorch keeps the slope of 1/6 and CELU's alpha in float32.
        if name == "hard_sigmoid" || name == "celu" { c.loosen(1e-6) }
        try c.differentiate(["x"]) { try activation($0[0]) }
        try derivative(activation, c)
        // The kernel of the plan, which computes what nothing follows.
        c.expect(try activation(c.input("x")), "y")
        try kernelGradient(activation, c)
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
    list["glu"] = { c in
      try c.know("axis")
      let axis = c.parameters["axis"]?.int ?? -1
      try c.differentiate(["x"]) { try Activation.glu($0[0].swapAxes(axis, -1)).swapAxes(axis, -1) }
    }
    list["softmax_jacobian"] = { c in
      try c.know()
      let x = try c.input("x")
      c.expect(try Activation.softmax(x), "y")
      c.expect(try Activation.softmax.jacobian(x), "jacobian")
    }
    list["softmax"] = { c in
      try c.know("axis", "temperature")
      let (axis, warmth) = (c.parameters["axis"]?.int ?? -1, c.number("temperature") ?? 1)
      try c.differentiate(["x"]) {
        try (warmth == 1 ? $0[0] : $0[0] / warmth).softmax(axis)
      }
    }
    list["log_softmax"] = { c in
      try c.know("axis", "temperature")
      let (axis, warmth) = (c.parameters["axis"]?.int ?? -1, c.number("temperature") ?? 1)
      try c.differentiate(["x"]) {
        try (warmth == 1 ? $0[0] : $0[0] / warmth).logSoftmax(axis)
      }
    }
    list["logsumexp"] = { c in
      try c.know("axis")
      let axis = c.parameters["axis"]?.int ?? -1
      try c.differentiate(["x"]) { try $0[0].logSumExp(axes: [axis]) }
    }
    return list
  }()

  /// The derivative itself: the gradient with an upstream of ones.
  private static func derivative(_ activation: Activation, _ c: Case) throws {
    guard c.json["outputs"]?["dydx"] != nil else { return }
    let x = try c.input("x")
    let slope = try Tape.recording { tape in
      let leaf = try tape.leaf(x)
      let ones = try Tensor.full(x.shape, 1, dtype: c.dtype)
      return try tape.gradients(of: activation(leaf), for: [leaf], cotangent: ones)[0]
    }
    c.expect(slope, "dydx")
  }

  /// The gradient that a plan's kernel computes.
  private static func kernelGradient(_ activation: Activation, _ c: Case) throws {
    guard let fused = activation.fused, c.json["grads"]?["x"] != nil else { return }
    let x = try c.input("x")
    let upstream = try Case.tensor(c.json["upstream"], dtype: c.dtype).reshape(x.shape)
    let gradient = try Tensor.zeros(x.shape, dtype: c.dtype)
    Fused.activationGradient(
      fused.kernel, alpha: fused.alpha, fused.kernel.needsInput ? x : try activation(x), upstream,
      into: gradient)
    c.expect(gradient, "x", in: "grads")
  }
}
