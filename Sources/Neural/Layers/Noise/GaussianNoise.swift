public import Catalog
public import Tensors

/// Multiplies its inputs by normal numbers around 1 while training.
///
/// Srivastava et al. 2014, section 10: the deviation sqrt(rate / (1 - rate)) is that of dropout.
public final class GaussianDropout: NoiseLayer {
  public static let type = ObjectType(
    "GaussianDropout", "Multiplies its inputs by normal numbers around 1 while training.",
    base: LayerType.layer, members: { commonMembers() })

  public let state: LayerState
  public let rate: Double

  public init(_ rate: Double, name: String = "") {
    self.rate = rate
    state = LayerState(name: name)
  }

  public var type: ObjectType { Self.type }
  public var isSilent: Bool { rate == 0 }
  public var settings: String { "\(rate)" }
  public func fresh() -> any Layer { GaussianDropout(rate, name: state.name) }

  public func draw(for x: Tensor, from stream: inout RandomStream) throws -> Noise {
    let spread = (rate / (1 - rate)).squareRoot()
    let draws = try stream.normal(x.shape, dtype: .f32).astype(x.dtype)
    return Noise(factor: try draws * spread + 1)
  }

  public static let entry = Entry(
    "GaussianDropout", "Multiplies its inputs by normal numbers around 1 while training.",
    Parameter("rate", Double.self, "as strong as dropout of this rate", where: .within(0, below: 1))
    { 0.5 },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "GaussianDropout", example: "GaussianDropout(0.2)",
    details: """
      `y = x * n` while training, n normal with mean 1 and variance `rate / (1 - rate)`, which \
      is the variance that dropout gives; at inference `y = x`. Shapes: y has the shape of x. \
      Source: Srivastava et al. 2014, section 10.
      """, makes: GaussianDropout.type
  ) { rate, name in .object(GaussianDropout(rate, name: name)) }
}

/// Adds normal numbers to its inputs while training.
public final class GaussianNoise: NoiseLayer {
  public static let type = ObjectType(
    "GaussianNoise", "Adds normal numbers to its inputs while training.", base: LayerType.layer,
    members: { commonMembers() })

  public let state: LayerState
  public let deviation: Double

  public init(_ deviation: Double, name: String = "") {
    self.deviation = deviation
    state = LayerState(name: name)
  }

  public var type: ObjectType { Self.type }
  public var isSilent: Bool { deviation == 0 }
  public var settings: String { "\(deviation)" }
  public func fresh() -> any Layer { GaussianNoise(deviation, name: state.name) }

  public func draw(for x: Tensor, from stream: inout RandomStream) throws -> Noise {
    Noise(shift: try stream.normal(x.shape, dtype: .f32).astype(x.dtype) * deviation)
  }

  public static let entry = Entry(
    "GaussianNoise", "Adds normal numbers to its inputs while training.",
    Parameter("std", Double.self, "their deviation", also: ["stddev"], where: .atLeast(0)) { 0.1 },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "GaussianNoise", example: "GaussianNoise(0.1)",
    details: """
      `y = x + n` while training, n normal with mean 0 and deviation std; at inference `y = x`. \
      Shapes: y has the shape of x. Keras has no default for the deviation. Source: Bishop 1995, \
      "Training with noise is equivalent to Tikhonov regularization".
      """,
    makes: GaussianNoise.type
  ) { std, name in .object(GaussianNoise(std, name: name)) }
}
