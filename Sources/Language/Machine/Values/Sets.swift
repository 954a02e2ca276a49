import Glibc

/// A set or frozenset: the table of CPython 3.11, so that sets of numbers show the same order.
@safe struct SetCell: CellView {
  @safe struct Layout {
    var header: Header
    /// Elements that are there.
    var count: Int
    /// Slots that are or were taken.
    var fill: Int
    var mask: Int
    var entries: UnsafeMutablePointer<Entry>
    /// Where `pop` goes on.
    var finger: Int
    var hash: Int
  }

  struct Entry {
    /// Undefined: the slot is empty, or deleted when `hash` is -1.
    var key: RawValue
    var hash: Int
  }

  static let kind = Kind.set
  static let probes = 9
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  /// As a set or frozenset, whichever it is.
  var value: RawValue {
    RawValue(tag: UInt64(cell.header.kind), bits: cell.address)
  }

  var isFrozen: Bool { cell.header.kind == Kind.frozenSet.rawValue }
  var count: Int { unsafe at.pointee.count }
  /// The number of slots; walk over them and skip those without an element.
  var slots: Int { unsafe at.pointee.mask + 1 }

  @inline(__always)
  func isPresent(_ slot: Int) -> Bool { unsafe !at.pointee.entries[slot].key.isUndefined }
  @inline(__always)
  func key(_ slot: Int) -> RawValue { unsafe at.pointee.entries[slot].key }
  @inline(__always)
  func hash(_ slot: Int) -> Int { unsafe at.pointee.entries[slot].hash }

  /// Slots whose element was removed.
  var deletedCount: Int { unsafe at.pointee.fill - count }

  var array: [RawValue] {
    var all: [RawValue] = []
    all.reserveCapacity(count)
    for slot in 0..<slots where isPresent(slot) { all.append(key(slot)) }
    return all
  }

  var finger: Int {
    get { unsafe at.pointee.finger }
    nonmutating set { unsafe at.pointee.finger = newValue }
  }
}

extension Heap {
  func newSet(isFrozen: Bool = false) -> SetCell {
    let set = SetCell(
      allocate(MemoryLayout<SetCell.Layout>.size, isFrozen ? .frozenSet : .set))
    makeTable(set, slots: 8)
    unsafe set.at.pointee.finger = 0
    return set
  }

  func setBytes(_ set: SetCell) -> Int { set.slots * MemoryLayout<SetCell.Entry>.stride }

  private func makeTable(_ set: SetCell, slots: Int) {
    unsafe set.at.pointee.count = 0
    unsafe set.at.pointee.fill = 0
    unsafe set.at.pointee.mask = slots - 1
    let bytes = slots * MemoryLayout<SetCell.Entry>.stride
    unsafe set.at.pointee.entries = buffer(bytes).assumingMemoryBound(to: SetCell.Entry.self)
    unsafe set.at.pointee.entries.initialize(
      repeating: SetCell.Entry(key: .undefined, hash: 0), count: slots)
  }

  /// Finds the slot of an element, or the empty slot where it would go.
  ///
  /// `isEqual` compares a key of equal hash; it may run script code.
  func slot<E: Error>(
    _ hash: Int, in set: SetCell, isEqual: (RawValue) throws(E) -> Bool
  ) throws(E) -> (slot: Int, isPresent: Bool) {
    var mask = unsafe set.at.pointee.mask
    var entries = unsafe set.at.pointee.entries
    var index = hash & mask
    var perturb = UInt(bitPattern: hash)
    // A new element takes the last deleted slot on its way.
    var deleted: Int?
    search: while true {
      let last = index + SetCell.probes <= mask ? index + SetCell.probes : index
      var slot = index
      while slot <= last {
        let entry = unsafe set.at.pointee.entries[slot]
        if entry.key.isUndefined {
          if entry.hash == 0 { return (deleted ?? slot, false) }
          deleted = slot
        } else if entry.hash == hash {
          let isFound = try isEqual(entry.key)
          // Comparing may have run script code that changed the set.
          let isChanged =
            unsafe mask != set.at.pointee.mask || entries != set.at.pointee.entries
            || !set.at.pointee.entries[slot].key.isIdentical(to: entry.key)
          if isChanged {
            mask = unsafe set.at.pointee.mask
            unsafe entries = set.at.pointee.entries
            index = hash & mask
            perturb = UInt(bitPattern: hash)
            deleted = nil
            continue search
          }
          if isFound { return (slot, true) }
        }
        slot += 1
      }
      perturb >>= 5
      index = Int(truncatingIfNeeded: UInt(bitPattern: index) &* 5 &+ 1 &+ perturb) & mask
    }
  }

  /// The slot of an integer or string among integers and strings, or `~slot` of the empty one
  /// where it would go; nil: comparing needs more than a look.
  @inline(__always)
  func quickSlot(_ key: RawValue, _ hash: Int, in set: SetCell) -> Int? {
    let mask = unsafe set.at.pointee.mask
    let entries = unsafe set.at.pointee.entries
    var index = hash & mask
    var perturb = UInt(bitPattern: hash)
    var deleted = -1
    while true {
      var slot = index
      let last = index &+ SetCell.probes <= mask ? index &+ SetCell.probes : index
      while slot <= last {
        let entry = unsafe entries + slot
        if unsafe entry.pointee.key.isUndefined {
          if unsafe entry.pointee.hash == 0 { return ~(deleted >= 0 ? deleted : slot) }
          deleted = slot
        } else if unsafe entry.pointee.hash == hash {
          let other = unsafe entry.pointee.key
          if other.isIdentical(to: key) { return slot }
          if other.isString, key.isString {
            if StringCell(other).equals(StringCell(key)) { return slot }
          } else if !other.isInt || !key.isInt {
            return nil
          }
        }
        slot &+= 1
      }
      perturb >>= 5
      index = Int(truncatingIfNeeded: UInt(bitPattern: index) &* 5 &+ 1 &+ perturb) & mask
    }
  }

  /// Puts an element into the empty slot that `slot` has found.
  func add(_ key: RawValue, hash: Int, at slot: Int, to set: SetCell) {
    let isReused = unsafe set.at.pointee.entries[slot].hash == -1
    unsafe set.at.pointee.entries[slot] = SetCell.Entry(key: key, hash: hash)
    if isReused {
      unsafe set.at.pointee.count += 1
      return
    }
    unsafe set.at.pointee.fill += 1
    unsafe set.at.pointee.count += 1
    let used = set.count
    if unsafe set.at.pointee.fill * 5 >= set.at.pointee.mask * 3 {
      resize(set, used > 50000 ? used * 2 : used * 4)
    }
  }

  /// Whether one more element needs a larger table.
  @inline(__always)
  func isNearlyFull(_ set: SetCell) -> Bool {
    unsafe (set.at.pointee.fill + 1) * 5 >= set.at.pointee.mask * 3
  }

  /// The slots of the table that a set gets for one more element.
  static func grownSlots(of set: SetCell) -> Int {
    let used = set.count + 1
    var slots = 8
    while slots <= (used > 50000 ? used * 2 : used * 4) { slots *= 2 }
    return slots
  }

  func remove(at slot: Int, from set: SetCell) {
    unsafe set.at.pointee.entries[slot] = SetCell.Entry(key: .undefined, hash: -1)
    unsafe set.at.pointee.count -= 1
  }

  func clear(_ set: SetCell) {
    unsafe release(UnsafeMutableRawPointer(set.at.pointee.entries), setBytes(set))
    makeTable(set, slots: 8)
  }

  func resize(_ set: SetCell, _ least: Int) {
    var slots = 8
    while slots <= least { slots *= 2 }
    let old = unsafe set.at.pointee
    let bytes = setBytes(set)
    makeTable(set, slots: slots)
    for slot in 0...old.mask {
      let entry = unsafe old.entries[slot]
      if !entry.key.isUndefined { insertClean(entry, into: set) }
    }
    unsafe release(UnsafeMutableRawPointer(old.entries), bytes)
  }

  /// Adds an entry known to be new to a table without deleted slots.
  private func insertClean(_ entry: SetCell.Entry, into set: SetCell) {
    let mask = unsafe set.at.pointee.mask
    var index = entry.hash & mask
    var perturb = UInt(bitPattern: entry.hash)
    while true {
      let last = index + SetCell.probes <= mask ? index + SetCell.probes : index
      for slot in index...last where unsafe set.at.pointee.entries[slot].key.isUndefined {
        unsafe set.at.pointee.entries[slot] = entry
        unsafe set.at.pointee.fill += 1
        unsafe set.at.pointee.count += 1
        return
      }
      perturb >>= 5
      index = Int(truncatingIfNeeded: UInt(bitPattern: index) &* 5 &+ 1 &+ perturb) & mask
    }
  }

  /// The room CPython makes before it merges `count` elements.
  func prepare(_ set: SetCell, forMerging count: Int) {
    if unsafe (set.at.pointee.fill + count) * 5 >= set.at.pointee.mask * 3 {
      resize(set, (set.count + count) * 2)
    }
  }

  /// Merges `other` into an empty set as CPython does; false: the set is not empty.
  func mergeIntoEmpty(_ other: SetCell, to set: SetCell) -> Bool {
    guard unsafe set.at.pointee.fill == 0 else { return false }
    if unsafe set.at.pointee.mask == other.at.pointee.mask,
      unsafe other.at.pointee.fill == other.count
    {
      unsafe set.at.pointee.entries.update(from: other.at.pointee.entries, count: other.slots)
      unsafe set.at.pointee.fill = other.count
      unsafe set.at.pointee.count = other.count
      return true
    }
    for slot in 0..<other.slots where other.isPresent(slot) {
      insertClean(SetCell.Entry(key: other.key(slot), hash: other.hash(slot)), into: set)
    }
    return true
  }

  /// Makes the table of a set anew when more than a quarter of its slots held elements that were
  /// removed, as CPython does after a difference.
  func dropDeleted(_ set: SetCell) {
    let (fill, mask) = unsafe (set.at.pointee.fill, set.at.pointee.mask)
    guard fill - set.count > mask / 4 else { return }
    resize(set, set.count > 50_000 ? set.count * 2 : set.count * 4)
  }

  /// Gives two sets one another's tables.
  func exchange(_ one: SetCell, _ other: SetCell) {
    let (first, second) = unsafe (one.at.pointee, other.at.pointee)
    unsafe one.at.pointee = second
    unsafe one.at.pointee.header = first.header
    unsafe other.at.pointee = first
    unsafe other.at.pointee.header = second.header
  }
}
