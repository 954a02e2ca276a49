import Glibc

/// The script's memory: cells of a few sizes on free lists, and buffers beside them.
///
/// Cells never move. Allocating never collects: it asks for a collection through `pending`, which
/// the machine answers at its next safepoint. So a value in a Swift local stays good until script
/// code runs again or a safepoint is passed.
@safe
final class Heap {
  /// Cell sizes are multiples of 16 up to `largest`; what is larger is allocated by itself.
  static let step = 16
  static let largest = 256
  static let blockBytes = 1 << 18
  /// The slots of the table that empty dicts share.
  static let emptySlots = 8
  /// What may still be allocated at a time beyond the limit.
  static let grace = 1 << 14
  /// Bytes before the first collection, and at least between two: few enough to stay in the
  /// cache's reach.
  static let smallest = 4 << 20
  /// Bytes up to which the values of a script may make a few times as much garbage as they are,
  /// so that marking them costs little.
  static let roomy = 16 << 20
  /// External bytes before the first collection, and at least between two: the temporaries of a
  /// hand-written training loop go in time, and marking a small heap costs little beside them.
  static let smallestExternal = 32 << 20

  /// Cells of a notebook between two collections at most: of what a cell leaves behind, such as
  /// figures, only tensors are counted.
  static let cellsBetween = 256

  /// The bytes that did not fit last, for the message.
  var refused = 0

  @safe struct State {
    /// Bytes of all cells and buffers, garbage included.
    var bytes = 0
    /// Bytes outside the heap that live as long as native objects in it.
    var externalBytes = 0
    var externalThreshold = Heap.smallestExternal
    var threshold = Heap.smallest
    var limit = Int.max
    /// The mark of what the last collection reached, never 0, which new cells have.
    var epoch: UInt8 = 1
    var poisons = false
  }

  @safe struct Block {
    var start: UnsafeMutableRawPointer
    var cellBytes: Int
    var used: Int
  }

  // The pointers stay the same for the life of the heap and are freed in `deinit`.
  let state: UnsafeMutablePointer<State>
  let free: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  let spare: SpareBuffers
  /// What an empty dict finds: no entry anywhere.
  let emptyIndices: UnsafeMutablePointer<Int32>
  /// The strings of one ASCII character each, made when first needed.
  let singles: UnsafeMutablePointer<RawValue>
  /// The one byte that says something waits; the machine's.
  let request: () -> Void
  var blocks: [Block] = []
  private var supply = BlockSupply()
  /// For each size the block that still has fresh cells.
  var current: [Int]
  /// Blocks in which the last collections have left no cell; they may serve any size.
  var vacant: [Int] = []
  /// The cells that were allocated by themselves.
  var large: [(cell: UnsafeMutableRawPointer, bytes: Int)] = unsafe []
  var interned: InternTable
  var shapes = Shapes()
  let collections: Collections

  /// What the collector did so far.
  final class Collections {
    var count = 0
    var seconds = 0.0
    var liveBytes = 0
    /// Cells begun since the last one.
    var cells = 0
    /// Collections since the last whole one that an interrupt has ended.
    var givenUp = 0
  }

  init(limit: Int, poisons: Bool, request: @escaping () -> Void) {
    SystemMemory.keepsFreed()
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(
      to: State(threshold: min(Heap.smallest, limit), limit: limit, poisons: poisons))
    let classes = Heap.largest / Heap.step + 1
    unsafe free = .allocate(capacity: classes)
    unsafe free.initialize(repeating: nil, count: classes)
    spare = SpareBuffers(keeps: !poisons)
    unsafe emptyIndices = .allocate(capacity: Heap.emptySlots)
    unsafe emptyIndices.initialize(repeating: -1, count: Heap.emptySlots)
    unsafe singles = .allocate(capacity: 128)
    unsafe singles.initialize(repeating: .undefined, count: 128)
    current = Array(repeating: -1, count: classes)
    interned = InternTable()
    collections = Collections()
    self.request = request
  }

  deinit {
    releaseAll()
    unsafe free.deallocate()
    spare.deallocate()
    unsafe emptyIndices.deallocate()
    unsafe singles.deallocate()
    unsafe state.deallocate()
  }

  var bytes: Int { unsafe state.pointee.bytes }
  var limit: Int {
    get { unsafe state.pointee.limit }
    set { unsafe state.pointee.limit = newValue }
  }

  /// A fresh cell of at least `bytes` bytes with its header set; the rest is not initialised.
  @inline(__always)
  func allocate(_ bytes: Int, _ kind: Kind, flags: UInt16 = 0, extra: UInt32 = 0) -> Cell {
    let size = (bytes + (Heap.step - 1)) & ~(Heap.step - 1)
    let cell = unsafe size <= Heap.largest ? take(size) : takeLarge(size)
    unsafe cell.assumingMemoryBound(to: Header.self).pointee = Header(
      kind: kind.rawValue, mark: 0, flags: flags, extra: extra)
    return unsafe Cell(cell)
  }

  @inline(__always)
  private func take(_ size: Int) -> UnsafeMutableRawPointer {
    let index = size / Heap.step
    guard let cell = unsafe free[index] else { return unsafe refill(index) }
    unsafe free[index] =
      cell.advanced(by: 8).assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
      .pointee
    unsafe state.pointee.bytes &+= size
    if unsafe state.pointee.bytes > state.pointee.threshold { askForCollection() }
    return unsafe cell
  }

  @inline(never)
  private func askForCollection() { request() }

  /// Takes a run of fresh cells from a block into the free list, and returns the first.
  @inline(never)
  private func refill(_ index: Int) -> UnsafeMutableRawPointer {
    let size = index * Heap.step
    // By itself, so that a sanitizer of addresses sees every cell.
    if unsafe state.pointee.poisons { return unsafe takeLarge(size) }
    var block = current[index]
    let isFull = block < 0 || blocks[block].used + size > Heap.blockBytes
    if isFull {
      block = takeBlock(size)
      current[index] = block
    }
    let run = min(64, (Heap.blockBytes - blocks[block].used) / size)
    let start = unsafe blocks[block].start + blocks[block].used
    blocks[block].used += run * size
    var next: UnsafeMutableRawPointer? = nil
    for cell in stride(from: run - 1, to: 0, by: -1) {
      let pointer = unsafe start + cell * size
      unsafe Heap.link(pointer, to: next)
      unsafe next = pointer
    }
    unsafe free[index] = next
    unsafe state.pointee.bytes &+= size
    if unsafe state.pointee.bytes > state.pointee.threshold { askForCollection() }
    return unsafe start
  }

  /// The index of a block for fresh cells of a size.
  private func takeBlock(_ size: Int) -> Int {
    if let block = vacant.popLast() {
      blocks[block].cellBytes = size
      return block
    }
    unsafe blocks.append(Block(start: supply.take(), cellBytes: size, used: 0))
    return blocks.count - 1
  }

  @inline(__always)
  static func link(_ cell: UnsafeMutableRawPointer, to next: UnsafeMutableRawPointer?) {
    unsafe cell.assumingMemoryBound(to: UInt64.self).pointee = 0
    unsafe (cell + 8).assumingMemoryBound(to: UnsafeMutableRawPointer?.self).pointee = next
  }

  @inline(never)
  private func takeLarge(_ size: Int) -> UnsafeMutableRawPointer {
    let cell = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    unsafe large.append((cell, size))
    account(size)
    return unsafe cell
  }

  /// Counts bytes that came or went beside the cells.
  @inline(__always)
  func account(_ bytes: Int) {
    unsafe state.pointee.bytes &+= bytes
    if unsafe state.pointee.bytes > state.pointee.threshold { askForCollection() }
  }

  /// Counts bytes of tensors and other native objects.
  func accountExternal(_ bytes: Int) {
    unsafe state.pointee.externalBytes &+= bytes
    if unsafe state.pointee.externalBytes > state.pointee.externalThreshold { askForCollection() }
  }

  /// Whether `count` elements of `size` bytes fit under the memory limit.
  ///
  /// A little always fits, so that a script whose memory is full can still say so and tidy up.
  @inline(__always)
  func fits(_ count: Int, of size: Int) -> Bool {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    if !overflow, bytes >= 0, bytes <= Heap.grace { return true }
    guard !overflow, count >= 0 else {
      refused = Int.max
      return false
    }
    let (total, tooMuch) = bytes.addingReportingOverflow(unsafe state.pointee.bytes)
    if unsafe !tooMuch && total <= state.pointee.limit { return true }
    refused = bytes
    return false
  }

  /// The bytes that may still be taken.
  var roomLeft: Int { unsafe max(Heap.grace, state.pointee.limit - state.pointee.bytes) }

  func newBox(_ value: RawValue) -> BoxCell {
    let box = BoxCell(allocate(MemoryLayout<BoxCell.Layout>.size, .box))
    box.content = value
    return box
  }

  private func releaseAll() {
    unsafe forEachCell { kind, cell in unsafe finalize(kind, cell) }
    supply.deallocate()
    for index in unsafe large.indices { unsafe large[index].cell.deallocate() }
  }

  func forEachCell(_ body: (Kind, UnsafeMutableRawPointer) -> Void) {
    for block in blocks {
      var offset = 0
      while offset < block.used {
        let cell = unsafe block.start + offset
        if let kind = unsafe Kind(rawValue: cell.load(as: UInt8.self)) { unsafe body(kind, cell) }
        offset += block.cellBytes
      }
    }
    for index in unsafe large.indices {
      let cell = unsafe large[index].cell
      if let kind = unsafe Kind(rawValue: cell.load(as: UInt8.self)) { unsafe body(kind, cell) }
    }
  }
}
