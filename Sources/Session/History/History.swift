internal import Glibc
internal import Synchronization

/// What was run, in this session and earlier ones.
///
/// Works on a thread of its own, which starts with the first input or query; no caller waits for
/// the disk. What was added is written within a second.
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

  /// The three ways in which the Jupyter protocol asks; all answer oldest first.
  public enum Query: Sendable {
    /// The newest `count` inputs.
    case tail(count: Int, withOutput: Bool = false)
    /// Lines `start..<stop` of a session; 0: this one, negative: counted back; nil `stop`: to the
    /// end.
    case range(session: Int, start: Int, stop: Int?, withOutput: Bool = false)
    /// Inputs that match a glob pattern, the newest `count` of them; `isUnique`: each text once.
    case search(pattern: String, count: Int?, isUnique: Bool = false, withOutput: Bool = false)
  }

  struct Addition: Sendable {
    let line: Int
    let input: String
    let output: String?
  }

  private struct State {
    var additions: [Addition] = []
    var questions: [(query: Query, reply: @Sendable ([Record]) -> Void)] = []
    var thread: Thread?
    var isClosed = false
  }

  private let state = Mutex(State())
  private let bell = Bell()
  private let path: String?

  /// - Parameter path: the file; nil: nothing outlives the process.
  public init(path: String?) {
    self.path = path
  }

  /// `$XDG_DATA_HOME/gradus/history.sqlite`, or nil when there is no home.
  public static var standardPath: String? {
    if let data = environment("XDG_DATA_HOME"), data.hasPrefix("/") {
      return data + "/gradus/history.sqlite"
    }
    return environment("HOME").map { $0 + "/.local/share/gradus/history.sqlite" }
  }

  public func add(line: Int, input: String, output: String? = nil) {
    submit { $0.additions.append(Addition(line: line, input: input, output: output)) }
  }

  /// Answers on the history thread; inputs added before are seen.
  public func find(_ query: Query, reply: @escaping @Sendable ([Record]) -> Void) {
    if !submit({ $0.questions.append((query, reply)) }) { reply([]) }
  }

  /// Answers when the history thread has; for callers that may wait.
  public func find(_ query: Query) -> [Record] {
    let answer = Answer()
    find(query) { answer.give($0) }
    return answer.wait()
  }

  /// Writes what waits, and ends the thread.
  ///
  /// Later additions are dropped, later queries answered with nothing.
  public func close() {
    let thread = state.withLock { state in
      state.isClosed = true
      let thread = state.thread
      state.thread = nil
      return thread
    }
    bell.ring()
    thread?.join()
  }

  @discardableResult
  private func submit(_ change: (inout State) -> Void) -> Bool {
    let isTaken = state.withLock { state in
      guard !state.isClosed else { return false }
      change(&state)
      if state.thread == nil {
        state.thread = Thread { [self] in work() }
      }
      return true
    }
    if isTaken { bell.ring() }
    return isTaken
  }

  /// The thread's life.
  private func work() {
    let file = HistoryFile(path: path)
    var unwritten: [Addition] = []
    while true {
      bell.silence()
      let (questions, isClosed) = state.withLock { state in
        unwritten += state.additions
        state.additions = []
        let questions = state.questions
        state.questions = []
        return (questions, state.isClosed)
      }
      if !questions.isEmpty || isClosed {
        file.write(unwritten)
        unwritten = []
      }
      for question in questions { question.reply(file.find(question.query)) }
      if isClosed { return }
      if unwritten.isEmpty {
        bell.wait()
      } else {
        bell.wait(milliseconds: 1_000)
        if !bell.isRinging {
          file.write(unwritten)
          unwritten = []
        }
      }
    }
  }

  /// A place for one answer that somebody waits for.
  private final class Answer: Sendable {
    private let records = Mutex<[Record]>([])
    private let bell = Bell()

    func give(_ found: [Record]) {
      records.withLock { $0 = found }
      bell.ring()
    }

    func wait() -> [Record] {
      bell.wait()
      return records.withLock { $0 }
    }
  }
}
