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

  /// All that a string names.
  public static let all: [Initializer] = [
    zeros, ones, glorotUniform, glorotNormal, heUniform, heNormal, lecunUniform, lecunNormal,
    randomNormal, randomUniform, truncatedNormal, identity,
  ]

  static let aliases: [String: String] = [
    "glorot": "glorot_uniform", "xavier": "glorot_uniform", "he": "he_normal",
    "kaiming": "he_normal", "lecun": "lecun_normal",
  ]

  public static func named(_ name: String) -> Initializer? {
    let name = aliases[name] ?? name
    return all.first { $0.name == name }
  }

  /// What goes well with an activation: He for the ReLU family, LeCun for SELU, Glorot else.
  public static func matching(_ activation: ActivationChoice) -> Initializer {
    switch activation.builtIn?.pairing ?? .glorot {
    case .glorot: glorotUniform
    case .he: heNormal
    case .lecun: lecunNormal
    }
  }
}
