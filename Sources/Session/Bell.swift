internal import Glibc

/// A pipe on which one thread waits and others ring.
///
/// `pipe`, `fcntl`, `read`, `write` and `poll` take pointers, so this file is a shim around C.
final class Bell: Sendable {
  private let reading: Int32
  private let writing: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    let failure = unsafe pipe(&ends)
    precondition(failure == 0, "the process has no descriptors left")
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    reading = ends[0]
    writing = ends[1]
  }

  deinit {
    close(reading)
    close(writing)
  }

  /// A full pipe rings as loudly.
  func ring() {
    var byte: UInt8 = 1
    _ = unsafe write(writing, &byte, 1)
  }

  /// Makes the bell quiet again; what rang it must be looked at afterwards, not before.
  func silence() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while unsafe read(reading, &bytes, bytes.count) == bytes.count {}
  }

  var isRinging: Bool {
    var watched = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&watched, 1, 0) > 0
  }

  /// Waits until the bell rings; nil: without a limit.
  func wait(milliseconds: Int32? = nil) {
    var watched = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&watched, 1, milliseconds ?? -1)
  }
}
