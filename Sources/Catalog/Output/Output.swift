/// Everything a run shows.
public enum Output: Sendable {
  public enum Stream: String, Sendable {
    case standard = "stdout"
    case error = "stderr"
  }

  case stream(Stream, String)
  /// A picture, table or text; with an `id` it can be updated in place later.
  case display(Media, id: String? = nil)
  case update(Media, id: String)
  /// The value of a cell's last expression.
  case result(Media)
  case failure(Failure)
  /// Removes what the cell has shown; `wait`: not before the next output comes.
  case clear(wait: Bool)
  /// A widget speaks to its view; sinks without widgets pass over it.
  case comm(CommMessage)
}

/// The one place to which a run shows what it shows.
public protocol Sink: AnyObject, SendableMetatype {
  func emit(_ output: Output)
  /// Asks the user for a line; throws when nobody can answer.
  func ask(_ prompt: String, isSecret: Bool) throws -> String
  /// The next line of the input with its end; nil when there is no more.
  func nextLine() throws -> String?
  /// Shows at once what a sink that gathers has gathered.
  func flush()
}

extension Sink {
  public func ask(_ prompt: String, isSecret: Bool) throws -> String {
    throw Failure(
      .runtime, "input() cannot ask here: this front end takes no input",
      help: "give the value in the cell instead")
  }

  public func nextLine() throws -> String? { try ask("", isSecret: false) + "\n" }

  public func flush() {}
}

/// A sink that keeps what it is sent.
public final class Recording: Sink {
  public private(set) var outputs: [Output] = []

  public init() {}

  public func emit(_ output: Output) { outputs.append(output) }

  public func clear() { outputs = [] }

  /// All text of one stream, in order.
  public func text(_ wanted: Output.Stream = .standard) -> String {
    var all = ""
    for case .stream(let stream, let text) in outputs where stream == wanted { all += text }
    return all
  }
}
