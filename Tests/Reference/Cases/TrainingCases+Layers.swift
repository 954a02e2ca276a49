internal import Catalog
internal import Neural

// The kinds of layers that runs are made of, what cases call their weights, and given masks.

extension Operations {
  /// Kinds beyond dense, activation and flatten; nil: another one.
  static func special(_ part: JSON, penalty: Penalty?, constraint: Constraint?) -> (any Layer)? {
    func number(_ name: String, _ other: Double) -> Double { part[name]?.double ?? other }
    switch part["type"]?.string {
    case "batchnorm":
      return BatchNorm(
        axis: part["axis"]?.int ?? -1,
        momentum: part["momentum_torch"]?.double.map { 1 - $0 } ?? number("momentum", 0.99),
        epsilon: number("epsilon", 1e-3))
    case "layernorm": return LayerNorm(epsilon: number("epsilon", 1e-3))
    case "rmsnorm": return RMSNorm(epsilon: number("epsilon", 1e-6))
    case "groupnorm":
      return GroupNorm(groups: part["groups"]?.int ?? 32, epsilon: number("epsilon", 1e-3))
    case "weightnorm_dense":
      return WeightNorm(
        Dense(
          part["units"]?.int ?? 1, .builtIn(.linear), penalty: penalty, constraint: constraint))
    case "rrelu":
      return RReLU(lower: number("lower", 1.0 / 8), upper: number("upper", 1.0 / 3))
    case "maxout":
      return Maxout(
        part["units"]?.int ?? 1, pieces: part["pieces"]?.int ?? 2, penalty: penalty,
        constraint: constraint)
    case "dropout": return Dropout(number("rate", 0.5))
    case "alpha_dropout": return AlphaDropout(number("rate", 0.1))
    default: return nil
    }
  }

  /// What cases call the weights of a layer, in the layer's order.
  static func weightNames(_ layer: any Layer) -> [String] {
    switch layer {
    case is BatchNorm, is LayerNorm, is GroupNorm: ["gamma", "beta"]
    case is RMSNorm: ["gamma"]
    case is WeightNorm: ["v", "g", "b"]
    case is PReLU: ["alpha"]
    default: Case.named(layer).map(\.1)
    }
  }
}

extension Case {
  /// Hands the given masks to the layers that would draw them, one for each step.
  func replayMasks(_ net: Sequential) throws {
    guard let masks = json["inputs"]?["masks"] else { return }
    for (index, layer) in net.layers.enumerated() {
      guard let given = masks["l\(index)"] else { continue }
      let all = try Case.tensor(given, dtype: dtype)
      let steps = try (0..<all.shape[0]).map { try all.at([.at($0)]) }
      switch layer {
      case let layer as Dropout: layer.mask.replayed = steps
      case let layer as AlphaDropout: layer.mask.replayed = steps
      default: throw Unsupported("masks of \(layer.type.name)")
      }
    }
  }

  /// How far a bias before a batch normalisation, and with it the moving mean, may be from the
  /// peer's: its gradient is 0, the library takes it as 0, and the peer's optimizer walks along
  /// rounding errors of its gradient.
  func noise(_ weight: String, _ index: Int, _ net: Sequential) -> Double {
    weight == "b" && index + 1 < net.layers.count && net.layers[index + 1] is BatchNorm ? 1e-7 : 0
  }

  /// Compares moving values and outputs after training.
  func compareAfter(_ net: Sequential, _ x: Tensor) throws {
    for (index, layer) in net.layers.enumerated() {
      guard let norm = layer as? BatchNorm else { continue }
      for (name, weight) in [("mean", norm.movingMean), ("var", norm.movingVariance)] {
        guard let want = json["expect"]?["running"]?["l\(index).\(name)"],
          let weight
        else { continue }
        compare(
          weight.tensor.doubles, Case.numbers(want) ?? [], "l\(index).\(name)",
          noise: index > 0 ? noise("b", index - 1, net) : 0)
      }
    }
    guard let want = json["expect"]?["inference_output_first_rows"],
      let rows = want["shape"]?.array?.first?.int, let values = Case.numbers(want)
    else { return }
    let y = try net.predict(
      x.at([.range(0, rows)]), context: Context(sink: Recording()))
    compare(y.doubles, values, "outputs")
  }
}
