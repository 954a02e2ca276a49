public import Catalog
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

  /// A setting, such as the slope of leaky ReLU.
  public struct Option: Sendable {
    public let name: String
    public let value: Double
    /// The names it has elsewhere.
    public let also: [String]
    /// 1 or 0, shown as True or False.
    public let isSwitch: Bool
    public let range: Parameter<Double>.Range?

    public init(
      _ name: String, _ value: Double, also: [String] = [], isSwitch: Bool = false,
      where range: Parameter<Double>.Range? = nil
    ) {
      self.name = name
      self.value = value
      self.also = also
      self.isSwitch = isSwitch
      self.range = range
    }

    /// As a script would write it.
    var text: String {
      if isSwitch { return value == 0 ? "False" : "True" }
      return value.isInfinite ? "None" : "\(value)"
    }
  }

  public let name: String
  public let sentence: String
  public let formula: String
  /// Where it comes from: a paper, or the equation itself.
  public let source: String
  public let pairing: Pairing
  public let options: [Option]
  /// nil when it works on rows, as softmax does.
  public let curve: Curve?
  /// The kernel that computes it together with a layer's bias, when there is one.
  public let fused: FusedActivation?
  /// Whether the last axis comes out half as long, as with gated linear units.
  public let isHalving: Bool
  /// The same function with other values of its options.
  let remake: (@Sendable ([Double]) throws -> Activation)?
  private let body: @Sendable (Tensor) throws -> Tensor

  public init(
    _ name: String, _ sentence: String, formula: String, source: String = "",
    pairing: Pairing = .glorot, options: [Option] = [], curve: Curve? = nil,
    fused: FusedActivation? = nil, isHalving: Bool = false,
    remake: (@Sendable ([Double]) throws -> Activation)? = nil,
    body: @escaping @Sendable (Tensor) throws -> Tensor
  ) {
    self.name = name
    self.sentence = sentence
    self.formula = formula
    self.source = source
    self.pairing = pairing
    self.options = options
    self.curve = curve
    self.fused = fused
    self.isHalving = isHalving
    self.remake = remake
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

  /// The shape of one output for one input, both without the axis of examples.
  ///
  /// - Throws: `Failure` when an axis must be halved and cannot be.
  public func outputShape(_ input: [Int]) throws -> [Int] {
    guard isHalving else { return input }
    guard let width = input.last, width % 2 == 0 else {
      throw Failure(
        .shape, "'\(name)' halves the last axis, which must be even, got \(input.last ?? 0)",
        code: "L301", help: "give the layer before it an even number of units")
    }
    return input.dropLast() + [width / 2]
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
