/// What an experienced look at a model, its data and a run has found.
public final class Diagnosis {
  /// The most important first.
  public let findings: [Finding]
  /// What was looked at, in a line each, with figures.
  public let measured: [String]
  /// Statistics at the start of training, from a fresh draw of the weights where that is possible.
  public let start: Signals?
  /// Statistics of the model as it is.
  public let now: Signals?
  public let title: String

  init(
    findings: [Finding], measured: [String], start: Signals?, now: Signals?, title: String
  ) {
    self.findings = findings.sorted(by: Finding.isBefore)
    self.measured = measured
    self.start = start
    self.now = now
    self.title = title
  }

  public var top: Finding? { findings.first }
  /// Nothing graver than a note.
  public var isHealthy: Bool { findings.allSatisfy { $0.severity == .note } }

  /// One line to begin with.
  public var summary: String {
    let grave = findings.count { $0.severity != .note }
    switch grave {
    case 0: return "\(title): nothing harmful was found"
    case 1: return "\(title): one thing to mend"
    default: return "\(title): \(grave) things to mend, the most important first"
    }
  }
}
