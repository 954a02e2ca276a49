public import Catalog
public import Tensors

/// Divides each number by the activity of its neighbouring channels.
///
/// Krizhevsky et al. 2012, section 3.3: y_i = x_i / (bias + alpha sum_j x_j^2)^beta over the
/// channels j around i.
public final class LocalResponseNorm: Layer {
  /// What alpha multiplies.
  public enum Form: String, Choice {
    /// The sum of the squares, as in the paper and TensorFlow.
    case sum
    /// Their mean over the size of the window, as in PyTorch.
    case mean
  }

  public static let type = ObjectType(
    "LocalResponseNorm", "Divides each number by the activity of its neighbouring channels.",
    base: LayerType.layer, members: { commonMembers() })

  public let state: LayerState
  /// Channels before and after, of which those that exist count.
  public let before: Int
  public let after: Int
  public let bias: Double
  public let alpha: Double
  public let beta: Double
  public let form: Form
  /// Counted with the axis of examples.
  public let axis: Int

  private init(
    before: Int, after: Int, bias: Double, alpha: Double, beta: Double, form: Form, axis: Int,
    name: String
  ) {
    self.before = before
    self.after = after
    self.bias = bias
    self.alpha = alpha
    self.beta = beta
    self.form = form
    self.axis = axis
    state = LayerState(name: name)
  }

  /// A window of 2 radius + 1 channels.
  public convenience init(
    radius: Int = 2, bias: Double = 2, alpha: Double = 1e-4, beta: Double = 0.75,
    form: Form = .sum, axis: Int = -1, name: String = ""
  ) {
    self.init(
      before: radius, after: radius, bias: bias, alpha: alpha, beta: beta, form: form, axis: axis,
      name: name)
  }

  /// A window of `size` channels; an even one has one more before than after, as PyTorch's.
  public convenience init(
    size: Int, bias: Double = 2, alpha: Double = 1e-4, beta: Double = 0.75,
    form: Form = .sum, axis: Int = -1, name: String = ""
  ) {
    self.init(
      before: size / 2, after: (size - 1) / 2, bias: bias, alpha: alpha, beta: beta, form: form,
      axis: axis, name: name)
  }

  public var type: ObjectType { Self.type }
  public var step: PlanStep? { nil }
  public var settings: String {
    (before == after ? "depth_radius=\(before)" : "size=\(before + after + 1)")
      + ", bias=\(bias), alpha=\(alpha), beta=\(beta)"
      + (form == .sum ? "" : ", form=\"mean\"") + (axis == -1 ? "" : ", axis=\(axis)")
  }

  public func fresh() -> any Layer {
    LocalResponseNorm(
      before: before, after: after, bias: bias, alpha: alpha, beta: beta, form: form, axis: axis,
      name: state.name
    )
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    _ = try resolve(axis, input)
    return input
  }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    let place = try resolve(axis, Array(x.shape.dropFirst()))
    let channels = x.shape[place]
    guard channels > 0 else { return x }
    // The sum over the window is a product with a band of ones.
    let band = try Tensor.ones([channels, channels], dtype: x.dtype)
      .triangle(upper: true, diagonal: -min(after, channels))
      .triangle(upper: false, diagonal: min(before, channels))
    let squares = try x.square().swapAxes(place, -1)
    let sums = try squares.matmul(band).swapAxes(place, -1)
    let factor = form == .mean ? alpha / Double(before + after + 1) : alpha
    return try x / Tensor.power(sums * factor + bias, beta)
  }

  public static let entry = Entry(
    "LocalResponseNorm", "Divides each number by the activity of its neighbouring channels.",
    Parameter(
      "depth_radius", Int.self, "channels on each side", where: .within(0, 1 << 20)
    ) { 2 },
    Parameter("bias", Double.self, "keeps the divisor from zero", also: ["k"], where: .above(0)) {
      2
    },
    Parameter("alpha", Double.self, "the weight of the squares") { 1e-4 },
    Parameter("beta", Double.self, "the exponent") { 0.75 },
    Parameter(
      "size", Int?.self, "channels of the window, in place of depth_radius; may be even"
    ) { nil },
    Parameter("form", Form.self, "whether alpha multiplies their sum or their mean") { .sum },
    Parameter("axis", Int.self, "the axis of channels, 0 being the examples") { -1 },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "LocalResponseNorm", example: "LocalResponseNorm(depth_radius=2, alpha=1e-4)",
    details: """
      `y_i = x_i / (bias + alpha * sum_j x_j**2) ** beta` over the channels j from i - \
      depth_radius to i + depth_radius that exist. Batch normalisation has taken its place. Of \
      an even size, size // 2 channels stand before and (size - 1) // 2 after. Shapes: y has the \
      shape of x. Peers: the defaults are AlexNet's (n = 5, k = 2). TensorFlow's are radius 5, \
      bias 1, alpha 1, beta 0.5. PyTorch's are a size that must be given, k 1, alpha 1e-4, beta \
      0.75, and it multiplies the *mean* over the window by alpha, so its alpha is size times \
      this one: form="mean". Source: Krizhevsky, Sutskever and Hinton 2012.
      """, makes: LocalResponseNorm.type
  ) { radius, bias, alpha, beta, size, form, axis, name in
    guard let size else {
      return .object(
        LocalResponseNorm(
          radius: radius, bias: bias, alpha: alpha, beta: beta, form: form, axis: axis, name: name))
    }
    guard size >= 1, size <= 1 << 20 else {
      throw Failure(
        .value, "LocalResponseNorm() argument 'size' must be from 1 to \(1 << 20), got \(size)",
        code: "L308")
    }
    return .object(
      LocalResponseNorm(
        size: size, bias: bias, alpha: alpha, beta: beta, form: form, axis: axis, name: name))
  }
}
