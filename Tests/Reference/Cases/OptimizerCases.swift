internal import Catalog
internal import Neural

extension Operations {
  /// The settings of an optimizer in the words of the cases.
  private static let optimizerSettings: Set<String> = [
    "amsgrad", "beta", "beta1", "beta2", "centered", "clipnorm", "clipvalue", "dampening", "eps",
    "eps_place", "eta_minus", "eta_plus", "global_clipnorm", "init", "initial_accumulator", "l1",
    "l2", "l2_shrinkage", "lr", "lr_decay", "lr_initial_step", "lr_power", "momentum",
    "momentum_decay", "name", "nesterov", "rho", "step_max", "step_min", "steps", "style",
    "torch_clip_norm", "weight_decay", "weight_decay_coupled", "weight_decay_decoupled",
  ]

  /// The optimizer of a case's convention: its `style` names whose update rule it is.
  ///
  /// What a case leaves open is that peer's default.
  static func optimizer(_ op: String, _ p: JSON, rate: Schedule) throws -> Optimizer {
    for key in p.keys where !optimizerSettings.contains(key) {
      throw Unsupported("optimizer setting \(key)")
    }
    func n(_ name: String, _ keras: Double, torch: Double? = nil, tf1: Double? = nil) -> Double {
      p[name]?.double ?? (isTorch ? torch : isTF1 ? tf1 : nil) ?? keras
    }
    func flag(_ name: String) -> Bool { p[name]?.bool ?? false }
    let style = (p["style"]?.string ?? "keras").lowercased()
    guard ["keras", "torch", "pytorch", "tf1"].contains(style) else {
      throw Unsupported("style \(style)")
    }
    let isTorch = style == "torch" || style == "pytorch"
    let isTF1 = style == "tf1"
    let form = isTorch || isTF1 ? Optimizer.MomentumForm.torch : .keras
    let place =
      try p["eps_place"]?.string.map { text -> Transform.Epsilon in
        if text.contains("inside") { return .inside }
        if text.contains("outside") { return .outside }
        throw Unsupported("eps_place \(text)")
      } ?? (isTorch ? .outside : .inside)
    let made: Optimizer
    switch op {
    case "sgd", "momentum", "sgd_clip":
      made = .sgd(
        rate, momentum: n("momentum", 0), nesterov: flag("nesterov"), dampening: n("dampening", 0),
        form: form)
    case "adam", "adamw":
      made = .adam(
        rate, beta1: n("beta1", 0.9), beta2: n("beta2", 0.999),
        epsilon: n("eps", 1e-7, torch: 1e-8, tf1: 1e-8), isHat: !isTorch, amsgrad: flag("amsgrad"))
    case "adagrad":
      made = .adagrad(
        rate, initial: n("initial_accumulator", 0.1, torch: 0, tf1: 0.1),
        epsilon: n("eps", 1e-7, torch: 1e-10, tf1: 0), place: place)
    case "adadelta":
      made = .adadelta(
        rate, rho: n("rho", 0.95, torch: 0.9), epsilon: n("eps", 1e-7, torch: 1e-6, tf1: 1e-8))
    case "rmsprop":
      made = .rmsprop(
        rate, rho: n("rho", 0.9, torch: 0.99), momentum: n("momentum", 0),
        epsilon: n("eps", 1e-7, torch: 1e-8, tf1: 1e-10), place: place, centered: flag("centered"),
        initial: n("init", 0, tf1: 1), form: isTorch ? .torch : .keras)
    case "adamax":
      made = .adamax(
        rate, beta1: n("beta1", 0.9), beta2: n("beta2", 0.999),
        epsilon: n("eps", 1e-7, torch: 1e-8), place: isTorch ? .inside : .outside)
    case "nadam":
      made = .nadam(
        rate, beta1: n("beta1", 0.9), beta2: n("beta2", 0.999),
        epsilon: n("eps", 1e-7, torch: 1e-8), momentumDecay: n("momentum_decay", 1, torch: 0.004))
    case "lion": made = .lion(rate, beta1: n("beta1", 0.9), beta2: n("beta2", 0.99))
    case "rprop":
      made = .rprop(
        p["lr_initial_step"]?.double.map { .constant($0) } ?? rate, shrink: n("eta_minus", 0.5),
        grow: n("eta_plus", 1.2), least: n("step_min", 1e-6), greatest: n("step_max", 50))
    case "ftrl":
      made = .ftrl(
        rate,
        Transform.Leader(
          power: n("lr_power", -0.5), initial: n("initial_accumulator", 0.1), l1: n("l1", 0),
          l2: n("l2", 0), shrinkage: n("l2_shrinkage", 0), beta: n("beta", 0)))
    case "proximal_gd": made = .proximalGradientDescent(rate, l1: n("l1", 0), l2: n("l2", 0))
    case "proximal_adagrad":
      made = .proximalAdagrad(
        rate, initial: n("initial_accumulator", 0.1), l1: n("l1", 0), l2: n("l2", 0))
    case "adagrad_da":
      made = .adagradDA(
        rate, initial: n("initial_accumulator", 0.1), l1: n("l1", 0), l2: n("l2", 0))
    default: throw Unsupported("optimizer \(op)")
    }
    var clips: [Transform] = []
    if let limit = p["clipvalue"]?.double { clips.append(.clipValue(limit)) }
    if let limit = p["clipnorm"]?.double { clips.append(.clipNorm(limit)) }
    if let limit = p["global_clipnorm"]?.double { clips.append(.clipGlobalNorm(limit)) }
    if let limit = p["torch_clip_norm"]?.double {
      clips.append(.clipGlobalNorm(limit, softening: 1e-6))
    }
    // PyTorch's own weight_decay is coupled in all but AdamW; Keras's is decoupled everywhere.
    let plain = p["weight_decay"]?.double ?? (op == "adamw" && isTorch ? 0.01 : 0)
    let isCoupled = isTorch && op != "adamw"
    return made.clipping(clips)
      .decaying((p["weight_decay_coupled"]?.double ?? 0) + (isCoupled ? plain : 0), coupled: true)
      .decaying(p["weight_decay_decoupled"]?.double ?? (isCoupled ? 0 : plain))
  }

  static let optimizers: [String: Check] = {
    var list: [String: Check] = [:]
    for op in [
      "sgd", "momentum", "sgd_clip", "adam", "adamw", "adagrad", "adadelta", "rmsprop", "adamax",
      "nadam", "lion", "rprop", "ftrl", "proximal_gd", "proximal_adagrad", "adagrad_da",
    ] {
      list[op] = { c in
        let lr = c.number("lr") ?? 0.01
        let rate: Schedule =
          c.number("lr_decay").map { .inverseTime(rate: lr, decay: $0, steps: 1, stairs: false) }
          ?? .constant(lr)
        let optimizer = try optimizer(op, c.parameters, rate: rate)
        let steps = c.parameters["steps"]?.int ?? 30
        try quadratic(c, optimizer, steps: steps)
        try network(c, optimizer, steps: steps)
      }
    }
    return list
  }()

  /// 0.5 x'Ax - b'x: the weights after each step.
  private static func quadratic(_ c: Case, _ optimizer: Optimizer, steps: Int) throws {
    let problem = c.file["problems"]?["quadratic"]
    let a = try Case.tensor(problem?["A"], dtype: c.dtype)
    let b = try Case.tensor(problem?["b"], dtype: c.dtype)
    let x = try Case.tensor(problem?["x0"], dtype: c.dtype)
    let gradient = try Tensor.zeros(x.shape, dtype: c.dtype)
    let state = OptimizerState(optimizer)
    try state.attach([WeightBlock(weights: x, gradient: gradient)])
    // Ax - b is the gradient, and half of x'(Ax - b) - b'x the value.
    func value() throws -> Double {
      try ((x * (a.matmul(x) - b)).sum().item() - (b * x).sum().item()) / 2
    }
    var path = x.doubles
    var values = [try value()]
    for _ in 0..<steps {
      Fused.copy(try a.matmul(x) - b, into: gradient)
      try state.step()
      path += x.doubles
      values.append(try value())
    }
    guard let want = c.json["expect"]?["quadratic"]?["params"].flatMap(Case.numbers) else {
      return c.fail("no trajectory")
    }
    c.compare(path, want, "quadratic")
    if let losses = c.json["expect"]?["quadratic"]?["loss"].flatMap(Case.numbers) {
      c.compare(values, losses, "value of the quadratic")
    }
  }

  /// A small network on the full batch, through the plan and through the tape.
  private static func network(_ c: Case, _ optimizer: Optimizer, steps: Int) throws {
    let problem = c.file["problems"]?["mlp"]
    let x = try Case.tensor(problem?["X"], dtype: c.dtype)
    let y = try Case.tensor(problem?["labels"], dtype: c.dtype)
    guard let want = c.json["expect"]?["mlp"]?["loss"].flatMap(Case.numbers) else { return }
    let start = problem?["init"]
    func weights(_ name: String) throws -> Tensor {
      try Case.tensor(start?[name], dtype: c.dtype)
    }
    let (hidden, classes) = (try weights("W1").shape[1], try weights("W2").shape[1])
    let names = ["W1", "b1", "W2", "b2"]
    func compare(_ net: Sequential, _ group: String, _ path: String) {
      for (weight, name) in zip(net.weights, names) {
        guard let end = c.json["expect"]?["mlp"]?[group]?[name] else { continue }
        c.compare(weight.tensor.doubles, Case.numbers(end) ?? [], "\(name) \(group), \(path)")
      }
    }
    for forcesTape in [false, true] {
      let path = forcesTape ? "tape" : "plan"
      let context = Context(sink: Recording())
      func learnt(_ steps: Int) throws -> (Sequential, History) {
        let net = try Sequential(Dense(hidden, .tanh), Dense(classes))
        var stream = RandomStream(seed: 0, name: "init")
        try net.build(Array(x.shape.dropFirst()), dtype: c.dtype, from: &stream)
        for (weight, name) in zip(net.weights, names) {
          try weight.tensor.assign([.ellipsis], weights(name))
        }
        let run = try net.fit(
          Examples(x, y), loss: .builtIn(.categorical),
          Training(
            epochs: steps, batchSize: x.shape[0], optimizer: optimizer, shuffles: false,
            forcesTape: forcesTape), context: context)
        return (net, run)
      }
      compare(try learnt(1).0, "after_1", path)
      let (net, run) = try learnt(steps)
      let last = try net.evaluate(
        Examples(x, y), loss: .builtIn(.categorical), context: context)[0].value
      c.compare(run.stepLosses + [last], want, "mlp, \(path)")
      // Once the net fits, the sign of a gradient in f32 is rounding, which these steps follow whole.
      if c.dtype == .f32, ["rprop", "lion"].contains(c.operation) { continue }
      compare(net, "final", path)
    }
  }
}
