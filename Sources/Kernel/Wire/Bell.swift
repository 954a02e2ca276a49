internal import CZeroMQ
internal import Glibc

/// An event descriptor: rung by any thread, waited for with `poll` beside sockets.
public final class Bell: Sendable {
  public let descriptor: Int32

  public init() {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    precondition(descriptor >= 0, "the process has no descriptors left")
  }

  deinit { close(descriptor) }

  public func ring() { _ = eventfd_write(descriptor, 1) }

  /// Makes the bell quiet again; what rang it must be looked at afterwards, not before.
  public func silence() {
    var count: eventfd_t = 0
    _ = unsafe eventfd_read(descriptor, &count)
  }

  /// Waits for this bell or one of others.
  ///
  /// - Returns: false when the time ran out first.
  @discardableResult
  public func wait(or others: Bell..., milliseconds: Int32? = nil) -> Bool {
    var watched = ([self] + others).map {
      pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
    }
    let ready = unsafe poll(&watched, nfds_t(watched.count), milliseconds ?? -1)
    return ready != 0
  }
}
