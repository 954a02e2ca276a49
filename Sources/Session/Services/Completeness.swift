/// Whether a text can be run as it stands, for consoles that decide on Enter.
public enum Completeness: Sendable, Equatable {
  case complete
  /// More must follow; `indent` is how the next line should begin.
  case incomplete(indent: String)
  case invalid

  public init(of text: String) {
    self = .complete
  }
}
