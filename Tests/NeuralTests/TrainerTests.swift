import Catalog
import Data
import FoundationEssentials
import Neural
import Tensors
import Testing

/// What `fit` does beside learning: weights of examples, accumulation, callbacks, checkpoints.
@Suite struct TrainerTests {
  static func net() throws -> Sequential {
    try Sequential(Dense(12, .relu), Dropout(0.3), Dense(3, .softmax))
  }

  static func blobs(_ count: Int = 90) throws -> Examples {
    var stream = RandomStream(seed: 5, name: "data")
    return Examples(try Points.blobs(count, classes: 3, from: &stream))
  }

  static func folder() throws -> String {
    let path = "/tmp/gradus-trainer-\(UInt64.random(in: 0...(.max)))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    return path
  }

  static let schedule = Schedule.oneCycle(OneCycle(rate: 0.02, steps: 40))

  @Test(
    "A resumed run equals an uninterrupted one bit for bit",
    arguments: [
      Optimizer.adam(schedule), .sgd(.constant(0.1)), .sgd(schedule, momentum: 0.9),
      .nadam(.perEpoch(.exponential(rate: 0.02, decay: 0.8, steps: 1, stairs: false))),
      .ftrl(.constant(0.3)), .rprop(),
    ], [nil, 5])
  func resume(_ optimizer: Optimizer, _ frequency: Int?) throws {
    let folder = try Self.folder()
    let data = try Self.blobs()
    func training(_ epochs: Int) -> Training {
      var training = Training(epochs: epochs, batchSize: 16, optimizer: optimizer, patience: 3)
      training.accumulation = 2
      return training
    }
    func callbacks(_ file: String, frequency: Int? = nil) -> [any TrainingCallback] {
      [
        EarlyStopping(Monitor("val_loss"), Stopping(patience: 20), restores: true),
        ModelCheckpoint("\(folder)/\(file)", frequency: frequency),
      ]
    }
    let whole = try Self.net()
    let run = try whole.fit(
      data, validation: Self.blobs(30), training(6), callbacks: callbacks("whole.safetensors"),
      context: Lab.context())
    // Cut off after some epochs, or in the middle of one; then another session, another seed.
    let first = try Self.net()
    try first.fit(
      data, validation: Self.blobs(30), training(3),
      callbacks: callbacks("part.safetensors", frequency: frequency), context: Lab.context())
    let second = try Self.net()
    var rest = training(6)
    rest.resume = "\(folder)/part.safetensors"
    let resumed = try second.fit(
      data, validation: Self.blobs(30), rest, callbacks: callbacks("rest.safetensors"),
      context: Lab.context(7))
    #expect(second.weights.map(\.tensor.floats) == whole.weights.map(\.tensor.floats))
    #expect(resumed.stepLosses == run.stepLosses)
    for (a, b) in zip(resumed.columns, run.columns) {
      #expect(a.name == b.name)
      #expect(a.values == b.values)
    }
    // The next checkpoint is the same file, byte for byte.
    #expect(
      try FileBytes.read("\(folder)/rest.safetensors")
        == FileBytes.read("\(folder)/whole.safetensors"))
    let weights = try Self.net()
    try weights.load(from: "\(folder)/rest.safetensors")
  }

  @Test("A checkpoint of another run is refused before anything changes")
  func refusal() throws {
    let folder = try Self.folder()
    let data = try Self.blobs()
    let net = try Self.net()
    try net.fit(
      data, Training(epochs: 1), callbacks: [ModelCheckpoint("\(folder)/a.safetensors")],
      context: Lab.context())
    try net.save(to: "\(folder)/weights.safetensors")
    let before = net.weights.map(\.tensor.floats)
    for (file, batch, layers) in [
      ("a", 8, try Self.net()), ("weights", 32, try Self.net()), ("missing", 32, try Self.net()),
      ("a", 32, try Sequential(Dense(4, .relu), Dense(3, .softmax))),
    ] {
      var training = Training(epochs: 2, batchSize: batch)
      training.resume = "\(folder)/\(file).safetensors"
      #expect(Lab.failure { _ = try layers.fit(data, training, context: Lab.context()) } != nil)
    }
    #expect(before == net.weights.map(\.tensor.floats))
  }

  @Test("What the optimizer remembers goes on in the next fit")
  func continuing() throws {
    let data = try Self.blobs()
    func trained(_ parts: [Int], _ optimizers: [Optimizer]) throws -> [[Float]] {
      let net = try Sequential(Dense(8, .tanh), Dense(3, .softmax))
      let context = Lab.context()
      for (epochs, optimizer) in zip(parts, optimizers) {
        try net.fit(data, Training(epochs: epochs, optimizer: optimizer), context: context)
      }
      return net.weights.map(\.tensor.floats)
    }
    let once = try trained([4], [.adam()])
    #expect(try trained([2, 2], [.adam(), .adam()]) == once)
    #expect(try trained([2, 2], [.adam(), .adam(beta1: 0.8)]) != once)
    // Layers that learn again begin anew.
    let net = try Sequential(Dense(8, .tanh), Dense(3, .softmax))
    let context = Lab.context()
    try net.fit(data, Training(epochs: 1), context: context)
    #expect(net.optimizer?.steps == 3)
    net.layers[0].state.isTrainable = false
    try net.fit(data, Training(epochs: 1), context: context)
    #expect(net.optimizer?.steps == 3)
    try net.fit(data, Training(epochs: 1), context: context)
    #expect(net.optimizer?.steps == 6)
  }

  @Test("Gradients of several batches make one step", arguments: [false, true])
  func accumulation(_ forcesTape: Bool) throws {
    let data = try Self.blobs(96)
    var results: [[Double]] = []
    for (size, count) in [(32, 1), (8, 4)] {
      let net = try Sequential(Dense(8, .tanh), Dense(3, .softmax))
      var training = Training(
        epochs: 3, batchSize: size, optimizer: .adam(.constant(0.01)), shuffles: false,
        forcesTape: forcesTape)
      training.accumulation = count
      try net.fit(
        Examples(data.x.astype(.f64), data.y), training, context: Lab.context())
      #expect(net.optimizer?.steps == 9)
      results.append(net.weights.flatMap(\.tensor.doubles))
    }
    for (a, b) in zip(results[0], results[1]) { #expect(abs(a - b) < 1e-10) }
  }

  @Test("Weights of classes and examples count as copies of examples do")
  func weighing() throws {
    let data = try Self.blobs(40)
    let x = try data.x.astype(.f64)
    let labels = data.y.ints
    func trained(_ examples: Examples, _ classes: [Int: Double], _ rate: Double) throws -> [Double]
    {
      let net = try Sequential(Dense(8, .tanh), Dense(3, .softmax))
      var stream = RandomStream(seed: 3, name: "init")
      try net.build([x.shape[1]], dtype: .f64, from: &stream)
      var training = Training(
        epochs: 5, batchSize: 1000, optimizer: .sgd(.constant(rate)), shuffles: false)
      training.classWeights = classes
      try net.fit(examples, training, context: Lab.context())
      return net.weights.flatMap(\.tensor.doubles)
    }
    // Twice the weight is the example twice, in a mean over so many more.
    let twice = labels.indices.flatMap { labels[$0] == 1 ? [$0, $0] : [$0] }
    let doubled = Examples(try x.rows(twice), try data.y.rows(twice))
    let share = Double(twice.count) / Double(labels.count)
    let byClass = try trained(Examples(x, data.y), [1: 2], 0.1)
    let byExample = try trained(
      Examples(x, data.y, weights: Tensor(labels.map { $0 == 1 ? 2.0 : 1.0 })), [:], 0.1)
    let byCopies = try trained(doubled, [:], 0.1 * share)
    for index in byClass.indices {
      #expect(abs(byClass[index] - byCopies[index]) < 1e-10)
      #expect(byClass[index] == byExample[index])
    }
  }

  @Test("Layers may have rates of their own", arguments: [false, true])
  func rates(_ forcesTape: Bool) throws {
    let data = try Self.blobs()
    let net = try Sequential(Dense(8, .tanh), Dense(8, .tanh), Dense(3, .softmax))
    var stream = RandomStream(seed: 3, name: "init")
    try net.build([data.x.shape[1]], from: &stream)
    let before = net.weights.map(\.tensor.floats)
    net.layers[0].state.rateFactor = 0
    var training = Training(epochs: 1, batchSize: 90, shuffles: false, forcesTape: forcesTape)
    training.optimizer = .sgd(.constant(0.1))
    training.rates = ["dense_1": 0.5]
    let twin = try net.copy()
    try net.fit(data, training, context: Lab.context())
    try twin.fit(
      data,
      Training(
        epochs: 1, batchSize: 90, optimizer: .sgd(.constant(0.1)), shuffles: false,
        forcesTape: forcesTape), context: Lab.context())
    #expect(net.weights[0].tensor.floats == before[0])
    for index in [2, 4] {
      let (half, full) = (net.weights[index].tensor.floats, twin.weights[index].tensor.floats)
      for place in half.indices {
        let moved = (half[place] - before[index][place], full[place] - before[index][place])
        #expect(abs(moved.0 - moved.1 * (index == 2 ? 0.5 : 1)) < 1e-6)
      }
    }
    training.rates = ["dense_7": 1]
    #expect(Lab.failure { _ = try net.fit(data, training, context: Lab.context()) } != nil)
  }

  @Test("A layer's factor counts inside another layer, times that of the other")
  func nested() throws {
    let data = try Self.blobs()
    func moved(_ inner: Double, _ outer: Double) throws -> [Double] {
      let slow = Dense(4, .tanh)
      slow.state.rateFactor = inner
      let net = try Sequential(WeightNorm(slow), Dense(3, .softmax))
      net.layers[0].state.rateFactor = outer
      var stream = RandomStream(seed: 3, name: "init")
      try net.build([data.x.shape[1]], from: &stream)
      let before = slow.weights[0].tensor.doubles
      try net.fit(
        data, Training(epochs: 1, batchSize: 90, optimizer: .sgd(.constant(0.1))),
        context: Lab.context())
      return zip(slow.weights[0].tensor.doubles, before).map { $0 - $1 }
    }
    let (whole, quarter) = (try moved(1, 1), try moved(0.5, 0.5))
    #expect(!whole.isEmpty)
    for (a, b) in zip(whole, quarter) { #expect(abs(0.25 * a - b) < 1e-6) }
    #expect(try moved(0, 1).allSatisfy { $0 == 0 })
  }

  @Test("The library's callbacks stop, slow down, write and restore")
  func callbacks() throws {
    let folder = try Self.folder()
    let context = Lab.context()
    let net = try Self.net()
    let run = try net.fit(
      Self.blobs(), validation: Self.blobs(30),
      Training(epochs: 40, optimizer: .sgd(.constant(0.5))),
      callbacks: [
        EarlyStopping(Monitor("val_loss"), Stopping(patience: 4, delta: 0.01), restores: true),
        ReduceLROnPlateau(
          Monitor("val_loss"), Plateau(factor: 0.5, patience: 2, delta: 0.01)),
        CSVLogger("\(folder)/run.csv"),
        ModelCheckpoint(
          "\(folder)/best-{epoch:02d}.safetensors", bestOnly: true, weightsOnly: true),
      ], context: context)
    #expect(run.ending == .early)
    #expect(run.reason.contains("restored"))
    #expect((run.rates.last ?? 1) < 0.5)
    let lines = String(decoding: try FileBytes.read("\(folder)/run.csv"), as: UTF8.self)
      .split(separator: "\n")
    #expect(lines[0] == "epoch,loss,accuracy,val_loss,val_accuracy")
    #expect(lines.count == run.epochs + 1)
    #expect(FileBytes.exists("\(folder)/best-01.safetensors"))
    let values = try #require(run["val_loss"])
    let scores = try net.evaluate(Self.blobs(30), context: context)
    #expect(values.dropLast().contains { abs($0 - scores[0].value) < 1e-6 })
    // A figure that is not measured is said, once.
    _ = try net.fit(
      Self.blobs(), Training(epochs: 3),
      callbacks: [EarlyStopping(Monitor("val_loss"), Stopping(patience: 1), restores: false)],
      context: context)
    let sink = try #require(context.sink as? Recording)
    #expect(sink.text(.error).components("watches 'val_loss'") == 1)
    // A schedule and a callback that sets the rate would fight.
    #expect(
      Lab.failure {
        _ = try net.fit(
          Self.blobs(), Training(epochs: 1, optimizer: .adam(Self.schedule)),
          callbacks: [ReduceLROnPlateau(Monitor("loss"), Plateau())], context: context)
      }?.message.contains("follows Adam(one_cycle") ?? false)
  }

  @Test("A run that diverges gives the weights of the epoch's begin back")
  func diverging() throws {
    var stream = RandomStream(seed: 1, name: "data")
    let x = try stream.normal([64, 3]) * 10
    for optimizer in [Optimizer.sgd(.constant(1e6)), .sgd(.constant(1e5), momentum: 0.9)] {
      let context = Lab.context()
      let net = try Sequential(Dense(16, .relu), Dense(1))
      var begin = RandomStream(seed: 42, name: "init")
      try net.build([3], from: &begin)
      let before = net.weights.map(\.tensor.floats)
      let run = try net.fit(
        Examples(x, x.sum(1)), Training(epochs: 1, batchSize: 4, optimizer: optimizer),
        context: context)
      #expect(run.ending == .diverged)
      #expect(net.weights.map(\.tensor.floats) == before)
      #expect(net.optimizer?.steps == 0)
      let sink = try #require(context.sink as? Recording)
      #expect(sink.text(.error).contains("the loss of the step before"))
      if optimizer.chain.count > 1 { #expect(sink.text(.error).contains("largest gradient")) }
    }
  }

  @Test("The last short batch may be left out")
  func remainder() throws {
    let net = try Self.net()
    var training = Training(epochs: 1, batchSize: 32)
    training.dropsRemainder = true
    #expect(try net.fit(Self.blobs(), training, context: Lab.context()).steps == 2)
  }
}

extension String {
  /// How often another text stands in it.
  func components(_ other: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: other) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
