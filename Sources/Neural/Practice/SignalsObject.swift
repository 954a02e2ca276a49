internal import Catalog

/// Statistics through depth as a script sees them.
final class SignalsObject: Object {
  static let type = ObjectType("Signals", "Statistics of a model through its depth.") {
    [
      .attribute(
        of: SignalsObject.self, "layers", "The names of the layers.", returns: "list of str",
        example: "activations(net, x).layers"
      ) { .array($0.layers.map { .string($0.layer) }) },
      .attribute(
        of: SignalsObject.self, "mean", "The mean of each layer's outputs.",
        returns: "list of float", example: "activations(net, x).mean"
      ) { .array($0.layers.map { .float($0.mean) }) },
      .attribute(
        of: SignalsObject.self, "std", "Their deviation, of the population.",
        returns: "list of float", example: "activations(net, x).std"
      ) { .array($0.layers.map { .float($0.std) }) },
      .attribute(
        of: SignalsObject.self, "zero_share", "The share of outputs that are exactly 0.",
        returns: "list of float", example: "activations(net, x).zero_share"
      ) { .array($0.layers.map { .float($0.zeroShare) }) },
      .attribute(
        of: SignalsObject.self, "dead_units", "Units that are 0 for every example.",
        returns: "list of int", example: "activations(net, x).dead_units"
      ) { .array($0.layers.map { .int($0.deadUnits) }) },
      .attribute(
        of: SignalsObject.self, "saturated_share",
        "The share of outputs within 1 % of the bounds of a sigmoid or tanh.",
        returns: "list of float", example: "activations(net, x).saturated_share"
      ) { .array($0.layers.map { .float($0.saturatedShare) }) },
      .attribute(
        of: SignalsObject.self, "weights", "The names of the weights that learn.",
        returns: "list of str", example: "gradients(net, x, y).weights"
      ) { .array($0.weights.map { .string($0.name) }) },
      .attribute(
        of: SignalsObject.self, "gradient_norm", "The norm of the gradient of each weight.",
        returns: "list of float", example: "gradients(net, x, y).gradient_norm"
      ) { .array($0.weights.map { .float($0.gradientNorm) }) },
      .attribute(
        of: SignalsObject.self, "update_ratio",
        "The norm of one update of each weight over its own norm; None without an optimizer.",
        returns: "list of float", example: "gradients(net, x, y, optimizer=\"sgd\").update_ratio"
      ) { signals in
        .array(signals.weights.map { $0.updateRatio.map { .float($0) } ?? .none })
      },
      .attribute(
        of: SignalsObject.self, "loss", "The loss of the examples; None when none was asked for.",
        returns: "float or None", example: "gradients(net, x, y).loss"
      ) { $0.loss.map { .float($0) } ?? .none },
    ]
  }

  let layers: [LayerSignal]
  let weights: [WeightSignal]
  let loss: Double?

  init(_ signals: Signals) {
    layers = signals.layers
    weights = signals.weights
    loss = signals.loss
  }

  init(layers: [LayerSignal]) {
    self.layers = layers
    weights = []
    loss = nil
  }

  var type: ObjectType { Self.type }
  func length() -> Int { layers.count }
  var text: String { "<Signals: \(layers.count) layers, \(weights.count) weights>" }

  func table() -> Table? { weights.isEmpty ? layerTable : weightTable }

  private var layerTable: Table {
    Table(
      title: "what the layers give",
      columns: [Table.Column("layer"), Table.Column("activation")]
        + ["mean", "std", "zeros", "dead units", "saturated"].map {
          Table.Column($0, isNumeric: true)
        },
      rows: layers.map { layer in
        [
          .text(layer.layer), .text(layer.activation), .number(layer.mean), .number(layer.std),
          .number(layer.zeroShare), .text("\(layer.deadUnits) of \(layer.units)"),
          .number(layer.saturatedShare),
        ]
      })
  }

  private var weightTable: Table {
    Table(
      title: "what comes back to the weights",
      columns: [Table.Column("weight")]
        + ["size", "norm", "gradient norm", "update / weight"].map {
          Table.Column($0, isNumeric: true)
        },
      rows: weights.map { weight in
        [
          .text(weight.name), .whole(weight.count), .number(weight.weightNorm),
          .number(weight.gradientNorm), weight.updateRatio.map { .number($0) } ?? .missing,
        ]
      })
  }

  func display(_ context: Context) -> Media {
    weights.isEmpty ? TableText.media(layerTable) : TableText.media(layerTable, weightTable)
  }

  /// Histograms by depth, with mean and deviation below.
  func facts() -> Facts? {
    guard !layers.isEmpty else { return .table(weightTable) }
    if !weights.isEmpty { return .graph(norms) }
    let all = layers.flatMap(\.sample).filter(\.isFinite)
    let (low, high) = (all.min() ?? 0, all.max() ?? 1)
    let width = high > low ? (high - low) / 30 : 1
    let panels = layers.map { layer -> Panel in
      var counts = [Double](repeating: 0, count: 30)
      for value in layer.sample where value.isFinite {
        let bin = Int(exactly: ((value - low) / width).rounded(.down)) ?? 0
        counts[min(max(bin, 0), 29)] += 1
      }
      let total = max(counts.reduce(0, +), 1)
      return Panel(
        title: layer.layer,
        x: Axis("", range: high > low ? low...high : nil), y: Axis("share", includesZero: true),
        series: [
          Series(
            "std \(History.short(layer.std))", x: (0..<30).map { low + (Double($0) + 0.5) * width },
            y: counts.map { $0 / total }, form: .steps, hue: 0)
        ])
    }
    return .graph(
      Graph(
        title: "activations by depth", panels: panels, columns: min(max(panels.count, 1), 5),
        summary: depthSentence))
  }

  private var depthSentence: String {
    guard let first = layers.first, let last = layers.last else { return "" }
    return "The deviation goes from \(History.short(first.std)) to \(History.short(last.std)) over "
      + "\(layers.count) layers."
  }

  private var norms: Graph {
    let kernels = weights.filter { $0.rank > 1 }
    let places = kernels.indices.map(Double.init)
    var panels = [
      Panel(
        x: Axis("", scale: .categories(kernels.map(\.name))), y: Axis("gradient norm", scale: .log),
        series: [Series("gradient", x: places, y: kernels.map(\.gradientNorm), form: .points)])
    ]
    let ratios = kernels.compactMap(\.updateRatio)
    if ratios.count == kernels.count {
      panels.append(
        Panel(
          x: Axis("", scale: .categories(kernels.map(\.name))),
          y: Axis("update / weight", scale: .log),
          series: [Series("update", x: places, y: ratios, form: .points)],
          rules: [Panel.Rule(.horizontal, at: 1e-3, label: "1e-3")]))
    }
    return Graph(title: "gradients by depth", panels: panels)
  }
}
