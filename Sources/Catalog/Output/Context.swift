/// What a run brings to the functions it calls: where output goes, the seed, the interrupt.
///
/// It belongs to the evaluator's thread; only `pending` is shared.
public final class Context: Argument {
  public var sink: any Sink
  /// The seed from which all named random streams derive.
  public var seed: UInt64
  /// How many values each named stream has handed out.
  public var drawn: [String: UInt64] = [:]
  /// What library code keeps for the session under names of its own, such as the current figure;
  /// what an object among them refers to lives as long as it.
  public var kept: [String: AnyObject] = [:]
  /// Run when a cell has ended, by the name of who asked, such as to show what was drawn.
  public var whenCellEnds: [String: () throws -> Void] = [:]
  public let pending: Pending
  /// Told about the progress of training and other long work.
  public var progress: any ProgressObserver
  /// Where relative paths start.
  public var directory: String
  public var theme: Theme
  /// The script's own name and its arguments: `sys.argv`.
  public var arguments: [String] = []
  /// The version of the program that runs the script: `sys.version`.
  public var version = ""
  /// Whether a clock was read since the cell began: what it shows then differs between runs.
  public var hasReadClock = false
  /// What library code that has called a script leaves for the library code the script calls in
  /// turn, such as the pass of a model through the layers of a script; restored when it returns.
  public var enclosing: AnyObject?
  /// Runs at a safepoint of library code when something is pending.
  public var atSafepoint: (() throws -> Void)?
  /// Runs wherever a script's functions may be called in the midst of other work.
  public var atPause: (() throws -> Void)?
  /// The line of the script that runs now; set by the machine.
  public var place: (() -> Failure.Place?)?
  /// What both sides of a comparison were that is the last argument of the running call of that
  /// name, in words; set by the machine.
  public var comparedSides: ((String) -> String?)?
  /// How values look that only the machine knows, such as lists; set by the session.
  public var portray: ((Value) throws -> Media)?

  public enum Theme: String, Choice {
    case auto
    case light
    case dark
  }

  public init(
    sink: any Sink, seed: UInt64 = 0, pending: Pending = Pending(),
    progress: any ProgressObserver = SilentProgress(), directory: String = ".",
    theme: Theme = .auto
  ) {
    self.sink = sink
    self.seed = seed
    self.pending = pending
    self.progress = progress
    self.directory = directory
    self.theme = theme
  }

  /// A safepoint: throws `Interrupted` when the user wants the work to stop.
  ///
  /// Long work calls it at batch boundaries and between blocks of at most about 20 ms.
  @inlinable
  public func check() throws {
    if pending.raw != 0 { try attend() }
  }

  /// A place between two batches, or where a script waits: what the user does to widgets takes
  /// effect here.
  ///
  /// - Throws: as `check`, and nothing else: an observer's error is shown where it belongs.
  public func pause() throws {
    try check()
    try atPause?()
  }

  @usableFromInline
  func attend() throws {
    if let atSafepoint { return try atSafepoint() }
    if pending.reasons.contains(.interrupt) { throw Interrupted() }
  }

  /// Runs `body` with something left for the library code that a script calls in it.
  public func enclosing<R>(_ object: AnyObject?, _ body: () throws -> R) rethrows -> R {
    let outer = enclosing
    enclosing = object
    defer { enclosing = outer }
    return try body()
  }

  /// How a value looks when it is shown.
  public func media(of value: Value) throws -> Media {
    if let portray { return try portray(value) }
    if case .object(let object) = value { return try object.display(self) }
    return Media(value.brief(limit: 10_000))
  }

  /// A path as the user means it: relative ones start at the working directory.
  public func resolve(_ path: String) -> String {
    path.hasPrefix("/") || directory.isEmpty || directory == "." ? path : directory + "/" + path
  }

  public static var kind: String { "context" }
  public static func read(_ value: Value) -> Context? { nil }
  public static func accompanying(_ context: Context) -> Context? { context }
}
