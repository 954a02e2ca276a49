internal import Catalog
internal import Neural

/// Runs of the training cases that are no plain training.
extension Operations {
  static let experiments: [String: Check] = [
    "train_autoencoder": { try autoencoder($0, codes: false) },
    "train_autoencoder_stage2": { try autoencoder($0, codes: true) },
    "diverge": { try diverge($0) },
    "sanity": { try sanity($0) },
    "diagnostics": { try diagnose($0) },
    "momentum_1d": { try overshoot($0) },
    "sparse": { try sparse($0) },
  ]

  /// A model of dense and activation layers with the weights that a case gives.
  private static func given(
    _ c: Case, _ input: [Int], penalty: Penalty? = nil
  ) throws -> Sequential {
    let net = try model(c, c.parameters["model"]?.array ?? [], penalty: penalty)
    var stream = RandomStream(seed: 0, name: "init")
    try net.build(input, dtype: c.dtype, from: &stream)
    for (index, layer) in net.layers.enumerated() {
      for (weight, name) in zip(layer.weights, ["W", "b"]) {
        try weight.tensor.assign(
          [.ellipsis],
          Case.tensor(c.json["inputs"]?["init"]?["l\(index).\(name)"], dtype: c.dtype))
      }
    }
    return net
  }

  private static func dataset(_ c: Case, _ name: String) throws -> (x: Tensor, y: Tensor) {
    let data = c.file["datasets"]?[name]
    return (
      try Case.tensor(data?["X"], dtype: c.dtype), try Case.tensor(data?["Y"], dtype: c.dtype)
    )
  }

  private static func full(_ c: Case, _ optimizer: Optimizer, _ count: Int, steps: Int, tape: Bool)
    -> Training
  {
    var training = Training(
      epochs: 1, optimizer: optimizer, shuffles: false, keepsBest: false, forcesTape: tape)
    training.batches =
      c.parameters["batches"]?.array.map { $0.map { $0.array?.compactMap(\.int) ?? [] } }
      ?? Array(repeating: Array(0..<count), count: steps)
    return training
  }

  /// The model learns to give its input back; stage two on the codes of the first one's encoder.
  private static func autoencoder(_ c: Case, codes: Bool) throws {
    try c.know("model", "dataset", "loss", "optimizer", "steps", "batches")
    guard c.parameters["loss"]?.string == "mse" else { throw Unsupported("loss") }
    var x = try dataset(c, c.parameters["dataset"]?.string ?? "cls").x
    if codes {
      let first = c.file["cases"]?.array?.first { $0["op"]?.string == "train_autoencoder" }
      let final = first?["expect"]?["final"]
      let weights = try Case.tensor(final?["l0.W"], dtype: c.dtype)
      let bias = try Case.tensor(final?["l0.b"], dtype: c.dtype)
      x = try (x.matmul(weights) + bias).tanh()
    }
    for tape in [false, true] {
      let net = try given(c, Array(x.shape.dropFirst()))
      let training = full(
        c, try optimizer(c.parameters), x.shape[0], steps: c.parameters["steps"]?.int ?? 0,
        tape: tape)
      let run = try net.fit(
        Examples(x, x), loss: .builtIn(.mse), training, context: Context(sink: Recording()))
      c.compare(
        run.stepLosses, c.json["expect"]?["loss"].flatMap(Case.numbers) ?? [],
        tape ? "loss, tape" : "loss, plan")
      for (index, layer) in net.layers.enumerated() {
        for (weight, name) in zip(layer.weights, ["W", "b"]) {
          guard let end = c.json["expect"]?["final"]?["l\(index).\(name)"] else { continue }
          c.compare(weight.tensor.doubles, Case.numbers(end) ?? [], "l\(index).\(name)")
        }
      }
    }
  }

  /// The rate is too high: the run must stop at the first loss that is not finite and say so.
  private static func diverge(_ c: Case) throws {
    try c.know("model", "dataset", "input_scale", "loss", "optimizer", "steps", "batches")
    guard c.parameters["loss"]?.string == "mse" else { throw Unsupported("loss") }
    let data = try dataset(c, c.parameters["dataset"]?.string ?? "reg")
    let x = try data.x * (c.number("input_scale") ?? 1)
    let want = c.json["expect"]?["loss"].flatMap(Case.numbers) ?? []
    let last = c.json["expect"]?["float64_first_nonfinite_step"]?.int ?? want.count
    for tape in [false, true] {
      let net = try given(c, Array(x.shape.dropFirst()))
      let sink = Recording()
      let run = try net.fit(
        Examples(x, data.y), loss: .builtIn(.mse),
        full(c, try optimizer(c.parameters), x.shape[0], steps: last + 3, tape: tape),
        context: Context(sink: sink))
      // In f32 it overflows earlier.
      let seen = c.dtype == .f64 ? last : run.steps
      c.compare(run.stepLosses, Array(want.prefix(seen)), tape ? "loss, tape" : "loss, plan")
      if c.dtype == .f32, seen > last { c.fail("f32 overflows after f64") }
      if run.ending != .diverged || !sink.text(.error).contains("L307") {
        c.fail("the divergence is not reported")
      }
      if !zip(run.stepLosses, run.stepLosses.dropFirst()).allSatisfy(<) {
        c.fail("the loss does not grow")
      }
    }
  }

  /// The first loss: near ln C, and higher with a penalty.
  private static func sanity(_ c: Case) throws {
    try c.know("model", "dataset", "labels", "l2")
    let x = try dataset(c, c.parameters["dataset"]?.string ?? "cls").x
    let labels = try Tensor(c.parameters["labels"]?.array?.compactMap(\.int) ?? [])
    for (name, penalty) in [
      ("loss_without_regularisation", nil),
      ("loss_with_regularisation", Penalty(l2: c.number("l2") ?? 0)),
    ] {
      let net = try given(c, Array(x.shape.dropFirst()), penalty: penalty)
      let loss = try net.evaluate(
        Examples(x, labels), loss: .builtIn(.categorical), context: Context(sink: Recording()))
      c.compare([loss[0].value], [c.json["expect"]?[name]?.double ?? .nan], name)
    }
    // Equal logits of as many classes.
    if let equal = c.json["expect"]?["ln_10"]?.double {
      let logits = try Tensor.zeros(Shape([1, 10]), dtype: c.dtype)
      let loss = try Loss.categorical(logits, .classes(Tensor([0])), isLogits: true)
      c.compare([try loss.item()], [equal], "ln_10")
    }
  }

  /// Statistics through depth.
  private static func diagnose(_ c: Case) throws {
    try c.know("model", "dataset", "loss", "lr")
    guard c.parameters["loss"]?.string == "softmax_ce" else { throw Unsupported("loss") }
    let data = try dataset(c, c.parameters["dataset"]?.string ?? "cls")
    let net = try given(c, Array(data.x.shape.dropFirst()))
    let signals = try net.signals(
      Examples(data.x, data.y), loss: .builtIn(.categorical),
      optimizer: .sgd(.constant(c.number("lr") ?? 0.01)), context: Context(sink: Recording()))
    let layers = signals.activated
    let kernels = signals.kernels
    for (name, got) in [
      ("loss", [signals.loss]), ("activation_mean", layers.map(\.mean)),
      ("activation_std", layers.map(\.std)), ("zero_share", layers.map(\.zeroShare)),
      ("dead_units", layers.map { Double($0.deadUnits) }),
      ("saturated_share", layers.map(\.saturatedShare)),
      ("gradient_norm", kernels.map(\.gradientNorm)),
      ("global_gradient_norm", [signals.globalGradientNorm]),
      ("update_to_weight_ratio", kernels.map { $0.updateRatio ?? .nan }),
    ] {
      c.compare(got, c.json["expect"]?[name].flatMap(Case.numbers) ?? [], name)
    }
  }

  /// A ball in a bowl with momentum near 1.
  private static func overshoot(_ c: Case) throws {
    try c.know("f", "x0", "lr", "momentum", "form", "every", "steps")
    guard c.parameters["f"]?.string == "0.5 x^2",
      c.parameters["form"]?.string == "v = mu v - lr g; x += v"
    else { throw Unsupported("another bowl or form") }
    let x = try Tensor([c.number("x0") ?? 0]).astype(c.dtype)
    let gradient = try Tensor.zeros([1], dtype: c.dtype)
    let state = OptimizerState(
      .sgd(.constant(c.number("lr") ?? 0), momentum: c.number("momentum") ?? 0))
    try state.attach([WeightBlock(weights: x, gradient: gradient)])
    let every = c.parameters["every"]?.int ?? 1
    var path = x.doubles
    for step in 1...max(c.parameters["steps"]?.int ?? 1, 1) {
      Fused.copy(x, into: gradient)
      try state.step()
      if step % every == 0 { path += x.doubles }
    }
    c.compare(path, c.json["expect"]?["x"].flatMap(Case.numbers) ?? [], "x")
    let turns = zip(path, path.dropFirst()).count { $0 * $1 < 0 }
    c.compare(
      [Double(turns)], [c.json["expect"]?["sign_changes"]?.double ?? .nan], "sign_changes")
  }

  /// Three ways to a sparse linear model, and two that are not.
  private static func sparse(_ c: Case) throws {
    try c.know("f", "lr", "steps", "threshold", "l1", "ftrl_lr", "ftrl_l1")
    guard c.parameters["f"]?.string == "sum((Xw-y)^2)/(2n)" else { throw Unsupported("function") }
    let (x, y) = (try c.input("X"), try c.input("y"))
    let count = Double(x.shape[0])
    func n(_ name: String) -> Double { c.number(name) ?? 0 }
    func learnt(_ optimizer: Optimizer, steps: Int, l1: Double = 0) throws -> Tensor {
      let w = try c.input("w0")
      let gradient = try Tensor.zeros(w.shape, dtype: c.dtype)
      let state = OptimizerState(optimizer)
      try state.attach([WeightBlock(weights: w, gradient: gradient)])
      let turned = try x.swapAxes(0, 1)
      for _ in 0..<steps {
        var g = try turned.matmul(x.matmul(w) - y) / count
        if l1 != 0 { g = try g + w.sign() * l1 }
        Fused.copy(g, into: gradient)
        try state.step()
      }
      return w
    }
    let steps = c.parameters["steps"]?.int ?? 0
    let plain = Optimizer.sgd(.constant(n("lr")))
    let proximal = Optimizer.proximalGradientDescent(.constant(n("lr")), l1: n("l1"))
    let dense = try learnt(plain, steps: steps)
    let zero = try Tensor.zeros(dense.shape, dtype: c.dtype)
    let results = [
      ("dense", dense),
      ("thresholded", try Tensor.select(dense.abs().less(n("threshold")), zero, dense)),
      ("l1_proximal", try learnt(proximal, steps: steps)),
      ("lasso", try learnt(proximal, steps: 20 * steps)),
      ("l1_subgradient", try learnt(plain, steps: steps, l1: n("l1"))),
      (
        "ftrl",
        try learnt(
          .ftrl(.constant(n("ftrl_lr")), Transform.Leader(l1: n("ftrl_l1"))), steps: steps)
      ),
    ]
    for (name, weights) in results {
      c.expect(weights, name)
      if let zeros = c.json["expect"]?["zeros"]?[name]?.double {
        c.compare([Double(weights.doubles.count { $0 == 0 })], [zeros], "zeros of \(name)")
      }
    }
  }
}
