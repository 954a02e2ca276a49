import Glibc

/// The memory that blocks of cells are cut from; kept until the heap ends.
///
/// A small heap takes it in small pieces, one that has grown in regions. Not in large pages: where
/// other programs take and give memory in turn, the system has to make those anew, and a script of
/// many small values then waits for them longer than for small ones.
@safe
struct BlockSupply {
  /// Blocks that are taken one by one.
  private static let few = 32
  private static let regionBytes = 8 << 20

  private var single: [UnsafeMutableRawPointer] = unsafe []
  private var regions: [UnsafeMutableRawPointer] = unsafe []
  /// What was taken of the newest region.
  private var used = BlockSupply.regionBytes

  mutating func take() -> UnsafeMutableRawPointer {
    if unsafe single.count >= BlockSupply.few, used < BlockSupply.regionBytes || extend() {
      if let region = unsafe regions.last {
        defer { used += Heap.blockBytes }
        return unsafe region + used
      }
    }
    let block = UnsafeMutableRawPointer.allocate(byteCount: Heap.blockBytes, alignment: 16)
    unsafe single.append(block)
    return unsafe block
  }

  /// Takes another region; false: the system has none.
  private mutating func extend() -> Bool {
    let memory = unsafe mmap(
      nil, BlockSupply.regionBytes, PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return false }
    unsafe regions.append(memory)
    used = 0
    return true
  }

  func deallocate() {
    for index in unsafe single.indices { unsafe single[index].deallocate() }
    for index in unsafe regions.indices {
      unsafe munmap(regions[index], BlockSupply.regionBytes)
    }
  }
}
