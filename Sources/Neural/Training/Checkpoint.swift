internal import Catalog
internal import Data
internal import Tensors

/// Where a run stands: between two batches.
struct Position {
  /// Epochs finished.
  var epoch = 0
  /// Batches learnt from in the running epoch, and what they gave.
  var batch = 0
  var loss = 0.0
  var right = 0
  var seen = 0
  /// Where the stream of the orders stood before the running epoch's was drawn.
  var order: UInt64 = 0
  /// Epochs without a better figure, for `stop_after`.
  var waited = 0
}

extension Run {
  /// Writes all that a resumed run needs to go on to the same bytes.
  ///
  /// A safetensors file: the weights by name, so that it is a file of weights too; the optimizer's
  /// memory; the history; the best weights; what callbacks know; numbers as JSON in the header,
  /// with the bits of every float. Random streams are counters, so a number each is enough.
  func writeCheckpoint(to path: String) throws {
    if state.choice.script != nil {
      warn("what the optimizer \(state.optimizer.name) remembers is the script's and is not saved")
    }
    var tensors: [Safetensors.Named] = model.namedWeights.map { ($0.name, $0.weight.tensor) }
    func add(_ name: String, _ tensor: Tensor) { tensors.append((name, tensor)) }
    for (index, memory) in state.memory.enumerated() { add("optimizer.\(index)", memory) }
    if let waiting = state.gathered { add("optimizer.waiting", waiting) }
    for (index, weight) in (bestWeights ?? []).enumerated() { add("best.\(index)", weight) }
    for (name, values) in history.columns { add("history.\(name)", try Tensor(values)) }
    add("history.lr", try Tensor(history.rates))
    add("history.steps", try Tensor(history.stepLosses))
    var known: [JSON] = []
    for (index, callback) in callbacks.builtIn.enumerated() {
      let memory = try callback.remembered()
      for (place, tensor) in memory.tensors.enumerated() {
        add("callback.\(index).\(place)", tensor)
      }
      known.append([
        "name": .string(callback.type.name),
        "numbers": .object(
          memory.numbers.sorted { $0.key < $1.key }.map { ($0.key, Self.bits($0.value)) }),
      ])
    }
    let facts: JSON = [
      "version": 1, "epoch": .int(position.epoch), "batch": .int(position.batch),
      "loss": Self.bits(position.loss), "right": .int(position.right), "seen": .int(position.seen),
      "order": .string("\(position.order)"), "waited": .int(position.waited),
      "optimizer": .string(state.optimizer.name), "steps": .int(state.steps),
      "epochs_before": .int(state.epoch), "waiting": .int(state.waiting),
      "last_rate": state.lastRate.map(Self.bits) ?? .null,
      "live_rate": liveRate.map(Self.bits) ?? .null, "seed": .string("\(context.seed)"),
      "streams": .object(
        context.drawn.sorted { $0.key < $1.key }.map { ($0.key, .string("\($0.value)")) }),
      "examples": .int(count), "batch_size": .int(training.batchSize), "callbacks": .array(known),
    ]
    let sizes = (model.inputShape ?? []).map(String.init).joined(separator: " ")
    try Safetensors.write(
      Safetensors.Content(
        tensors,
        metadata: [
          ("input_shape", sizes),
          ("training", String(decoding: facts.encoded(), as: UTF8.self)),
        ]), to: path)
  }

  /// Puts model, optimizer, streams and history back to where a checkpoint was written.
  ///
  /// - Throws: before anything is changed, when the file is no checkpoint or of another run.
  func restore(from path: String) throws {
    let content = try Safetensors.read(path, check: context.check)
    guard let text = content.metadata.first(where: { $0.key == "training" })?.value,
      let facts = try? JSON(parsing: Array(text.utf8))
    else {
      throw Failure(
        .value, "'\(path)' holds weights, but not where a run stood",
        help: "net.load(…) reads weights; fit(resume=…) needs a file that ModelCheckpoint wrote")
    }
    for (name, own) in [("examples", count), ("batch_size", training.batchSize)]
    where facts[name]?.int != own {
      throw Failure(
        .value,
        "the checkpoint '\(path)' was written by a run with \(name)="
          + "\(facts[name]?.int.map(String.init) ?? "?"), this one has \(own)",
        help: "resume with the same data and batch size")
    }
    if let written = facts["optimizer"]?.string, written != state.optimizer.name {
      throw Failure(
        .value,
        "the checkpoint '\(path)' was written by a run with \(written), this one has "
          + state.optimizer.name, code: "L309", help: "resume with the same optimizer")
    }
    var values: [Tensor] = []
    for (name, weight) in model.namedWeights {
      guard let tensor = content[name], tensor.shape == weight.tensor.shape else {
        throw Failure(
          .value,
          "the checkpoint '\(path)' has no weight '\(name)' of shape \(weight.tensor.shape)",
          code: "L309", help: "resume with a model of the same layers")
      }
      values.append(tensor)
    }
    func numbered(_ prefix: String) -> [Tensor] {
      var all: [Tensor] = []
      while let tensor = content["\(prefix).\(all.count)"] { all.append(tensor) }
      return all
    }
    try state.restore(
      steps: facts["steps"]?.int ?? 0, memory: numbered("optimizer"),
      lastRate: facts["last_rate"].flatMap(Self.double),
      waiting: facts["waiting"]?.int ?? 0, gathered: content["optimizer.waiting"])
    state.epoch = facts["epochs_before"]?.int ?? 0
    try Weight.assign(values, to: model.weights, of: "model '\(model.name)'")
    if let rate = facts["live_rate"].flatMap(Self.double) { setRate(rate) }
    let best = numbered("best")
    bestWeights = best.isEmpty ? nil : best
    position = Position(
      epoch: facts["epoch"]?.int ?? 0, batch: facts["batch"]?.int ?? 0,
      loss: facts["loss"].flatMap(Self.double) ?? 0, right: facts["right"]?.int ?? 0,
      seen: facts["seen"]?.int ?? 0,
      order: facts["order"]?.string.flatMap { UInt64($0) } ?? 0, waited: facts["waited"]?.int ?? 0)
    let columns = content.tensors.compactMap { tensor -> (name: String, values: [Double])? in
      guard tensor.name.hasPrefix("history.") else { return nil }
      let name = String(tensor.name.dropFirst(8))
      return ["lr", "steps"].contains(name) ? nil : (name, tensor.tensor.doubles)
    }
    history.restore(
      columns, rates: content["history.lr"]?.doubles ?? [],
      steps: content["history.steps"]?.doubles ?? [])
    for (index, (callback, memory)) in zip(
      callbacks.builtIn, facts["callbacks"]?.array ?? []
    ).enumerated() where memory["name"]?.string == callback.type.name {
      let numbers = (memory["numbers"]?.members ?? []).compactMap { member in
        Self.double(member.value).map { (member.key, $0) }
      }
      try callback.recall(
        CallbackMemory(
          Dictionary(numbers, uniquingKeysWith: { $1 }), tensors: numbered("callback.\(index)")))
    }
    if let seed = facts["seed"]?.string.flatMap({ UInt64($0) }) { context.seed = seed }
    for (name, value) in facts["streams"]?.members ?? [] {
      if let place = value.string.flatMap({ UInt64($0) }) { context.drawn[name] = place }
    }
  }

  /// The bits of a float, which its decimal digits might lose for NaN and infinities.
  private static func bits(_ value: Double) -> JSON {
    .string(String(value.bitPattern, radix: 16))
  }

  private static func double(_ json: JSON) -> Double? {
    json.string.flatMap { UInt64($0, radix: 16) }.map { Double(bitPattern: $0) }
  }
}
