public import Catalog

/// Everything of this module that a script can call.
public enum NeuralCatalog {
  public static var library: Library {
    Library(sections: [
      Library.Section(
        "Models", [ModelEntries.sequential] + bases + [MadeLayer.entry, ModelEntries.fold]),
      Library.Section("Layers", layers),
      Library.Section("Activations", Activation.entries),
      Library.Section("Initializers", InitializerEntries.all),
      Library.Section("Regularizers", PenaltyObject.entries),
      Library.Section("Constraints", ConstraintObject.entries),
      Library.Section("Losses", LossObject.entries),
      Library.Section("Metrics", MetricEntries.metrics + MetricEntries.functions),
      Library.Section("Optimizers", OptimizerEntries.all),
      Library.Section("Schedules", ScheduleEntries.all),
      Library.Section("Callbacks", callbacks),
      Library.Section("Practice", PracticeEntries.all),
    ])
  }

  /// The classes that scripts derive theirs from.
  static let bases: [Entry] = [
    .base(
      ModelType.model, example: "class Net(Model): pass",
      """
      A class keeps layers in attributes of self, in lists and dicts there too, and puts them \
      together in `call(self, x)`, or `call(self, x, training)`. The layers are named after the \
      attributes. Before the first fit, `call` runs once on an example of zeros to build them.
      """),
    .base(
      LayerType.layer, example: "class Scale(Layer): pass",
      """
      A class defines `call(self, x)`, or `call(self, x, training)`, which returns a tensor with \
      the examples on the first axis. Weights are made by `self.w = self.add_weight(shape, \
      init="he_normal")`, in `__init__` or in `build(self, shape)`, which gets the shape of the \
      inputs with None in front. Layers in attributes count as part of it. `class Wide(Dense)` \
      extends a layer: `super().__init__(…)` takes its arguments, `super().call(x)` computes it.
      """),
    .base(
      LossObject.type, example: "class Wide(Loss): pass",
      """
      A class defines `call(self, y_true, y_pred)`, which returns a tensor computed from y_pred: \
      the loss, or one for each example, of which the mean is taken. A function of the two does \
      the same.
      """),
    ScriptMetric.entry, ScriptCallback.entry,
    .base(
      OptimizerObject.type, example: "class Own(Optimizer): pass",
      """
      A class defines `update(self, weight, gradient)`, called for every weight at every step. It \
      returns the new weight, as in `weight - self.learning_rate * gradient`, or changes the \
      weight in place. With a third parameter, `state`, it gets a dict for each weight, empty at \
      first. `self.learning_rate` follows the schedule, `self.iterations` counts the steps.
      """),
  ]

  /// What fit can be told to do on its way.
  static let callbacks: [Entry] = [
    EarlyStopping.entry, ReduceLROnPlateau.entry, ModelCheckpoint.entry, BackupAndRestore.entry,
    LearningRateScheduler.entry, CSVLogger.entry, LambdaCallback.entry, TerminateOnNaN.entry,
  ]

  /// The layers, each declared beside its code.
  static let layers: [Entry] =
    [
      Dense.entry, Flatten.entry, ActivationLayer.entry, ActivationLayer.leakyReLU,
      ActivationLayer.elu, FunctionLayer.entry, ActivityRegularization.entry,
    ] + activating + normalizations + noises + Convolution.entries + PoolingLayer.entries
    + Rearranging.entries

  static let activating: [Entry] = [
    ActivationLayer.relu, ActivationLayer.selu, ActivationLayer.softmax, PReLU.entry, RReLU.entry,
    Maxout.entry,
  ]

  static let normalizations: [Entry] = [
    BatchNorm.entry, LayerNorm.entry, GroupNorm.entry, GroupNorm.instance, RMSNorm.entry,
    UnitNorm.entry, WeightNorm.entry, LocalResponseNorm.entry,
    BatchNorm.entry.also("BatchNormalization"), LayerNorm.entry.also("LayerNormalization"),
    GroupNorm.entry.also("GroupNormalization"), RMSNorm.entry.also("RMSNormalization"),
    UnitNorm.entry.also("UnitNormalization"),
  ]

  static let noises: [Entry] =
    [Dropout.entry, AlphaDropout.entry, GaussianDropout.entry, GaussianNoise.entry]
    + SpatialDropout.entries
}

extension Entry {
  /// The same under another name, such as Keras's longer one.
  func also(_ other: String) -> Entry {
    Entry(
      other, sentence, kind: kind, parameters: parameters, returns: returns,
      examples: examples.map { $0.replacing("\(name)(", with: "\(other)(") },
      details: "The same as `\(name)`.", type: type, body: body)
  }
}
