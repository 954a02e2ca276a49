public import Catalog

/// Everything of this module that a script can call.
public enum NeuralCatalog {
  public static var library: Library {
    Library(sections: [
      Library.Section("Models", [ModelEntries.sequential] + bases + [MadeLayer.entry]),
      Library.Section("Layers", layers),
      Library.Section("Activations", Activation.entries),
      Library.Section("Initializers", InitializerEntries.all),
      Library.Section("Regularizers", PenaltyObject.entries),
      Library.Section("Losses", LossObject.entries),
      Library.Section("Optimizers", OptimizerEntries.all),
      Library.Section("Schedules", ScheduleObject.entries),
    ])
  }

  /// The classes that scripts derive theirs from.
  static let bases: [Entry] = [
    .base(ModelType.model, example: "class Net(Model): pass"),
    .base(LayerType.layer, example: "class Scale(Layer): pass"),
    .base(LossObject.type, example: "class Wide(Loss): pass"), ScriptMetric.entry,
    ScriptCallback.entry, .base(OptimizerObject.type, example: "class Own(Optimizer): pass"),
  ]

  /// The layers, each declared beside its code.
  static let layers: [Entry] = [
    Dense.entry, Flatten.entry, Dropout.entry, ActivationLayer.entry, ActivationLayer.leakyReLU,
    ActivationLayer.elu, FunctionLayer.entry,
  ]
}
