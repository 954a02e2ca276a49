import Catalog
import Data
import FoundationEssentials
import Neural
import Tensors
import Testing

/// What every optimizer of the catalogue promises, with each of its options.
@Suite struct OptimizerConformanceTests {
  static let names: [String] =
    NeuralCatalog.library.sections.first { $0.title == "Optimizers" }?.entries.map(\.name) ?? []

  /// An optimizer as a script would call it.
  struct Call: CustomStringConvertible {
    let name: String
    var options: [(String, Value)]

    func made() throws -> Optimizer {
      guard case .object(let object) = try Lab.call(name, [], options),
        let optimizer = object as? OptimizerObject
      else { throw Failure(.type, "\(name) makes no optimizer") }
      return optimizer.optimizer
    }

    var description: String {
      "\(name)(\(options.map { "\($0.0)=\($0.1.brief())" }.joined(separator: ", ")))"
    }
  }

  /// A value for each option that differs from its default; those with choices need none.
  static var samples: [String: Value] {
    [
      "momentum": .float(0.9), "nesterov": .bool(true), "dampening": .float(0.3),
      "beta1": .float(0.7), "beta2": .float(0.9), "epsilon": .float(1e-3), "amsgrad": .bool(true),
      "rho": .float(0.8), "centered": .bool(true), "initial": .float(0.5),
      "momentum_decay": .float(0.5), "eta_minus": .float(0.3), "eta_plus": .float(1.5),
      "step_min": .float(0.012), "step_max": .float(0.021), "l1": .float(0.02), "l2": .float(0.1),
      "l2_shrinkage": .float(0.1), "beta": .float(1), "learning_rate_power": .float(-0.7),
      "weight_decay": .float(0.1), "clipnorm": .float(0.05), "clipvalue": .float(0.02),
      "global_clipnorm": .float(0.05),
    ]
  }

  /// What an option needs beside it to have an effect.
  static var companions: [String: [(String, Value)]] {
    [
      "nesterov": [("momentum", .float(0.9))],
      "dampening": [("momentum", .float(0.9)), ("momentum_form", .string("torch"))],
      // Both forms take the same path while the rate stays.
      "momentum_form": [("momentum", .float(0.9)), ("lr", .object(ScheduleObject(falling)))],
      "decay_form": [("weight_decay", .float(0.1)), ("momentum", .float(0.9))],
      "amsgrad": [("beta2", .float(0.3))],
      // It forgets weights, so that only a decay within the gradient counts.
      "AdagradDA.weight_decay": [("decay_form", .string("coupled"))], "AdagradDA.decay_form": [],
    ]
  }

  static let falling = Schedule.exponential(rate: 0.03, decay: 0.5, steps: 4, stairs: false)

  /// Calls that differ in one option, with the same call without it.
  static func calls(_ name: String) throws -> [(plain: Call, changed: Call)] {
    let entry = try #require(NeuralCatalog.library.entries.first { $0.name == name })
    let usual: [(String, Value)] = [("lr", .float(0.02))]
    var all = [(plain: Call(name: name, options: usual), changed: Call(name: name, options: usual))]
    for parameter in entry.parameters where parameter.name != "lr" {
      var options =
        companions["\(name).\(parameter.name)"] ?? companions[parameter.name] ?? []
      if !options.contains(where: { $0.0 == "lr" }) { options += usual }
      options.removeAll { beside in !entry.parameters.contains { $0.name == beside.0 } }
      var values = parameter.choices.map { Value.string($0) }
      if let sample = samples[parameter.name] { values.append(sample) }
      #expect(!values.isEmpty, "option \(parameter.name) of \(name) has no sample")
      let plain = Call(name: name, options: options)
      for value in values where parameter.shownDefault != shown(value) {
        all.append((plain, Call(name: name, options: options + [(parameter.name, value)])))
      }
    }
    return all
  }

  private static func shown(_ value: Value) -> String {
    if case .string(let text) = value { "\"\(text)\"" } else { value.brief() }
  }

  /// Options that rightly change nothing: of Rprop's gradients only the signs count.
  static let silent = [
    "Rprop": ["clipnorm", "clipvalue", "global_clipnorm"], "AdagradDA": ["decay_form"],
  ]

  static func net() throws -> Sequential {
    try Sequential(Dense(6, .tanh), LayerNorm(), PReLU(), Dense(3, .softmax))
  }

  static func examples(_ dtype: DType) throws -> Examples {
    var stream = RandomStream(seed: 12, name: "x")
    return Examples(
      try stream.normal([13, 3], dtype: dtype), try Tensor((0..<13).map { $0 * 5 % 3 }))
  }

  /// Three steps an epoch, the last one of a short batch.
  static func training(_ optimizer: Optimizer, epochs: Int = 4, forcesTape: Bool = false)
    -> Training
  {
    Training(epochs: epochs, batchSize: 5, optimizer: optimizer, forcesTape: forcesTape)
  }

  static func trained(
    _ optimizer: Optimizer, _ dtype: DType, forcesTape: Bool = false
  ) throws -> [Double] {
    let net = try net()
    let run = try net.fit(
      examples(dtype), training(optimizer, forcesTape: forcesTape),
      context: Lab.context())
    #expect(run.isPlanned == !forcesTape)
    #expect(run.steps == 12)
    #expect(net.weights.allSatisfy { $0.tensor.dtype == dtype })
    return net.weights.flatMap(\.tensor.doubles)
  }

  @Test("Every option counts, and the plan goes where the tape goes", arguments: names)
  func paths(_ name: String) throws {
    for (plain, changed) in try Self.calls(name) {
      let optimizer = try changed.made()
      for (dtype, tolerance) in [(DType.f64, 1e-12), (.f32, 2e-5)] {
        let planned = try Self.trained(optimizer, dtype)
        let taped = try Self.trained(optimizer, dtype, forcesTape: true)
        let apart = zip(planned, taped).map { abs($0 - $1) }.max() ?? .nan
        #expect(apart <= tolerance, "\(changed) in \(dtype.name)")

        let option = changed.options.last?.0 ?? ""
        guard dtype == .f64, option != "lr", !(Self.silent[name] ?? []).contains(option) else {
          continue
        }
        let without = try Self.trained(plain.made(), dtype)
        #expect(planned != without, "\(changed) takes the path of \(plain)")
      }
    }
  }

  @Test("A resumed run equals an uninterrupted one bit for bit", arguments: names)
  func resuming(_ name: String) throws {
    let folder = try TrainerTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (index, (_, call)) in try Self.calls(name).enumerated() {
      let optimizer = try call.made()
      let dtype: DType = index % 2 == 0 ? .f32 : .f64
      func run(_ file: String, epochs: Int, from start: String? = nil, seed: UInt64) throws
        -> Sequential
      {
        let net = try Self.net()
        var training = Self.training(optimizer, epochs: epochs, forcesTape: index % 3 == 2)
        training.resume = start.map { "\(folder)/\($0)" }
        try net.fit(
          Self.examples(dtype), training,
          callbacks: [ModelCheckpoint("\(folder)/\(file)", frequency: 5)],
          context: Lab.context(seed))
        return net
      }
      let whole = try run("whole", epochs: 4, seed: 42)
      _ = try run("part", epochs: 2, seed: 42)
      let rest = try run("rest", epochs: 4, from: "part", seed: 7)
      #expect(
        rest.weights.map(\.tensor.doubles) == whole.weights.map(\.tensor.doubles), "\(call)")
      // What it remembers, under the same names.
      #expect(try FileBytes.read("\(folder)/rest") == FileBytes.read("\(folder)/whole"), "\(call)")
    }
  }

  @Test("A checkpoint of another optimizer is refused, and nothing changes", arguments: names)
  func others(_ name: String) throws {
    let folder = try TrainerTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let net = try Self.net()
    try net.fit(
      Self.examples(.f32),
      Self.training(Call(name: name, options: []).made(), epochs: 1),
      callbacks: [ModelCheckpoint("\(folder)/run")], context: Lab.context())
    for other in Self.names where other != name {
      let fresh = try Self.net()
      try fresh.fit(
        Self.examples(.f32), Self.training(.sgd(), epochs: 1),
        context: Lab.context())
      let before = fresh.weights.map(\.tensor.floats)
      var training = Self.training(try Call(name: other, options: []).made(), epochs: 2)
      training.resume = "\(folder)/run"
      let failure = Lab.failure {
        try fresh.fit(
          Self.examples(.f32), training, context: Lab.context())
      }
      #expect(failure?.code == "L309", "\(other) went on from a checkpoint of \(name)")
      #expect(fresh.weights.map(\.tensor.floats) == before)
    }
  }

  @Test("The rate follows a schedule", arguments: names)
  func scheduled(_ name: String) throws {
    let call = Call(name: name, options: [("lr", .object(ScheduleObject(Self.falling)))])
    let net = try Self.net()
    let run = try net.fit(
      Self.examples(.f64), Self.training(call.made()),
      context: Lab.context())
    #expect(run.rates == [2, 5, 8, 11].map { Self.falling.value($0) })
    // Rprop asks for the rate once, for its first steps.
    let constant = Call(name: name, options: [("lr", .float(0.03))])
    let stays = try Self.trained(constant.made(), .f64) == net.weights.flatMap(\.tensor.doubles)
    #expect(stays == (name == "Rprop"))
    // An epoch of a rate is what a constant rate gives.
    let steady = try Self.trained(
      Call(name: name, options: [("lr", .object(ScheduleObject(.constant(0.03))))]).made(), .f64)
    #expect(try steady == Self.trained(constant.made(), .f64))
  }

  @Test("A layer's factor of the rate is that of the rate", arguments: names)
  func factors(_ name: String) throws {
    for forcesTape in [false, true] {
      func trained(_ rate: Double, _ factor: Double) throws -> [[Double]] {
        let net = try Self.net()
        for layer in net.layers { layer.state.rateFactor = factor }
        try net.fit(
          Self.examples(.f64),
          Self.training(
            Call(name: name, options: [("lr", .float(rate))]).made(), forcesTape: forcesTape),
          context: Lab.context())
        return net.weights.map(\.tensor.doubles)
      }
      let halved = try trained(0.04, 0.5)
      let half = try trained(0.02, 1)
      for (a, b) in zip(halved.joined(), half.joined()) { #expect(abs(a - b) < 1e-12) }
      // No rate, no step: the weights are the first ones.
      let built = try Self.net()
      var stream = RandomStream(seed: 42, name: "init")
      try built.build([3], dtype: .f64, from: &stream)
      #expect(try trained(0.02, 0) == built.weights.map(\.tensor.doubles))
    }
  }

  @Test("AdagradDA refuses a decay that it would forget")
  func forgotten() throws {
    let decay = ("weight_decay", Value.float(0.1))
    let failure = Lab.failure { _ = try Call(name: "AdagradDA", options: [decay]).made() }
    #expect(failure?.help?.contains("coupled") ?? false)
  }

  @Test("A model without weights is refused, one that is frozen measured", arguments: names)
  func empty(_ name: String) throws {
    let optimizer = try Call(name: name, options: []).made()
    let examples = try Self.examples(.f32)
    for forcesTape in [false, true] {
      let training = Self.training(optimizer, forcesTape: forcesTape)
      let plain = try Sequential(Flatten(), ActivationLayer(.builtIn(.tanh)))
      let failure = Lab.failure {
        try plain.fit(
          Examples(examples.x, examples.x), loss: .builtIn(.mse), training, context: Lab.context())
      }
      #expect(failure?.code == "L306")
      #expect(failure?.message.contains("has no weights that learn") ?? false)
      let context = Lab.context()
      let frozen = try Self.net()
      for layer in frozen.layers { layer.state.isTrainable = false }
      let run = try frozen.fit(examples, training, context: context)
      // The same but for the order in which the examples are added up.
      let losses = try #require(run["loss"])
      #expect((losses.max() ?? .nan) - (losses.min() ?? 0) < 1e-5)
      let sink = try #require(context.sink as? Recording)
      #expect(sink.text(.error).contains("has no weights that learn"))
    }
  }
}
