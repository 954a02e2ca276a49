internal import Catalog
internal import Neural

/// What the library calls each operation of the golden cases: the only such list.
public enum Operations {
  typealias Check = @Sendable (Case) throws -> Void

  /// By `area/op`.
  static let table: [String: Check] = {
    var table: [String: Check] = [:]
    for (area, list) in [
      ("activations", activations), ("losses", losses), ("layers", layers),
      ("initializers", initializers), ("schedules", schedules), ("optimizers", optimizers),
      ("preprocessing", preprocessing), ("training", training),
    ] {
      for (name, check) in list { table["\(area)/\(name)"] = check }
    }
    return table
  }()

  /// The operations that exist, as `area/op`.
  public static var known: [String] { table.keys.sorted() }

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

  static let losses: [String: Check] = {
    @Sendable func plain(_ loss: Loss) -> Check {
      { c in
        guard (c.parameters["reduction"]?.string ?? "mean") == "mean" else {
          throw Unsupported("reduction other than the mean")
        }
        let target = try c.input("target")
        try c.differentiate(["pred"]) { try loss($0[0], .values(target), isLogits: false) }
      }
    }
    @Sendable func penalty(_ c: Case) throws {
      let own = Penalty(
        l1: c.number("l1") ?? 0, l2: c.number("l2") ?? (c.number("lambda") ?? 0) / 2)
      try c.differentiate(["W"]) { try own($0[0]) }
    }
    return [
      "mse": plain(.mse), "mae": plain(.mae),
      "huber": { c in try plain(Loss(.huber(c.number("delta") ?? 1)))(c) },
      "bce": { c in
        let target = try c.input("target")
        try c.differentiate(["prob"]) { try Loss.binary($0[0], .values(target), isLogits: false) }
      },
      "bce_logits": { c in
        guard c.parameters["pos_weight"] == nil else { throw Unsupported("pos_weight") }
        let loss = Loss(.binary, smoothing: c.number("label_smoothing") ?? 0)
        let target = try c.input("target")
        try c.differentiate(["logits"]) { try loss($0[0], .values(target), isLogits: true) }
      },
      "sparse_ce_logits": { c in
        guard (c.parameters["reduction"]?.string ?? "mean") == "mean",
          c.parameters["class_weights"] == nil, c.parameters["ignore_index"] == nil
        else { throw Unsupported("weights, ignored classes, other reductions") }
        let labels = try c.input("labels")
        try c.differentiate(["logits"]) {
          try Loss.categorical($0[0], .classes(labels), isLogits: true)
        }
      },
      "ce_logits": { c in
        let loss = Loss(.categorical, smoothing: c.number("label_smoothing") ?? 0)
        let target = try c.input("target")
        try c.differentiate(["logits"]) { try loss($0[0], .values(target), isLogits: true) }
      },
      "initial_loss": { c in
        let classes = c.parameters["classes"]?.int ?? 2
        let logits = try Tensor.zeros(Shape([4, classes]), dtype: c.dtype)
        let loss = try Loss.categorical(logits, .classes(Tensor([0, 0, 1, 1])), isLogits: true)
        c.expect(loss, "loss", in: "expect")
      },
      "reg_l1": penalty, "reg_l2": penalty, "reg_elastic": penalty, "reg_half_l2": penalty,
    ]
  }()

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

  /// The initializer that a case describes.
  private static func initializer(_ name: String, _ p: JSON) throws -> Initializer {
    func n(_ name: String, _ other: Double) -> Double { p[name]?.double ?? other }
    switch name {
    case "random_normal":
      return Initializer(name, "", .normal(mean: n("mean", 0), deviation: n("std", 0.05)))
    case "truncated_normal":
      return Initializer(name, "", .truncated(mean: n("mean", 0), deviation: n("sigma", 0.05)))
    case "random_uniform":
      return Initializer(name, "", .uniform(low: n("low", -0.05), high: n("high", 0.05)))
    case "variance_scaling":
      guard let fan = Initializer.Fan(rawValue: p["mode"]?.string ?? "") else { break }
      let forms: [String: Initializer.Distribution] = [
        "uniform": .uniform, "normal": .normal, "truncated": .truncatedNormal,
      ]
      guard let form = forms[p["distribution"]?.string ?? ""] else { break }
      return Initializer(name, "", .scaled(scale: n("scale", 1), fan, form))
    default:
      if let known = Initializer.named(name) { return known }
    }
    throw Unsupported("initializer \(name)")
  }

  static let initializers: [String: Check] = [
    "init": { c in
      let p = c.parameters
      guard let shape = p["shape"]?.array?.compactMap(\.int), let name = p["name"]?.string else {
        throw Unsupported("no shape")
      }
      let made = try initializer(name, p)
      var stream = RandomStream(seed: 11, name: "init")
      let values = try made.make(shape, dtype: c.dtype, from: &stream).doubles
      c.statistics(values)
    },
    "init_constant": { c in
      let p = c.parameters
      let rule: Initializer.Rule =
        p["name"]?.string == "identity"
        ? .identity(gain: p["gain"]?.double ?? 1)
        : .constant(p["value"]?.double ?? (p["name"]?.string == "ones" ? 1 : 0))
      var stream = RandomStream(seed: 0, name: "init")
      let made = try Initializer("", "", rule).make(
        p["shape"]?.array?.compactMap(\.int) ?? [], dtype: c.dtype, from: &stream)
      c.expect(made, "W")
    },
    "fans": { c in
      let fans = Initializer.fans(c.parameters["shape"]?.array?.compactMap(\.int) ?? [])
      let want = c.json["expect"]
      c.compare(
        [Double(fans.input), Double(fans.output)],
        [want?["fan_in"]?.double ?? .nan, want?["fan_out"]?.double ?? .nan], "fans")
    },
  ]

  static let schedules: [String: Check] = {
    func check(_ make: @escaping @Sendable (Case) -> Schedule) -> Check {
      { c in
        let schedule = make(c)
        let steps = c.json["expect"]?["steps"]?.array?.compactMap(\.int) ?? []
        let want = c.json["expect"]?["lr"].flatMap(Case.numbers) ?? []
        c.compare(steps.map(schedule.value), want, "lr")
      }
    }
    @Sendable func n(_ c: Case, _ name: String, _ other: Double = 0) -> Double {
      c.number(name) ?? other
    }
    return [
      "exponential": check { c in
        .exponential(
          rate: n(c, "lr"), decay: n(c, "decay_rate"), steps: n(c, "decay_steps"),
          stairs: c.flag("staircase"))
      },
      "exponential_per_step": check { c in
        .exponential(rate: n(c, "lr"), decay: n(c, "gamma"), steps: 1, stairs: false)
      },
      "step": check { c in
        .exponential(rate: n(c, "lr"), decay: n(c, "gamma"), steps: n(c, "step_size"), stairs: true)
      },
      "inverse_time": check { c in
        .inverseTime(
          rate: n(c, "lr"), decay: n(c, "decay_rate"), steps: n(c, "decay_steps"),
          stairs: c.flag("staircase"))
      },
      "legacy_decay": check { c in
        .inverseTime(rate: n(c, "lr"), decay: n(c, "decay"), steps: 1, stairs: false)
      },
      "power": check { c in .power(rate: n(c, "lr"), steps: n(c, "s"), power: n(c, "c", 1)) },
      "piecewise_constant": check { c in
        .piecewise(
          boundaries: c.parameters["boundaries"].flatMap(Case.numbers) ?? [],
          values: c.parameters["values"].flatMap(Case.numbers) ?? [])
      },
      "polynomial": check { c in
        .polynomial(
          rate: n(c, "lr"), end: n(c, "end_lr"), steps: n(c, "decay_steps"),
          power: n(c, "power", 1),
          cycle: c.flag("cycle"))
      },
      "cosine": check { c in
        .cosine(
          rate: n(c, "lr"), steps: n(c, "decay_steps"), alpha: n(c, "alpha"), warmup: 0, peak: 0)
      },
      "cosine_warmup": check { c in
        .cosine(
          rate: n(c, "lr"), steps: n(c, "decay_steps"), alpha: n(c, "alpha"),
          warmup: n(c, "warmup_steps"), peak: n(c, "warmup_target"))
      },
    ]
  }()

  static let preprocessing: [String: Check] = {
    @Sendable func scale(_ c: Case, _ method: Scaling.Method) throws {
      let x = try c.input("X")
      let scaling = try Scaling(method, of: x)
      var (low, high) = (0.0, 1.0)
      if let range = c.parameters["range"].flatMap(Case.numbers), range.count == 2 {
        (low, high) = (range[0], range[1])
      }
      func map(_ values: Tensor) throws -> Tensor {
        try scaling.apply(values) * (high - low) + low
      }
      c.expect(try map(x), "X")
      if c.has("new") { c.expect(try map(c.input("new")), "new") }
    }
    return [
      "standard": { c in
        guard (c.number("ddof") ?? 0) == 0 else { throw Unsupported("ddof 1") }
        try scale(c, .standard)
      },
      "minmax": { try scale($0, .minmax) }, "maxabs": { try scale($0, .maxabs) },
      "one_hot": { c in
        c.expect(
          try OneHot.encode(
            c.input("labels"), classes: c.parameters["classes"]?.int, dtype: c.dtype),
          "Y")
      },
    ]
  }()
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

  /// Compares a sample with a distribution.
  func statistics(_ values: [Double]) {
    guard let want = json["expect"], let variance = want["variance"]?.double,
      let kurtosis = want["kurtosis"]?.double
    else { return fail("no statistics") }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let spread = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let middle = want["mean"]?.double ?? 0
    if abs(mean - middle) > 5 * variance.squareRoot() / count.squareRoot() {
      fail("mean: got \(mean), expected \(middle)")
    }
    if abs(spread / variance - 1) > 5 * ((kurtosis - 1) / count).squareRoot() {
      fail("variance: got \(spread), expected \(variance)")
    }
    let slack = 1e-6 * variance.squareRoot()
    if let low = want["low"]?.double, let least = values.min(), least < low - slack {
      fail("smallest: got \(least), expected at least \(low)")
    }
    if let high = want["high"]?.double, let largest = values.max(), largest > high + slack {
      fail("largest: got \(largest), expected at most \(high)")
    }
  }
}
