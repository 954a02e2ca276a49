public import Catalog
public import Tensors

/// How weights start: a distribution whose width may follow the layer's fan.
public struct Initializer: Sendable, Equatable {
  public enum Distribution: String, Choice {
    case uniform
    case normal
    /// Normal, redrawn beyond two deviations, widened so that the variance is kept.
    case truncatedNormal = "truncated_normal"
  }

  public enum Fan: String, Choice {
    case fanIn = "fan_in"
    case fanOut = "fan_out"
    case fanAverage = "fan_avg"
  }

  public enum Rule: Sendable, Equatable {
    case constant(Double)
    /// Variance = scale / fan.
    case scaled(scale: Double, Fan, Distribution)
    case normal(mean: Double, deviation: Double)
    /// Redrawn beyond two deviations; not widened.
    case truncated(mean: Double, deviation: Double)
    case uniform(low: Double, high: Double)
    case identity(gain: Double)
    /// One number for all, drawn from a normal distribution of variance 2 / fan in.
    case same
    /// The smaller side is orthonormal, times a gain.
    case orthogonal(gain: Double)
    /// Each output unit has so many inputs, drawn from a normal distribution; the rest is 0.
    case connections(Int, deviation: Double)
    /// Of each input's weights this share is 0, rounded up; the rest is normal.
    case sparse(share: Double, deviation: Double)
  }

  public let name: String
  public let sentence: String
  public let rule: Rule

  public init(_ name: String, _ sentence: String, _ rule: Rule) {
    self.name = name
    self.sentence = sentence
    self.rule = rule
  }

  public static func == (left: Initializer, right: Initializer) -> Bool {
    left.name == right.name && left.rule == right.rule
  }

  /// The deviation that a normal distribution cut at two of its own must have to keep variance 1.
  static let truncation = 0.879_625_661_034_239_78

  /// Inputs and outputs of one unit: dense `[in, out]`, convolution `[..., in, out]`.
  public static func fans(_ shape: [Int]) -> (input: Int, output: Int) {
    guard let output = shape.last else { return (1, 1) }
    guard shape.count > 1 else { return (output, output) }
    let field = shape.dropLast(2).reduce(1, *)
    return (shape[shape.count - 2] * field, output * field)
  }

  /// New weights of that shape.
  public func make(
    _ shape: [Int], dtype: DType = .f32, from stream: inout RandomStream
  ) throws -> Tensor {
    let size = try Shape(shape)
    switch rule {
    case .constant(let value): return try Tensor.full(size, value, dtype: dtype)
    case .identity(let gain):
      guard shape.count == 2 else {
        throw Failure(.value, "the identity initializer makes matrices, not \(size)", code: "L308")
      }
      return try Tensor.eye(shape[0], shape[1], dtype: dtype) * gain
    case .normal(let mean, let deviation):
      return try stream.normal(size, mean: mean, deviation: deviation, dtype: dtype)
    case .uniform(let low, let high): return try stream.uniform(size, low, high, dtype: dtype)
    case .truncated(let mean, let deviation):
      return try truncated(size, mean, deviation, dtype, from: &stream)
    case .same:
      let fan = Double(Swift.max(Initializer.fans(shape).input, 1))
      return try Tensor.full(size, stream.normal() * (2 / fan).squareRoot(), dtype: dtype)
    case .orthogonal(let gain):
      return try Initializer.orthogonal(size, gain: gain, dtype: dtype, from: &stream)
    case .connections(let count, let deviation):
      return try Initializer.connected(
        size, count: count, deviation: deviation, dtype: dtype, from: &stream)
    case .sparse(let share, let deviation):
      return try Initializer.sparse(
        size, share: share, deviation: deviation, dtype: dtype, from: &stream)
    case .scaled(let scale, let fan, let distribution):
      let fans = Initializer.fans(shape)
      let width =
        switch fan {
        case .fanIn: Double(fans.input)
        case .fanOut: Double(fans.output)
        case .fanAverage: (Double(fans.input) + Double(fans.output)) / 2
        }
      let deviation = (scale / max(width, 1)).squareRoot()
      switch distribution {
      case .normal: return try stream.normal(size, deviation: deviation, dtype: dtype)
      case .uniform:
        let limit = deviation * 1.732_050_807_568_877_2
        return try stream.uniform(size, -limit, limit, dtype: dtype)
      case .truncatedNormal:
        return try truncated(size, 0, deviation / Initializer.truncation, dtype, from: &stream)
      }
    }
  }

  private func truncated(
    _ size: Shape, _ mean: Double, _ deviation: Double, _ dtype: DType,
    from stream: inout RandomStream
  ) throws -> Tensor {
    try StoragePool.shared.reserve(size.elements * 8)
    var values = stream.normals(size.elements)
    for index in values.indices {
      while abs(values[index]) > 2 { values[index] = stream.normal() }
      values[index] = mean + deviation * values[index]
    }
    return try Tensor(values, shape: size, dtype: dtype)
  }
}

extension Initializer {
  public static let zeros = Initializer("zeros", "All 0; right for biases only.", .constant(0))
  public static let ones = Initializer("ones", "All 1.", .constant(1))
  public static let glorotUniform = Initializer(
    "glorot_uniform", "Uniform, variance 2 / (in + out): for linear, sigmoid, tanh, softmax.",
    .scaled(scale: 1, .fanAverage, .uniform))
  public static let glorotNormal = Initializer(
    "glorot_normal", "Normal, variance 2 / (in + out): for linear, sigmoid, tanh, softmax.",
    .scaled(scale: 1, .fanAverage, .truncatedNormal))
  public static let heUniform = Initializer(
    "he_uniform", "Uniform, variance 2 / in: for ReLU and its family.",
    .scaled(scale: 2, .fanIn, .uniform))
  public static let heNormal = Initializer(
    "he_normal", "Normal, variance 2 / in: for ReLU and its family.",
    .scaled(scale: 2, .fanIn, .truncatedNormal))
  public static let lecunUniform = Initializer(
    "lecun_uniform", "Uniform, variance 1 / in: for SELU.", .scaled(scale: 1, .fanIn, .uniform))
  public static let lecunNormal = Initializer(
    "lecun_normal", "Normal, variance 1 / in: for SELU.",
    .scaled(scale: 1, .fanIn, .truncatedNormal))
  public static let randomNormal = Initializer(
    "random_normal", "Normal with deviation 0.05.", .normal(mean: 0, deviation: 0.05))
  public static let randomUniform = Initializer(
    "random_uniform", "Uniform from -0.05 to 0.05.", .uniform(low: -0.05, high: 0.05))
  public static let truncatedNormal = Initializer(
    "truncated_normal", "Normal with deviation 0.05, redrawn beyond two deviations.",
    .truncated(mean: 0, deviation: 0.05))
  public static let identity = Initializer(
    "identity", "Ones on the diagonal.", .identity(gain: 1))
  public static let orthogonal = Initializer(
    "orthogonal", "Rows or columns at right angles, of length 1 (Saxe et al. 2014).",
    .orthogonal(gain: 1))
  public static let sparse = Initializer(
    "sparse", "Ten inputs for each unit, small and normal; the rest is 0 (Martens 2010).",
    .connections(10, deviation: 0.01))
  public static let torchLinear = Initializer(
    "torch_linear_default", "Uniform within 1 / sqrt(in): what PyTorch's Linear starts from.",
    .scaled(scale: 1.0 / 3, .fanIn, .uniform))
  public static let sameRandomValue = Initializer(
    "same_random_value", "One random number for all weights: the units of a layer stay equal.",
    .same)

  /// All that a string names.
  public static let all: [Initializer] = [
    zeros, ones, glorotUniform, glorotNormal, heUniform, heNormal, lecunUniform, lecunNormal,
    randomNormal, randomUniform, truncatedNormal, identity, orthogonal, sparse, torchLinear,
    sameRandomValue,
  ]

  public static let aliases: [String: String] = [
    "glorot": "glorot_uniform", "xavier": "glorot_uniform", "he": "he_normal",
    "kaiming": "he_normal", "lecun": "lecun_normal", "xavier_uniform": "glorot_uniform",
    "xavier_normal": "glorot_normal", "kaiming_uniform": "he_uniform",
    "kaiming_normal": "he_normal", "orthogonal_initializer": "orthogonal",
  ]

  public static func named(_ name: String) -> Initializer? {
    let name = aliases[name] ?? name
    return all.first { $0.name == name }
  }

  /// What goes well with an activation: He for the ReLU family, LeCun for SELU, Glorot else.
  ///
  /// He follows the slope of leaky ReLU: variance 2 / ((1 + slope²) in).
  public static func matching(_ activation: ActivationChoice) -> Initializer {
    switch activation.builtIn?.pairing ?? .glorot {
    case .glorot: return glorotUniform
    case .lecun: return lecunNormal
    case .he:
      guard let activation = activation.builtIn, activation.name == "leaky_relu",
        let slope = activation.options.first?.value, slope.isFinite
      else { return heNormal }
      return Initializer(
        heNormal.name, heNormal.sentence,
        .scaled(scale: 2 / (1 + slope * slope), .fanIn, .truncatedNormal))
    }
  }

  /// What keeps the spread of a signal through an activation, as PyTorch's `calculate_gain`.
  ///
  /// Those of tanh (5/3) and SELU (3/4) are empirical.
  public static func gain(_ activation: Activation) -> Double {
    switch activation.name {
    case "tanh": 5.0 / 3
    case "relu": 2.0.squareRoot()
    case "leaky_relu":
      (2 / (1 + (activation.options.first?.value ?? 0) * (activation.options.first?.value ?? 0)))
        .squareRoot()
    case "selu": 0.75
    default: 1
    }
  }
}
