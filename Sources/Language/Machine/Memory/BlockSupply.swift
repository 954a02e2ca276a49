import Glibc

/// The memory that blocks of cells are cut from; kept until the heap ends.
///
/// A small heap takes it in small pieces. One that has grown takes regions for which the system
/// may use large pages: clearing and mapping memory a page at a time is what a script that makes
/// many values would else spend much of its time on.
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
    let size = BlockSupply.regionBytes
    let page = LargePages.bytes
    let memory = unsafe mmap(
      nil, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return false }
    // A large page begins at a multiple of its size; what lies before and behind goes back.
    let before = -Int(bitPattern: memory) & (page - 1)
    if before > 0 { unsafe munmap(memory, before) }
    if before < page { unsafe munmap(memory + before + size, page - before) }
    unsafe LargePages.advise(memory + before, size)
    unsafe regions.append(memory + before)
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
