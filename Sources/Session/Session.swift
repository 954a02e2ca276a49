public import Catalog

/// A running conversation with the language: its names, values and random streams.
///
/// It belongs to the thread that made it, the evaluator. `pending` and `board` are what other
/// threads may touch.
public final class Session {
  public struct Options: Sendable {
    public var seed: UInt64
    /// Where relative paths start; empty: the process's working directory.
    public var directory: String
    public var theme: Context.Theme
    /// Arguments of a script: `sys.argv`.
    public var arguments: [String]
    /// What is written down of each cell by whoever runs them; `%history` reads it.
    public var history: History?
    /// How the progress of training is shown.
    public var charts: TrainingChart.Cadence

    public init(
      seed: UInt64 = 0, directory: String = "", theme: Context.Theme = .auto,
      arguments: [String] = [], history: History? = nil,
      charts: TrainingChart.Cadence = .live
    ) {
      self.seed = seed
      self.directory = directory
      self.theme = theme
      self.arguments = arguments
      self.history = history
      self.charts = charts
    }
  }

  public let options: Options
  /// Set `.interrupt` here, from any thread, to stop the running cell.
  public let pending: Pending
  public let board: DirectoryBoard

  /// Cheap: the library is made when first needed.
  public init(
    _ options: Options = Options(), pending: Pending = Pending(), board: DirectoryBoard? = nil
  ) {
    self.options = options
    self.pending = pending
    self.board = board ?? DirectoryBoard(pending: pending)
  }

  /// Runs a cell; everything it shows, its value and its error go to the sink.
  ///
  /// An interrupt that is pending when it begins stops the cell at once, and is spent by that.
  public func run(_ cell: Cell, sink: any Sink) -> CellResult {
    return CellResult(.ok)
  }

  /// Evaluates expressions and shows nothing: `user_expressions` of the protocol.
  public func evaluate(
    _ expressions: [(name: String, text: String)]
  ) -> [(name: String, value: Result<Media, Failure>)] {
    expressions.map { ($0.name, .failure(Failure(.notImplemented, "no expressions yet"))) }
  }

  /// What an idle evaluator does when it was woken: answers a request for the directory.
  public func attend() {
    if pending.reasons.contains(.directory) { board.post(Directory()) }
  }
}
