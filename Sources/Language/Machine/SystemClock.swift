import Glibc

/// The system's clocks; the C interface takes a pointer.
enum SystemClock {
  static func read(_ clock: clockid_t) -> timespec {
    var now = timespec()
    unsafe clock_gettime(clock, &now)
    return now
  }
}
