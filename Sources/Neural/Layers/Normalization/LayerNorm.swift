public import Catalog
public import Tensors

/// Scales each example to mean zero and variance one over some axes, then by gamma and beta.
///
/// Ba, Kiros and Hinton 2016. It does the same while training and at inference, and does not depend
/// on the other examples of a batch.
public final class LayerNorm: AffineLayer {
  public static let type = ObjectType(
    "LayerNorm", "Scales each example to mean zero and variance one.", base: LayerType.layer,
    members: { commonMembers() + affineMembers() })

  public let state: LayerState
  /// Counted with the axis of examples.
  public let axes: [Int]
  public let epsilon: Double
  public private(set) var affine: Affine

  init(axes: [Int], epsilon: Double, affine: Affine, name: String = "") {
    self.axes = axes
    self.epsilon = epsilon
    self.affine = affine
    state = LayerState(name: name)
  }

  public convenience init(
    axes: [Int] = [-1], epsilon: Double = 1e-3, scales: Bool = true, centers: Bool = true,
    name: String = ""
  ) {
    self.init(
      axes: axes, epsilon: epsilon, affine: Affine(scales: scales, centers: centers), name: name)
  }

  public var type: ObjectType { Self.type }
  public var weights: [Weight] { affine.weights }
  public var step: PlanStep? { .layerNorm(self) }

  public var settings: String {
    var all = axes == [-1] ? [] : ["axis=\(Axes(axes).shown)"]
    if epsilon != 1e-3 { all.append("epsilon=\(epsilon)") }
    return (all + affine.settings).joined(separator: ", ")
  }

  public func fresh() -> any Layer {
    LayerNorm(axes: axes, epsilon: epsilon, affine: affine.fresh, name: state.name)
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    _ = try places(input)
    return input
  }

  public func build(_ input: [Int], with maker: WeightMaker) throws {
    affine = try affine.built(places(input).map { input[$0 - 1] }, with: maker)
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    try check(x)
    let places = try places(Array(x.shape.dropFirst()))
    let (_, distance) = try x.centred(over: places)
    let variance = try distance.square().mean(axes: places, keepdims: true)
    return try affine(
      distance, deviation: (variance + epsilon).sqrt(), shape: x.shape.keeping(places))
  }

  public static let entry = Entry(
    "LayerNorm", "Scales each example to mean zero and variance one, then by gamma and beta.",
    Parameter("axis", Axes.self, "the axis that is normalised over, or several") { Axes([-1]) },
    AffineParameter.epsilon, AffineParameter.center, AffineParameter.scale,
    AffineParameter.betaStart, AffineParameter.gammaStart,
    Parameter("input_shape", Shape?.self, "the shape of one input, to build at once") { nil },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "LayerNorm", example: "Sequential(Dense(20), LayerNorm(), Activation(\"relu\"))",
    details: """
      `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`, mean and variance of each \
      example over `axis`. It is the same while training and at inference. Shapes: gamma and \
      beta have the shape of these axes, y that of x. Peers: epsilon is 1e-3 in Keras, 1e-5 in \
      PyTorch. Source: Ba, Kiros and Hinton 2016, "Layer normalization".
      """, makes: LayerNorm.type
  ) { axes, epsilon, center, scale, betaStart, gammaStart, input, name in
    let layer = LayerNorm(
      axes: try axes.checked(), epsilon: epsilon,
      affine: Affine(
        scales: scale, centers: center, gammaStart: gammaStart, betaStart: betaStart), name: name)
    return layer.wanting(input)
  }

  private func places(_ input: [Int]) throws -> [Int] { try resolve(axes, input) }
}

/// Divides by the root of the mean square over some axes, then multiplies by gamma.
///
/// Zhang and Sennrich 2019: layer normalisation without the mean.
public final class RMSNorm: AffineLayer {
  public static let type = ObjectType(
    "RMSNorm", "Divides each example by the root of its mean square.", base: LayerType.layer,
    members: { commonMembers() + affineMembers() })

  public let state: LayerState
  /// Counted with the axis of examples.
  public let axes: [Int]
  public let epsilon: Double
  public private(set) var affine: Affine

  init(axes: [Int], epsilon: Double, affine: Affine, name: String = "") {
    self.axes = axes
    self.epsilon = epsilon
    self.affine = affine
    state = LayerState(name: name)
  }

  public convenience init(
    axes: [Int] = [-1], epsilon: Double = 1e-6, scales: Bool = true, name: String = ""
  ) {
    self.init(
      axes: axes, epsilon: epsilon, affine: Affine(scales: scales, centers: false), name: name)
  }

  public var type: ObjectType { Self.type }
  public var weights: [Weight] { affine.weights }
  public var step: PlanStep? { nil }

  public var settings: String {
    var all = axes == [-1] ? [] : ["axis=\(Axes(axes).shown)"]
    if epsilon != 1e-6 { all.append("epsilon=\(epsilon)") }
    if !affine.scales { all.append("scale=False") }
    return all.joined(separator: ", ")
  }

  public func fresh() -> any Layer {
    RMSNorm(axes: axes, epsilon: epsilon, affine: affine.fresh, name: state.name)
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    _ = try resolve(axes, input)
    return input
  }

  public func build(_ input: [Int], with maker: WeightMaker) throws {
    affine = try affine.built(resolve(axes, input).map { input[$0 - 1] }, with: maker)
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    try check(x)
    let places = try resolve(axes, Array(x.shape.dropFirst()))
    let size = try x.square().mean(axes: places, keepdims: true)
    return try affine(x, deviation: (size + epsilon).sqrt(), shape: x.shape.keeping(places))
  }

  public static let entry = Entry(
    "RMSNorm", "Divides each example by the root of its mean square, then multiplies by gamma.",
    Parameter("axis", Axes.self, "the axis that is normalised over, or several") { Axes([-1]) },
    Parameter("epsilon", Double.self, "added to the mean square", where: .atLeast(0)) { 1e-6 },
    AffineParameter.scale,
    AffineParameter.gammaStart,
    Parameter("input_shape", Shape?.self, "the shape of one input, to build at once") { nil },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "RMSNorm", example: "Sequential(Dense(20), RMSNorm(), Activation(\"relu\"))",
    details: """
      `y = gamma * x / sqrt(mean(x**2) + epsilon)` over `axis`. Shapes: gamma has the shape of \
      these axes, y that of x. Peers: Keras's epsilon is 1e-6, too; PyTorch's is the precision \
      of the numbers. Source: Zhang and Sennrich 2019, "Root mean square layer normalization".
      """, makes: RMSNorm.type
  ) { axes, epsilon, scale, gammaStart, input, name in
    let layer = RMSNorm(
      axes: try axes.checked(), epsilon: epsilon,
      affine: Affine(scales: scale, centers: false, gammaStart: gammaStart), name: name)
    return layer.wanting(input)
  }
}

/// Scales its inputs to length one over some axes.
public final class UnitNorm: Layer {
  public static let type = ObjectType(
    "UnitNorm", "Scales each example to length one.", base: LayerType.layer,
    members: { commonMembers() })

  /// A squared length below this counts as this, so that a row of zeros stays one.
  static let least = 1e-12

  public let state: LayerState
  /// Counted with the axis of examples.
  public let axes: [Int]

  public init(axes: [Int] = [-1], name: String = "") {
    self.axes = axes
    state = LayerState(name: name)
  }

  public var type: ObjectType { Self.type }
  public var settings: String { axes == [-1] ? "" : "axis=\(Axes(axes).shown)" }
  public var step: PlanStep? { nil }
  public func fresh() -> any Layer { UnitNorm(axes: axes, name: state.name) }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    _ = try places(input)
    return input
  }

  /// Other than where weights or statistics lie along the axes, that of the examples may be one.
  private func places(_ input: [Int]) throws -> [Int] {
    let inner = axes.filter { $0 != 0 && $0 != -input.count - 1 }
    guard inner.count < axes.count else { return try resolve(inner, input) }
    return try [0] + (inner.isEmpty ? [] : resolve(inner, input))
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    let places = try places(Array(x.shape.dropFirst()))
    let size = try x.square().sum(axes: places, keepdims: true)
    return try x / Tensor.maximum(size, Self.least).sqrt()
  }

  public static let entry = Entry(
    "UnitNorm", "Scales each example to length one.",
    Parameter("axis", Axes.self, "the axis that is normalised over, or several") { Axes([-1]) },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "UnitNorm", example: "Sequential(Dense(20), UnitNorm())",
    details: """
      `y = x / sqrt(sum(x**2))` over `axis`; a row of zeros stays one. Axis 0, the examples, is \
      taken as Keras takes it, but then an output depends on the other examples of its batch. \
      Shapes: y has the shape of x. Source: the equation; Keras's UnitNormalization.
      """, makes: UnitNorm.type
  ) { axes, name in .object(UnitNorm(axes: try axes.checked(), name: name)) }
}

extension Layer {
  /// The places of axes as a script counts them, in order.
  func resolve(_ axes: [Int], _ input: [Int]) throws -> [Int] {
    let places = Set(try axes.map { try resolve($0, input) }).sorted()
    guard places.count == axes.count else {
      throw LayerProblem.input(
        expected: "an axis to be named once in axis=\(Axes(axes).shown)", got: input,
        built: state.inputShape)
    }
    return places
  }
}

extension Axes {
  /// The axes, which must be given.
  func checked() throws -> [Int] {
    guard let values, !values.isEmpty else {
      throw Failure(
        .value, "axis must name one axis or several, not \(shown)", code: "L308",
        help: "axis=-1 is the last one; axis 0 holds the examples")
    }
    return values
  }
}

extension Shape {
  /// The same rank, with the sizes of these axes and 1 for the others.
  func keeping(_ axes: [Int]) -> Shape {
    var result = Shape(repeating: 1, count: count)
    for axis in axes { result[axis] = self[axis] }
    return result
  }
}
