internal import Catalog

/// Animations of a cell that clears what it has shown before it shows more: at most twenty pages a
/// second, the last one always.
///
/// Of pages that come faster only the newest is kept: each would wipe the one before. Belongs to the
/// wire thread.
struct PageBuffer {
  static let interval = 50

  /// A page that waits: its `clear_output`, and what the cell has said since.
  private struct Held {
    var clear: [Frame]
    var posts: [Post] = []
    /// A further clearing, which takes effect when something is shown after it.
    var next: [Frame]?
    let due: Int
  }

  private var held: Held?
  private var lastSent: Int?

  var isHolding: Bool { held != nil }

  /// When the page that waits must go, in the clock's milliseconds.
  var deadline: Int? { held?.due }

  /// A page begins with this message.
  ///
  /// - Returns: whether the message is to be sent at once.
  mutating func begin(_ clear: [Frame], now: Int) -> Bool {
    if held != nil {
      held?.next = clear
      return false
    }
    guard let lastSent, now < lastSent + PageBuffer.interval else {
      lastSent = now
      return true
    }
    held = Held(clear: clear, due: lastSent + PageBuffer.interval)
    return false
  }

  /// Keeps what belongs to the page that waits.
  mutating func hold(_ post: Post) {
    if let next = held?.next, post.isOutput {
      held?.posts.removeAll { $0.isWiped }
      held?.clear = next
      held?.next = nil
    }
    held?.posts.append(post)
  }

  /// The page that waits, in the order in which it was made.
  mutating func take(now: Int) -> [Post] {
    guard let held else { return [] }
    self.held = nil
    lastSent = now
    return [.output(held.clear)] + held.posts + (held.next.map { [.output($0)] } ?? [])
  }

  /// A new cell begins: its first page goes at once.
  mutating func begin() { lastSent = nil }
}

extension Post {
  /// Whether it adds to the output, so that a clearing takes effect.
  fileprivate var isOutput: Bool {
    switch self {
    case .output, .text: true
    default: false
    }
  }

  /// Whether nothing is left of it on the next page.
  fileprivate var isWiped: Bool {
    guard case .refresh(let refresh) = self, case .display = refresh.subject else {
      return isOutput
    }
    return true
  }
}
