public import Catalog
public import Session

/// What runs cells: a session, or a test's stand-in; only the evaluator's thread calls it.
public protocol Evaluator: AnyObject {
  /// Runs a cell; what it shows, its value and its error go to the sink.
  func run(_ cell: Cell, sink: any Sink) -> CellResult

  /// Evaluates expressions and shows nothing.
  func evaluate(
    _ expressions: [(name: String, text: String)]
  ) -> [(name: String, value: Result<Media, Failure>)]

  /// Answers a request for the directory of names.
  func attend()

  /// Does what the front end asks of a widget.
  ///
  /// - Parameter later: the parts of its state that messages behind this one will set anew.
  /// - Throws: `Interrupted`.
  func receive(_ message: CommMessage, later: Set<String>, sink: any Sink) throws

  /// What is to be done where a script pauses, such as between two batches of training.
  var onPause: (() throws -> Void)? { get set }
}

extension Session: Evaluator {}

/// What a kernel serves.
public struct Program: Sendable {
  /// Of Gradus, as `kernel_info` tells it.
  public let version: String
  /// The most text a cell may print, in bytes; beyond it the head and the tail are kept.
  public var printLimit = 8 << 20
  /// How many requests may be unanswered, and how many bytes they may take, before no more are
  /// read from the shell channel: further ones wait with the client that sends them.
  public var mostRequests = 4096
  public var mostRequestBytes = 64 << 20
  let history: History
  let makeEvaluator: @Sendable (Pending, DirectoryBoard) -> any Evaluator

  /// - Parameter evaluator: called once, on the evaluator's thread.
  public init(
    version: String, history: History,
    evaluator: @escaping @Sendable (Pending, DirectoryBoard) -> any Evaluator
  ) {
    self.version = version
    self.history = history
    makeEvaluator = evaluator
  }

  /// The kernel as `gradus kernel` runs it.
  public static func session(version: String, history: History) -> Program {
    Program(version: version, history: history) { pending, board in
      Session(Session.Options(history: history), pending: pending, board: board)
    }
  }
}
