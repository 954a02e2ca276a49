public import Catalog
public import Tensors

/// Leaky ReLU with slopes drawn anew for every number while training, their mean at inference.
///
/// Xu et al. 2015. The gradient goes through the slopes that were drawn.
public final class RReLU: NoiseLayer {
  public static let type = ObjectType(
    "RReLU", "Leaky ReLU with slopes drawn anew while training.", base: LayerType.layer,
    members: { commonMembers() })

  public let state: LayerState
  public let lower: Double
  public let upper: Double
  /// Slopes to use in turn, in place of drawn ones.
  public var replayed: [Tensor] = []

  public init(lower: Double = 1.0 / 8, upper: Double = 1.0 / 3, name: String = "") {
    self.lower = lower
    self.upper = upper
    state = LayerState(name: name)
  }

  public var type: ObjectType { Self.type }
  public var settings: String { "\(lower), \(upper)" }
  public var ending: Activation? { nil }
  public var applies: ActivationChoice? { .builtIn(.leakyReLU((lower + upper) / 2)) }
  public var isSilent: Bool { false }
  public func fresh() -> any Layer {
    RReLU(lower: lower, upper: upper, name: state.name)
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    guard pass.isTraining else { return try Activation.leakyReLU((lower + upper) / 2)(x) }
    return try disturbed(x, pass)
  }

  public func draw(for x: Tensor, from stream: inout RandomStream) throws -> Noise {
    let slopes: Tensor
    if replayed.isEmpty {
      slopes = try stream.uniform(x.shape, lower, upper, dtype: .f32).astype(x.dtype)
    } else {
      slopes = try replayed.removeFirst().astype(x.dtype)
    }
    let one = try Tensor.ones([], dtype: x.dtype)
    return Noise(factor: try Tensor.select(x.greater(0), one, slopes))
  }

  public static let entry = Entry(
    "RReLU", "Leaky ReLU with slopes drawn anew for every number while training.",
    Parameter("lower", Double.self, "the least slope") { 1.0 / 8 },
    Parameter("upper", Double.self, "the greatest slope") { 1.0 / 3 },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "RReLU", example: "Sequential(Dense(20), RReLU(), Dense(3))",
    details: """
      `y = x if x > 0 else a * x`, a uniform from lower to upper, drawn for every number of \
      every batch; at inference `a = (lower + upper) / 2`. The gradient uses the a that was \
      drawn. It acts against overfitting. Shapes: y has the shape of x. Peers: the defaults are \
      PyTorch's, 1/8 and 1/3; Keras has none. Source: Xu et al. 2015.
      """, makes: RReLU.type
  ) { lower, upper, name in
    guard lower <= upper else {
      throw Failure(
        .value, "RReLU() argument 'lower' must not be above 'upper', got \(lower) and \(upper)",
        code: "L308")
    }
    return .object(RReLU(lower: lower, upper: upper, name: name))
  }
}
