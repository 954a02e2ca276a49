public import Tensors

/// A function applied to each number, or each row, that a layer computes.
///
/// Built-in ones are values and can be shared between threads; what a script defines is a
/// `ScriptActivation`.
public struct Activation: Sendable {
  /// The initializer family it goes well with (Glorot and Bengio 2010, He 2015, Klambauer 2017).
  public enum Pairing: Sendable {
    case glorot
    case he
    case lecun
  }

  /// The function on one number, for curves and for checks.
  public struct Curve: Sendable {
    public let value: @Sendable (Double) -> Double
    public let derivative: @Sendable (Double) -> Double
    /// Where the derivative jumps.
    public let kinks: [Double]

    public init(
      _ value: @escaping @Sendable (Double) -> Double,
      derivative: @escaping @Sendable (Double) -> Double, kinks: [Double] = []
    ) {
      self.value = value
      self.derivative = derivative
      self.kinks = kinks
    }
  }

  public let name: String
  public let sentence: String
  public let formula: String
  public let pairing: Pairing
  /// Its settings by name, such as the slope of leaky ReLU.
  public let options: [(name: String, value: Double)]
  /// nil when it works on rows, as softmax does.
  public let curve: Curve?
  /// The kernel that computes it together with a layer's bias, when there is one.
  public let fused: FusedActivation?
  private let body: @Sendable (Tensor) throws -> Tensor

  public init(
    _ name: String, _ sentence: String, formula: String, pairing: Pairing = .glorot,
    options: [(name: String, value: Double)] = [], curve: Curve? = nil,
    fused: FusedActivation? = nil, body: @escaping @Sendable (Tensor) throws -> Tensor
  ) {
    self.name = name
    self.sentence = sentence
    self.formula = formula
    self.pairing = pairing
    self.options = options
    self.curve = curve
    self.fused = fused
    self.body = body
  }

  /// Applies it; differentiable.
  ///
  /// Where no gradient is followed, the kernel of the training steps computes it in one pass.
  public func callAsFunction(_ x: Tensor) throws -> Tensor {
    guard let fused, !x.isTraced, x.dtype.isFloating, x.isContiguous else { return try body(x) }
    let y = try Tensor.zeros(x.shape, dtype: x.dtype)
    Fused.activate(fused.kernel, alpha: fused.alpha, x, into: y)
    return y
  }
}

/// An activation's kernel and its setting.
public struct FusedActivation: Sendable {
  public let kernel: Fused.Activation
  /// The slope of leaky ReLU, the scale of ELU.
  public let alpha: Double

  public init(_ kernel: Fused.Activation, _ alpha: Double = 1) {
    self.kernel = kernel
    self.alpha = alpha
  }
}

extension Activation: Equatable {
  /// The same function with the same settings.
  public static func == (left: Activation, right: Activation) -> Bool {
    left.name == right.name && left.options.count == right.options.count
      && zip(left.options, right.options).allSatisfy { $0.name == $1.name && $0.value == $1.value }
  }
}
