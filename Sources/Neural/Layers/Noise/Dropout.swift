public import Catalog
public import Tensors

/// Zeroes a random share of its inputs while training and scales up the rest.
///
/// Srivastava et al. 2014, in the inverted form: y = x m / (1 - rate), identity at inference.
public final class Dropout: NoiseLayer {
  /// Where the missing share is made up for.
  public enum Scaling: String, Choice {
    /// While training: what is kept is divided by 1 - rate.
    case inverted
    /// At inference: all is multiplied by 1 - rate, as in the paper.
    case classic
  }

  public static let type = ObjectType(
    "Dropout", "Zeroes a random share of its inputs while training.", base: LayerType.layer
  ) {
    commonMembers() + [
      .attribute(
        of: Dropout.self, "rate", "The share that is dropped.", returns: "float",
        example: "Dropout(0.2).rate"
      ) { .float($0.rate) }
    ]
  }

  public let state: LayerState
  public let scaling: Scaling
  let maskShape: MaskShape?
  /// The masks to come.
  public var mask: KeepMask
  /// The share that is dropped, below 1.
  public var rate: Double { mask.rate }

  init(_ rate: Double, scaling: Scaling, maskShape: MaskShape?, name: String) {
    mask = KeepMask(rate: rate)
    self.scaling = scaling
    self.maskShape = maskShape
    state = LayerState(name: name)
  }

  public convenience init(_ rate: Double, scaling: Scaling = .inverted, name: String = "") {
    self.init(rate, scaling: scaling, maskShape: nil, name: name)
  }

  public var type: ObjectType { Self.type }
  public var isSilent: Bool { rate == 0 && mask.replayed.isEmpty }
  public var atRest: Double { scaling == .classic ? 1 - rate : 1 }
  public func fresh() -> any Layer {
    Dropout(rate, scaling: scaling, maskShape: maskShape, name: state.name)
  }

  public var settings: String {
    "\(rate)" + (maskShape.map { ", noise_shape=\($0.shown)" } ?? "")
      + (scaling == .classic ? ", scaling=\"classic\"" : "")
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    try maskShape?.check(input)
    return input
  }

  public func draw(for x: Tensor, from stream: inout RandomStream) throws -> Noise {
    let kept = try mask.next(
      maskShape?.resolved(x.shape) ?? x.shape, dtype: x.dtype, from: &stream)
    return Noise(factor: scaling == .inverted ? try kept * (1 / (1 - rate)) : kept)
  }

  public static let entry = Entry(
    "Dropout", "Zeroes a random share of its inputs while training and scales up the rest.",
    Parameter("rate", Double.self, "the share that is dropped", where: .within(0, below: 1)) {
      0.5
    },
    Parameter(
      "noise_shape", MaskShape?.self, "the shape of the mask; 1 shares it along an axis"
    ) { nil },
    Parameter("scaling", Scaling.self, "where the missing share is made up for") { .inverted },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "Dropout", example: "Dropout(0.2)",
    details: """
      `y = x * m / (1 - rate)` while training, where m is 0 with the chance rate and else 1; at \
      inference `y = x`. With scaling="classic", `y = x * m` while training and `y = x * (1 - \
      rate)` at inference. Usual: 0.5 for hidden layers, 0.2 for inputs. Shapes: y has the shape \
      of x, m that of `noise_shape`. Peers: `rate` is the share that is *dropped*, as in Keras \
      and PyTorch (p, 0.5 by default; Keras has no default); TensorFlow 1 had the share that is \
      kept. Source: Srivastava et al. 2014, "Dropout".
      """, makes: Dropout.type
  ) { rate, shape, scaling, name in
    .object(Dropout(rate, scaling: scaling, maskShape: shape, name: name))
  }
}

/// Dropout of whole channels: all places of a channel are dropped together.
///
/// Tompson et al. 2015.
public final class SpatialDropout: NoiseLayer {
  /// By the number of axes along which a channel lies.
  static let types = [1, 2].map { dimensions in
    ObjectType(
      "SpatialDropout\(dimensions)D", "Dropout of whole channels.", base: LayerType.layer,
      members: { commonMembers() })
  }

  public let state: LayerState
  /// The axes along which a channel lies: 1 or 2.
  public let dimensions: Int
  /// The masks to come.
  public var mask: KeepMask
  public var rate: Double { mask.rate }

  public init(_ rate: Double, dimensions: Int, name: String = "") {
    mask = KeepMask(rate: rate)
    self.dimensions = min(max(dimensions, 1), 2)
    state = LayerState(name: name)
  }

  public var type: ObjectType { Self.types[dimensions - 1] }
  public var isSilent: Bool { rate == 0 && mask.replayed.isEmpty }
  public var settings: String { "\(rate)" }
  public func fresh() -> any Layer {
    SpatialDropout(rate, dimensions: dimensions, name: state.name)
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    guard input.count == dimensions + 1 else {
      throw LayerProblem.input(
        expected: dimensions == 1 ? "inputs (steps, channels)" : "inputs (rows, columns, channels)",
        got: input, built: nil)
    }
    return input
  }

  public func draw(for x: Tensor, from stream: inout RandomStream) throws -> Noise {
    _ = try outputShape(Array(x.shape.dropFirst()))
    let shared = x.shape.keeping([0, x.rank - 1])
    return Noise(factor: try mask.next(shared, dtype: x.dtype, from: &stream) * (1 / (1 - rate)))
  }

  static func entry(_ dimensions: Int, _ inputs: String) -> Entry {
    Entry(
      "SpatialDropout\(dimensions)D", "Dropout of whole channels of inputs \(inputs).",
      Parameter("rate", Double.self, "the share that is dropped", where: .within(0, below: 1)) {
        0.5
      },
      Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
      returns: "SpatialDropout\(dimensions)D", example: "SpatialDropout\(dimensions)D(0.2)",
      details: """
        `y = x * m / (1 - rate)` while training, with one m for all places of a channel of an \
        example: neighbouring places say nearly the same, so dropping single ones does little. At \
        inference `y = x`. Shapes: x (batch, …, channels), m (batch, 1, …, channels). Peers: Keras \
        has no default rate, PyTorch 0.5. Source: Tompson et al. 2015.
        """, makes: types[dimensions - 1]
    ) { rate, name in .object(SpatialDropout(rate, dimensions: dimensions, name: name)) }
  }

  static let entries = [entry(1, "(steps, channels)"), entry(2, "(rows, columns, channels)")]
}
