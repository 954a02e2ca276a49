internal import Glibc

/// File descriptors of the process; a shim around C's `write` and `open`.
public enum Descriptor {
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

  /// Makes a file that only its owner can read, unless it is there.
  static func makePrivateFile(_ path: String) {
    let descriptor = unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
  }
}
