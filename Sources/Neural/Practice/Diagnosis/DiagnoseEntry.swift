internal import Catalog
internal import Data
internal import Tensors

extension Sequential {
  /// Looks at the model, examples and its last run, and says what harms, in order of importance.
  ///
  /// Model, history and random streams stay as they are; things are tried on copies. Without a run
  /// a short one is made on a copy.
  ///
  /// - Parameters:
  ///   - validation: examples that were not learnt from; without them nothing is said about
  ///     overfitting.
  ///   - history: nil: that of the last run.
  ///   - optimizer: nil: that of the last run, or what `compile` asked for.
  public func diagnose(
    _ examples: Examples, validation: Examples? = nil, history: History? = nil,
    loss: LossChoice? = nil, optimizer: OptimizerChoice? = nil, context: Context
  ) throws -> Diagnosis {
    try context.enclosing(nil) {
      try Probe.noting({ "diagnose tried things on copies; the model is as it was" }) {
        try Examination(
          self, examples, validation: validation, history: history, loss: loss ?? wanted.loss,
          optimizer: optimizer, context: context
        ).run()
      }
    }
  }
}

enum DiagnosisEntries {
  static let diagnose = Entry(
    "diagnose", "Looks at a model, its data and its run, and says what harms and what to try.",
    Parameter("model", ModelArgument.self, "trained or not; it stays as it is"),
    Parameter("x", ExamplesArgument.self, "a data set, or inputs", also: ["data", "on"]),
    Parameter("y", Tensor?.self, "targets, when x are inputs") { nil },
    Parameter("run", History?.self, "None: the model's last run, or a short one on a copy") { nil },
    Parameter(
      "validation_data", ModelEntries.Validation?.self, "examples that were not learnt from",
      also: ["val"]
    ) { nil },
    Parameter("optimizer", OptimizerChoice?.self, "None: that of the run") { nil },
    Parameter("loss", LossChoice?.self, "None: chosen by the last layer and the targets") { nil },
    .context, returns: "Diagnosis",
    example: "diagnose(Sequential(Dense(8, \"relu\"), Dense(2, \"softmax\")), moons(60))",
    details: """
      Findings come in order of importance: errors before warnings before notes, causes before \
      consequences; each with the figures that show it and what to try. Looked at are: values that \
      are not numbers, inputs that are not scaled or centred, labels that do not fit the loss, the \
      first loss against ln C, units that are all the same, dead or saturated, the deviation of \
      activations and the norm of gradients through depth, updates against weights, the learning \
      rate (other rates are tried on copies), labels that have nothing to do with the inputs, over- \
      and underfitting (against what looking up the 5 nearest examples knows). A symptom that did \
      no harm is a note. Source: the notes of CS231n; Glorot and Bengio 2010.
      """
  ) { model, data, y, run, validation, optimizer, loss, context in
    let (examples, watched) = try PracticeData.sets(
      data, y, validation?.examples, in: "diagnose")
    return .object(
      try model.model.diagnose(
        examples, validation: watched, history: run, loss: loss, optimizer: optimizer,
        context: context))
  }

  static let activations = Entry(
    "activations", "What every layer gives for inputs: mean, spread, dead and saturated units.",
    Parameter("model", ModelArgument.self, "the model"),
    Parameter("x", ExamplesArgument.self, "inputs, or a data set", also: ["data", "on"]),
    .context, returns: "Signals",
    example: "activations(Sequential(Dense(8, \"tanh\"), Dense(2)), moons(60)).std",
    details: """
      mean and std (of the population) are over all examples and units; a unit is dead when it is \
      0 for every example; saturated are outputs within 1 % of the bounds of sigmoid and tanh. \
      plot() draws a histogram per layer. Dropout is off, nothing is learnt. Source: Glorot and \
      Bengio 2010.
      """
  ) { model, data, context in
    let x =
      switch data {
      case .dataset(let data): data.x
      case .inputs(let x): x
      }
    return .object(SignalsObject(layers: try model.model.activations(x, context: context)))
  }

  static let gradients = Entry(
    "gradients", "Gradient norms through depth, and how far an optimizer's step would go.",
    Parameter("model", ModelArgument.self, "the model; it stays as it is"),
    Parameter("x", ExamplesArgument.self, "a data set, or inputs", also: ["data", "on"]),
    Parameter("y", Tensor?.self, "targets, when x are inputs") { nil },
    Parameter("optimizer", OptimizerChoice?.self, "None: no step is tried") { nil },
    Parameter("loss", LossChoice?.self, "None: chosen by the last layer and the targets") { nil },
    .context, returns: "Signals",
    example: "gradients(Sequential(Dense(8, \"tanh\"), Dense(2, \"softmax\")), moons(60))",
    details: """
      update_ratio is `|update| / |w|`, of the optimizer's first step: for momentum and Adam the \
      update is not rate times gradient. About 1e-3 is usual. Source: the notes of CS231n.
      """
  ) { model, data, y, optimizer, loss, context in
    let signals = try model.model.signals(
      data.examples(y, in: "gradients"), loss: loss, optimizer: optimizer.map { $0.optimizer },
      context: context)
    return .object(SignalsObject(signals))
  }
}

/// A model as an argument of the practice tools.
struct ModelArgument: Argument {
  let model: Sequential

  static var kind: String { "model" }

  static func read(_ value: Value) throws -> ModelArgument? {
    guard case .object(let object) = value, let model = object as? Sequential else { return nil }
    return ModelArgument(model: model)
  }

  var shown: String { "model" }
}

extension History: Argument {
  public static var kind: String { "History" }

  public static func read(_ value: Value) throws -> Self? {
    guard case .object(let object) = value else { return nil }
    return object as? Self
  }

  public var shown: String { "run" }
}
