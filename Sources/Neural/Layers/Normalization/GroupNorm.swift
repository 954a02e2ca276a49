public import Catalog
public import Tensors

/// Scales groups of channels of each example to mean zero and variance one.
///
/// Wu and He 2018. One group is layer normalisation over all axes, a group for each channel
/// instance normalisation (Ulyanov et al. 2016).
public final class GroupNorm: AffineLayer {
  public static let type = ObjectType(
    "GroupNorm", "Scales groups of channels of each example to mean zero and variance one.",
    base: LayerType.layer, members: { commonMembers() + affineMembers() })

  public let state: LayerState
  /// -1: one for each channel.
  public let groups: Int
  /// Counted with the axis of examples.
  public let axis: Int
  public let epsilon: Double
  public private(set) var affine: Affine

  init(groups: Int, axis: Int, epsilon: Double, affine: Affine, name: String = "") {
    self.groups = groups
    self.axis = axis
    self.epsilon = epsilon
    self.affine = affine
    state = LayerState(name: name)
  }

  public convenience init(
    groups: Int = 32, axis: Int = -1, epsilon: Double = 1e-3, scales: Bool = true,
    centers: Bool = true, name: String = ""
  ) {
    self.init(
      groups: groups, axis: axis, epsilon: epsilon,
      affine: Affine(scales: scales, centers: centers), name: name)
  }

  public var type: ObjectType { Self.type }
  public var weights: [Weight] { affine.weights }
  public var step: PlanStep? { nil }

  public var settings: String {
    var all = ["groups=\(groups)"]
    if axis != -1 { all.append("axis=\(axis)") }
    if epsilon != 1e-3 { all.append("epsilon=\(epsilon)") }
    return (all + affine.settings).joined(separator: ", ")
  }

  public func fresh() -> any Layer {
    GroupNorm(
      groups: groups, axis: axis, epsilon: epsilon, affine: affine.fresh, name: state.name
    )
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    let channels = input[try resolve(axis, input) - 1]
    guard groups == -1 || channels % groups == 0 else {
      let fitting = (1...64).filter { $0 <= channels && channels % $0 == 0 }.map { "\($0)" }
      throw LayerProblem.unfit(
        expected: "a number of channels that \(groups) groups divide", got: input,
        help: "take a number of groups that divides \(channels): "
          + fitting.joined(separator: ", "))
    }
    return input
  }

  public func build(_ input: [Int], with maker: WeightMaker) throws {
    affine = try affine.built([input[try resolve(axis, input) - 1]], with: maker)
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    try check(x)
    let place = try resolve(axis, Array(x.shape.dropFirst()))
    let channels = x.shape[place]
    let count = groups == -1 ? channels : groups
    var sizes = Array(x.shape)
    sizes.replaceSubrange(
      place...place, with: count == 0 ? [0, 0] : [count, channels / count])
    let parts = try x.reshape(Shape(sizes))
    let axes = (1..<sizes.count).filter { $0 != place }
    let (_, distance) = try parts.centred(over: axes)
    let variance = try distance.square().mean(axes: axes, keepdims: true)
    let normal = try (distance / (variance + epsilon).sqrt()).reshape(x.shape)
    return try affine.scaled(normal, shape: x.shape.keeping([place]))
  }

  public static let entry = Entry(
    "GroupNorm", "Scales groups of channels of each example to mean zero and variance one.",
    Parameter(
      "groups", Int.self, "how many; -1: one for each channel",
      where: .init("-1 or from 1 to \(1 << 24)") { $0 == -1 || (1...(1 << 24)).contains($0) }
    ) { 32 },
    Parameter("axis", Int.self, "the axis of channels, 0 being the examples") { -1 },
    AffineParameter.epsilon, AffineParameter.center, AffineParameter.scale,
    AffineParameter.betaStart, AffineParameter.gammaStart,
    Parameter("input_shape", Shape?.self, "the shape of one input, to build at once") { nil },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "GroupNorm", example: "Sequential(Dense(20), GroupNorm(4))",
    details: """
      `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`, mean and variance of each \
      example over the channels of a group and all other axes. It does not depend on the size of \
      a batch. groups=1 is layer normalisation over all axes, groups=-1 instance normalisation. \
      Shapes: gamma and beta (channels,), y as x; the groups must divide the channels. Peers: \
      Keras 32 groups, epsilon 1e-3; PyTorch epsilon 1e-5. Source: Wu and He 2018, "Group \
      normalization".
      """, makes: GroupNorm.type
  ) { groups, axis, epsilon, center, scale, betaStart, gammaStart, input, name in
    let layer = GroupNorm(
      groups: groups, axis: axis, epsilon: epsilon,
      affine: Affine(
        scales: scale, centers: center, gammaStart: gammaStart, betaStart: betaStart), name: name)
    return layer.wanting(input)
  }

  /// Group normalisation with a group for each channel.
  static let instance = Entry(
    "InstanceNorm", "Scales each channel of each example to mean zero and variance one.",
    Parameter("axis", Int.self, "the axis of channels, 0 being the examples") { -1 },
    AffineParameter.epsilon, AffineParameter.center, AffineParameter.scale,
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "GroupNorm", example: "InstanceNorm()",
    details: """
      `GroupNorm(groups=-1)`: each channel of each example by its own mean and variance. Shapes: \
      gamma and beta (channels,), y as x. Peers: PyTorch's has no gamma and beta unless asked \
      (affine=True), and epsilon 1e-5. Source: Ulyanov, Vedaldi and Lempitsky 2016, "Instance \
      normalization".
      """, makes: GroupNorm.type
  ) { axis, epsilon, center, scale, name in
    .object(
      GroupNorm(
        groups: -1, axis: axis, epsilon: epsilon, scales: scale, centers: center, name: name))
  }
}
