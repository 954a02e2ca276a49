public import Catalog
internal import Language
internal import Synchronization

/// Where the evaluator leaves its directory for the thread that answers completion.
///
/// Any thread reads; only the evaluator posts. A reader asks for a fresh one by setting
/// `Pending.directory`; a running script answers at its next safepoint, an idle evaluator when
/// `wake` has made it call `Session.attend()`.
public final class DirectoryBoard: Sendable {
  private struct State {
    var items: [Directory.Item] = []
    /// The newest answers about paths; they serve when the evaluator is late.
    var details: [Directory.Detail] = []
    var wanted = Wanted()
    /// Counts the postings.
    var edition: UInt64 = 0
    var isComplete = true
  }

  /// How many paths are remembered.
  private static let memory = 32

  private let state = Mutex(State())
  private let posted = Bell()
  private let pending: Pending
  private let wake: @Sendable () -> Void

  /// - Parameter wake: makes an idle evaluator call `Session.attend()`; called on the reader's
  ///   thread, for each request.
  public init(pending: Pending, wake: @escaping @Sendable () -> Void = {}) {
    self.pending = pending
    self.wake = wake
  }

  /// The newest directory, without asking for a fresh one.
  public var newest: Directory {
    state.withLock { Directory($0.items, details: $0.details) }
  }

  /// Asks the evaluator and waits for its answer; after that time the last directory serves.
  ///
  /// One reader at a time.
  public func read(waiting milliseconds: Int32 = 30) -> (directory: Directory, isStale: Bool) {
    read(Wanted(), waiting: milliseconds)
  }

  func read(
    _ wanted: Wanted, waiting milliseconds: Int32
  ) -> (directory: Directory, isStale: Bool) {
    let end = Clock.seconds * 1000 + Double(milliseconds)
    state.withLock { $0.wanted = wanted }
    while true {
      let left = end - Clock.seconds * 1000
      guard ask(waiting: Int32(exactly: max(0, left.rounded(.up))) ?? 0) else {
        return (newest, true)
      }
      // The evaluator gives each answer a short time; many new names take several.
      if state.withLock({ $0.isComplete }) { return (newest, false) }
    }
  }

  /// Whether an answer came in time.
  private func ask(waiting milliseconds: Int32) -> Bool {
    posted.silence()
    let edition = state.withLock { $0.edition }
    pending.set(.directory)
    wake()
    func hasCome() -> Bool { state.withLock { $0.edition != edition } }
    if hasCome() { return true }
    posted.wait(milliseconds: milliseconds)
    return hasCome()
  }

  /// What the reader wants, for the evaluator to answer.
  var wanted: Wanted { state.withLock { $0.wanted } }

  /// The evaluator's answer.
  func post(_ items: [Directory.Item], details: [Directory.Detail], isComplete: Bool) {
    pending.clear(.directory)
    state.withLock {
      $0.items = items
      let paths = Set(details.map(\.path))
      $0.details = details + $0.details.filter { !paths.contains($0.path) }
      if $0.details.count > Self.memory { $0.details.removeLast($0.details.count - Self.memory) }
      $0.isComplete = isComplete
      $0.edition += 1
    }
    posted.ring()
  }
}
