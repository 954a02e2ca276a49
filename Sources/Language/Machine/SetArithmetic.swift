/// Union, intersection and difference of sets and views.
extension Machine {
  func setOperation(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, _ isInPlace: Bool
  ) throws(Thrown) -> RawValue? {
    func isSetLike(_ value: RawValue) -> Bool {
      value.isAnySet
        || (value.tag == RawValue.Tag.dictView && DictViewCell(value).form != .values)
    }
    // A view of a dict takes any iterable on the other side.
    let isView =
      isSetLike(a) && a.tag == RawValue.Tag.dictView && isIterable(b)
      || isSetLike(b) && b.tag == RawValue.Tag.dictView && isIterable(a)
    guard isView || isSetLike(a) && isSetLike(b) else { return nil }
    let isFrozen = a.tag == RawValue.Tag.frozenSet
    if isInPlace, a.tag == RawValue.Tag.set {
      let set = SetCell(a)
      switch operation {
      case .bitOr: try merge(b, into: set)
      case .subtract: try subtract(b, from: set)
      case .bitAnd: heap.exchange(set, try intersection(set, b))
      default:
        let scope = HandleScope(self)
        try toggle(self.set(of: b, scope), in: set)
      }
      return a
    }
    if a.isAnySet, b.isAnySet {
      let set = SetCell(a)
      switch operation {
      case .bitAnd: return try intersection(set, b).value
      case .subtract: return try difference(set, b).value
      case .bitXor: return try symmetricDifference(set, b).value
      default:
        let result = try copy(set)
        try merge(b, into: result)
        return result.value
      }
    }
    let scope = HandleScope(self)
    let left = try newSet(of: a, isFrozen: isFrozen)
    scope.keep(left.value)
    let right = try newSet(of: b)
    scope.keep(right.value)
    return try combine(operation, left, right, isFrozen: isFrozen).value
  }

  /// Union, intersection, difference or symmetric difference, in CPython's order.
  func combine(
    _ operation: Operation, _ left: SetCell, _ right: SetCell, isFrozen: Bool
  ) throws(Thrown) -> SetCell {
    let result = heap.newSet(isFrozen: isFrozen)
    let scope = HandleScope(self)
    scope.keep(result.value)
    switch operation {
    case .bitOr:
      try merge(left.value, into: result)
      try merge(right.value, into: result)
    case .bitAnd:
      let (small, large) = right.count > left.count ? (left, right) : (right, left)
      for slot in 0..<small.slots where small.isPresent(slot) {
        if try contains(small.key(slot), hash: small.hash(slot), in: large) {
          try add(small.key(slot), hash: small.hash(slot), to: result)
        }
      }
    case .subtract:
      // With few elements to take away, CPython copies and discards.
      if left.count >> 2 > right.count {
        try merge(left.value, into: result)
        try subtract(right, from: result)
        return result
      }
      for slot in 0..<left.slots where left.isPresent(slot) {
        if try !contains(left.key(slot), hash: left.hash(slot), in: right) {
          try add(left.key(slot), hash: left.hash(slot), to: result)
        }
      }
    default:
      // CPython copies the right side and toggles the left side's elements in it.
      try merge(right.value, into: result)
      for slot in 0..<left.slots where left.isPresent(slot) {
        if try !remove(left.key(slot), from: result) {
          try add(left.key(slot), hash: left.hash(slot), to: result)
        }
      }
    }
    return result
  }

  /// Takes the elements of one set out of another, and cleans up as CPython does.
  private func subtract(_ other: SetCell, from set: SetCell) throws(Thrown) {
    for slot in 0..<other.slots where other.isPresent(slot) {
      _ = try remove(other.key(slot), from: set)
    }
    if set.deletedCount > (set.slots - 1) / 4 {
      heap.resize(set, set.count > 50000 ? set.count * 2 : set.count * 4)
    }
  }
}
