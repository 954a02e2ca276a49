internal import Synchronization

/// A queue between two threads: any thread posts, one takes.
///
/// Order of posting is order of taking; everything a thread is to see in order goes through one
/// mailbox.
public final class Mailbox<Letter: Sendable>: Sendable {
  /// Rings when a letter arrives in an empty mailbox.
  public let bell = Bell()
  private let letters = Mutex<[Letter]>([])

  public init() {}

  public func post(_ letter: Letter) {
    let wasEmpty = letters.withLock { letters in
      letters.append(letter)
      return letters.count == 1
    }
    if wasEmpty { bell.ring() }
  }

  /// Posts a letter unless `merge` could add it to the newest one that still waits.
  public func post(_ letter: Letter, merge: (inout Letter) -> Bool) {
    let wasEmpty = letters.withLock { letters in
      if let last = letters.indices.last, merge(&letters[last]) { return false }
      letters.append(letter)
      return letters.count == 1
    }
    if wasEmpty { bell.ring() }
  }

  /// Everything that waits, oldest first, without waiting.
  public func takeAll() -> [Letter] {
    bell.silence()
    return letters.withLock { letters in
      let taken = letters
      letters = []
      return taken
    }
  }
}
