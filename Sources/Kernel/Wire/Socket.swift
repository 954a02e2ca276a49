internal import CZeroMQ

/// What ZeroMQ refused, with its reason.
public struct SocketError: Error, CustomStringConvertible {
  let action: String
  let code: Int32

  init(_ action: String) {
    self.action = action
    code = zmq_errno()
  }

  public var description: String {
    guard let text = unsafe zmq_strerror(code) else { return "cannot \(action): error \(code)" }
    return unsafe "cannot \(action): \(String(cString: text))"
  }
}

/// A ZeroMQ context, ended when the last socket made from it is gone.
///
/// `@safe`: the pointer is made in `init`, never leaves the file and is freed once.
@safe final class SocketContext {
  fileprivate let handle: UnsafeMutableRawPointer

  init() {
    guard let handle = unsafe zmq_ctx_new() else {
      preconditionFailure("ZeroMQ gave no context")
    }
    unsafe self.handle = unsafe handle
  }

  deinit { unsafe zmq_ctx_term(handle) }
}

/// A ZeroMQ socket of one thread.
///
/// `@safe`: the pointer is valid from `init` to `deinit`; every buffer handed to ZeroMQ is copied by
/// it before the call returns.
@safe final class Socket {
  enum Kind {
    case router, publisher
  }

  fileprivate let handle: UnsafeMutableRawPointer
  private let context: SocketContext

  /// A socket with the options the Jupyter protocol asks for.
  ///
  /// Linger is a second; a router lets a client that comes back take its identity over, and takes
  /// only so many messages from a client ahead of their reading: what is more waits with the
  /// client. A publisher reports every subscription and drops nothing.
  init(_ kind: Kind, in context: SocketContext, ipv6: Bool = false) throws(SocketError) {
    let type = kind == .router ? ZMQ_ROUTER : ZMQ_XPUB
    guard let handle = unsafe zmq_socket(context.handle, type) else {
      throw SocketError("create a socket")
    }
    unsafe self.handle = unsafe handle
    self.context = context
    try set(ZMQ_LINGER, 1000)
    if ipv6 { try set(ZMQ_IPV6, 1) }
    switch kind {
    case .router:
      try set(ZMQ_ROUTER_HANDOVER, 1)
      try set(ZMQ_RCVHWM, 1000)
      try set(ZMQ_SNDHWM, 0)
    case .publisher:
      try set(ZMQ_XPUB_VERBOSE, 1)
      try set(ZMQ_SNDHWM, 0)
    }
  }

  deinit { unsafe zmq_close(handle) }

  private func set(_ option: Int32, _ value: Int32) throws(SocketError) {
    var value = value
    guard unsafe zmq_setsockopt(handle, option, &value, MemoryLayout<Int32>.size) == 0 else {
      throw SocketError("set socket option \(option)")
    }
  }

  /// From now on a router says when the client of a message cannot be reached.
  func reportUnreachable() throws(SocketError) { try set(ZMQ_ROUTER_MANDATORY, 1) }

  func bind(_ address: String) throws(SocketError) {
    guard unsafe zmq_bind(handle, address) == 0 else { throw SocketError("bind \(address)") }
  }

  /// The address the socket was bound to, with the port the system chose.
  var endpoint: String {
    var text = [CChar](repeating: 0, count: 512)
    var length = text.count
    guard unsafe zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &text, &length) == 0, length > 0 else {
      return ""
    }
    return String(decoding: text[..<(length - 1)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Sends the frames as one message.
  ///
  /// - Returns: false when the client has gone away and the socket reports that.
  func send(_ frames: [Frame]) -> Bool {
    for (index, frame) in frames.enumerated() {
      let more = index + 1 < frames.count ? ZMQ_SNDMORE : 0
      var sent: Int32
      repeat {
        sent = unsafe frame.withUnsafeBytes { bytes in
          unsafe zmq_send(handle, bytes.baseAddress, bytes.count, more)
        }
      } while sent < 0 && zmq_errno() == EINTR
      if sent < 0 { return false }
    }
    return true
  }

  /// The next message, or nil when none has arrived.
  func receive() -> [Frame]? {
    var frames: [Frame] = []
    var message = zmq_msg_t()
    unsafe zmq_msg_init(&message)
    defer { _ = unsafe zmq_msg_close(&message) }
    while true {
      guard unsafe zmq_msg_recv(&message, handle, ZMQ_DONTWAIT) >= 0 else {
        if zmq_errno() == EINTR { continue }
        return nil
      }
      let bytes = unsafe UnsafeRawBufferPointer(
        start: zmq_msg_data(&message), count: zmq_msg_size(&message))
      frames.append(unsafe Frame(bytes))
      if unsafe zmq_msg_more(&message) == 0 { return frames }
    }
  }

  /// Sends every message back as it came until the context ends.
  func echo() {
    while unsafe zmq_proxy(handle, handle, nil) < 0 {
      if zmq_errno() != EINTR { return }
    }
  }

  /// Waits until one of the sockets has a message, a descriptor is readable, or the time is over.
  static func wait(for sockets: [Socket], or descriptor: Int32, milliseconds: Int?) {
    var items = unsafe sockets.map { socket in
      unsafe zmq_pollitem_t(
        socket: socket.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
    }
    unsafe items.append(
      zmq_pollitem_t(socket: nil, fd: descriptor, events: Int16(ZMQ_POLLIN), revents: 0))
    unsafe zmq_poll(&items, Int32(items.count), milliseconds ?? -1)
  }
}
