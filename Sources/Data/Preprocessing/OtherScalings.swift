public import Catalog
public import Tensors

/// Every example divided by its own length; nothing is learnt.
public struct RowNormalization: Transformation, FittedTransformation {
  public enum Norm: String, Choice {
    /// The sum of absolute values.
    case l1
    /// The square root of the sum of squares.
    case l2
    /// The largest absolute value.
    case max
  }

  public var norm: Norm

  public init(_ norm: Norm = .l2) {
    self.norm = norm
  }

  public var text: String { "Normalizer(\(norm == .l2 ? "" : norm.shown))" }
  public var title: String { "rows of \(norm.rawValue) norm 1" }
  public var transformation: any Transformation { self }
  public var isReversible: Bool { false }
  public func fitted(to x: Tensor) -> any FittedTransformation { self }

  /// An example of zeros stays.
  public func apply(_ x: Tensor) throws -> Tensor {
    let x = try x.asFeatures
    guard x.rank > 1 else {
      throw Failure(.shape, "rows are normalised in two axes at least, x is \(x.shape)")
    }
    let axes = Array(1..<x.rank)
    let length: Tensor
    switch norm {
    case .l1: length = try x.norm(1, axes: axes, keepdims: true)
    case .l2: length = try x.norm(2, axes: axes, keepdims: true)
    case .max: length = try x.norm(.infinity, axes: axes, keepdims: true)
    }
    return try x / ColumnFigures.divisor(length)
  }

  public func undo(_ x: Tensor) throws -> Tensor {
    throw Failure(
      .value, "Normalizer has no inverse: the lengths of the examples are gone",
      help: "keep the data as it was")
  }
}

/// A curve that brings long-tailed features together.
public struct NonlinearScaling: Transformation {
  public enum Curve: String, Choice {
    /// log10(x) / log10(max), per feature; from 1 on.
    case log10
    /// ln(1 + x).
    case log1p
    /// 2 atan(x) / pi: any number into (-1, 1).
    case atan
    /// 1 - exp(-x / scale): numbers from 0 into [0, 1).
    case exponential
    /// 1 / (1 + exp(-z)) of the standardised z: any number into (0, 1).
    case logistic
  }

  public var curve: Curve
  /// The scale of `exponential`.
  public var scale: Double

  public init(_ curve: Curve, scale: Double = 10) {
    self.curve = curve
    self.scale = scale
  }

  public var text: String {
    "CurveScaler(\(curve.shown)\(curve == .exponential ? ", scale=\(scale)" : ""))"
  }

  public func fitted(to x: Tensor) throws -> any FittedTransformation {
    var fitted = FittedCurve(curve: self, standard: nil, largest: nil)
    switch curve {
    case .log10: fitted.largest = try ColumnFigures(x).maximum()
    case .logistic: fitted.standard = try Scaling(.standard).learnt(from: x)
    default: break
    }
    return fitted
  }
}

struct FittedCurve: FittedTransformation {
  let curve: NonlinearScaling
  var standard: Scaler?
  var largest: Tensor?

  var title: String { curve.curve.rawValue }
  var transformation: any Transformation { curve }
  var isReversible: Bool { false }
  var figures: [(name: String, value: Tensor)] {
    standard?.figures ?? largest.map { [("data_max", $0)] } ?? []
  }

  private func unit(_ dtype: DType) throws -> Tensor {
    guard let largest else { return try Tensor.ones([], dtype: dtype) }
    return try ColumnFigures.divisor(largest.unary(.log10)).astype(dtype)
  }

  private static let half = 1.570_796_326_794_896_6

  func apply(_ x: Tensor) throws -> Tensor {
    let x = try x.asFeatures
    switch curve.curve {
    case .log10:
      try refuse(x, below: 1, "log10(x) / log10(max) needs x of at least 1")
      return try x.unary(.log10) / unit(x.dtype)
    case .log1p:
      try refuse(x, below: -1, "ln(1 + x) needs x above -1")
      return try x.unary(.log1p)
    case .atan: return try x.unary(.arctan) / FittedCurve.half
    case .exponential: return try (x / -curve.scale).unary(.expm1) * -1
    case .logistic: return try (standard?.apply(x) ?? x).unary(.sigmoid)
    }
  }

  func undo(_ x: Tensor) throws -> Tensor {
    let x = try x.asFeatures
    switch curve.curve {
    case .log10:
      let ten = try Tensor.full([], 10, dtype: x.dtype)
      return try Tensor.binary(.power, ten, x * unit(x.dtype))
    case .log1p: return try x.unary(.expm1)
    case .atan: return try (x * FittedCurve.half).unary(.tan)
    case .exponential: return try (x * -1).unary(.log1p) * -curve.scale
    case .logistic:
      let z = try (x / (1 - x)).log()
      return try standard?.undo(z) ?? z
    }
  }

  private func refuse(_ x: Tensor, below bound: Double, _ text: String) throws {
    guard x.count > 0, case let least = try x.detached().min().item(), least < bound else { return }
    throw Failure(
      .value, "\(text), the smallest is \(least)", help: "\"atan\" and \"logistic\" take any number"
    )
  }
}

/// Pictures less a mean picture, or less the mean of each channel.
public struct ImageScaling: Transformation {
  public enum Layout: String, Choice {
    /// Examples, rows, columns, channels.
    case NHWC
    /// Examples, channels, rows, columns.
    case NCHW
  }

  /// Whether one mean is kept per channel (VGG) instead of one per pixel (AlexNet).
  public var isByChannel: Bool
  /// Whether channels are also divided by their deviation (ResNet).
  public var dividesByDeviation: Bool
  public var layout: Layout

  public init(
    isByChannel: Bool, dividesByDeviation: Bool = false, layout: Layout = .NHWC
  ) {
    self.isByChannel = isByChannel
    self.dividesByDeviation = dividesByDeviation
    self.layout = layout
  }

  public var text: String {
    guard isByChannel else { return "MeanImage()" }
    var options = dividesByDeviation ? ["std=True"] : []
    if layout == .NCHW { options.append("layout=\"NCHW\"") }
    return "ChannelScaler(\(options.joined(separator: ", ")))"
  }

  public func fitted(to x: Tensor) throws -> any FittedTransformation {
    let figures = try ColumnFigures(x)
    guard figures.shape.count == 3 || figures.shape.count == 2 else {
      throw Failure(
        .shape, "pictures have rows, columns and perhaps channels, x has shape \(x.shape)",
        code: "L301")
    }
    var mean = try figures.mean()
    var deviation: Tensor?
    if isByChannel {
      let isGrey = figures.shape.count == 2
      let axes = isGrey ? [0, 1] : layout == .NHWC ? [0, 1] : [1, 2]
      // The mean picture's mean is the channel's; its spread adds to the pixels' own.
      let pixels = mean
      mean = try pixels.mean(axes: axes, keepdims: true)
      let own = try figures.variance(around: pixels, ddof: 0).mean(axes: axes, keepdims: true)
      let between = try (pixels - mean).square().mean(axes: axes, keepdims: true)
      deviation = try ColumnFigures.divisor((own + between).sqrt())
    }
    return FittedImages(
      scaling: self, shape: Array(figures.shape), mean: mean, deviation: deviation)
  }
}

struct FittedImages: FittedTransformation {
  let scaling: ImageScaling
  let shape: [Int]
  let mean: Tensor
  let deviation: Tensor?

  var title: String { scaling.isByChannel ? "channels" : "mean image" }
  var transformation: any Transformation { scaling }

  var figures: [(name: String, value: Tensor)] {
    guard let deviation, let channels = try? mean.reshape([mean.count]),
      let spread = try? deviation.reshape([deviation.count])
    else { return [("mean", mean)] }
    return [("mean", channels), ("std", spread)]
  }

  private var divisor: Tensor? { scaling.dividesByDeviation ? deviation : nil }

  func apply(_ x: Tensor) throws -> Tensor {
    try require(x, like: shape)
    let x = try x.asFeatures
    let centred = try x - mean.astype(x.dtype)
    return try divisor.map { try centred / $0.astype(x.dtype) } ?? centred
  }

  func undo(_ x: Tensor) throws -> Tensor {
    try require(x, like: shape)
    let x = try x.asFeatures
    let full = try divisor.map { try x * $0.astype(x.dtype) } ?? x
    return try full + mean.astype(x.dtype)
  }
}
