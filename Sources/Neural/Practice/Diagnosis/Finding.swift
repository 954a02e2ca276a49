/// Something that a diagnosis found, with what shows it and what to try.
public struct Finding: Sendable {
  /// What it is, from causes to consequences: of two equally grave ones the earlier is named first.
  public enum Kind: String, Sendable, CaseIterable {
    case dataNotFinite = "data_not_finite"
    case labelsMismatch = "labels_mismatch"
    case inputsScale = "inputs_scale"
    case inputsOffset = "inputs_offset"
    case symmetry
    case deadAtStart = "dead_at_start"
    case saturatedAtStart = "saturated_at_start"
    case signalExplodes = "signal_explodes"
    case signalVanishes = "signal_vanishes"
    case gradientExplodes = "gradient_explodes"
    case gradientVanishes = "gradient_vanishes"
    case initialLoss = "initial_loss"
    case rateTooHigh = "rate_too_high"
    case rateTooLow = "rate_too_low"
    case deadUnits = "dead_units"
    case saturatedUnits = "saturated_units"
    case diverged
    case normalizationLag = "normalization_lag"
    case labelsUnrelated = "labels_unrelated"
    case overfit
    case underfit
    case unfinished
    case imbalance
    case updateRatio = "update_ratio"
  }

  public enum Severity: String, Sendable, CaseIterable {
    /// Nothing can be learnt like this.
    case error
    /// It does harm.
    case warning
    /// Worth knowing; no harm was seen.
    case note
  }

  public let kind: Kind
  public let severity: Severity
  public let sentence: String
  /// Measured figures that show it.
  public let evidence: [String]
  /// What to try, the most promising first.
  public let advice: [String]

  public init(
    _ kind: Kind, _ severity: Severity, _ sentence: String, evidence: [String], advice: [String]
  ) {
    self.kind = kind
    self.severity = severity
    self.sentence = sentence
    self.evidence = evidence
    self.advice = advice
  }

  /// Grave ones first, then causes before consequences.
  static func isBefore(_ left: Finding, _ right: Finding) -> Bool {
    func rank(_ finding: Finding) -> (Int, Int) {
      (
        Severity.allCases.firstIndex(of: finding.severity) ?? 0,
        Kind.allCases.firstIndex(of: finding.kind) ?? 0
      )
    }
    return rank(left) < rank(right)
  }
}

/// The edges between healthy and sick, each with where it comes from.
///
/// "Measured" means: between the largest value of the healthy runs and the smallest of the sick ones
/// in `Tests/Diagnosis`, which also runs data, sizes and seeds that the edges were not set on.
enum Edge {
  /// Root mean square of the inputs.
  ///
  /// Standardized ones have 1, pixels from 0 to 1 about 0.3, raw pixels about 80.
  static let inputSize = 0.01...10.0
  /// The largest deviation of a feature over the smallest.
  ///
  /// A condition number of its square, 900, makes plain descent take hundreds of steps.
  static let featureRatio = 30.0
  /// The mean of a feature over its deviation: beyond 3 nearly all its values have one sign, and
  /// so have the gradients of a unit.
  static let featureOffset = 3.0
  /// Features beyond this number are looked at together, as pixels are.
  static let features = 64
  /// Columns of a kernel that differ by less than this share of its size are the same unit.
  static let symmetry = 1e-3
  /// Dead units of a layer: up to 0.3 were seen in narrow layers that start well.
  static let deadShare = 0.5
  /// With this share dead a layer is a bottleneck even where the rest learnt.
  static let nearlyAllDead = 0.9
  static let saturatedShare = 0.5
  /// Fewer examples than this do not tell whether a unit is dead or saturated.
  static let examples = 20
  /// The loss with moving averages over that with the batch's own statistics.
  static let normalizationLag = 1.5
  /// The deviation of the last hidden layer over that of the first.
  ///
  /// Well started layers keep it within a factor of about 4 over ten layers (Glorot and Bengio
  /// 2010, He et al. 2015).
  static let signalRatio = 0.02...50.0
  /// The same for the gradient per weight: 0.25 per sigmoid layer gives 1e-3 in five.
  static let gradientRatio = 2e-3...500.0
  /// The first loss over that of equal shares, ln C: logits of deviation 1 give about 1.2.
  static let initialLoss = 2.0
  /// Updates over weights: 1e-3 is usual (CS231n), 0.1 rewrites a weight in ten steps.
  static let updateRatio = 1e-5...0.1
  /// What another rate must gain, as a share of the loss of a constant answer.
  static let rateGain = 0.2
  /// Skill (see `Skill`) of training over that on validation examples.
  static let overfit = 0.15
  /// What looking up neighbours knows more than the model on its own training examples.
  static let underfit = 0.15
  /// The share of the largest class.
  static let imbalance = 0.9
}
