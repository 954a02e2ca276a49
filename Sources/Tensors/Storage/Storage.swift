/// Memory shared by all views of one array: 64-byte aligned, counted, versioned.
///
/// `@safe`: the pointer is valid for `byteCount` bytes as long as the object lives, and only the
/// module's kernels see it, inside closures that keep the object alive.
@safe
public final class Storage {
  let base: UnsafeMutableRawPointer
  /// Bytes asked for; the buffer may be larger.
  public let byteCount: Int
  /// Counts writes, so that a gradient can tell that a value it needs has changed.
  public internal(set) var version = 0
  /// The serial number of the last tape whose values were written here, so that stale views of
  /// them are noticed; 0: none.
  var tracedBy = 0
  private var readers: [String] = []

  /// - Throws: `TensorError.memory` before allocating, when the budget would be exceeded.
  init(byteCount: Int) throws(TensorError) {
    self.byteCount = byteCount
    unsafe base = try StoragePool.shared.take(byteCount)
  }

  deinit {
    unsafe StoragePool.shared.give(base, bytes: byteCount)
  }

  /// Declares a reader; until `unpin`, a script's write throws and names it.
  public func pin(by reader: String) {
    readers.append(reader)
  }

  /// Ends what `pin` with the same name began.
  public func unpin(by reader: String) {
    if let index = readers.lastIndex(of: reader) { readers.remove(at: index) }
  }

  /// Must precede every write that a script asks for.
  func willWrite() throws(TensorError) {
    if let reader = readers.last { throw .pinned(reader: reader) }
    version += 1
  }
}
