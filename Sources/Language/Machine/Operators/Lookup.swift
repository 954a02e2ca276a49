/// Keys of dicts and elements of sets, found by hash and equality.
extension Machine {
  /// The index of a key's entry in a dict; -1: it is not there.
  ///
  /// May run script code.
  @inline(__always)
  func find(_ key: RawValue, in dict: DictCell) throws(Thrown) -> Int {
    if key.isString, !dict.hasObjects { return dict.find(StringCell(key)) }
    if key.isInt {
      let index = dict.find(key.int)
      if index != -2 { return index }
    }
    return try find(key, hash: hash(key), in: dict)
  }

  @inline(never)
  func find(_ key: RawValue, hash: Int, in dict: DictCell) throws(Thrown) -> Int {
    if key.isString, !dict.hasObjects { return dict.find(StringCell(key)) }
    var mask = unsafe dict.at.pointee.mask
    var entries = unsafe dict.at.pointee.entries
    var probe = DictCell.Probe(hash, mask)
    while true {
      let index = unsafe Int(dict.at.pointee.indices[probe.slot])
      if index == -1 { return -1 }
      if index >= 0, dict.hash(index) == hash {
        let other = dict.key(index)
        if !other.isUndefined {
          let isFound = try isSameOrEqual(other, key)
          // Comparing may have run script code that changed the dict.
          let isChanged =
            unsafe mask != dict.at.pointee.mask || entries != dict.at.pointee.entries
            || index >= dict.used || !dict.key(index).isIdentical(to: other)
          if !isChanged, isFound { return index }
          if isChanged {
            mask = unsafe dict.at.pointee.mask
            unsafe entries = dict.at.pointee.entries
            probe = DictCell.Probe(hash, mask)
            continue
          }
        }
      }
      probe.advance(mask)
    }
  }

  /// `d[key] = value`.
  ///
  /// May run script code.
  func setItem(_ key: RawValue, _ value: RawValue, in dict: DictCell) throws(Thrown) {
    if key.isString, !dict.hasObjects {
      let string = StringCell(key)
      let index = dict.find(string)
      if index >= 0 { return dict.setValue(index, value) }
      if heap.isFull(dict) { try checkGrowth(dict) }
      return heap.add(key, hash: string.hash, value, to: dict)
    }
    let hash = try hash(key)
    let index = try find(key, hash: hash, in: dict)
    if index >= 0 {
      dict.setValue(index, value)
    } else {
      if heap.isFull(dict) { try checkGrowth(dict) }
      heap.add(key, hash: hash, value, to: dict)
    }
  }

  /// Throws when the table that a full dict needs does not fit.
  @inline(never)
  private func checkGrowth(_ dict: DictCell) throws(Thrown) {
    try checkRoom(for: 1, of: Heap.tableBytes(slots: Heap.grownSlots(dict.count)))
  }

  /// Throws when the table that a set needs for one more element does not fit.
  @inline(never)
  private func checkGrowth(_ set: SetCell) throws(Thrown) {
    let slots = Heap.grownSlots(of: set)
    try checkRoom(for: slots, of: MemoryLayout<SetCell.Entry>.stride)
  }

  /// Whether an element is in a set.
  func contains(_ key: RawValue, hash: Int, in set: SetCell) throws(Thrown) -> Bool {
    if let slot = heap.quickSlot(key, hash, in: set) { return slot >= 0 }
    return try heap.slot(hash, in: set) { other throws(Thrown) in
      try isSameOrEqual(other, key)
    }.isPresent
  }

  /// Adds an element; false: it was there already.
  @discardableResult
  func add(_ key: RawValue, to set: SetCell) throws(Thrown) -> Bool {
    try add(key, hash: hash(key), to: set)
  }

  @discardableResult
  func add(_ key: RawValue, hash: Int, to set: SetCell) throws(Thrown) -> Bool {
    if let slot = heap.quickSlot(key, hash, in: set) {
      if slot >= 0 { return false }
      if heap.isNearlyFull(set) { try checkGrowth(set) }
      heap.add(key, hash: hash, at: ~slot, to: set)
      return true
    }
    let (slot, isPresent) = try heap.slot(hash, in: set) { other throws(Thrown) in
      try isSameOrEqual(other, key)
    }
    if isPresent { return false }
    if heap.isNearlyFull(set) { try checkGrowth(set) }
    heap.add(key, hash: hash, at: slot, to: set)
    return true
  }

  /// Removes an element; false: it was not there.
  func remove(_ key: RawValue, from set: SetCell) throws(Thrown) -> Bool {
    let scope = HandleScope(self)
    var key = key
    if key.tag == RawValue.Tag.set {
      // A set is not hashable; the frozenset it is equal to is looked for.
      key = try newSet(of: key, isFrozen: true).value
      scope.keep(key)
    }
    let hash = try hash(key)
    if let slot = heap.quickSlot(key, hash, in: set) {
      if slot >= 0 { heap.remove(at: slot, from: set) }
      return slot >= 0
    }
    let (slot, isPresent) = try heap.slot(hash, in: set) { other throws(Thrown) in
      try isSameOrEqual(other, key)
    }
    if isPresent { heap.remove(at: slot, from: set) }
    return isPresent
  }

  /// Adds what an iterable gives, with CPython's order of growth.
  func merge(_ source: RawValue, into set: SetCell) throws(Thrown) {
    let scope = HandleScope(self)
    scope.keep(set.value)
    if source.isAnySet {
      let other = SetCell(source)
      if other.isSame(as: set) || other.count == 0 { return }
      try checkRoom(for: set.count + other.count, of: 96)
      heap.prepare(set, forMerging: other.count)
      if heap.mergeIntoEmpty(other, to: set) { return }
      let place = scope.keep(.none)
      var slot = 0
      // Comparing may run script code that changes the other one.
      while slot < other.slots {
        if slot & 0xFFFF == 0 { try safepoint() }
        if other.isPresent(slot) {
          scope[place] = other.key(slot)
          try add(other.key(slot), hash: other.hash(slot), to: set)
        }
        slot += 1
      }
      return
    }
    if source.isDict {
      let dict = DictCell(source)
      try checkRoom(for: set.count + dict.count, of: 96)
      heap.prepare(set, forMerging: dict.count)
      let count = dict.count
      let place = scope.keep(.none)
      var index = 0
      while index < dict.used {
        if index & 0xFFFF == 0 { try safepoint() }
        if dict.isPresent(index) {
          scope[place] = dict.key(index)
          try add(dict.key(index), hash: dict.hash(index), to: set)
          guard dict.count == count else { throw changedSize() }
        }
        index += 1
      }
      return
    }
    if source.isSequence {
      var index = 0
      while let row = Row(source), index < row.count {
        if index & 0xFFF == 0xFFF { try safepoint() }
        try add(row[index], to: set)
        index += 1
      }
      return
    }
    try forEach(source) { element throws(Thrown) in
      try add(element, to: set)
      return true
    }
  }

  /// The elements of any iterable as a new set.
  func newSet(of source: RawValue, isFrozen: Bool = false) throws(Thrown) -> SetCell {
    let set = heap.newSet(isFrozen: isFrozen)
    try merge(source, into: set)
    return set
  }
}
