internal import Language

/// Whether a text can be run as it stands, for consoles that decide on Enter.
public enum Completeness: Sendable, Equatable {
  case complete
  /// More must follow; `indent` is how the next line should begin.
  case incomplete(indent: String)
  case invalid

  /// Judges a text without running it.
  public init(of text: String) {
    switch Language.Completeness(of: text) {
    case .complete: self = .complete
    case .incomplete(let indent): self = .incomplete(indent: indent)
    case .invalid: self = .invalid
    }
  }
}
