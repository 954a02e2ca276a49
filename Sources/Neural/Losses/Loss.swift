/// What training makes small, as a mean over the examples.
public struct Loss: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// -sum(y log p): one of several classes that exclude each other.
    case categorical
    /// -(y log p + (1 - y) log(1 - p)), each output by itself.
    case binary
    case squared
    case absolute
    /// Squared near zero, straight beyond delta.
    case huber(Double)
    /// Huber over beta: the slope far from zero is 1.
    case smoothL1(Double)
    case logCosh
    /// 100 |t - p| / |t|.
    case percentage
    /// The squared difference of log(1 + x).
    case squaredLog
    /// p - t log p, or exp(p) - t p when the output is the logarithm of the rate.
    case poisson(isLog: Bool, isFull: Bool, epsilon: Double = 1e-7)
    /// Minus the cosine of the angle between two rows.
    case cosine
    case hinge
    case squaredHinge
    /// max(0, 1 + the largest wrong score - the right one).
    case categoricalHinge
    /// The sum over wrong classes of max(0, margin + score - right score)^power.
    case multiclassHinge(margin: Double, power: Double, divides: Bool)
    /// Binary cross-entropy times (1 - p of the right answer)^gamma.
    case binaryFocal(gamma: Double, alpha: Double?)
    case categoricalFocal(gamma: Double, alpha: Double)
    /// sum(t log(t / p)).
    case divergence
    /// -log p of the right class, from logarithms.
    case likelihood
  }

  public enum Reduction: String, Sendable {
    case mean
    case sum
    case none
  }

  /// What targets it takes.
  public enum Form: Sendable {
    /// Class numbers or one-hot rows, scores for each class.
    case classes
    /// 0 and 1, each output by itself.
    case answers
    /// -1 and 1.
    case signs
    case numbers
  }

  /// How probabilities of exactly 0 and 1 are kept from infinite logarithms.
  public enum Clipping: Sendable, Equatable {
    /// The probability stays this far from 0 and 1 (Keras: 1e-7).
    case probability(Double)
    /// The logarithm is at least this (PyTorch: -100).
    case logarithm(Double)
  }

  public let kind: Kind
  public let name: String
  /// The share of each label that is spread over all classes.
  public let smoothing: Double
  public let reduction: Reduction
  /// How much more a target of 1 counts than one of 0, in binary cross-entropy.
  public let positiveWeight: Double
  /// How much the examples of each class count; the mean divides by the sum of these weights.
  public let classWeights: [Double]
  /// A label whose examples do not count.
  public let ignored: Int?
  public let clipping: Clipping

  public init(
    _ kind: Kind, smoothing: Double = 0, reduction: Reduction = .mean, positiveWeight: Double = 1,
    classWeights: [Double] = [], ignoring ignored: Int? = nil,
    clipping: Clipping = .probability(1e-7)
  ) {
    self.kind = kind
    self.smoothing = smoothing
    self.reduction = reduction
    self.positiveWeight = positiveWeight
    self.classWeights = classWeights
    self.ignored = ignored
    self.clipping = clipping
    name =
      switch kind {
      case .categorical: "categorical_crossentropy"
      case .binary: "binary_crossentropy"
      case .squared: "mse"
      case .absolute: "mae"
      case .huber: "huber"
      case .smoothL1: "smooth_l1"
      case .logCosh: "log_cosh"
      case .percentage: "mape"
      case .squaredLog: "msle"
      case .poisson: "poisson"
      case .cosine: "cosine_similarity"
      case .hinge: "hinge"
      case .squaredHinge: "squared_hinge"
      case .categoricalHinge: "categorical_hinge"
      case .multiclassHinge: "multiclass_hinge"
      case .binaryFocal: "binary_focal_crossentropy"
      case .categoricalFocal: "categorical_focal_crossentropy"
      case .divergence: "kl_divergence"
      case .likelihood: "nll"
      }
  }

  /// Whether it has its usual settings, so that a kernel may compute it.
  var isPlain: Bool {
    smoothing == 0 && reduction == .mean && positiveWeight == 1 && classWeights.isEmpty
      && ignored == nil
  }

  public var form: Form {
    switch kind {
    case .categorical, .categoricalHinge, .multiclassHinge, .categoricalFocal, .divergence,
      .likelihood:
      .classes
    case .binary, .binaryFocal: .answers
    case .hinge, .squaredHinge: .signs
    case .squared, .absolute, .huber, .smoothL1, .logCosh, .percentage, .squaredLog, .poisson,
      .cosine:
      .numbers
    }
  }

  /// Whether it can take what stands before a softmax or sigmoid.
  public var takesLogits: Bool {
    switch kind {
    case .categorical, .categoricalFocal, .binary, .binaryFocal: true
    default: false
    }
  }
}

extension Loss {
  public static let categorical = Loss(.categorical)
  public static let binary = Loss(.binary)
  public static let mse = Loss(.squared)
  public static let mae = Loss(.absolute)

  /// All that have a name of their own, with their usual settings.
  public static let all = [
    categorical, binary, mse, mae, Loss(.huber(1)), Loss(.smoothL1(1)), Loss(.logCosh),
    Loss(.percentage), Loss(.squaredLog), Loss(.poisson(isLog: false, isFull: false)),
    Loss(.cosine), Loss(.hinge), Loss(.squaredHinge), Loss(.categoricalHinge),
    Loss(.multiclassHinge(margin: 1, power: 1, divides: true)),
    Loss(.binaryFocal(gamma: 2, alpha: nil)), Loss(.categoricalFocal(gamma: 2, alpha: 0.25)),
    Loss(.divergence), Loss(.likelihood),
  ]

  /// Other names by which scripts know them.
  public static let aliases = [
    "sparse_categorical_crossentropy": "categorical_crossentropy",
    "crossentropy": "categorical_crossentropy", "cross_entropy": "categorical_crossentropy",
    "bce": "binary_crossentropy", "mean_squared_error": "mse", "mean_absolute_error": "mae",
    "mean_absolute_percentage_error": "mape", "mean_squared_logarithmic_error": "msle",
    "logcosh": "log_cosh", "kld": "kl_divergence", "kullback_leibler_divergence": "kl_divergence",
    "huber_loss": "huber", "negative_log_likelihood": "nll", "svm": "multiclass_hinge",
    "binary_focal": "binary_focal_crossentropy",
    "categorical_focal": "categorical_focal_crossentropy",
  ]

  public static func named(_ name: String) -> Loss? {
    let lower = name.lowercased()
    let name = aliases[lower] ?? lower
    return all.first { $0.name == name }
  }
}
