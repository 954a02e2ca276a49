internal import Glibc

/// File descriptors of the process; a shim around C's `write`, `open` and terminal settings.
public enum Descriptor {
  public static let input: Int32 = STDIN_FILENO
  public static let output: Int32 = STDOUT_FILENO
  public static let errors: Int32 = STDERR_FILENO

  public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Writes all bytes; what cannot be written is dropped.
  public static func write(_ text: some Sequence<UInt8>, to descriptor: Int32) {
    var rest = Array(text)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count == 0 || errno != EINTR {
        return
      }
    }
  }

  /// Does something while the terminal on standard input, if it is one, shows nothing of what is
  /// typed.
  static func withoutEcho<R>(_ body: () throws -> R) rethrows -> R {
    var settings = termios()
    guard isTerminal(input), unsafe tcgetattr(input, &settings) == 0 else {
      return try body()
    }
    let before = settings
    settings.c_lflag &= ~tcflag_t(ECHO)
    _ = unsafe tcsetattr(input, TCSAFLUSH, &settings)
    defer {
      var restored = before
      _ = unsafe tcsetattr(input, TCSAFLUSH, &restored)
    }
    return try body()
  }

  /// The name of the process's user; nil: the system knows none.
  static var userName: String? {
    guard let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name else {
      return nil
    }
    return unsafe String(cString: name)
  }

  /// Makes a file that only its owner can read, unless it is there.
  static func makePrivateFile(_ path: String) {
    let descriptor = unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
  }
}
