public import Catalog

/// What a session is given to run: the text of one cell or script.
public struct Cell: Sendable {
  public var text: String
  /// The number of the execution; nil: a script, whose errors name `source`.
  public var executionCount: Int?
  /// The identity a front end gives the cell, kept over its executions.
  public var id: String?
  /// What errors call it; empty: `Cell [n]`.
  public var source: String
  /// Whether the value of its last expression stays unshown.
  public var isSilent: Bool

  public init(
    _ text: String, executionCount: Int? = nil, id: String? = nil, source: String = "",
    isSilent: Bool = false
  ) {
    self.text = text
    self.executionCount = executionCount
    self.id = id
    self.source = source
    self.isSilent = isSilent
  }
}

/// How a cell ended.
public struct CellResult: Sendable {
  public enum Ending: Sendable {
    case ok
    /// An error, already emitted to the sink.
    case failure(Failure)
    /// The user's interrupt; the failure is a `KeyboardInterrupt`, already emitted to the sink.
    case interrupted(Failure)
    /// The script asked to end: `raise SystemExit`, `exit()`. Nothing was emitted.
    case exit(code: Int)
  }

  public var ending: Ending
  /// The value that was shown as the cell's result.
  public var shown: Media?
  /// What `?name` found, for the front end's pager; no output was emitted for it.
  public var page: Media?

  public init(_ ending: Ending, shown: Media? = nil, page: Media? = nil) {
    self.ending = ending
    self.shown = shown
    self.page = page
  }

  /// The error that ended the cell, if one did.
  public var failure: Failure? {
    switch ending {
    case .failure(let failure), .interrupted(let failure): failure
    case .ok, .exit: nil
    }
  }
}
