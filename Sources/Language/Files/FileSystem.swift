import Glibc

/// What Gradus asks of the system about files and folders; a shim around C, whose pointers stay
/// here.
///
/// Every function returns nil, or -1 for a descriptor, where the system refuses; `FileSystem.error`
/// then tells why. Names have been checked for zero bytes by the caller.
enum FileSystem {
  /// The reason of the last refusal.
  static var error: Int32 { errno }

  static func text(of number: Int32) -> String {
    guard let text = unsafe strerror(number) else { return "Unknown error \(number)" }
    return unsafe String(cString: text)
  }

  /// Opens a file for this process only; interrupted opens are tried again.
  static func open(_ path: String, _ flags: Int32) -> Int32 {
    while true {
      let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o666)
      if descriptor >= 0 || errno != EINTR { return descriptor }
    }
  }

  static func close(_ descriptor: Int32) -> Bool { Glibc.close(descriptor) == 0 }

  /// Appends up to `count` bytes; their number, 0 at the end.
  static func read(_ descriptor: Int32, _ count: Int, into bytes: inout [UInt8]) -> Int? {
    let chunk = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var received = -1
      repeat {
        received = unsafe Glibc.read(descriptor, buffer.baseAddress, count)
      } while received < 0 && errno == EINTR
      filled = max(0, received)
      // The array's length cannot say that it failed.
      if received < 0 { filled = 0 } else { errno = 0 }
    }
    if chunk.isEmpty, errno != 0 { return nil }
    bytes += chunk
    return chunk.count
  }

  /// Writes the bytes from `start` on; how many the system took.
  static func write(_ bytes: [UInt8], from start: Int, to descriptor: Int32) -> Int? {
    while true {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start)
      }
      if count >= 0 { return count }
      if errno != EINTR { return nil }
    }
  }

  /// Whether something can be read within so many milliseconds.
  static func isReady(_ descriptor: Int32, waiting milliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, milliseconds) != 0
  }

  static func seek(_ descriptor: Int32, _ offset: Int, _ whence: Int32) -> Int? {
    let place = lseek(descriptor, offset, whence)
    return place < 0 ? nil : place
  }

  static func truncate(_ descriptor: Int32, _ size: Int) -> Bool {
    ftruncate(descriptor, size) == 0
  }

  /// What is known of a file.
  struct Facts {
    var mode: UInt32
    var size: Int
    var device: UInt64
    var node: UInt64
    var links: Int
    var owner: Int
    var group: Int
    var accessed: (seconds: Int, nanoseconds: Int)
    var modified: (seconds: Int, nanoseconds: Int)
    var changed: (seconds: Int, nanoseconds: Int)

    init(_ raw: stat) {
      mode = raw.st_mode
      size = raw.st_size
      device = UInt64(raw.st_dev)
      node = UInt64(raw.st_ino)
      links = Int(raw.st_nlink)
      owner = Int(raw.st_uid)
      group = Int(raw.st_gid)
      accessed = (raw.st_atim.tv_sec, raw.st_atim.tv_nsec)
      modified = (raw.st_mtim.tv_sec, raw.st_mtim.tv_nsec)
      changed = (raw.st_ctim.tv_sec, raw.st_ctim.tv_nsec)
    }

    var isFolder: Bool { mode & S_IFMT == S_IFDIR }
    var isFile: Bool { mode & S_IFMT == S_IFREG }
    var isLink: Bool { mode & S_IFMT == S_IFLNK }
  }

  static func facts(of path: String, followingLinks: Bool = true) -> Facts? {
    var raw = stat()
    let result = unsafe followingLinks ? stat(path, &raw) : lstat(path, &raw)
    return result == 0 ? Facts(raw) : nil
  }

  static func facts(of descriptor: Int32) -> Facts? {
    var raw = stat()
    return unsafe fstat(descriptor, &raw) == 0 ? Facts(raw) : nil
  }

  /// The names in a folder, without `.` and `..`, in the system's order.
  static func names(in path: String) -> [String]? {
    guard let folder = unsafe opendir(path) else { return nil }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  static func makeFolder(_ path: String, mode: UInt32) -> Bool { unsafe mkdir(path, mode) == 0 }
  static func removeFolder(_ path: String) -> Bool { unsafe rmdir(path) == 0 }
  static func removeFile(_ path: String) -> Bool { unsafe unlink(path) == 0 }
  static func move(_ path: String, to other: String) -> Bool { unsafe rename(path, other) == 0 }
  static func allows(_ path: String, _ mode: Int32) -> Bool { unsafe access(path, mode) == 0 }

  static func target(ofLink path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes -> Int in
      guard let start = bytes.baseAddress else { return -1 }
      return unsafe readlink(path, start.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
  }

  static func makeLink(_ path: String, to target: String) -> Bool {
    unsafe symlink(target, path) == 0
  }

  /// The working directory of the process.
  static var workingDirectory: String? {
    guard let path = unsafe getcwd(nil, 0) else { return nil }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// All variables of the environment, as `NAME=value`.
  static var environment: [String] {
    var all: [String] = []
    var index = 0
    while let line = unsafe environ[index] {
      all.append(unsafe String(cString: line))
      index += 1
    }
    return all
  }

  static var process: Int { Int(getpid()) }
}
