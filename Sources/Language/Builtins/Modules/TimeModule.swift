import Catalog
import Glibc

/// `import time`.
enum TimeModule {
  static let module = BuiltinModule(
    "time", "Clocks, and waiting.",
    functions: [
      clock("time", "Seconds since 1970.", CLOCK_REALTIME),
      clock("perf_counter", "Seconds of a fine clock, for measuring.", CLOCK_MONOTONIC),
      clock("monotonic", "Seconds of a clock that never goes back.", CLOCK_MONOTONIC),
      clock(
        "process_time", "Seconds of computing by this process.", CLOCK_PROCESS_CPUTIME_ID),
      nanoseconds("time_ns", "Nanoseconds since 1970.", CLOCK_REALTIME),
      nanoseconds(
        "perf_counter_ns", "Nanoseconds of a fine clock, for measuring.", CLOCK_MONOTONIC),
      nanoseconds(
        "monotonic_ns", "Nanoseconds of a clock that never goes back.", CLOCK_MONOTONIC),
      Builtin(
        "sleep", "Waits so many seconds.", .required("seconds", "number"), returns: "None",
        example: "time.sleep(0.5)"
      ) { machine, window throws(Thrown) in
        let seconds = try machine.real(window[0])
        if seconds.isNaN {
          throw machine.error(.value, "Invalid value NaN (not a number)")
        }
        guard seconds >= 0 else {
          throw machine.error(.value, "sleep length must be non-negative")
        }
        try machine.sleep(seconds)
        return .none
      },
    ])

  private static func clock(_ name: String, _ sentence: String, _ clock: clockid_t) -> Builtin {
    Builtin(name, sentence, returns: "float") { machine, _ in
      machine.context.hasReadClock = true
      let now = read(clock)
      return RawValue(Double(now.seconds) + Double(now.nanoseconds) / 1e9)
    }
  }

  private static func nanoseconds(
    _ name: String, _ sentence: String, _ clock: clockid_t
  ) -> Builtin {
    Builtin(name, sentence, returns: "int") { machine, _ in
      machine.context.hasReadClock = true
      let now = read(clock)
      return RawValue(now.seconds &* 1_000_000_000 &+ now.nanoseconds)
    }
  }

  fileprivate static func read(_ clock: clockid_t) -> (seconds: Int, nanoseconds: Int) {
    let now = SystemClock.read(clock)
    return (now.tv_sec, now.tv_nsec)
  }
}

extension Machine {
  /// Waits in short steps, so that an interrupt is seen at once.
  fileprivate func sleep(_ seconds: Double) throws(Thrown) {
    func now() -> Double {
      let time = TimeModule.read(CLOCK_MONOTONIC)
      return Double(time.seconds) + Double(time.nanoseconds) / 1e9
    }
    let end = now() + seconds
    while true {
      try safepoint()
      try attempt { try context.pause() }
      let left = end - now()
      if left <= 0 { return }
      usleep(UInt32(min(left, 0.02) * 1e6) + 1)
    }
  }
}
