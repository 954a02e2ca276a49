public import Catalog
internal import Data
public import Tensors

extension Sequential {
  /// Trains the dense layers but the last one after another as halves of autoencoders, without
  /// labels.
  ///
  /// Each layer learns to keep what its input holds: layer and a linear decoder are trained to give
  /// the input back (mean squared error), then the decoder is dropped and the codes are the input
  /// of the next. Layers of other kinds only pass the codes on. Bengio et al. 2007.
  ///
  /// - Returns: one history for each layer trained.
  /// - Throws: after an interrupt the layers done so far keep what they learnt.
  public func pretrain(
    _ x: Tensor, epochs: Int = 10, batchSize: Int = 32, optimizer: Optimizer = .adam(),
    context: Context
  ) throws -> [(layer: String, run: History)] {
    guard !isComposed else {
      throw Failure(
        .type, "model '\(name)' is put together by its class, so its layers have no order",
        help: "pretrain() takes Sequential(…)")
    }
    let (batch, isSingle) = try inputs(x)
    guard !isSingle, batch.shape.first ?? 0 > 0 else {
      throw Failure(.value, "pretrain() needs examples on the first axis, got \(x.shape)")
    }
    try context.draw(from: "init") {
      try build(
        Array(batch.shape.dropFirst()), dtype: batch.dtype, from: &$0, at: context.place?())
    }
    let layers = layers
    let last = layers.lastIndex { !$0.weights.isEmpty } ?? layers.count
    var codes = batch.detached()
    var runs: [(layer: String, run: History)] = []
    for (index, layer) in layers.enumerated() where index < last {
      if let dense = layer as? Dense, dense.state.isTrainable, codes.rank == 2 {
        let tail = layers[(index + 1)..<last].prefix { $0.weights.isEmpty }
          .compactMap { $0 as? ActivationLayer }
        let encoder = dense.fresh()
        encoder.state.name = dense.name
        let half = [encoder as any Layer] + tail.prefix(1).map { $0.fresh() }
        let decoder = Dense(codes.shape[1], .linear, name: "decoder")
        let machine = try Sequential(half + [decoder], name: "autoencoder of '\(dense.name)'")
        try context.draw(from: "init") {
          try machine.build([codes.shape[1]], dtype: codes.dtype, from: &$0)
        }
        try Weight.assign(
          dense.weights.map(\.tensor), to: encoder.weights, of: "layer '\(dense.name)'")
        // Whatever ends the run, the layer keeps what its encoder has learnt.
        defer {
          try? Weight.assign(
            encoder.weights.map(\.tensor), to: dense.weights, of: "layer '\(dense.name)'")
        }
        let run = try machine.fit(
          Examples(codes, codes), loss: .builtIn(.mse),
          Training(epochs: epochs, batchSize: batchSize, optimizer: optimizer, reports: false),
          context: context)
        runs.append((dense.name, run))
        try Weight.assign(
          encoder.weights.map(\.tensor), to: dense.weights, of: "layer '\(dense.name)'")
      }
      let pass = Pass(isTraining: false, stream: RandomStream(seed: 0, name: "dropout"))
      codes = try layer.forward(codes, pass).detached()
    }
    return runs
  }
}

/// The runs of a layer-wise pretraining as a script sees them.
final class PretrainingObject: Object {
  static let type = ObjectType("Pretraining", "What the autoencoders of the layers have learnt.") {
    [
      .attribute(
        of: PretrainingObject.self, "runs", "One training run for each layer.",
        returns: "list of History", example: "pretrain(net, x).runs[0].loss"
      ) { .array($0.runs.map { .object($0.run) }) },
      .attribute(
        of: PretrainingObject.self, "layers", "The names of the layers.", returns: "list of str",
        example: "pretrain(net, x).layers"
      ) { .array($0.runs.map { .string($0.layer) }) },
    ]
  }

  let runs: [(layer: String, run: History)]

  init(_ runs: [(layer: String, run: History)]) {
    self.runs = runs
  }

  var type: ObjectType { Self.type }
  var text: String { "<Pretraining: \(runs.count) layers>" }
  func length() -> Int { runs.count }

  private var rowTable: Table {
    Table(
      title: "layer-wise pretraining, mean squared error of giving the input back",
      columns: [Table.Column("layer")]
        + ["epochs", "first", "last"].map { Table.Column($0, isNumeric: true) },
      rows: runs.map { layer, run in
        let losses = run["loss"] ?? []
        return [
          .text(layer), .whole(run.epochs), losses.first.map { .number($0) } ?? .missing,
          losses.last.map { .number($0) } ?? .missing,
        ]
      })
  }

  func table() -> Table? { rowTable }
  func display(_ context: Context) -> Media { TableText.media(rowTable) }

  func facts() -> Facts? {
    let series = runs.enumerated().map { hue, item in
      let losses = item.run["loss"] ?? []
      return Series(
        item.layer, x: losses.indices.map { Double($0 + 1) }, y: losses, hue: hue)
    }
    return .graph(
      Graph(
        panels: [
          Panel(
            x: Axis("epoch", scale: .whole), y: Axis("reconstruction error", includesZero: true),
            series: series)
        ]))
  }

  static let entry = Entry(
    "pretrain", "Trains the hidden dense layers one after another as autoencoders, without labels.",
    Parameter("model", ModelArgument.self, "layers one after another; its weights are changed"),
    Parameter("x", ExamplesArgument.self, "inputs, or a data set", also: ["data", "on"]),
    Parameter("epochs", Int.self, "for each layer", where: .within(0, 1 << 30)) { 10 },
    Parameter("batch_size", Int.self, "examples per step", where: .within(1, 1 << 30)) { 32 },
    Parameter("optimizer", OptimizerChoice?.self, "None: Adam") { nil },
    Parameter("lr", Schedule?.self, "learning rate in place of the optimizer's") { nil },
    .context, returns: "Pretraining",
    example: """
      net = Sequential(Dense(6, "tanh"), Dense(3, "tanh"), Dense(2, "softmax"))
      pretrain(net, randn(40, 8), epochs=2).layers
      """,
    details: """
      Stage k trains layer k with a linear decoder to give its input back (mean squared error); \
      the input of stage 2 are the codes of stage 1. The last layer stays as it is: `fit` then \
      trains all with labels. Source: Bengio et al. 2007, Greedy layer-wise training of deep \
      networks.
      """
  ) { model, data, epochs, batchSize, optimizer, rate, context in
    let x =
      switch data {
      case .dataset(let data): data.train.x
      case .inputs(let x): x
      }
    var chosen = optimizer.map { $0.optimizer } ?? .adam()
    if let rate { chosen.rate = rate }
    return .object(
      PretrainingObject(
        try model.model.pretrain(
          x, epochs: epochs, batchSize: batchSize, optimizer: chosen, context: context)))
  }
}
