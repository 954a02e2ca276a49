internal import Synchronization

/// A wire without sockets: a test is the client at its other end.
public final class MemoryWire: Wire, Sendable {
  /// The identity of a client that cannot be asked.
  private let hasNoStdin = Frame("mute".utf8)
  private let incoming = Mutex<[Channel: [[Frame]]]>([:])
  private let arrival = Bell()
  /// What the kernel has sent, in the order it sent it, over all channels.
  public let sent = Mailbox<(channel: Channel, frames: [Frame])>()

  public init() {}

  /// Hands messages to the kernel as a client would; all of them arrive at once.
  public func deliver(_ messages: [[Frame]], on channel: Channel) {
    incoming.withLock { $0[channel, default: []] += messages }
    arrival.ring()
  }

  /// How many messages the kernel has not read yet.
  public func unread(on channel: Channel) -> Int {
    incoming.withLock { $0[channel]?.count ?? 0 }
  }

  public func wait(for bell: Bell, on channels: [Channel], milliseconds: Int?) {
    // What was left unread is there without ringing again.
    let hasMore = incoming.withLock { incoming in
      channels.contains { !(incoming[$0]?.isEmpty ?? true) }
    }
    if hasMore { return }
    bell.wait(or: arrival, milliseconds: milliseconds.map { Int32(clamping: $0) })
    arrival.silence()
  }

  public func receive(_ channel: Channel) -> [Frame]? {
    incoming.withLock { incoming in
      guard let first = incoming[channel]?.first else { return nil }
      incoming[channel]?.removeFirst()
      return first
    }
  }

  @discardableResult
  public func send(_ frames: [Frame], on channel: Channel) -> Bool {
    if channel == .stdin, frames.first == hasNoStdin { return false }
    sent.post((channel, frames))
    return true
  }
}
