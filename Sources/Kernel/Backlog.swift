public import Catalog
internal import Synchronization

/// Which cells wait and whether one runs: what the wire, signal, service and evaluator threads
/// know of each other.
public final class Backlog: Sendable {
  private struct State {
    var waiting = 0
    var isRunning = false
    /// An interrupt came while cells waited and none ran: it is meant for the next one.
    var interruptsNext = false
    var isStopping = false
    /// When the last cell came.
    var added = 0
  }

  /// What the running script looks at; the interrupt is a bit of it.
  public let pending: Pending
  private let state = Mutex(State())
  /// Rings when the last cell has ended.
  private let empty = Bell()
  /// Rings at every interrupt, to wake what waits outside the script, such as `input`.
  let interrupted = Bell()

  public init(pending: Pending = Pending()) { self.pending = pending }

  func add() {
    state.withLock { state in
      state.waiting += 1
      state.added = Clock.milliseconds
    }
  }

  /// A cell begins; an interrupt that came too late for the one before does not reach it.
  func begin() {
    state.withLock { state in
      state.waiting -= 1
      state.isRunning = true
      interrupted.silence()
      if state.interruptsNext || state.isStopping {
        pending.set(.interrupt)
      } else {
        pending.clear(.interrupt)
      }
      state.interruptsNext = false
    }
  }

  /// The running cell has ended.
  func end() {
    leave { state in
      state.isRunning = false
      if !state.isStopping { pending.clear(.interrupt) }
    }
  }

  /// A cell left the queue without running.
  func drop() {
    leave { $0.waiting -= 1 }
  }

  private func leave(_ change: (inout State) -> Void) {
    let isEmpty = state.withLock { state in
      change(&state)
      if state.waiting == 0 { state.interruptsNext = false }
      return state.waiting == 0 && !state.isRunning
    }
    if isEmpty { empty.ring() }
  }

  /// Stops the running cell, or the next one when cells wait; nothing when all is quiet.
  func interrupt() {
    state.withLock { state in
      if state.isRunning {
        pending.set(.interrupt)
        interrupted.ring()
      } else if state.waiting > 0 {
        state.interruptsNext = true
      }
    }
  }

  /// Whether the running cell is to stop; asking spends the interrupt.
  func takeInterrupt() -> Bool {
    state.withLock { state in
      guard pending.reasons.contains(.interrupt) else { return false }
      interrupted.silence()
      if !state.isStopping { pending.clear(.interrupt) }
      return true
    }
  }

  /// From now on no cell runs to its end and none begins.
  func stop() {
    state.withLock { state in
      state.isStopping = true
      pending.set(.interrupt)
      interrupted.ring()
    }
  }

  var isStopping: Bool { state.withLock { $0.isStopping } }

  var isEmpty: Bool { state.withLock { $0.waiting == 0 && !$0.isRunning } }

  /// Waits for the last cell to end, so long after it came; what has been running for longer is
  /// not waited for.
  ///
  /// - Returns: whether it has ended.
  func waitUntilEmpty(milliseconds: Int) -> Bool {
    let deadline = state.withLock { $0.added } + milliseconds
    while !isEmpty {
      let left = deadline - Clock.milliseconds
      guard left > 0 else { return false }
      empty.wait(milliseconds: Int32(clamping: left))
      empty.silence()
    }
    return true
  }
}
