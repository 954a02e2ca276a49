import Catalog
import Glibc

/// Room for what scripts make: asked for before it is taken, so that too much is an exception.
extension Machine {
  /// Makes sure that `count` elements of `size` bytes fit, or throws MemoryError.
  ///
  /// A safepoint: it collects once before it gives up, so values in Swift locals do not survive it
  /// unless script code could run there too.
  @inline(__always)
  func room(for count: Int, of size: Int) throws(Thrown) {
    if !heap.fits(count, of: size) || isStressed { try findRoom(count, size) }
  }

  @inline(never)
  private func findRoom(_ count: Int, _ size: Int) throws(Thrown) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    // No collection frees more than there is.
    if !overflow, bytes < limits.memory, !collect() { throw interrupt() }
    guard heap.fits(count, of: size) else {
      throw memoryError(asked: overflow ? Int.max : bytes)
    }
  }

  /// Throws when `count` elements of `size` bytes do not fit; collects nothing.
  @inline(__always)
  func checkRoom(for count: Int, of size: Int) throws(Thrown) {
    if !heap.fits(count, of: size) {
      let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
      throw memoryError(asked: overflow ? Int.max : bytes)
    }
  }

  /// Adds an element at the end of a list.
  @inline(__always)
  func append(_ value: RawValue, to list: ListCell) throws(Thrown) {
    let count = list.count
    if unsafe count == list.at.pointee.capacity { try grow(list) }
    list[count] = value
    unsafe list.at.pointee.count = count &+ 1
  }

  @inline(never)
  private func grow(_ list: ListCell) throws(Thrown) {
    let count = list.count
    // The old row and the new one may stand beside each other.
    try checkRoom(for: count + (count >> 1) + 6, of: MemoryLayout<RawValue>.stride)
    heap.grow(list, to: count + 1)
  }

  /// Checks text that grows outside the heap: no container writes more than the limit allows.
  ///
  /// A safepoint.
  @inline(__always)
  func checkText(_ bytes: Int) throws(Thrown) {
    try safepoint()
    if bytes > 1 << 20 { try checkRoom(for: bytes, of: 1) }
  }

  // MARK: Long copies

  /// A list of `count` elements, copied in stretches; an interrupt is seen between them.
  ///
  /// What an interrupt leaves unwritten is garbage that nothing refers to.
  func newList(copying elements: Registers, count: Int) throws(Thrown) -> ListCell {
    let list = heap.newList(count: count, capacity: count)
    try copy(elements, count, to: list.elements)
    return list
  }

  /// The same as a tuple.
  func newTuple(copying elements: Registers, count: Int) throws(Thrown) -> TupleCell {
    let tuple = heap.newTuple(count: count)
    try copy(elements, count, to: tuple.elements)
    return tuple
  }

  /// Copies values between rows that do not overlap.
  @inline(__always)
  func copy(_ source: Registers, _ count: Int, to target: Registers) throws(Thrown) {
    if count <= Machine.rowStretch {
      unsafe target.base.update(from: source.base, count: count)
    } else {
      try copyLong(source, count, to: target)
    }
  }

  /// Values that are moved between two looks at what is pending.
  static let rowStretch = 1 << 18

  @inline(never)
  private func copyLong(_ source: Registers, _ count: Int, to target: Registers) throws(Thrown) {
    for start in stride(from: 0, to: count, by: Machine.rowStretch) {
      try poll()
      unsafe (target.base + start).update(
        from: source.base + start, count: min(Machine.rowStretch, count - start))
    }
  }

  func memoryError(asked: Int) -> Thrown {
    heap.refused = asked
    return memoryError()
  }

  // MARK: The native stack

  /// Throws RecursionError when Swift code that calls itself has used most of the thread's stack.
  ///
  /// Depth counters bound each kind of recursion; this bounds all of them together.
  @inline(__always)
  func checkStack() throws(Thrown) {
    if unsafe Machine.stackPointer < state.pointee.nativeEnd { throw nativeOverflow() }
  }

  @inline(never)
  private func nativeOverflow() -> Thrown {
    error(
      .recursion, "maximum recursion depth exceeded", code: "L111",
      notes: ["the system's stack is nearly full"])
  }

  @inline(__always)
  private static var stackPointer: UInt {
    var here: UInt8 = 0
    return unsafe withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) }
  }

  private typealias GetAttributes =
    @convention(c) (pthread_t, UnsafeMutablePointer<pthread_attr_t>) -> Int32

  /// An extension of the C library that Swift's module map leaves out; nil where there is none.
  private static let attributes: GetAttributes? = {
    let found = unsafe dlsym(nil, "pthread_getattr_np")
    return unsafe found.map { unsafe unsafeBitCast($0, to: GetAttributes.self) }
  }()

  /// The address below which the current thread's stack counts as full; 0 when it is not known.
  static func nativeEnd() -> UInt {
    var attributes = pthread_attr_t()
    guard let read = unsafe Machine.attributes, unsafe read(pthread_self(), &attributes) == 0
    else { return 0 }
    defer { unsafe pthread_attr_destroy(&attributes) }
    var lowest: UnsafeMutableRawPointer?
    var size = 0
    guard unsafe pthread_attr_getstack(&attributes, &lowest, &size) == 0 else { return 0 }
    // The system's guard page, signal handlers and code of the library need some.
    return UInt(bitPattern: lowest) + UInt(min(max(size / 8, 64 << 10), 4 << 20))
  }
}
