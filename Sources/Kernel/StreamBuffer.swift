internal import Catalog

/// Printed text on its way out: the first goes at once, the rest ten times a second per stream.
///
/// Front ends drop output above a thousand messages a second, so a message per line would lose
/// lines. Belongs to the wire thread; flushed before anything else the cell shows.
struct StreamBuffer {
  private struct Pending {
    let stream: Output.Stream
    var text: String
    var due: Int
  }

  static let interval = 100

  private var pending: [Pending] = []
  private var lastSent: [Output.Stream: Int] = [:]

  /// When the oldest waiting text must go, in the clock's milliseconds.
  var deadline: Int? { pending.lazy.map(\.due).min() }

  mutating func add(_ text: String, to stream: Output.Stream, now: Int) {
    if let index = pending.firstIndex(where: { $0.stream == stream }) {
      pending[index].text += text
    } else {
      let due = lastSent[stream].map { $0 + StreamBuffer.interval } ?? now
      pending.append(Pending(stream: stream, text: text, due: max(due, now)))
    }
  }

  /// Takes the texts to send now: those that are due, or all of them.
  mutating func take(now: Int, all: Bool) -> [(stream: Output.Stream, text: String)] {
    var taken: [(stream: Output.Stream, text: String)] = []
    pending.removeAll { waiting in
      guard all || waiting.due <= now else { return false }
      taken.append((waiting.stream, waiting.text))
      return true
    }
    for text in taken { lastSent[text.stream] = now }
    return taken
  }

  /// A new cell begins: its first text goes at once.
  mutating func begin() { lastSent = [:] }
}
