import Synchronization

/// A value made on first use, once, from any thread.
public final class Lazy<Wrapped: Sendable>: Sendable {
  private let state = Mutex<Wrapped?>(nil)
  private let make: @Sendable () -> Wrapped

  public init(_ make: @escaping @Sendable () -> Wrapped) {
    self.make = make
  }

  public var value: Wrapped {
    if let made = state.withLock({ $0 }) { return made }
    let made = make()
    return state.withLock { stored in
      if let stored { return stored }
      stored = made
      return made
    }
  }
}
