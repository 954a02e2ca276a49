internal import Catalog
internal import Neural

extension Operations {
  static let training: [String: Check] =
    ["train": { try train($0) } as Check].merging(experiments) { own, _ in own }

  /// A whole run with given weights and batches, through the plan and through the tape.
  private static func train(_ c: Case) throws {
    try c.know(
      "model", "dataset", "loss", "delta", "optimizer", "steps", "batches", "reg", "clip",
      "maxnorm", "lr_per_step", "momentum_per_step", "frozen")
    let p = c.parameters
    let data = c.file["datasets"]?[p["dataset"]?.string ?? ""]
    let x = try Case.tensor(data?["X"], dtype: c.dtype)
    let y = try Case.tensor(data?["Y"], dtype: c.dtype)
    let steps = p["steps"]?.int ?? 0
    let want = c.json["expect"]?["loss"].flatMap(Case.numbers) ?? []
    let loss: Loss =
      switch p["loss"]?.string {
      case "softmax_ce": .categorical
      case "mse": .mse
      case "bce_logits": .binary
      case "huber": Loss(.huber(c.number("delta") ?? 1))
      default: throw Unsupported("loss")
      }
    for forcesTape in [false, true] {
      let net = try model(c, p["model"]?.array ?? [])
      var stream = RandomStream(seed: 0, name: "init")
      try net.build(Array(x.shape.dropFirst()), dtype: c.dtype, from: &stream)
      for (index, layer) in net.layers.enumerated() {
        for (weight, name) in zip(layer.weights, weightNames(layer)) {
          let key = "l\(index).\(name)"
          try weight.tensor.assign(
            [.ellipsis], Case.tensor(c.json["inputs"]?["init"]?[key], dtype: c.dtype))
          let frozen = p["frozen"]?.array?.contains { $0.string == key } ?? false
          if frozen { layer.state.isTrainable = false }
        }
      }
      try c.replayMasks(net)
      var settings = Training(
        epochs: 1, optimizer: try optimizer(p), shuffles: false, forcesTape: forcesTape)
      if let given = p["batches"]?.array {
        settings.batches = given.map { $0.array?.compactMap(\.int) ?? [] }
      } else {
        settings.batches = Array(repeating: Array(0..<x.shape[0]), count: steps)
      }
      let run = try net.fit(
        Examples(x, y), loss: .builtIn(loss), settings, context: Context(sink: Recording()))
      c.compare(run.stepLosses, want, forcesTape ? "loss, tape" : "loss, plan")
      // See the optimizers' cases: in f32 only the loss of such steps can be compared.
      if c.dtype == .f32, p["optimizer"]?["name"]?.string == "rprop" { continue }
      for (index, layer) in net.layers.enumerated() {
        for (weight, name) in zip(layer.weights, weightNames(layer)) {
          guard let end = c.json["expect"]?["final"]?["l\(index).\(name)"] else { continue }
          c.compare(
            weight.tensor.doubles, Case.numbers(end) ?? [], "l\(index).\(name)",
            noise: c.noise(name, index, net))
        }
      }
      try c.compareAfter(net, x)
      if let bound = c.json["expect"]?["final_loss_below"]?.double,
        !(run.stepLosses.last.map { $0 < bound } ?? false)
      {
        c.fail("the last loss is not below \(bound)")
      }
      try compareDead(c, net, Examples(x, y), loss)
    }
  }

  /// Units that are 0 for every example, and whether what feeds them has stayed as it was.
  private static func compareDead(
    _ c: Case, _ net: Sequential, _ examples: Examples, _ loss: Loss
  ) throws {
    guard let dead = c.json["expect"]?["dead_units"]?.array?.compactMap(\.int) else { return }
    let signals = try net.signals(
      examples, loss: .builtIn(loss), optimizer: .sgd(.constant(0.01)),
      context: Context(sink: Recording()))
    c.compare(
      [Double(signals.activated.first?.deadUnits ?? -1)], [Double(dead.count)], "dead units")
    guard let stays = c.json["expect"]?["dead_units_never_change"]?.bool,
      let first = net.layers.first
    else { return }
    let start = try Case.tensor(c.json["inputs"]?["init"]?["l0.W"], dtype: c.dtype)
    for unit in dead {
      let column: [Index] = [.range(nil, nil), .at(unit)]
      let same = try first.weights[0].tensor.at(column).doubles == start.at(column).doubles
      if same != stays { c.fail("the weights of dead unit \(unit) changed: \(!same)") }
    }
  }

  static func model(
    _ c: Case, _ parts: [JSON], penalty given: Penalty? = nil
  ) throws -> Sequential {
    let reg = c.parameters["reg"]
    let penalty =
      given != nil
      ? given
      : reg == nil || reg == .null
        ? nil : Penalty(l1: reg?["l1"]?.double ?? 0, l2: reg?["l2"]?.double ?? 0)
    let constraint = c.number("maxnorm").map { Constraint.maxNorm($0) }
    let layers = try parts.enumerated().map { index, part -> any Layer in
      let slopes = c.json["inputs"]?["init"]?["l\(index).alpha"].flatMap(Case.numbers)?.count
      if part["type"]?.string == "prelu" { return PReLU(sharedAxes: slopes == 1 ? [1] : []) }
      if let layer = special(part, penalty: penalty, constraint: constraint) { return layer }
      switch part["type"]?.string {
      case "dense":
        return Dense(
          part["units"]?.int ?? 1, .builtIn(.linear), penalty: penalty, constraint: constraint)
      case "activation":
        return ActivationLayer(.builtIn(try activation(part["f"]?.string ?? "", part)))
      case "flatten": return Flatten()
      case let type? where Case.windowKinds.contains(type):
        return try Case.windowLayer(part, type, penalty, constraint)
      default: throw Unsupported("layer \(part["type"]?.string ?? "")")
      }
    }
    return try Sequential(layers)
  }

  static func optimizer(_ p: JSON) throws -> Optimizer {
    guard var settings = p["optimizer"], let name = settings["name"]?.string else {
      throw Unsupported("no optimizer")
    }
    // PyTorch's conventions and defaults where the case does not say.
    if settings["style"] == nil { settings.set("style", to: .string("torch")) }
    if let clip = p["clip"], clip != .null {
      for name in clip.keys where !["value", "norm", "global_norm"].contains(name) {
        throw Unsupported("clip \(name)")
      }
      if let value = clip["value"] { settings.set("clipvalue", to: value) }
      if let norm = clip["norm"] { settings.set("clipnorm", to: norm) }
      if let norm = clip["global_norm"] { settings.set("global_clipnorm", to: norm) }
    }
    let lr = settings["lr"]?.double ?? 0.01
    var rate = Schedule.constant(lr)
    if let rates = p["lr_per_step"].flatMap(Case.numbers), !rates.isEmpty {
      rate = .given(rates: rates, momenta: p["momentum_per_step"].flatMap(Case.numbers) ?? [])
    }
    return try optimizer(name, settings, rate: rate)
  }
}
