/// What a widget and its view in the front end say to each other, in the terms of the Jupyter
/// protocol: a `comm` is a conversation, known by its id.
public struct CommMessage: Sendable, Equatable {
  public enum Step: Sendable, Equatable {
    /// The conversation begins; the target says what it is about.
    case open(target: String)
    case message
    case close
  }

  public let id: String
  public let step: Step
  public let data: JSON
  public let metadata: JSON

  public init(_ id: String, _ step: Step, data: JSON = [:], metadata: JSON = [:]) {
    self.id = id
    self.step = step
    self.data = data
    self.metadata = metadata
  }
}
