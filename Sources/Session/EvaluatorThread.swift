public import Catalog
internal import Glibc
internal import Synchronization

/// The thread on which a command runs its session: its stack lets deep scripts fail with a message.
public enum EvaluatorThread {
  /// Runs a body on a thread of its own and waits for its result.
  public static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
    let place = Place<Result>()
    let thread = Thread(stackBytes: 64 << 20) {
      let result = body()
      place.result.withLock { $0 = result }
    }
    thread.join()
    guard let result = place.result.withLock({ $0 }) else {
      preconditionFailure("the thread ended without a result")
    }
    return result
  }

  private final class Place<Result: Sendable>: Sendable {
    let result = Mutex<Result?>(nil)
  }
}

/// Ctrl-C for commands that run a session; a shim around C's signals.
public enum Interrupts {
  /// From now on the first SIGINT interrupts the script, a second within two seconds the process.
  ///
  /// To be called before other threads start, so that they inherit the signal mask.
  public static func forward(to pending: Pending) {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    _ = Thread {
      var last = -10
      while true {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGINT)
        var number: Int32 = 0
        guard unsafe sigwait(&signals, &number) == 0 else { return }
        let now = time(nil)
        if now - last <= 2 { _exit(130) }
        last = now
        pending.set(.interrupt)
      }
    }
  }
}
