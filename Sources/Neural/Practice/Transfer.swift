internal import Catalog
internal import Tensors

/// What of a model that was trained elsewhere learns on.
public enum TransferState: String, Choice {
  /// Nothing: the model predicts.
  case predict
  /// The last layer with weights; all before it stays.
  case head
  /// All, the old layers with a lower rate.
  case all
}

extension Sequential {
  /// A copy for a new task: the old layers with their weights, and, when `units` is given, a new
  /// last layer.
  ///
  /// Batch normalizations of old layers keep their statistics in every state. Each `fit` starts
  /// with a fresh optimizer, so no momentum of an earlier state is left.
  ///
  /// - Parameters:
  ///   - units: the width of the new head; nil: the old head stays.
  ///   - rate: the share of the learning rate that old layers take in state `all`.
  public func transferred(
    _ state: TransferState, units: Int? = nil, activation: Activation? = nil, rate: Double = 0.1,
    context: Context
  ) throws -> Sequential {
    guard !isComposed else {
      throw Failure(
        .type, "model '\(name)' is put together by its class, so it has no last layer",
        help: "set .trainable of its layers by hand")
    }
    guard let inputShape else {
      throw Failure(
        .value, "model '\(name)' has no weights to pass on yet", code: "L309", help: "fit it first")
    }
    guard rate >= 0, rate <= 1 else {
      throw Failure(.value, "old_rate must be from 0 to 1, got \(rate)")
    }
    let copy = try copy()
    guard let head = copy.layers.lastIndex(where: { !$0.weights.isEmpty }) else {
      throw Failure(.value, "model '\(name)' has no layer with weights", code: "L309")
    }
    let model: Sequential
    if let units {
      let ending = activation ?? (units == 1 ? .sigmoid : .softmax)
      let kept = try copy.layers[..<head].filter { !(($0 as? Flatten)?.isInferred ?? false) }
        .map { try $0.twin() }
      model = try Sequential(kept + [Dense(units, ending, name: "head")], name: name)
      try context.draw(from: "init") {
        try model.build(inputShape, dtype: dtype, from: &$0, at: context.place?())
      }
      for (new, old) in zip(model.layers.dropLast(), copy.layers) {
        try Weight.assign(old.weights.map(\.tensor), to: new.weights, of: "layer '\(old.name)'")
      }
    } else {
      model = copy
    }
    let last = model.layers.lastIndex { !$0.weights.isEmpty } ?? head
    for (index, layer) in model.layers.enumerated() {
      let isOld = index < last
      switch state {
      case .predict: layer.state.isTrainable = false
      case .head: layer.state.isTrainable = !isOld
      case .all:
        // The statistics of a batch of the new task would spoil what the old layers rely on.
        layer.state.isTrainable = !(isOld && layer is BatchNorm)
      }
      layer.state.rateFactor = state == .all && isOld ? rate : 1
    }
    return model
  }
}

enum Transfer {
  static let entry = Entry(
    "transfer", "A copy of a trained model for a new task, in one of three states.",
    Parameter("model", ModelArgument.self, "trained; it stays as it is"),
    Parameter("state", TransferState.self, "what learns: nothing, the head, or all") { .head },
    Parameter("units", Int?.self, "width of a new last layer; None: the old one") { nil },
    Parameter(
      "activation", ActivationChoice?.self, "of the new last layer; None: softmax, or sigmoid of 1"
    ) { nil },
    Parameter("old_rate", Double.self, "share of the rate for old layers in state \"all\"") { 0.1 },
    .context, returns: "Sequential",
    example: """
      base = Sequential(Dense(8, "relu"), Dense(3, "softmax"))
      base.fit(blobs(60), epochs=2, verbose=0)
      net = transfer(base, "head", units=2)
      net.fit(moons(60), epochs=2, verbose=0)
      net = transfer(net, "all")
      """,
    details: """
      "predict": nothing learns. "head": only the last layer with weights, the others keep theirs. \
      "all": every layer, with old_rate as the `lr_factor` of the old ones (convolutions included). Batch \
      normalization in old layers keeps its statistics in all states. Every fit starts with a \
      fresh optimizer. Source: Yosinski et al. 2014.
      """
  ) { model, state, units, activation, rate, context in
    if let units, !(1...(1 << 24)).contains(units) {
      throw Failure(.value, "units must be from 1 to \(1 << 24), got \(units)")
    }
    if let activation, activation.builtIn == nil {
      throw Failure(
        .type, "the head's activation is a built-in one", code: "L105",
        help: "add a layer of your own to the model that transfer returns")
    }
    return .object(
      try model.model.transferred(
        state, units: units, activation: activation.flatMap { $0.builtIn }, rate: rate,
        context: context))
  }
}
