internal import Glibc

/// Clocks, in seconds; a shim around C's `clock_gettime`.
enum Clock {
  /// Of a clock that is never set back.
  static var seconds: Double { read(CLOCK_MONOTONIC) }

  /// What this process has used of its processors.
  static var processor: Double { read(CLOCK_PROCESS_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
