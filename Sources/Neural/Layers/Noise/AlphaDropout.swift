public import Catalog
public import Tensors

/// Dropout that keeps mean 0 and variance 1, for SELU nets.
///
/// Klambauer et al. 2017: y = a (x m + alpha' (1 - m)) + b with alpha' = -lambda alpha.
public final class AlphaDropout: NoiseLayer {
  public static let type = ObjectType(
    "AlphaDropout", "Dropout that keeps mean 0 and variance 1, for SELU nets.",
    base: LayerType.layer
  ) {
    commonMembers() + [
      .attribute(
        of: AlphaDropout.self, "rate", "The share that is dropped.", returns: "float",
        example: "AlphaDropout(0.1).rate"
      ) { .float($0.rate) }
    ]
  }

  /// What SELU tends to far below zero.
  static let floor = -1.758_099_340_847_376_6

  public let state: LayerState
  let maskShape: MaskShape?
  /// The masks to come.
  public var mask: KeepMask
  public var rate: Double { mask.rate }

  init(_ rate: Double, maskShape: MaskShape?, name: String) {
    mask = KeepMask(rate: rate)
    self.maskShape = maskShape
    state = LayerState(name: name)
  }

  public convenience init(_ rate: Double, name: String = "") {
    self.init(rate, maskShape: nil, name: name)
  }

  public var type: ObjectType { Self.type }
  public var isSilent: Bool { rate == 0 && mask.replayed.isEmpty }
  public var settings: String {
    "\(rate)" + (maskShape.map { ", noise_shape=\($0.shown)" } ?? "")
  }
  public func fresh() -> any Layer {
    AlphaDropout(rate, maskShape: maskShape, name: state.name)
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    try maskShape?.check(input)
    return input
  }

  public func draw(for x: Tensor, from stream: inout RandomStream) throws -> Noise {
    let kept = try mask.next(maskShape?.resolved(x.shape) ?? x.shape, dtype: x.dtype, from: &stream)
    let floor = Self.floor
    let keep = 1 - rate
    let a = 1 / (keep + floor * floor * keep * rate).squareRoot()
    let b = -a * rate * floor
    return Noise(
      factor: try kept * a, shift: try kept * (-a * floor) + (a * floor + b))
  }

  public static let entry = Entry(
    "AlphaDropout", "Dropout that keeps mean 0 and variance 1, for SELU nets.",
    Parameter("rate", Double.self, "the share that is dropped", where: .within(0, below: 1)) {
      0.1
    },
    Parameter(
      "noise_shape", MaskShape?.self, "the shape of the mask; 1 shares it along an axis"
    ) { nil },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "AlphaDropout", example: "AlphaDropout(0.1)",
    details: """
      While training `y = a * (x * m + alpha * (1 - m)) + b`, where m is 0 with the chance rate \
      and else 1, alpha = -1.7581, what SELU tends to, `q = 1 - rate`, `a = 1 / sqrt(q + \
      alpha**2 * q * rate)` and `b = -a * rate * alpha`; at inference `y = x`. Usual rates are \
      0.05 to 0.1. Shapes: y has the shape of x. Peers: PyTorch's rate is 0.5 by default. \
      Source: Klambauer et al. 2017, "Self-normalizing neural networks".
      """, makes: AlphaDropout.type
  ) { rate, shape, name in .object(AlphaDropout(rate, maskShape: shape, name: name)) }
}
