internal import Catalog
internal import Glibc

/// Runs `rsvg-convert`; the pointers that starting a program wants stay in this file.
enum Converter {
  /// Runs it to its end; its errors come back as a failure, an interrupt ends it.
  static func run(_ arguments: [String], context: Context) throws {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else {
      throw Failure(.os, "cannot start rsvg-convert: no more file descriptors")
    }
    let (reading, writing) = (ends[0], ends[1])
    defer { close(reading) }
    // Other children of this process must not hold the ends open.
    _ = fcntl(reading, F_SETFD, FD_CLOEXEC)
    _ = fcntl(writing, F_SETFD, FD_CLOEXEC)
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, writing, 2)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    letSignalsThrough(&attributes)
    let all = ["rsvg-convert"] + arguments
    var words: [UnsafeMutablePointer<CChar>?] = unsafe all.map { unsafe strdup($0) } + [nil]
    defer {
      for index in unsafe words.indices { unsafe free(words[index]) }
    }
    var child: pid_t = 0
    let status = unsafe posix_spawnp(&child, "rsvg-convert", &actions, &attributes, &words, environ)
    close(writing)
    guard status == 0 else {
      throw Failure(
        .fileNotFound, "rsvg-convert is not installed, so .png and .pdf cannot be written",
        help: "install it (Debian: apt install librsvg2-bin), or save as .svg")
    }
    let said = try listen(to: reading, child: child, context: context)
    var result: Int32 = 0
    while unsafe waitpid(child, &result, 0) < 0, errno == EINTR {}
    guard result == 0 else {
      let message = said.split(separator: "\n").first.map(String.init) ?? "no message"
      throw Failure(.os, "rsvg-convert failed: \(message)")
    }
  }

  /// A kernel blocks signals, which its children would inherit: nothing but SIGKILL could then end
  /// one.
  private static func letSignalsThrough(_ attributes: inout posix_spawnattr_t) {
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    var ignored = sigset_t()
    unsafe sigemptyset(&ignored)
    unsafe sigaddset(&ignored, SIGPIPE)
    unsafe posix_spawnattr_setsigdefault(&attributes, &ignored)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
  }

  /// What the program says until it ends, at most 4,096 bytes of it.
  private static func listen(to reading: Int32, child: pid_t, context: Context) throws -> String {
    var said: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1024)
    while true {
      do {
        try context.check()
      } catch {
        kill(child, SIGKILL)
        var result: Int32 = 0
        while unsafe waitpid(child, &result, 0) < 0, errno == EINTR {}
        throw error
      }
      var wanted = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&wanted, 1, 50) > 0 else { continue }
      let count = unsafe read(reading, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      if said.count < 4096 { said += buffer[..<count] }
    }
    return String(decoding: said, as: UTF8.self)
  }
}
