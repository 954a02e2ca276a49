import Glibc

/// The interned strings.
///
/// Those that nothing refers to are dropped by the collector.
struct InternTable {
  private var slots: [StringCell?] = Array(repeating: nil, count: 1024)
  private var count = 0
  private var singles: [StringCell?] = Array(repeating: nil, count: 129)

  mutating func makeSingle(_ code: Int, _ heap: Heap) -> StringCell {
    if let string = singles[code] { return string }
    let byte = [UInt8(truncatingIfNeeded: code)]
    let string = unsafe byte.withUnsafeBufferPointer { bytes in
      unsafe find(bytes.baseAddress, 1, heap)
    }
    singles[code] = string
    return string
  }

  mutating func empty(_ heap: Heap) -> StringCell {
    if let string = singles[128] { return string }
    let string = unsafe find(nil, 0, heap)
    singles[128] = string
    return string
  }

  mutating func find(_ bytes: UnsafePointer<UInt8>?, _ size: Int, _ heap: Heap) -> StringCell {
    let zero: [UInt8] = [0]
    let hash = unsafe zero.withUnsafeBufferPointer { none in
      unsafe StringCell.hash(bytes ?? none.baseAddress.unsafelyUnwrapped, size)
    }
    var index = hash & (slots.count - 1)
    while let string = slots[index] {
      if string.byteCount == size, string.hash == hash,
        unsafe size == 0 || memcmp(string.bytes, bytes.unsafelyUnwrapped, size) == 0
      {
        return string
      }
      index = (index + 1) & (slots.count - 1)
    }
    let string = unsafe heap.newString(bytes: bytes, count: size)
    string.set(StringCell.Flag.interned)
    slots[index] = string
    count += 1
    if count * 2 > slots.count { rebuild(slots.count * 2) { _ in true } }
    return string
  }

  private mutating func rebuild(_ size: Int, keeping isKept: (StringCell) -> Bool) {
    let old = slots
    slots = Array(repeating: nil, count: size)
    count = 0
    for case .some(let string) in old where isKept(string) {
      var index = string.hash & (size - 1)
      while slots[index] != nil { index = (index + 1) & (size - 1) }
      slots[index] = string
      count += 1
    }
  }

  /// Forgets the strings that the collection has not reached.
  mutating func keepMarked(_ epoch: UInt8) {
    rebuild(slots.count) { $0.cell.header.mark == epoch }
  }

  /// The strings that live as long as the heap.
  var permanent: [StringCell] { singles.compactMap { $0 } }
}
