public import Catalog
public import Tensors

/// Convolution layers: a kernel that runs over sequences or images, channels last.
///
/// Weights as in Keras: kernel `[…, channels / groups, filters]`, transposed `[…, filters,
/// channels]`, depthwise `[…, channels, multiplier]`, separable depthwise and pointwise; bias
/// `[filters]`.
public final class Convolution: KernelLayer {
  public enum Kind: String, Sendable {
    case conv1D = "Conv1D"
    case conv2D = "Conv2D"
    case depthwise2D = "DepthwiseConv2D"
    case separable2D = "SeparableConv2D"
    case transposed1D = "Conv1DTranspose"
    case transposed2D = "Conv2DTranspose"

    /// Axes that the kernel runs over.
    public var axes: Int { self == .conv1D || self == .transposed1D ? 1 : 2 }
    var isTransposed: Bool { self == .transposed1D || self == .transposed2D }
    /// Whether each channel has filters of its own at first.
    var isDepthwise: Bool { self == .depthwise2D || self == .separable2D }
  }

  /// What a convolution is asked for beside its width and its activation.
  public struct Settings {
    public var options: WindowOptions
    /// Filters for each channel, of depthwise layers.
    public var multiplier: Int
    /// Cells more at the end of each axis, of transposed layers.
    public var extra: [Int]?
    public var initializer: InitializerChoice
    public var biasInitializer: InitializerChoice
    public var usesBias: Bool
    public var penalty: Penalty?
    public var biasPenalty: Penalty?
    /// For each output, divided by the number of examples.
    public var activityPenalty: Penalty?
    public var constraint: Constraint?
    public var biasConstraint: Constraint?

    public init(
      _ options: WindowOptions = WindowOptions(), multiplier: Int = 1, extra: [Int]? = nil,
      initializer: InitializerChoice = .automatic,
      biasInitializer: InitializerChoice = .named(.zeros), usesBias: Bool = true,
      penalty: Penalty? = nil, biasPenalty: Penalty? = nil, activityPenalty: Penalty? = nil,
      constraint: Constraint? = nil, biasConstraint: Constraint? = nil
    ) {
      self.options = options
      self.multiplier = multiplier
      self.extra = extra
      self.initializer = initializer
      self.biasInitializer = biasInitializer
      self.usesBias = usesBias
      self.penalty = penalty
      self.biasPenalty = biasPenalty
      self.activityPenalty = activityPenalty
      self.constraint = constraint
      self.biasConstraint = biasConstraint
    }
  }

  public let state: LayerState
  public let kind: Kind
  /// Channels of the output; of a depthwise layer, for each channel of the input.
  public let filters: Int
  /// One number for each axis.
  public let size: [Int]
  public let activation: ActivationChoice
  public let own: Settings
  public private(set) var kernel: Weight?
  /// The second kernel of a separable layer, 1 x 1.
  public private(set) var pointwise: Weight?
  public private(set) var bias: Weight?
  /// What made the kernel, once built.
  public private(set) var initialized = ""

  public init(
    _ kind: Kind, _ filters: Int, _ size: [Int], _ activation: ActivationChoice,
    _ settings: Settings = Settings(), name: String = ""
  ) {
    self.kind = kind
    self.filters = filters
    self.size = size
    self.activation = activation
    own = settings
    state = LayerState(name: name)
    state.activityPenalty = own.activityPenalty
  }

  /// A convolution of images with square kernels.
  public static func conv2D(
    _ filters: Int, _ size: Int, _ activation: Activation = .linear, padding: Padding = .valid,
    stride: Int = 1, name: String = ""
  ) -> Convolution {
    Convolution(
      .conv2D, filters, [size, size], .builtIn(activation),
      Settings(WindowOptions(strides: [stride], padding: padding)), name: name)
  }

  public var type: ObjectType { Self.types[kind] ?? Self.type }
  public var weights: [Weight] { [kernel, pointwise, bias].compactMap { $0 } }
  public var usesBias: Bool { own.usesBias }
  public var start: (name: String, choice: InitializerChoice)? { (initialized, own.initializer) }
  public var unitAxis: Int? {
    kind.isDepthwise ? nil : kind.isTransposed ? size.count : size.count + 1
  }

  public var settings: String {
    var parts: [String] = []
    if kind != .depthwise2D { parts.append("filters=\(filters)") }
    parts.append("kernel_size=\(Self.shown(size))")
    let options = own.options
    if options.strides.contains(where: { $0 != 1 }) {
      parts.append("strides=\(Self.shown(options.strides))")
    }
    if options.padding != .valid { parts.append("padding=\(options.padding.shown)") }
    if options.dilation.contains(where: { $0 != 1 }) {
      parts.append("dilation_rate=\(Self.shown(options.dilation))")
    }
    if options.groups != 1 { parts.append("groups=\(options.groups)") }
    if options.mode != .zeros { parts.append("padding_mode=\(options.mode.shown)") }
    if kind.isDepthwise, own.multiplier != 1 {
      parts.append("depth_multiplier=\(own.multiplier)")
    }
    if !activation.isLinear { parts.append(activation.name) }
    return parts.joined(separator: ", ")
  }

  /// `3` for equal numbers, else `(3, 5)`.
  static func shown(_ sizes: [Int]) -> String {
    if let first = sizes.first, sizes.allSatisfy({ $0 == first }) { return "\(first)" }
    return "(" + sizes.map(String.init).joined(separator: ", ") + ")"
  }

  public func fresh() -> any Layer { fresh(usesBias: usesBias, activation: activation) }

  public func fresh(usesBias: Bool, activation: ActivationChoice) -> any KernelLayer {
    var settings = own
    settings.usesBias = usesBias
    return Convolution(kind, filters, size, activation, settings, name: state.name).like(self)
  }

  // MARK: Shapes

  public func outputShape(_ input: [Int]) throws -> [Int] {
    let channels = try Self.channels(of: input, axes: kind.axes)
    if let built = state.inputShape?.last, built != channels, kernel != nil {
      throw LayerProblem.input(
        expected: "inputs with \(built) channels", got: input, built: state.inputShape)
    }
    let groups = own.options.groups
    guard groups >= 1, channels % groups == 0, filters % groups == 0 else {
      throw LayerProblem.unfit(
        expected: "channels and filters that groups=\(groups) divides", got: input,
        help: "\(channels) channels and \(filters) filters fall into equal parts for each group")
    }
    do {
      let sizes = Array(input.dropLast())
      let axes =
        kind.isTransposed
        ? try own.options.transposedAxes(sizes, kernel: size, extra: own.extra)
        : try own.options.axes(sizes, kernel: size)
      let spatial = axes.map { kind.isTransposed ? $0.size : $0.outputs }
      let output = spatial + [try outputs(channels)]
      _ = try Shape(output)
      return output
    } catch let error as TensorError {
      throw LayerProblem.window(error, got: input)
    }
  }

  private func outputs(_ channels: Int) throws -> Int {
    guard kind.isDepthwise else { return filters }
    let (wide, overflow) = channels.multipliedReportingOverflow(by: own.multiplier)
    guard !overflow else { throw TensorError.value("a layer cannot have so many channels") }
    return kind == .depthwise2D ? wide : filters
  }

  /// The channels of an input of so many axes.
  static func channels(of input: [Int], axes: Int) throws -> Int {
    guard input.count == axes + 1, let channels = input.last else {
      let names = axes == 2 ? "(None, height, width, channels)" : "(None, steps, channels)"
      throw LayerProblem.unfit(
        expected: "\(axes == 2 ? "images" : "sequences") \(names)", got: input,
        help: input.count == axes
          ? "give them a channel: x[..., None]"
          : input.count < axes
            ? "reshape them to \(names), for example with Reshape(…) as the first layer"
            : "channels stand last; there is one axis too many")
    }
    return channels
  }

  // MARK: Weights

  /// The same for images of another size, since only the channels matter to the kernel.
  public func prepare(_ input: [Int], with maker: WeightMaker) throws -> [Int] {
    let output = try outputShape(input)
    guard !state.isBuilt else { return output }
    try build(input, with: maker)
    state.inputShape = input
    state.outputShape = output
    state.builtAt = maker.place
    for weight in weights { weight.owner = name }
    return output
  }

  public func build(_ input: [Int], with maker: WeightMaker) throws {
    guard let channels = input.last else { return }
    let basis = activation.isLinear ? maker.following ?? activation : activation
    let (weights, name) = try makeKernel(channels, basis, maker)
    kernel = Weight(
      kind.isDepthwise ? "depthwise_kernel" : "kernel", weights, penalty: own.penalty,
      constraint: own.constraint)
    if kind == .separable2D {
      let (second, _) = try own.initializer.make(
        [1, 1, channels * own.multiplier, filters], for: basis, dtype: maker.dtype,
        from: &maker.stream)
      pointwise = Weight(
        "pointwise_kernel", second, penalty: own.penalty, constraint: own.constraint)
    }
    if own.usesBias {
      bias = Weight(
        "bias",
        try own.biasInitializer.make(
          [try outputs(channels)], for: basis, dtype: maker.dtype, from: &maker.stream
        ).weights, penalty: own.biasPenalty, constraint: own.biasConstraint)
    }
    initialized = name
  }

  /// The kernel, begun by the fans of its receptive field: what one output sees, and is seen by.
  private func makeKernel(
    _ channels: Int, _ basis: ActivationChoice, _ maker: WeightMaker
  ) throws -> (Tensor, String) {
    let shape: [Int]
    let fanned: [Int]
    if kind.isDepthwise {
      shape = size + [channels, own.multiplier]
      fanned = size + [1, channels * own.multiplier]
    } else if kind.isTransposed {
      shape = size + [filters, channels]
      fanned = size + [channels, filters]
    } else {
      shape = size + [channels / own.options.groups, filters]
      fanned = shape
    }
    if case .script = own.initializer {
      return try own.initializer.make(shape, for: basis, dtype: maker.dtype, from: &maker.stream)
    }
    let (made, name) = try own.initializer.make(
      fanned, for: basis, dtype: maker.dtype, from: &maker.stream)
    if kind.isTransposed { return (try made.swapAxes(-1, -2).contiguous(), name) }
    return (try made.reshape(Shape(shape)), name)
  }

  // MARK: Forward

  /// The convolution and the bias.
  public func linear(_ x: Tensor, kernel: Tensor, bias: Tensor?) throws -> Tensor {
    switch kind {
    case .conv1D, .conv2D: return try x.convolved(kernel, bias: bias, own.options)
    case .transposed1D, .transposed2D:
      return try x.transposedConvolution(kernel, bias: bias, own.options, extra: own.extra)
    case .depthwise2D, .separable2D:
      let channels = kernel.shape[2]
      let flat = try kernel.reshape(
        Shape(size + [1, channels * own.multiplier]))
      var options = own.options
      options.groups = max(channels, 1)
      guard let pointwise = pointwise?.tensor else {
        return try x.convolved(flat, bias: bias, options)
      }
      return try x.convolved(flat, options).convolved(pointwise, bias: bias)
    }
  }

  public var step: PlanStep? { activation.builtIn?.fused.map { .convolution(self, $0) } }

  public func visit(_ keep: (Value) -> Void) {
    let held = [
      activation.held, own.initializer.held, own.biasInitializer.held, own.penalty?.held,
      own.biasPenalty?.held, own.activityPenalty?.held, own.constraint?.held,
      own.biasConstraint?.held,
    ]
    for held in held {
      if let held { keep(held) }
    }
  }

  public var externalBytes: Int {
    weights.reduce(0) { $0 + $1.tensor.count * $1.tensor.dtype.size }
  }
}
