internal import Catalog
internal import Neural

extension Operations {
  /// The chain of a case's convention: its `style` names whose update rule it is.
  static func optimizer(_ op: String, _ p: JSON, rate: Schedule) throws -> Optimizer {
    func n(_ name: String, _ other: Double) -> Double { p[name]?.double ?? other }
    let style = p["style"]?.string ?? "keras"
    let isTorch = style == "torch" || style == "PyTorch"
    var chain: [Transform] = []
    if let coupled = p["weight_decay_coupled"]?.double { chain.append(.decay(coupled)) }
    if let limit = p["clipvalue"]?.double { chain.append(.clipValue(limit)) }
    if let limit = p["clipnorm"]?.double { chain.append(.clipNorm(limit)) }
    if let limit = p["global_clipnorm"]?.double { chain.append(.clipGlobalNorm(limit)) }
    if let limit = p["torch_clip_norm"]?.double {
      chain.append(.clipGlobalNorm(limit, softening: 1e-6))
    }
    func trace() -> [Transform] {
      let momentum = n("momentum", 0)
      guard momentum > 0 else { return [] }
      return [
        .trace(
          momentum: momentum, nesterov: p["nesterov"]?.bool ?? false, dampening: n("dampening", 0))
      ]
    }
    let (beta1, beta2) = (n("beta1", 0.9), n("beta2", 0.999))
    switch op {
    case "sgd", "momentum", "sgd_clip": chain += isTorch ? trace() + [.scale] : [.scale] + trace()
    case "adam", "adamw":
      chain += [
        .adam(
          beta1: beta1, beta2: beta2, epsilon: n("eps", isTorch ? 1e-8 : 1e-7), isHat: !isTorch,
          amsgrad: p["amsgrad"]?.bool ?? false), .scale,
      ]
    case "adagrad":
      chain += [
        .adagrad(
          initial: n("initial_accumulator", 0), epsilon: n("eps", isTorch ? 1e-10 : 0),
          isTorch ? .outside : .inside), .scale,
      ]
    case "adadelta":
      chain += [.adadelta(rho: n("rho", 0.9), epsilon: n("eps", 1e-6)), .scale]
    case "rmsprop":
      let isInside = p["eps_place"]?.string.map { $0.contains("inside") } ?? !isTorch
      chain.append(
        .rms(
          rho: n("rho", 0.99), epsilon: n("eps", 1e-8), isInside ? .inside : .outside,
          centered: p["centered"]?.bool ?? false, initial: n("init", 0)))
      chain += isTorch ? trace() + [.scale] : [.scale] + trace()
    case "adamax":
      chain += [
        .adamax(beta1: beta1, beta2: beta2, epsilon: n("eps", 1e-8), isInside: isTorch), .scale,
      ]
    case "nadam":
      chain += [
        .nadam(
          beta1: beta1, beta2: beta2, epsilon: n("eps", 1e-8),
          decay: n("momentum_decay", isTorch ? 0.004 : 1)), .scale,
      ]
    case "lion": chain += [.lion(beta1: beta1, beta2: n("beta2", 0.99)), .scale]
    default: throw Unsupported("optimizer \(op)")
    }
    if let decoupled = p["weight_decay_decoupled"]?.double {
      chain.append(.decoupledDecay(decoupled))
    }
    return Optimizer(op, rate, chain)
  }

  static let optimizers: [String: Check] = {
    var list: [String: Check] = [:]
    for op in [
      "sgd", "momentum", "sgd_clip", "adam", "adamw", "adagrad", "adadelta", "rmsprop", "adamax",
      "nadam", "lion",
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
    var path = x.doubles
    for _ in 0..<steps {
      Fused.copy(try a.matmul(x) - b, into: gradient)
      try state.step()
      path += x.doubles
    }
    guard let want = c.json["expect"]?["quadratic"]?["params"].flatMap(Case.numbers) else {
      return c.fail("no trajectory")
    }
    c.compare(path, want, "quadratic")
  }

  /// A small network on the full batch, through the plan and through the tape.
  private static func network(_ c: Case, _ optimizer: Optimizer, steps: Int) throws {
    let problem = c.file["problems"]?["mlp"]
    let x = try Case.tensor(problem?["X"], dtype: c.dtype)
    let y = try Case.tensor(problem?["labels"], dtype: c.dtype)
    guard let want = c.json["expect"]?["mlp"]?["loss"].flatMap(Case.numbers) else { return }
    for forcesTape in [false, true] {
      let net = try Sequential(Dense(5, .tanh), Dense(3))
      let context = Context(sink: Recording())
      var stream = RandomStream(seed: 0, name: "init")
      try net.build(Array(x.shape.dropFirst()), dtype: c.dtype, from: &stream)
      for (weight, name) in zip(net.weights, ["W1", "b1", "W2", "b2"]) {
        try weight.tensor.assign(
          [.ellipsis], Case.tensor(problem?["init"]?[name], dtype: c.dtype))
      }
      let run = try net.fit(
        Examples(x, y), loss: .builtIn(.categorical),
        Training(
          epochs: steps, batchSize: x.shape[0], optimizer: optimizer, shuffles: false,
          forcesTape: forcesTape), context: context)
      let last = try net.evaluate(
        Examples(x, y), loss: .builtIn(.categorical), context: context)[0].value
      c.compare(run.stepLosses + [last], want, forcesTape ? "mlp, tape" : "mlp, plan")
    }
  }
}
