internal import Synchronization

/// A queue between two threads: any thread posts, one takes.
///
/// Order of posting is order of taking; everything a thread is to see in order goes through one
/// mailbox.
public final class Mailbox<Letter: Sendable>: Sendable {
  private struct State {
    var letters: [Letter] = []
    var hasRung = false
    var takerLooksSoon = false
  }

  /// Rings when there is something to take.
  public let bell = Bell()
  private let state = Mutex(State())

  public init() {}

  public func post(_ letter: Letter) {
    state.withLock { state in
      state.letters.append(letter)
      ring(&state)
    }
  }

  /// Posts a letter that can wait until the taker looks by itself, unless `merge` could add it to
  /// the newest one.
  func post(_ letter: Letter, merge: (inout Letter) -> Bool) {
    state.withLock { state in
      if let last = state.letters.indices.last, merge(&state.letters[last]) { return }
      state.letters.append(letter)
      if !state.takerLooksSoon { ring(&state) }
    }
  }

  /// The taker says, before it waits, whether it will look soon even when the bell stays quiet.
  ///
  /// It saves a thread that prints a line at a time from waking the taker for each.
  func takerLooksSoon(_ looksSoon: Bool) {
    state.withLock { state in
      state.takerLooksSoon = looksSoon
      if !looksSoon, !state.letters.isEmpty { ring(&state) }
    }
  }

  /// Whether nothing waits.
  var isEmpty: Bool { state.withLock { $0.letters.isEmpty } }

  /// Everything that waits, oldest first, without waiting.
  public func takeAll() -> [Letter] {
    bell.silence()
    return state.withLock { state in
      let taken = state.letters
      state.letters = []
      state.hasRung = false
      return taken
    }
  }

  private func ring(_ state: inout State) {
    guard !state.hasRung else { return }
    state.hasRung = true
    bell.ring()
  }
}
