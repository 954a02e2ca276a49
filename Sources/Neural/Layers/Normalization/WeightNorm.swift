public import Catalog
public import Tensors

/// A layer whose kernel is split into length and direction: kernel = g v / |v| for each unit.
///
/// Salimans and Kingma 2016. Both g and v learn; g starts as |v|, so that the layer starts as it
/// would without.
public final class WeightNorm: Activated {
  public static let type = ObjectType(
    "WeightNorm", "A layer whose kernel is split into length and direction.", base: LayerType.layer
  ) {
    commonMembers() + [
      .attribute(
        of: WeightNorm.self, "layer", "The layer inside; its kernel is v.", returns: "Layer",
        example: "net[0].layer", get: { .object($0.inner) }),
      .attribute(
        of: WeightNorm.self, "g", "A live view of the lengths, one for each unit.",
        returns: "Tensor", example: "net[0].g", get: { try $0.live($0.length) }),
      .attribute(
        of: WeightNorm.self, "v", "A live view of what gives the directions.",
        returns: "Tensor", example: "net[0].v", get: { try $0.live($0.inner.kernel) }),
    ]
  }

  public let state: LayerState
  public let inner: any KernelLayer
  /// Whether the first batch sets g and bias so that its outputs have mean 0 and variance 1.
  public let usesData: Bool
  public private(set) var length: Weight?
  /// 1 once the first batch has been seen, where it decides.
  private var hasSeenData: Weight?

  public init(_ inner: any KernelLayer, usesData: Bool = false, name: String = "") {
    self.inner = inner
    self.usesData = usesData
    state = LayerState(name: name)
  }

  public var type: ObjectType { Self.type }
  public var weights: [Weight] {
    [inner.kernel, length, inner.bias, hasSeenData].compactMap { $0 }
  }
  public var inside: [any Layer] { [inner] }
  public var namedWeights: [(name: String, weight: Weight)] {
    let named = [
      ("v", inner.kernel), ("g", length), ("bias", inner.bias), ("has_seen_data", hasSeenData),
    ]
    return named.compactMap { name, weight in weight.map { (name, $0) } }
  }
  public var ending: Activation? { inner.ending }
  public var hasKernel: Bool { true }
  public var wantsRows: Bool { inner.wantsRows }
  public var step: PlanStep? { nil }
  public var settings: String { inner.brief + (usesData ? ", data_init=True" : "") }

  public func fresh() throws -> any Layer {
    WeightNorm(
      inner.fresh(usesBias: inner.usesBias, activation: inner.activation), usesData: usesData,
      name: state.name
    )
  }

  public func visit(_ keep: (Value) -> Void) { inner.visit(keep) }
  public var externalBytes: Int { inner.externalBytes }
  public func outputShape(_ input: [Int]) throws -> [Int] { try inner.outputShape(input) }

  public func build(_ input: [Int], with maker: WeightMaker) throws {
    _ = try inner.prepare(input, with: maker)
    guard let kernel = inner.kernel, let axis = inner.unitAxis else { return }
    let size = try norm(kernel.tensor, axis)
    length = Weight("g", try size.reshape([size.count]).copy())
    if usesData {
      hasSeenData = Weight(
        "has_seen_data", try Tensor.zeros([1], dtype: maker.dtype), isTrainable: false,
        isPlaced: true)
    }
  }

  /// |v| for each unit, all axes kept; a direction of zero has length 1.
  private func norm(_ v: Tensor, _ axis: Int) throws -> Tensor {
    let others = (0..<v.rank).filter { $0 != axis }
    let squares = try v.square().sum(axes: others, keepdims: true)
    return try Tensor.select(squares.greater(0), squares, try Tensor.ones([], dtype: v.dtype))
      .sqrt()
  }

  /// The kernel that the layer inside works with: g v / |v|.
  public func kernel() throws -> Tensor {
    guard let v = inner.kernel?.tensor, let g = length?.tensor, let axis = inner.unitAxis else {
      throw NotBuilt(layer: name).failure
    }
    return try v * (g.reshape(v.shape.keeping([axis])) / norm(v, axis))
  }

  public func logits(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    try check(x)
    if pass.isTraining, x.count > 0, let hasSeenData, try hasSeenData.tensor.item() == 0 {
      try Tape.paused { try start(x.detached()) }
      Fused.fill(hasSeenData.tensor, 1)
    }
    return try inner.linear(x, kernel: kernel(), bias: inner.added(inner.bias, pass))
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    try inner.activation(logits(x, pass))
  }

  /// Sets g to 1 / deviation and the bias to -mean / deviation of the outputs for a batch.
  private func start(_ x: Tensor) throws {
    guard let g = length?.tensor else { return }
    Fused.settle(try Tensor.ones(g.shape, dtype: g.dtype), into: g)
    let t = try inner.linear(x, kernel: kernel().detached(), bias: nil)
    let axes = Array(0..<(t.rank - 1))
    let (mean, distance) = try t.centred(over: axes)
    let spread = try distance.square().mean(axes: axes, keepdims: true).sqrt()
    let one = try Tensor.ones([], dtype: t.dtype)
    let deviation = try Tensor.select(spread.greater(0), spread, one).reshape(g.shape)
    Fused.settle(try one / deviation, into: g)
    if let bias = inner.bias?.tensor {
      Fused.settle(try -(mean.reshape(bias.shape)) / deviation, into: bias)
    }
  }

  public static let entry = Entry(
    "WeightNorm", "A layer whose kernel is split into length and direction, which learn apart.",
    Parameter("layer", LayerArgument.self, "a layer with a kernel, such as Dense"),
    Parameter(
      "data_init", Bool.self, "whether the first batch of training sets lengths and bias"
    ) { false },
    Parameter("input_shape", Shape?.self, "the shape of one input, to build at once") { nil },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "WeightNorm", example: "Sequential(WeightNorm(Dense(20, \"tanh\")), Dense(3))",
    details: """
      `kernel = g * v / |v|`, |v| over the incoming weights of a unit. Both g and v learn: `dg = \
      sum(dw * v) / |v|`, `dv = g / |v| * (dw - dg * v / |v|)`, which is orthogonal to v, so |v| \
      only grows under plain descent. g starts as |v|. With data_init=True the first batch sets \
      `g = 1 / std(t)` and `bias = -mean(t) / std(t)` with `t = x @ v / |v|`. Shapes: v as the \
      kernel, g (units,). Peers: PyTorch's weight_norm has one g for each row of its (units, \
      inputs) kernel, the same. Source: Salimans and Kingma 2016, "Weight normalization".
      """, makes: WeightNorm.type
  ) { inner, usesData, input, name in
    guard inner.layers.count == 1, let layer = inner.layers[0] as? any KernelLayer,
      layer.unitAxis != nil
    else {
      let found = inner.layers.count == 1 ? inner.layers[0].text : "\(inner.layers.count) layers"
      throw Failure(
        .type, "WeightNorm() wraps one layer with a kernel, not \(found)", code: "L105",
        help: "such as WeightNorm(Dense(20))")
    }
    guard !layer.state.isBuilt else {
      throw Failure(
        .value, "layer '\(layer.name)' has its weights already", code: "L309",
        help: "WeightNorm takes a new layer")
    }
    let made = WeightNorm(layer, usesData: usesData, name: name)
    made.state.wantedInput = input.map { Array($0) } ?? layer.state.wantedInput
    return .object(made)
  }
}
