/// One part of a ZeroMQ message.
public typealias Frame = [UInt8]

/// The sockets a client speaks through.
public enum Channel: Sendable, CaseIterable {
  case shell, control, stdin, iopub
}

/// The four sockets as the router sees them: ZeroMQ's, or a test's.
///
/// Only the wire thread calls it; letting go of it sends what is still queued (at most a second).
public protocol Wire: AnyObject {
  /// Returns when one of the channels has a message, the bell rings, or the time is over (nil: no
  /// limit).
  func wait(for bell: Bell, on channels: [Channel], milliseconds: Int?)

  /// The next message that has arrived, without waiting.
  ///
  /// On `iopub` these are subscriptions: one frame, 1 or 0 and then the topic.
  func receive(_ channel: Channel) -> [Frame]?

  /// Sends a message.
  ///
  /// - Returns: false when it was for `stdin` and that client has no such channel.
  @discardableResult
  func send(_ frames: [Frame], on channel: Channel) -> Bool
}
