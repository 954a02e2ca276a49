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
    if a.isAnySet, b.isAnySet { return try combine(operation, SetCell(a), b).value }
    let scope = HandleScope(self)
    let left = try newSet(of: a, isFrozen: isFrozen)
    scope.keep(left.value)
    let right = try newSet(of: b)
    scope.keep(right.value)
    return try combine(operation, left, right.value).value
  }

  private func combine(
    _ operation: Operation, _ set: SetCell, _ other: RawValue
  ) throws(Thrown) -> SetCell {
    switch operation {
    case .bitAnd: return try intersection(set, other)
    case .subtract: return try difference(set, other)
    case .bitXor: return try symmetricDifference(set, other)
    default:
      let result = try copy(set)
      try merge(other, into: result)
      return result
    }
  }
}
