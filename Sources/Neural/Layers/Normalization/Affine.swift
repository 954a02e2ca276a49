public import Catalog
internal import Tensors

/// What a normalised value is multiplied by and moved by, both learnt: gamma and beta.
public struct Affine {
  let scales: Bool
  let centers: Bool
  let gammaStart: InitializerChoice
  let betaStart: InitializerChoice
  private(set) var gamma: Weight?
  private(set) var beta: Weight?

  init(
    scales: Bool = true, centers: Bool = true, gammaStart: InitializerChoice = .named(.ones),
    betaStart: InitializerChoice = .named(.zeros)
  ) {
    self.scales = scales
    self.centers = centers
    self.gammaStart = gammaStart
    self.betaStart = betaStart
  }

  var weights: [Weight] { [gamma, beta].compactMap { $0 } }

  /// The same settings, without weights.
  var fresh: Affine {
    Affine(scales: scales, centers: centers, gammaStart: gammaStart, betaStart: betaStart)
  }

  var settings: [String] {
    (centers ? [] : ["center=False"]) + (scales ? [] : ["scale=False"])
  }

  /// The same with weights.
  ///
  /// A new value, so that whoever holds this one can be read meanwhile: an initializer may be a
  /// function of a script, and a collection may come while it runs.
  func built(_ shape: [Int], with maker: WeightMaker) throws -> Affine {
    var made = self
    try made.build(shape, with: maker)
    return made
  }

  private mutating func build(_ shape: [Int], with maker: WeightMaker) throws {
    let linear = ActivationChoice.builtIn(.linear)
    if scales {
      gamma = Weight(
        "gamma",
        try gammaStart.make(shape, for: linear, dtype: maker.dtype, from: &maker.stream).weights)
    }
    if centers {
      beta = Weight(
        "beta",
        try betaStart.make(shape, for: linear, dtype: maker.dtype, from: &maker.stream).weights)
    }
  }

  /// gamma * distance / deviation + beta.
  ///
  /// - Parameters:
  ///   - deviation: stretches over `distance`.
  ///   - shape: the shape in which gamma and beta stretch over `distance`.
  func callAsFunction(_ distance: Tensor, deviation: Tensor, shape: Shape) throws -> Tensor {
    try scaled(distance / deviation, shape: shape)
  }

  /// gamma * normal + beta.
  func scaled(_ normal: Tensor, shape: Shape) throws -> Tensor {
    var y = normal
    if let gamma { y = try y * gamma.tensor.reshape(shape) }
    if let beta { y = try y + beta.tensor.reshape(shape) }
    return y
  }

  func visit(_ keep: (Value) -> Void) {
    for held in [gammaStart.held, betaStart.held] {
      if let held { keep(held) }
    }
  }
}

/// Parameters of normalisations, as their entries declare them.
enum AffineParameter {
  static let epsilon = Parameter(
    "epsilon", Double.self, "added to the variance", where: .atLeast(0), default: { 1e-3 })
  static let center = Parameter(
    "center", Bool.self, "whether beta is added", default: { true })
  static let scale = Parameter(
    "scale", Bool.self, "whether gamma multiplies", default: { true })
  static let betaStart = Parameter(
    "beta_init", InitializerChoice.self, "how beta starts", also: ["beta_initializer"],
    default: { .named(.zeros) })
  static let gammaStart = Parameter(
    "gamma_init", InitializerChoice.self, "how gamma starts", also: ["gamma_initializer"],
    default: { .named(.ones) })
}

/// A layer that ends in gamma and beta.
public protocol AffineLayer: Layer {
  var affine: Affine { get }
}

extension AffineLayer {
  public func visit(_ keep: (Value) -> Void) { affine.visit(keep) }

  public var externalBytes: Int {
    weights.reduce(0) { $0 + $1.tensor.count * $1.tensor.dtype.size }
  }

  static func affineMembers() -> [Entry] {
    [
      .attribute(
        of: Self.self, "gamma", "A live view of what the normal values are multiplied by.",
        returns: "Tensor or None", example: "net[1].gamma",
        get: { $0.affine.scales ? try $0.live($0.affine.gamma) : .none }),
      .attribute(
        of: Self.self, "beta", "A live view of what is added at the end.",
        returns: "Tensor or None", example: "net[1].beta",
        get: { $0.affine.centers ? try $0.live($0.affine.beta) : .none }),
    ]
  }
}

extension Layer {
  /// A weight as a script sees it.
  func live(_ weight: Weight?) throws -> Value {
    guard let weight else { throw NotBuilt(layer: name).failure }
    return .object(weight.tensor)
  }

  /// The place of an axis as a script counts it, the examples being axis 0.
  ///
  /// - Throws: when inputs have no such axis, or it is that of the examples.
  func resolve(_ axis: Int, _ input: [Int]) throws -> Int {
    let rank = input.count + 1
    let place = axis < 0 ? axis + rank : axis
    guard place > 0, place < rank else {
      throw LayerProblem.input(
        expected: axis == 0
          ? "an axis other than 0, that of the examples" : "inputs that have an axis \(axis)",
        got: input, built: state.inputShape)
    }
    return place
  }

  /// Throws when weights have another dtype than the inputs.
  func check(_ x: Tensor) throws {
    _ = try outputShape(Array(x.shape.dropFirst()))
    if let weight = weights.first, weight.tensor.dtype != x.dtype {
      throw LayerProblem.dtype(expected: weight.tensor.dtype, got: x.dtype)
    }
  }

  /// Takes over what a copy keeps beside its settings.
  func like(_ other: some Layer) -> Self {
    state.isTrainable = other.state.isTrainable
    state.rateFactor = other.state.rateFactor
    state.activityPenalty = other.state.activityPenalty
    return self
  }
}

extension Tensor {
  /// The mean over axes and the distance from it, all axes kept.
  ///
  /// The mean is taken twice, the second time of the small rest, so that numbers far from zero
  /// lose nothing and equal numbers have no distance.
  func centred(over axes: [Int]) throws -> (mean: Tensor, distance: Tensor) {
    let about = try detached().mean(axes: axes, keepdims: true)
    let near = try self - about
    let rest = try near.mean(axes: axes, keepdims: true)
    return (try about + rest, try near - rest)
  }
}
