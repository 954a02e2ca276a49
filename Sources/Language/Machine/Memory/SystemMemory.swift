import Glibc

/// What the machine's own memory allows: the base of the default limits.
enum SystemMemory {
  /// Bytes that this process may hope for: of the computer, its control group, its own limits.
  static let bytes: Int = {
    var least = [physical, limit(RLIMIT_AS), limit(RLIMIT_DATA)]
    for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      if let bytes = number(in: path) { least.append(bytes) }
    }
    return least.min() ?? physical
  }()

  /// A quarter of it, for a script's own values; beside them are tensors and everybody else.
  ///
  /// At most 16 GiB, so that what a container can hold is counted by 31 bits.
  static var share: Int { min(max(bytes / 4, 64 << 20), 16 << 30) }

  /// Lets freed memory wait for its next use, up to a limit, instead of going back to the system
  /// at once: fetching and clearing it again costs more than most work with it.
  static func keepsFreed() { _ = keeping }

  private static let keeping: Bool = {
    // In the C library, but not in its module map.
    typealias SetOption = @convention(c) (Int32, Int32) -> Int32
    guard let found = unsafe dlsym(nil, "mallopt") else { return false }
    let set = unsafe unsafeBitCast(found, to: SetOption.self)
    let (trimThreshold, mapThreshold): (Int32, Int32) = (-1, -3)
    // Buffers from this size on are mapped by themselves and grow without being copied.
    let maps = set(mapThreshold, Int32(LargePages.worthwhile)) == 1
    return set(trimThreshold, 32 << 20) == 1 && maps
  }()

  private static var physical: Int {
    let (bytes, overflow) = max(sysconf(Int32(_SC_PHYS_PAGES)), 1)
      .multipliedReportingOverflow(by: max(sysconf(Int32(_SC_PAGESIZE)), 4096))
    return overflow ? Int.max : bytes
  }

  private static func limit(_ resource: __rlimit_resource) -> Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else {
      return Int.max
    }
    return Int(exactly: limit.rlim_cur) ?? Int.max
  }

  /// The number in a file of the system; nil for none, such as `max`.
  private static func number(in path: String) -> Int? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var digits = ""
    while digits.utf8.count < 20 {
      let character = unsafe fgetc(file)
      guard let byte = UInt8(exactly: character), byte >= 0x30, byte <= 0x39 else { break }
      digits.unicodeScalars.append(Unicode.Scalar(byte))
    }
    return Int(digits)
  }
}
