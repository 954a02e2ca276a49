internal import Catalog

/// A line for the session rather than the language: `%time f(x)`.
enum Magic: String, CaseIterable, Sendable {
  case time
  case timeit
  case who
  case reset
  case history

  /// What help and completion say.
  var sentence: String {
    switch self {
    case .time: "%time STATEMENT: runs it and says how long it took."
    case .timeit: "%timeit STATEMENT: runs it many times and says how long one run takes."
    case .who: "%who: the names defined in this session."
    case .reset: "%reset: forgets all names; %reset NAME…: these."
    case .history: "%history [N]: the cells run in this session, or the last N."
    }
  }
}

/// Durations as `%time` writes them.
enum Duration {
  /// `1.234 s`, `45.60 ms`, `7.891 µs`: four significant digits.
  static func text(_ seconds: Double) -> String {
    let size = abs(seconds)
    if size >= 60 {
      let minutes = (seconds / 60).rounded(.down)
      return "\(ShortNumber.text(minutes).prefix { $0 != "." }) min "
        + "\(ShortNumber.text(seconds - minutes * 60)) s"
    }
    let (scale, unit) =
      size >= 1 ? (1.0, "s") : size >= 1e-3 ? (1e3, "ms") : size >= 1e-6 ? (1e6, "µs") : (1e9, "ns")
    return "\(ShortNumber.text(seconds * scale)) \(unit)"
  }
}
