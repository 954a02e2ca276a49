public import Catalog
internal import Glibc
internal import Language
internal import Plots

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
    /// Collects garbage at every safepoint, for tests.
    public var isStressed = false

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
  let context: Context
  private(set) lazy var machine = makeMachine()
  /// What the service thread has been told of the names.
  var roll = NameRoll()
  var versions = CellVersions()

  /// Cheap: the machine and the library are made when first needed.
  public init(
    _ options: Options = Options(), pending: Pending = Pending(), board: DirectoryBoard? = nil
  ) {
    self.options = options
    self.pending = pending
    self.board = board ?? DirectoryBoard(pending: pending)
    context = Context(
      sink: Recording(), seed: options.seed, pending: pending,
      directory: options.directory, theme: options.theme)
    context.arguments = options.arguments
    context.version = About.version
    let context = context
    context.progress = TrainingChart(
      options.charts, context: context, prefix: Session.uniqueWord()
    ) { [unowned context] facts in
      Figure(facts).media(theme: context.theme)
    }
  }

  /// A word that no other session has used.
  private static func uniqueWord() -> String {
    "gradus-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
  }
}
