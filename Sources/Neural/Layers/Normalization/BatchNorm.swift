public import Catalog
public import Tensors

/// Scales each feature to mean zero and variance one over the batch, then by gamma and beta.
///
/// Ioffe and Szegedy 2015, algorithm 1: y = gamma (x - mean) / sqrt(variance + epsilon) + beta,
/// over all axes but one. Outside training, and when frozen, the moving mean and variance are used.
public final class BatchNorm: AffineLayer {
  /// Which variance the moving one is made of; the batch is scaled by the biased one in any case.
  public enum Variance: String, Choice {
    case biased
    /// Times n / (n - 1), as PyTorch and the paper keep it.
    case unbiased
  }

  public static let type = ObjectType(
    "BatchNorm", "Scales each feature to mean zero and variance one over the batch.",
    base: LayerType.layer
  ) {
    commonMembers() + affineMembers() + [
      .attribute(
        of: BatchNorm.self, "moving_mean", "The mean that is used outside training.",
        returns: "Tensor", example: "net[1].moving_mean", get: { try $0.live($0.movingMean) }),
      .attribute(
        of: BatchNorm.self, "moving_variance", "The variance that is used outside training.",
        returns: "Tensor", example: "net[1].moving_variance",
        get: { try $0.live($0.movingVariance) }),
    ]
  }

  public let state: LayerState
  /// Counted with the axis of examples.
  public let axis: Int
  /// The share that a moving value keeps; nil: it is the mean over all batches.
  public let momentum: Double?
  public let epsilon: Double
  public let variance: Variance
  public private(set) var affine: Affine
  public private(set) var movingMean: Weight?
  public private(set) var movingVariance: Weight?
  /// How many batches the moving values are made of, where that is needed.
  private var batches: Weight?

  init(
    axis: Int, momentum: Double?, epsilon: Double, variance: Variance, affine: Affine,
    name: String = ""
  ) {
    self.axis = axis
    self.momentum = momentum
    self.epsilon = epsilon
    self.variance = variance
    self.affine = affine
    state = LayerState(name: name)
  }

  /// - Parameter momentum: the share that a moving value keeps; PyTorch's is one minus this.
  public convenience init(
    axis: Int = -1, momentum: Double? = 0.99, epsilon: Double = 1e-3,
    variance: Variance = .biased, scales: Bool = true, centers: Bool = true, name: String = ""
  ) {
    self.init(
      axis: axis, momentum: momentum, epsilon: epsilon, variance: variance,
      affine: Affine(scales: scales, centers: centers), name: name)
  }

  public var type: ObjectType { Self.type }
  public var weights: [Weight] {
    affine.weights + [movingMean, movingVariance, batches].compactMap { $0 }
  }
  public var ending: Activation? { .linear }
  public var step: PlanStep? { .batchNorm(self) }

  public var settings: String {
    var all: [String] = []
    if axis != -1 { all.append("axis=\(axis)") }
    if momentum != 0.99 { all.append("momentum=\(momentum.map { "\($0)" } ?? "None")") }
    if epsilon != 1e-3 { all.append("epsilon=\(epsilon)") }
    all += affine.settings
    if variance != .biased { all.append("variance=\"\(variance.rawValue)\"") }
    return all.joined(separator: ", ")
  }

  public func fresh() -> any Layer {
    BatchNorm(
      axis: axis, momentum: momentum, epsilon: epsilon, variance: variance, affine: affine.fresh,
      name: state.name
    )
  }

  public func outputShape(_ input: [Int]) throws -> [Int] {
    let place = try resolve(axis, input)
    if let size = affine.weights.first?.tensor.count ?? movingMean?.tensor.count,
      size != input[place - 1]
    {
      throw LayerProblem.input(
        expected: "\(size) features on axis \(axis)", got: input, built: state.inputShape)
    }
    return input
  }

  public func build(_ input: [Int], with maker: WeightMaker) throws {
    let shape = [input[try resolve(axis, input) - 1]]
    affine = try affine.built(shape, with: maker)
    // Memory of their own: they change in the middle of a step, which must not look like a change
    // of the weights whose gradients are being followed.
    func moving(_ name: String, _ shape: [Int], _ value: Double) throws -> Weight {
      Weight(
        name, try Tensor.full(Shape(shape), value, dtype: maker.dtype), isTrainable: false,
        isPlaced: true)
    }
    movingMean = try moving("moving_mean", shape, 0)
    movingVariance = try moving("moving_variance", shape, 1)
    if momentum == nil { batches = try moving("batches", [1], 0) }
  }

  /// Whether a pass takes the statistics of its batch.
  func usesBatch(_ pass: Pass) -> Bool { pass.isTraining && state.isTrainable && !pass.isFrozen }

  public func forward(_ x: Tensor, _ pass: Pass) throws -> Tensor {
    try check(x)
    guard let movingMean, let movingVariance else { throw NotBuilt(layer: name).failure }
    let place = try resolve(axis, Array(x.shape.dropFirst()))
    var shape = Shape(repeating: 1, count: x.rank)
    shape[place] = x.shape[place]
    // An empty batch has no statistics.
    guard usesBatch(pass), x.count > 0 else {
      let deviation = try (movingVariance.tensor.detached().reshape(shape) + epsilon).sqrt()
      return try affine(
        x - movingMean.tensor.detached().reshape(shape), deviation: deviation, shape: shape)
    }
    let others = (0..<x.rank).filter { $0 != place }
    let (mean, distance) = try x.centred(over: others)
    let variance = try distance.square().mean(axes: others, keepdims: true)
    try Tape.paused {
      try follow(
        mean.detached().contiguous(), variance.detached().contiguous(),
        count: x.count / Swift.max(x.shape[place], 1))
    }
    return try affine(distance, deviation: (variance + epsilon).sqrt(), shape: shape)
  }

  /// Moves the moving values towards those of a batch.
  ///
  /// - Parameter count: how many numbers a feature has in the batch; of one, there is no unbiased
  ///   variance, and the moving one stays.
  func follow(_ mean: Tensor, _ variance: Tensor, count: Int) throws {
    guard let movingMean, let movingVariance else { return }
    let keep = try nextMomentum()
    let share = 1 - keep
    Fused.blend(movingMean.tensor, keep: keep, share: share, mean)
    switch self.variance {
    case .biased: Fused.blend(movingVariance.tensor, keep: keep, share: share, variance)
    case .unbiased where count > 1:
      Fused.blend(
        movingVariance.tensor, keep: keep, share: share * Double(count) / Double(count - 1),
        variance)
    case .unbiased: break
    }
  }

  /// The share that moving values keep at this step; counts the step where that decides it.
  func nextMomentum() throws -> Double {
    if let momentum { return momentum }
    guard let batches else { return 0 }
    let seen = try batches.tensor.item()
    Fused.fill(batches.tensor, seen + 1)
    return seen / (seen + 1)
  }

  public static let entry = Entry(
    "BatchNorm", "Scales each feature to mean zero and variance one over the batch.",
    Parameter("axis", Int.self, "the axis of features, 0 being the examples") { -1 },
    Parameter(
      "momentum", Double?.self, "the share that a moving value keeps; None: the mean of all batches"
    ) { 0.99 },
    AffineParameter.epsilon, AffineParameter.center, AffineParameter.scale,
    Parameter("variance", Variance.self, "what the moving variance is made of") { .biased },
    AffineParameter.betaStart, AffineParameter.gammaStart,
    Parameter("input_shape", Shape?.self, "the shape of one input, to build at once") { nil },
    Parameter("name", String.self, "its name in the model", passing: .keywordOnly) { "" },
    returns: "BatchNorm", example: "Sequential(Dense(20), BatchNorm(), Activation(\"relu\"))",
    details: """
      While training `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta` with mean and \
      variance of the batch over all axes but `axis`; `moving = momentum * moving + (1 - \
      momentum) * batch`. At inference, and when frozen, the moving values are used; they start \
      at 0 and 1. A batch of one gives beta. In front of an activation it makes a bias useless. \
      Shapes: gamma, beta and both moving values (features,), y as x. Peers: Keras momentum \
      0.99, epsilon 1e-3, biased moving variance. PyTorch momentum 0.1, which is 0.9 here, \
      epsilon 1e-5, axis=1, variance="unbiased"; it refuses a batch of one. Source: Ioffe and \
      Szegedy 2015, "Batch normalization".
      """, makes: BatchNorm.type
  ) {
    axis, momentum, epsilon, center, scale, variance, betaStart, gammaStart, input, name in
    if let momentum, !(momentum >= 0 && momentum <= 1) {
      throw Failure(
        .value, "BatchNorm() argument 'momentum' must be from 0 to 1, got \(momentum)",
        code: "L308")
    }
    let layer = BatchNorm(
      axis: axis, momentum: momentum, epsilon: epsilon, variance: variance,
      affine: Affine(
        scales: scale, centers: center, gammaStart: gammaStart, betaStart: betaStart), name: name)
    return layer.wanting(input)
  }
}
