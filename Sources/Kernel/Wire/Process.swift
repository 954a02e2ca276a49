internal import Glibc

/// Writes a line to stderr, which the server that started the kernel keeps as its log.
func report(_ line: String) {
  let bytes = Array("gradus: \(line)\n".utf8)
  _ = unsafe write(2, bytes, bytes.count)
}

/// Makes descriptor 1 a copy of 2.
///
/// What C code prints lands in the server's log, not in a pipe that nobody empties; scripts print
/// through messages.
func redirectOutputToErrors() {
  dup2(2, 1)
}

/// Ends the process without waiting for threads that compute.
func endProcess(_ status: Int32) -> Never {
  _exit(status)
}

/// Signals, and the end of the process that started the kernel.
enum Signals {
  private static var watched: sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&set, signal) }
    return set
  }

  /// From now on signals wait for the signal thread; called before any thread is started.
  static func block() {
    var set = watched
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Starts the signal thread: Ctrl-C interrupts the running cell, the others end the kernel.
  static func watch(_ kernel: Kernel) {
    let parent = Parent()
    let thread = Thread {
      var set = watched
      // Once a second, where there is a parent whose end could be missed.
      var pause = timespec(tv_sec: 1, tv_nsec: 0)
      var isEnding = false
      while true {
        let signal =
          parent == nil ? unsafe sigwaitinfo(&set, nil) : unsafe sigtimedwait(&set, nil, &pause)
        switch signal {
        case SIGINT: kernel.interrupt()
        case SIGTERM, SIGHUP:
          if isEnding { endProcess(1) }
          isEnding = true
          kernel.quit()
        default:
          guard let parent, !parent.isAlive else { continue }
          if isEnding { endProcess(1) }
          isEnding = true
          kernel.quit()
        }
      }
    }
    thread.detach()
  }
}

/// The process that started the kernel, as `JPY_PARENT_PID` names it.
struct Parent: Sendable {
  private let id: pid_t
  private let isOurs: Bool

  /// Nil when none is named, or none of that number can be seen.
  init?() {
    guard let text = unsafe getenv("JPY_PARENT_PID"),
      let id = pid_t(unsafe String(cString: text)), id > 0
    else { return nil }
    self.id = id
    isOurs = getppid() == id
    if !isOurs, !Parent.exists(id) { return nil }
  }

  /// A wrapper may stand between; then only the process itself can be asked for.
  var isAlive: Bool { isOurs ? getppid() == id : Parent.exists(id) }

  private static func exists(_ id: pid_t) -> Bool {
    kill(id, 0) == 0 || errno == EPERM
  }
}
