/// Set algebra in the order of CPython's steps, so that the tables come out the same.
extension Machine {
  /// A copy of the same type.
  func copy(_ set: SetCell) throws(Thrown) -> SetCell {
    try newSet(of: set.value, isFrozen: set.isFrozen)
  }

  /// The elements of an iterable as a set; a set is itself, and the scope keeps a new one.
  func set(of value: RawValue, _ scope: borrowing HandleScope) throws(Thrown) -> SetCell {
    if value.isAnySet { return SetCell(value) }
    let made = try newSet(of: value)
    scope.keep(made.value)
    return made
  }

  func isSubset(_ small: SetCell, of large: SetCell) throws(Thrown) -> Bool {
    if small.count > large.count { return false }
    for slot in 0..<small.slots where slot < small.slots && small.isPresent(slot) {
      if slot & 0xFFFF == 0 { try poll() }
      if try !contains(small.key(slot), hash: small.hash(slot), in: large) { return false }
    }
    return true
  }

  func intersection(_ set: SetCell, _ other: RawValue) throws(Thrown) -> SetCell {
    let result = heap.newSet(isFrozen: set.isFrozen)
    let scope = HandleScope(self)
    scope.keep(result.value)
    guard other.isAnySet else {
      try forEach(other) { element throws(Thrown) in
        let hash = try hash(element)
        if try contains(element, hash: hash, in: set) {
          try add(element, hash: hash, to: result)
        }
        return true
      }
      return result
    }
    var (walked, asked) = (SetCell(other), set)
    if walked.isSame(as: asked) { return try copy(set) }
    if walked.count > asked.count { (walked, asked) = (asked, walked) }
    let place = scope.keep(.none)
    for slot in 0..<walked.slots where slot < walked.slots && walked.isPresent(slot) {
      if slot & 0xFFF < 2 { try safepoint() }
      let (key, hash) = (walked.key(slot), walked.hash(slot))
      scope[place] = key
      if try contains(key, hash: hash, in: asked) { try add(key, hash: hash, to: result) }
    }
    return result
  }

  func difference(_ set: SetCell, _ other: RawValue) throws(Thrown) -> SetCell {
    let isTable = other.isAnySet || other.isDict
    let size = other.isAnySet ? SetCell(other).count : other.isDict ? DictCell(other).count : 0
    let scope = HandleScope(self)
    if !isTable || set.count >> 2 > size {
      let result = try copy(set)
      scope.keep(result.value)
      try subtract(other, from: result)
      return result
    }
    let result = heap.newSet(isFrozen: set.isFrozen)
    scope.keep(result.value)
    let place = scope.keep(.none)
    for slot in 0..<set.slots where slot < set.slots && set.isPresent(slot) {
      if slot & 0xFFF < 2 { try safepoint() }
      let (key, hash) = (set.key(slot), set.hash(slot))
      scope[place] = key
      let found =
        other.isDict
        ? try find(key, hash: hash, in: DictCell(other)) >= 0
        : try contains(key, hash: hash, in: SetCell(other))
      if !found { try add(key, hash: hash, to: result) }
    }
    return result
  }

  /// `set -= other`.
  func subtract(_ other: RawValue, from set: SetCell) throws(Thrown) {
    if other.isIdentical(to: set.value) { return heap.clear(set) }
    try forEach(other) { element throws(Thrown) in
      _ = try remove(element, from: set)
      return true
    }
    heap.dropDeleted(set)
  }

  func symmetricDifference(_ set: SetCell, _ other: RawValue) throws(Thrown) -> SetCell {
    let result = try newSet(of: other, isFrozen: set.isFrozen)
    let scope = HandleScope(self)
    scope.keep(result.value)
    try toggle(set, in: result)
    return result
  }

  /// Removes from `set` what `other` has too, and adds the rest of it.
  func toggle(_ other: SetCell, in set: SetCell) throws(Thrown) {
    if other.isSame(as: set) { return heap.clear(set) }
    let scope = HandleScope(self)
    let place = scope.keep(.none)
    for slot in 0..<other.slots where slot < other.slots && other.isPresent(slot) {
      if slot & 0xFFF < 2 { try safepoint() }
      let (key, hash) = (other.key(slot), other.hash(slot))
      scope[place] = key
      if try !remove(key, from: set) { try add(key, hash: hash, to: set) }
    }
  }
}
