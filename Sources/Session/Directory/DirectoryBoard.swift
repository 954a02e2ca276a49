public import Catalog
internal import Synchronization

/// Where the evaluator leaves its directory for the thread that answers completion.
///
/// Any thread reads; only the evaluator posts. A reader asks for a fresh one by setting
/// `Pending.directory`; a running script answers at its next safepoint, an idle evaluator when
/// `wake` has made it call `Session.attend()`.
public final class DirectoryBoard: Sendable {
  private struct State {
    var directory = Directory()
    /// Counts the postings.
    var edition: UInt64 = 0
    var readers = 0
  }

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
  public var newest: Directory { state.withLock { $0.directory } }

  /// Asks the evaluator and waits for its answer; after that time the last directory serves.
  ///
  /// One reader at a time.
  public func read(waiting milliseconds: Int32 = 30) -> (directory: Directory, isStale: Bool) {
    posted.silence()
    let edition = state.withLock { $0.edition }
    pending.set(.directory)
    wake()
    var hasCome = state.withLock { $0.edition != edition }
    if !hasCome {
      posted.wait(milliseconds: milliseconds)
      hasCome = state.withLock { $0.edition != edition }
    }
    return (newest, !hasCome)
  }

  /// The evaluator's answer.
  func post(_ directory: Directory) {
    pending.clear(.directory)
    state.withLock {
      $0.directory = directory
      $0.edition += 1
    }
    posted.ring()
  }
}
