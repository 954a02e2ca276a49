import Glibc

/// Pages of 2 MiB: mapping memory by these costs a small part of what it costs by 4 KiB.
enum LargePages {
  /// Buffers from this size on have memory of their own that may well be in large pages.
  static let worthwhile = 4 << 20

  /// Asks for large pages where the system gives them only to those who ask; memory that is not
  /// used yet stays free.
  static func advise(_ start: UnsafeMutableRawPointer, _ count: Int) {
    // From the page on which it starts, so that all of a mapping is of one kind and can grow.
    let before = Int(bitPattern: start) & (Int(sysconf(Int32(_SC_PAGESIZE))) - 1)
    unsafe madvise(start - before, count + before, Int32(MADV_HUGEPAGE))
  }
}
