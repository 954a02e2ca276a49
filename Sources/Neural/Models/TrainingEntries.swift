internal import Catalog
internal import Data
internal import Tensors

extension ModelEntries {
  /// Validation data: a data set or a pair of tensors.
  struct Validation: Argument {
    let examples: Examples

    static var kind: String { "Dataset or (x, y)" }

    static func read(_ value: Value) throws -> Validation? {
      switch value {
      case .object(let data as Dataset): return Validation(examples: Examples(data))
      case .list(let list) where list.count == 2:
        guard let x = try Tensor.read(list.element(0)), let y = try Tensor.read(list.element(1))
        else { return nil }
        return Validation(examples: Examples(x, y))
      default: return nil
      }
    }

    var shown: String { "data" }
  }

  /// A dict of numbers: by class, or by name.
  struct NumberTable: Argument {
    let items: [(key: Value, value: Double)]

    static var kind: String { "dict of numbers" }

    static func read(_ value: Value) throws -> NumberTable? {
      guard case .dict(let dict) = value else { return nil }
      var items: [(key: Value, value: Double)] = []
      for (key, value) in try dict.items() {
        guard let number = Double.read(value) else { return nil }
        items.append((key, number))
      }
      return NumberTable(items: items)
    }

    var shown: String { "{}" }

    func byClass() throws -> [Int: Double] {
      var table: [Int: Double] = [:]
      for (key, value) in items {
        guard let number = Int.read(key) else {
          throw Failure(.type, "class_weight names classes by number, not \(key.brief())")
        }
        table[number] = value
      }
      return table
    }

    func byName() throws -> [String: Double] {
      var table: [String: Double] = [:]
      for (key, value) in items {
        guard let name = String.read(key) else {
          throw Failure(.type, "rates names layers by name, not \(key.brief())")
        }
        table[name] = value
      }
      return table
    }
  }

  /// Which weights a run leaves.
  enum Keep: String, Choice {
    case last
    case best
  }

  static let fit = Entry.method(
    of: Sequential.self, "fit", "Trains on examples and returns what was measured.",
    Parameter("x", ExamplesArgument.self, "a data set, or inputs", also: ["data"]),
    Parameter("y", TargetsArgument?.self, "targets, when x are inputs") { nil },
    Parameter("epochs", Int.self, "passes over the examples", where: .within(0, 1 << 30)) { 10 },
    batchSize,
    Parameter("optimizer", OptimizerChoice?.self, "how it learns; None: Adam, or what compile set")
    {
      nil
    },
    Parameter("loss", LossChoice?.self, "None: chosen by the last layer and the targets") { nil },
    Parameter("validation_data", Validation?.self, "watched after each epoch", also: ["val"]) {
      nil
    },
    Parameter(
      "validation_split", Double.self, "share taken from the end to watch",
      where: .within(0, below: 1)
    ) { 0 },
    Parameter("shuffle", Bool.self, "a new random order each epoch") { true },
    Parameter(
      "stop_after", Int?.self, "epochs without improvement after which it stops", also: ["patience"]
    ) { nil },
    Parameter(
      "keep", Keep?.self, "weights at the end; None: the best with stop_after, else the last"
    ) { nil },
    Parameter("verbose", Value.self, "0: reports nothing on the way") { .int(1) },
    Parameter(
      "lr", RateChoice?.self, "learning rate in place of the optimizer's", also: ["learning_rate"]
    ) { nil },
    Parameter("metrics", MetricList?.self, "measured beside loss and accuracy") { nil },
    Parameter("callbacks", CallbackList?.self, "told of epochs and batches") { nil },
    Parameter("class_weight", NumberTable?.self, "how much examples count, by class") { nil },
    Parameter("sample_weight", Tensor?.self, "how much each example counts") { nil },
    Parameter(
      "accumulate", Int.self, "batches whose gradients make one step",
      also: ["gradient_accumulation_steps"], where: .within(1, 1 << 20)
    ) { 1 },
    Parameter("drop_remainder", Bool.self, "leaves out a short last batch") { false },
    Parameter("rates", NumberTable?.self, "factors of the learning rate, by layer") { nil },
    Parameter("resume", String?.self, "a checkpoint from which the run goes on") { nil },
    .context, returns: "History",
    example: "net.fit(digits(1000).split(val=0.2), epochs=3, optimizer=Adam(0.001))",
    details: """
      A split data set is trained on its training part and watched on its validation part. The \
      loss follows the last layer: softmax gives cross-entropy over classes, sigmoid the binary \
      one, anything else the mean squared error. What the optimizer remembers goes on in the next \
      fit, as long as optimizer and layers that learn stay the same. Several batches may make one \
      step (accumulate); rates={"dense": 0.1} slows a layer, on top of its lr_factor. The run \
      stops at the first loss that is not finite, and the model gets back the weights of that \
      epoch's begin. An interrupt leaves the model as it was after the \
      last batch, with `net.history` up to there.
      """
  ) {
    model, data, y, epochs, batchSize, optimizer, loss, validation, share, shuffle, patience, keep,
    verbose, lr, metrics, callbacks, classWeight, sampleWeight, accumulate, dropRemainder, rates,
    resume, context in
    var (examples, watched) = try sets(data, y?.tensor, validation?.examples)
    if let sampleWeight {
      examples = Examples(
        examples.x, examples.y, hasClasses: examples.hasClasses, weights: sampleWeight)
    }
    if share > 0, watched == nil {
      let count = Double(examples.count)
      let kept = Int(exactly: (count * (1 - share)).rounded(.down)) ?? examples.count
      guard kept > 0 else {
        throw Failure(.value, "validation_split=\(share) leaves none of \(examples.count) examples")
      }
      watched = kept < examples.count ? try examples.examples(kept..<examples.count) : nil
      examples = try examples.examples(0..<kept)
    }
    if let patience, patience < 1 {
      throw Failure(.value, "stop_after must be at least 1, got \(patience)")
    }
    var chosen = optimizer ?? model.wanted.optimizer ?? OptimizerChoice(.adam())
    if let lr { chosen = chosen.with(lr) }
    let parts = ScriptParts(
      optimizer: chosen, metrics: metrics?.metrics ?? model.wanted.metrics,
      callbacks: callbacks ?? CallbackList(callbacks: []))
    let isQuiet = if case .int(0) = verbose { true } else { false }
    var training = Training(
      epochs: epochs, batchSize: batchSize, optimizer: chosen.optimizer, shuffles: shuffle,
      patience: patience, keepsBest: keep.map { $0 == .best }, reports: !isQuiet)
    training.accumulation = accumulate
    training.dropsRemainder = dropRemainder
    training.classWeights = try classWeight?.byClass() ?? [:]
    training.rates = try rates?.byName() ?? [:]
    training.resume = resume
    return .object(
      try model.fit(
        examples, validation: watched, loss: loss, training, parts, context: context))
  }

  /// What to train on and what to watch.
  private static func sets(
    _ data: ExamplesArgument, _ y: Tensor?, _ validation: Examples?
  ) throws -> (Examples, Examples?) {
    if case .dataset(let data) = data, y == nil, data.parts != nil {
      return (Examples(data.train), validation ?? data.validation.map { Examples($0) })
    }
    return (try data.examples(y, in: "fit"), validation)
  }

  static let evaluate = Entry.method(
    of: Sequential.self, "evaluate", "Loss and accuracy on examples.",
    Parameter("x", ExamplesArgument.self, "a data set, or inputs", also: ["data"]),
    Parameter("y", TargetsArgument?.self, "targets, when x are inputs") { nil },
    Parameter("loss", LossChoice?.self, "None: chosen by the last layer and the targets") { nil },
    Parameter("batch_size", Int.self, "examples per step", where: .within(1, 1 << 30)) { 512 },
    Parameter("verbose", Value.self, "taken for Keras's sake") { .none },
    .context, returns: "Scores", example: "net.evaluate(digits(100)).accuracy"
  ) { model, data, y, loss, batchSize, _, context in
    .object(
      Scores(
        try model.evaluate(
          data.examples(y.map(\.tensor), in: "evaluate"), loss: loss, batchSize: batchSize,
          context: context)))
  }

  static let predict = Entry.method(
    of: Sequential.self, "predict", "The outputs for inputs.",
    Parameter("x", ExamplesArgument.self, "inputs, or a data set"),
    Parameter(
      "samples", Int.self, "passes with dropout on; 0: one without", where: .within(0, 1 << 20)
    ) { 0 },
    Parameter("batch_size", Int.self, "inputs per step", where: .within(1, 1 << 30)) { 512 },
    Parameter("verbose", Value.self, "taken for Keras's sake") { .none },
    .context, returns: "Tensor, or Prediction with samples",
    example: "net.predict(digits(10).x)",
    details: """
      One input without the axis of examples gives one output without it. With samples=100 dropout \
      and its kin stay on, batch normalisation uses its moving values, and the result has the mean, \
      the std and the entropy of 100 passes (Gal and Ghahramani 2016).
      """
  ) { model, data, samples, batchSize, _, context in
    let x =
      switch data {
      case .dataset(let data): data.x
      case .inputs(let x): x
      }
    guard samples > 0 else {
      return .object(try model.predict(x, batchSize: batchSize, context: context))
    }
    return .object(
      try model.predict(x, samples: samples, batchSize: batchSize, context: context))
  }
}

/// Loss and accuracy, by name or in Keras's order.
final class Scores: Object {
  static let type = ObjectType("Scores", "Loss and accuracy on examples.")
  let figures: [(name: String, value: Double)]

  init(_ figures: [(name: String, value: Double)]) {
    self.figures = figures
  }

  var type: ObjectType { Self.type }
  var contents: [String] { figures.map(\.name) }
  func length() -> Int { figures.count }

  func attribute(_ name: String) -> Value? {
    figures.first { $0.name == name }.map { .float($0.value) }
  }

  func index(_ key: Value, context: Context) throws -> Value {
    if case .string(let name) = key {
      guard let value = attribute(name) else { throw Failure(.key, "'\(name)'") }
      return value
    }
    guard let index = Int.read(key) else {
      throw Failure(.type, "scores are indexed with a name or a number")
    }
    let place = index < 0 ? index + figures.count : index
    guard figures.indices.contains(place) else { throw Failure(.index, "index out of range") }
    return .float(figures[place].value)
  }

  func iterate() -> any ObjectIterator { Walk(figures.map(\.value)) }

  var text: String {
    figures.map { "\($0.name) \(History.short($0.value))" }.joined(separator: ", ")
  }

  private final class Walk: ObjectIterator {
    var rest: ArraySlice<Double>
    init(_ values: [Double]) { rest = values[...] }
    func next() -> Value? { rest.popFirst().map { .float($0) } }
  }
}
