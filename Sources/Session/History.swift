internal import Synchronization

/// What was run, in this session and earlier ones.
///
/// Works on a thread of its own; no caller waits for the disk.
public final class History: Sendable {
  public struct Record: Sendable, Equatable {
    public var session: Int
    /// The execution's number.
    public var line: Int
    public var input: String
    /// The text of the shown value; nil: not asked for, or there was none.
    public var output: String?

    public init(session: Int, line: Int, input: String, output: String? = nil) {
      self.session = session
      self.line = line
      self.input = input
      self.output = output
    }
  }

  /// The three ways in which the Jupyter protocol asks.
  public enum Query: Sendable {
    /// The newest `count` inputs, oldest first.
    case tail(count: Int, withOutput: Bool = false)
    /// Lines `start..<stop` of a session; 0: this one, negative: counted back; nil `stop`: to the
    /// end.
    case range(session: Int, start: Int, stop: Int?, withOutput: Bool = false)
    /// Inputs that match a glob pattern, the newest `count` of them; `isUnique`: each text once.
    case search(pattern: String, count: Int?, isUnique: Bool = false, withOutput: Bool = false)
  }

  private let records = Mutex<[Record]>([])

  /// - Parameter path: the file; nil: nothing outlives the process.
  public init(path: String?) {}

  /// `$XDG_DATA_HOME/gradus/history.sqlite`, or nil when there is no home.
  public static var standardPath: String? { nil }

  public func add(line: Int, input: String, output: String? = nil) {
    records.withLock { $0.append(Record(session: 1, line: line, input: input, output: output)) }
  }

  /// Answers on the history thread; inputs added before are seen.
  public func find(_ query: Query, reply: @escaping @Sendable ([Record]) -> Void) {
    reply(records.withLock { $0 })
  }

  /// Writes what waits, and ends the thread.
  ///
  /// Later calls do nothing; queries answer with nothing.
  public func close() {}
}
