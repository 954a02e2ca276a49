import Glibc

/// The system's clocks; the C interface takes a pointer.
enum SystemClock {
  static func read(_ clock: clockid_t) -> timespec {
    var now = timespec()
    unsafe clock_gettime(clock, &now)
    return now
  }

  /// Of a clock that only goes forward.
  static var milliseconds: Double {
    let now = read(CLOCK_MONOTONIC)
    return Double(now.tv_sec) * 1e3 + Double(now.tv_nsec) / 1e6
  }
}
