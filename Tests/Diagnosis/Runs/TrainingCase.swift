public import Neural

/// A training run whose trouble is known, or that has none.
public struct TrainingCase: Sendable {
  /// What a run is made of.
  public struct Parts {
    public var model: Sequential
    public var examples: Examples
    public var validation: Examples?
    public var training: Training
    public var loss: LossChoice?

    public init(
      _ model: Sequential, _ examples: Examples, validation: Examples? = nil,
      _ training: Training, loss: LossChoice? = nil
    ) {
      self.model = model
      self.examples = examples
      self.validation = validation
      self.training = training
      self.loss = loss
    }
  }

  public let name: String
  /// What the top finding should be; empty for a healthy run.
  public let wanted: Set<Finding.Kind>
  /// Whether thresholds were set with it in view; the others only judge.
  public let isTuned: Bool
  let make: @Sendable (inout Maker) throws -> Parts

  init(
    _ name: String, _ wanted: Set<Finding.Kind> = [], isTuned: Bool = true,
    make: @escaping @Sendable (inout Maker) throws -> Parts
  ) {
    self.name = name
    self.wanted = wanted
    self.isTuned = isTuned
    self.make = make
  }

  public var isHealthy: Bool { wanted.isEmpty }

  /// What a diagnosis of the run said.
  public struct Outcome: Sendable {
    public let top: Finding?
    public let isRight: Bool
    public let findings: [Finding]
    public let measured: [String]
  }

  /// Trains and looks.
  public func run(seed: UInt64) throws -> Outcome {
    var maker = Maker(seed: seed)
    let parts = try make(&maker)
    _ = try parts.model.fit(
      parts.examples, validation: parts.validation, loss: parts.loss, parts.training,
      context: maker.context)
    let diagnosis = try parts.model.diagnose(
      parts.examples, validation: parts.validation, loss: parts.loss, context: maker.context)
    let isRight =
      isHealthy
      ? diagnosis.isHealthy
      : diagnosis.top.map { wanted.contains($0.kind) && $0.severity != .note } ?? false
    return Outcome(
      top: diagnosis.top, isRight: isRight, findings: diagnosis.findings,
      measured: diagnosis.measured)
  }

  public static let all = sick + healthy + otherSick + furtherSick + otherHealthy
}
