import Glibc

/// A dict: entries in the order of insertion, found through a table of their indices.
@safe struct DictCell: CellView {
  @safe struct Layout {
    var header: Header
    /// Entries that are there.
    var count: Int
    /// Entries that are there or were deleted.
    var used: Int
    var capacity: Int
    var entries: UnsafeMutablePointer<Entry>
    /// `mask + 1` slots: an entry's index, -1 for empty, -2 for deleted.
    var indices: UnsafeMutablePointer<Int32>
    var mask: Int
    /// Slots that are not empty; deleted ones included, so that every search ends.
    var filled: Int
  }

  struct Entry {
    /// Undefined in a deleted entry.
    var key: RawValue
    var value: RawValue
    var hash: Int
  }

  enum Flag {
    /// Some key is or was an object that may be of a script's class, which may be equal to a text.
    static let objects: UInt16 = 1
  }

  static let kind = Kind.dict
  let cell: Cell
  @inline(__always) init(_ cell: Cell) { self.cell = cell }

  @inline(__always) var count: Int { unsafe at.pointee.count }
  /// The end of the row of entries; walk from 0 and skip deleted ones.
  @inline(__always) var used: Int { unsafe at.pointee.used }

  @inline(__always) var hasObjects: Bool {
    unsafe at.pointee.header.flags & Flag.objects != 0
  }

  @inline(__always)
  func isPresent(_ index: Int) -> Bool { unsafe !at.pointee.entries[index].key.isUndefined }
  @inline(__always)
  func key(_ index: Int) -> RawValue { unsafe at.pointee.entries[index].key }
  @inline(__always)
  func value(_ index: Int) -> RawValue { unsafe at.pointee.entries[index].value }
  @inline(__always)
  func hash(_ index: Int) -> Int { unsafe at.pointee.entries[index].hash }
  @inline(__always)
  func setValue(_ index: Int, _ value: RawValue) {
    unsafe at.pointee.entries[index].value = value
  }

  /// Whether nothing was deleted from its table.
  var isDense: Bool {
    unsafe at.pointee.used == at.pointee.count && at.pointee.filled == at.pointee.count
  }

  /// Calls `body` with the keys and values, in order.
  func forEach<E: Error>(_ body: (RawValue, RawValue) throws(E) -> Void) throws(E) {
    var index = 0
    while index < used {
      if isPresent(index) { try body(key(index), value(index)) }
      index += 1
    }
  }

  /// The slots at which an entry of a hash may stand, one after the other.
  ///
  /// Neighbouring integers begin at neighbouring slots. From the second slot on the other bits of
  /// the hash count, as in CPython: a row of integers would else be one long cluster that every
  /// key that is not there has to be looked for in.
  struct Probe {
    private(set) var slot: Int
    private var rest: UInt

    @inline(__always)
    init(_ hash: Int, _ mask: Int) {
      slot = (hash ^ (hash >> 17)) & mask
      rest = UInt(bitPattern: hash)
    }

    @inline(__always)
    mutating func advance(_ mask: Int) {
      rest >>= 5
      slot = Int(truncatingIfNeeded: UInt(bitPattern: slot) &* 5 &+ 1 &+ rest) & mask
    }
  }

  /// The index of the entry with this string as its key; -1: there is none.
  @inline(__always)
  func find(_ key: StringCell) -> Int {
    let hash = key.hash
    let mask = unsafe at.pointee.mask
    let indices = unsafe at.pointee.indices
    let entries = unsafe at.pointee.entries
    var probe = Probe(hash, mask)
    while true {
      let index = unsafe Int(indices[probe.slot])
      if index == -1 { return -1 }
      if index >= 0 {
        let entry = unsafe entries + index
        if unsafe entry.pointee.hash == hash && entry.pointee.key.isString {
          if unsafe entry.pointee.key.bits == key.cell.address { return index }
          if unsafe StringCell(entry.pointee.key).equals(key) { return index }
        }
      }
      probe.advance(mask)
    }
  }

  /// The index of the entry with this integer as its key when all keys before it in the probe
  /// sequence are integers or strings; -1: there is none, -2: only a full search can tell.
  @inline(__always)
  func find(_ key: Int) -> Int {
    let hash = Heap.hash(key)
    let mask = unsafe at.pointee.mask
    let indices = unsafe at.pointee.indices
    let entries = unsafe at.pointee.entries
    var probe = Probe(hash, mask)
    while true {
      let index = unsafe Int(indices[probe.slot])
      if index == -1 { return -1 }
      if index >= 0 {
        let entry = unsafe entries + index
        if unsafe entry.pointee.hash == hash {
          if unsafe entry.pointee.key.isInt {
            if unsafe entry.pointee.key.int == key { return index }
          } else if unsafe !entry.pointee.key.isString {
            return -2
          }
        }
      }
      probe.advance(mask)
    }
  }

  /// The value under a name; nil: there is none.
  func value(named name: StringCell) -> RawValue? {
    let index = find(name)
    return index < 0 ? nil : value(index)
  }
}

extension Heap {
  func newDict(capacity: Int = 0) -> DictCell {
    let dict = DictCell(allocate(MemoryLayout<DictCell.Layout>.size, .dict))
    if capacity == 0 {
      makeEmptyTable(dict)
    } else {
      var slots = 8
      while slots * 2 < capacity * 3 { slots *= 2 }
      makeTable(dict, slots: slots)
    }
    return dict
  }

  /// Whether one more entry needs a larger table.
  @inline(__always)
  func isFull(_ dict: DictCell) -> Bool {
    unsafe dict.at.pointee.filled == dict.at.pointee.capacity
      || dict.at.pointee.used == dict.at.pointee.capacity
  }

  /// The slots of the table that a full dict with `count` entries gets.
  static func grownSlots(_ count: Int) -> Int {
    var slots = 8
    while slots < count * 3 + 4 { slots *= 2 }
    return slots
  }

  static func tableBytes(slots: Int) -> Int {
    entryCapacity(slots) * MemoryLayout<DictCell.Entry>.stride + slots * 4
  }

  static func entryCapacity(_ slots: Int) -> Int { slots * 2 / 3 }

  private func makeTable(_ dict: DictCell, slots: Int) {
    let capacity = Heap.entryCapacity(slots)
    unsafe dict.at.pointee.count = 0
    unsafe dict.at.pointee.used = 0
    unsafe dict.at.pointee.filled = 0
    unsafe dict.at.pointee.capacity = capacity
    unsafe dict.at.pointee.mask = slots - 1
    let bytes = capacity * MemoryLayout<DictCell.Entry>.stride
    let memory = unsafe buffer(bytes + slots * 4)
    unsafe dict.at.pointee.entries = memory.assumingMemoryBound(to: DictCell.Entry.self)
    unsafe dict.at.pointee.indices = (memory + bytes).assumingMemoryBound(to: Int32.self)
    unsafe memset(dict.at.pointee.indices, 0xFF, slots * 4)
  }

  /// The table of a dict to which nothing was added yet: one for all, without room.
  private func makeEmptyTable(_ dict: DictCell) {
    unsafe dict.at.pointee.count = 0
    unsafe dict.at.pointee.used = 0
    unsafe dict.at.pointee.filled = 0
    unsafe dict.at.pointee.capacity = 0
    unsafe dict.at.pointee.mask = Heap.emptySlots - 1
    unsafe dict.at.pointee.entries = UnsafeMutableRawPointer(emptyIndices)
      .assumingMemoryBound(to: DictCell.Entry.self)
    unsafe dict.at.pointee.indices = emptyIndices
  }

  /// Gives back a table that a dict has had.
  func releaseTable(_ table: DictCell.Layout) {
    if table.capacity == 0 { return }
    let bytes = table.capacity * MemoryLayout<DictCell.Entry>.stride + (table.mask + 1) * 4
    unsafe release(UnsafeMutableRawPointer(table.entries), bytes)
  }

  /// Adds an entry whose key is known not to be there.
  @inline(__always)
  func add(_ key: RawValue, hash: Int, _ value: RawValue, to dict: DictCell) {
    if isFull(dict) { rebuild(dict) }
    let index = unsafe dict.at.pointee.used
    let mask = unsafe dict.at.pointee.mask
    let indices = unsafe dict.at.pointee.indices
    var probe = DictCell.Probe(hash, mask)
    while unsafe indices[probe.slot] >= 0 { probe.advance(mask) }
    if unsafe indices[probe.slot] == -1 { unsafe dict.at.pointee.filled &+= 1 }
    unsafe indices[probe.slot] = Int32(truncatingIfNeeded: index)
    unsafe dict.at.pointee.entries[index] = DictCell.Entry(key: key, value: value, hash: hash)
    if key.tag == RawValue.Tag.instance || key.tag == RawValue.Tag.exception {
      unsafe dict.at.pointee.header.flags |= DictCell.Flag.objects
    }
    unsafe dict.at.pointee.used = index &+ 1
    unsafe dict.at.pointee.count &+= 1
    if dict.shape != Shapes.none { noteShape(of: dict, adding: key) }
  }

  /// Makes room, dropping deleted entries.
  @inline(never)
  private func rebuild(_ dict: DictCell) {
    let old = unsafe dict.at.pointee
    let slots = Heap.grownSlots(old.count)
    makeTable(dict, slots: slots)
    let mask = slots - 1
    let indices = unsafe dict.at.pointee.indices
    var next = 0
    for index in 0..<old.used {
      let entry = unsafe old.entries[index]
      if entry.key.isUndefined { continue }
      unsafe dict.at.pointee.entries[next] = entry
      var probe = DictCell.Probe(entry.hash, mask)
      while unsafe indices[probe.slot] >= 0 { probe.advance(mask) }
      unsafe indices[probe.slot] = Int32(truncatingIfNeeded: next)
      next += 1
    }
    unsafe dict.at.pointee.used = next
    unsafe dict.at.pointee.count = next
    unsafe dict.at.pointee.filled = next
    releaseTable(old)
  }

  /// Sets the value under a string, replacing the one that is there.
  @inline(__always)
  func set(_ key: StringCell, _ value: RawValue, in dict: DictCell) {
    let index = dict.find(key)
    if index >= 0 {
      dict.setValue(index, value)
    } else {
      add(key.value, hash: key.hash, value, to: dict)
    }
  }

  func remove(at index: Int, from dict: DictCell) {
    dict.shape = Shapes.none
    let mask = unsafe dict.at.pointee.mask
    let indices = unsafe dict.at.pointee.indices
    var probe = DictCell.Probe(dict.hash(index), mask)
    while unsafe indices[probe.slot] != Int32(truncatingIfNeeded: index) { probe.advance(mask) }
    unsafe indices[probe.slot] = -2
    unsafe dict.at.pointee.entries[index].key = .undefined
    unsafe dict.at.pointee.entries[index].value = .none
    unsafe dict.at.pointee.count -= 1
    // Popping from the end leaves no gaps behind.
    while dict.used > 0 && !dict.isPresent(dict.used - 1) {
      unsafe dict.at.pointee.used -= 1
    }
    if dict.count == 0 { clear(dict) }
  }

  /// Gives a dict without a table of its own the entries of another one that is dense.
  ///
  /// - Parameter pause: called now and then; when it throws, the new dict is empty.
  private func makeCopy<E: Error>(
    of dict: DictCell, in new: DictCell, pause: () throws(E) -> Void
  ) throws(E) {
    let slots = unsafe dict.at.pointee.mask + 1
    makeTable(new, slots: slots)
    new.shape = Shapes.none
    if dict.hasObjects { unsafe new.at.pointee.header.flags |= DictCell.Flag.objects }
    let stretch = 1 << 17
    for start in stride(from: 0, to: dict.used, by: stretch) {
      if start > 0 { try pause() }
      unsafe (new.at.pointee.entries + start).update(
        from: dict.at.pointee.entries + start, count: min(stretch, dict.used - start))
    }
    unsafe new.at.pointee.indices.update(from: dict.at.pointee.indices, count: slots)
    unsafe new.at.pointee.count = dict.count
    unsafe new.at.pointee.used = dict.used
    unsafe new.at.pointee.filled = dict.at.pointee.filled
  }

  /// Gives an empty dict the entries of another one that is dense.
  func fill<E: Error>(
    _ empty: DictCell, from dict: DictCell, pause: () throws(E) -> Void
  ) throws(E) {
    let old = unsafe empty.at.pointee
    defer { releaseTable(old) }
    try makeCopy(of: dict, in: empty, pause: pause)
  }

  func clear(_ dict: DictCell) {
    let old = unsafe dict.at.pointee
    makeEmptyTable(dict)
    dict.shape = Shapes.none
    releaseTable(old)
  }

  /// A dict with the same entries.
  func copy<E: Error>(_ dict: DictCell, pause: () throws(E) -> Void) throws(E) -> DictCell {
    if dict.isDense {
      let new = DictCell(allocate(MemoryLayout<DictCell.Layout>.size, .dict))
      try makeCopy(of: dict, in: new, pause: pause)
      return new
    }
    let new = newDict(capacity: dict.count)
    for index in 0..<dict.used where dict.isPresent(index) {
      add(dict.key(index), hash: dict.hash(index), dict.value(index), to: new)
      if index & 0xFFFF == 0xFFFF { try pause() }
    }
    return new
  }
}

extension Machine {
  /// A dict with the same entries; an interrupt is seen on the way.
  func copy(_ dict: DictCell) throws(Thrown) -> DictCell {
    try heap.copy(dict) { () throws(Thrown) in try poll() }
  }

  /// Gives an empty dict the entries of another one that is dense.
  func fill(_ empty: DictCell, from dict: DictCell) throws(Thrown) {
    try heap.fill(empty, from: dict) { () throws(Thrown) in try poll() }
  }
}
