import Glibc

/// Small buffers that were given back, by their size; the next of that size takes one of them.
@safe
struct SpareBuffers {
  static let step = 16
  /// The size of the largest that is kept.
  static let largest = 256
  /// Buffers that are made at a time.
  private static let run = 64

  @safe private struct Chunks {
    var all: [UnsafeMutableRawPointer] = unsafe []
  }

  /// For each size the first one; each begins with the address of the next.
  private let first: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  private let chunks: UnsafeMutablePointer<Chunks>
  /// The size of the largest that is kept by this heap: none, so that a sanitizer sees every use.
  private let limit: Int

  init(keeps: Bool) {
    let sizes = SpareBuffers.largest / SpareBuffers.step + 1
    unsafe first = .allocate(capacity: sizes)
    unsafe first.initialize(repeating: nil, count: sizes)
    unsafe chunks = .allocate(capacity: 1)
    unsafe chunks.initialize(to: Chunks())
    limit = keeps ? SpareBuffers.largest : -1
  }

  func deallocate() {
    for index in unsafe chunks.pointee.all.indices {
      unsafe chunks.pointee.all[index].deallocate()
    }
    unsafe chunks.deinitialize(count: 1)
    unsafe chunks.deallocate()
    unsafe first.deallocate()
  }

  /// Whether buffers of this size are kept here.
  @inline(__always)
  func holds(_ bytes: Int) -> Bool { bytes <= limit }

  @inline(__always)
  static func size(_ bytes: Int) -> Int { (bytes &+ (step - 1)) / step }

  @inline(__always)
  func take(_ bytes: Int) -> UnsafeMutableRawPointer {
    let size = SpareBuffers.size(bytes)
    guard let buffer = unsafe first[size] else { return unsafe make(size) }
    unsafe first[size] = buffer.load(as: UnsafeMutableRawPointer?.self)
    return unsafe buffer
  }

  @inline(__always)
  func give(_ buffer: UnsafeMutableRawPointer, _ bytes: Int) {
    let size = SpareBuffers.size(bytes)
    unsafe buffer.storeBytes(of: first[size], as: UnsafeMutableRawPointer?.self)
    unsafe first[size] = buffer
  }

  /// Makes some of a size, and returns the first.
  @inline(never)
  private func make(_ size: Int) -> UnsafeMutableRawPointer {
    let bytes = max(size, 1) * SpareBuffers.step
    let chunk = UnsafeMutableRawPointer.allocate(
      byteCount: bytes * SpareBuffers.run, alignment: 16)
    unsafe chunks.pointee.all.append(chunk)
    for index in stride(from: SpareBuffers.run - 1, to: 0, by: -1) {
      unsafe give(chunk + index * bytes, size * SpareBuffers.step)
    }
    return unsafe chunk
  }
}

/// Buffers beside the cells: what lists, dicts and long texts keep their contents in.
extension Heap {
  /// A buffer; the caller has checked `fits`.
  @inline(__always)
  func buffer(_ bytes: Int) -> UnsafeMutableRawPointer {
    account(bytes)
    return unsafe spare.holds(bytes) ? spare.take(bytes) : Heap.systemBuffer(bytes)
  }

  @inline(never)
  private static func systemBuffer(_ bytes: Int) -> UnsafeMutableRawPointer {
    guard let buffer = unsafe malloc(max(bytes, 1)) else {
      preconditionFailure("the system has no memory left")
    }
    if bytes >= LargePages.worthwhile { unsafe LargePages.advise(buffer, bytes) }
    return unsafe buffer
  }

  func resize(
    _ buffer: UnsafeMutableRawPointer?, from old: Int, to new: Int
  ) -> UnsafeMutableRawPointer {
    if let buffer = unsafe buffer, spare.holds(old) || spare.holds(new) {
      let moved = unsafe self.buffer(new)
      unsafe moved.copyMemory(from: buffer, byteCount: min(old, new))
      unsafe release(buffer, old)
      return unsafe moved
    }
    account(new - old)
    guard let moved = unsafe realloc(buffer, max(new, 1)) else {
      preconditionFailure("the system has no memory left")
    }
    if new >= LargePages.worthwhile { unsafe LargePages.advise(moved, new) }
    return unsafe moved
  }

  @inline(__always)
  func release(_ buffer: UnsafeMutableRawPointer?, _ bytes: Int) {
    guard let buffer = unsafe buffer else { return }
    unsafe state.pointee.bytes &-= bytes
    if spare.holds(bytes) {
      unsafe spare.give(buffer, bytes)
    } else {
      unsafe Glibc.free(buffer)
    }
  }
}
