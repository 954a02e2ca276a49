internal import Glibc
internal import Synchronization

/// Where all tensor memory comes from: counts it, limits it, and keeps freed buffers for reuse.
///
/// Reuse matters because fresh pages fault on first touch: measured on the peers, page faults on
/// temporaries double the time of a training step.
///
/// `@safe`: a buffer is handed out once and comes back once; addresses wait under a lock.
@safe
public final class StoragePool: Sendable {
  /// The process has one memory, so it has one pool.
  public static let shared = StoragePool()

  /// Buffers above this go straight back to the system.
  private static let largestKept = 64 << 20
  private static let cacheLimit = 256 << 20

  /// Addresses of free buffers by bucket.
  private struct Lists {
    var free: [[Int]] = Array(repeating: [], count: 128)
    var cached = 0
  }

  private let lists = Mutex(Lists())
  private let live = Atomic<Int>(0)
  private let maximum: Atomic<Int>

  private init() {
    let pages = max(sysconf(Int32(_SC_PHYS_PAGES)), 1)
    let size = max(sysconf(Int32(_SC_PAGESIZE)), 4096)
    let (bytes, overflow) = pages.multipliedReportingOverflow(by: size)
    maximum = Atomic(overflow ? 1 << 40 : bytes / 4 * 3)
  }

  /// Bytes held by tensors now, each storage counted once.
  public var liveBytes: Int { live.load(ordering: .relaxed) }

  /// The budget; an allocation beyond it throws.
  ///
  /// Three quarters of the machine's memory at start.
  public var limit: Int {
    get { maximum.load(ordering: .relaxed) }
    set { maximum.store(newValue, ordering: .relaxed) }
  }

  /// Throws before anything is allocated when `bytes` more would exceed the budget.
  public func reserve(_ bytes: Int) throws(TensorError) {
    let held = liveBytes
    guard bytes <= limit, held <= limit - bytes else {
      throw .memory(asked: bytes, live: held, limit: limit)
    }
  }

  /// The same for `count` values of `size` bytes that are made before the tensor.
  func reserve(_ count: Int, of size: Int) throws(TensorError) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow else { throw .memory(asked: Int.max, live: liveBytes, limit: limit) }
    try reserve(max(bytes, 0))
  }

  /// Four buckets per power of two, from 64 bytes.
  private static func bucket(_ bytes: Int) -> (index: Int, capacity: Int) {
    let size = max(bytes, 64)
    let power = Int.bitWidth - 1 - (size - 1).leadingZeroBitCount
    let quarter = max((1 << power) >> 2, 16)
    let base = 1 << power
    let steps = (size - base + quarter - 1) / quarter
    let capacity = (base + steps * quarter + 63) & ~63
    return ((power - 5) * 4 + steps, capacity)
  }

  func take(_ bytes: Int) throws(TensorError) -> UnsafeMutableRawPointer {
    try reserve(bytes)
    let (index, capacity) = StoragePool.bucket(bytes)
    if capacity <= StoragePool.largestKept {
      let kept = lists.withLock { lists -> Int in
        guard let address = lists.free[index].popLast() else { return 0 }
        lists.cached -= capacity
        return address
      }
      if let pointer = unsafe UnsafeMutableRawPointer(bitPattern: kept) {
        live.add(bytes, ordering: .relaxed)
        return unsafe pointer
      }
    }
    guard let pointer = unsafe aligned_alloc(64, capacity) else {
      throw .memory(asked: bytes, live: liveBytes, limit: limit)
    }
    live.add(bytes, ordering: .relaxed)
    return unsafe pointer
  }

  func give(_ pointer: UnsafeMutableRawPointer, bytes: Int) {
    live.subtract(bytes, ordering: .relaxed)
    let (index, capacity) = StoragePool.bucket(bytes)
    let address = Int(bitPattern: pointer)
    let kept = lists.withLock { lists -> Bool in
      guard capacity <= StoragePool.largestKept,
        lists.cached + capacity <= StoragePool.cacheLimit
      else { return false }
      lists.free[index].append(address)
      lists.cached += capacity
      return true
    }
    if !kept { unsafe free(pointer) }
  }
}
