/// Instructions that make containers and texts; never inlined.
extension Machine {
  @inline(never)
  func makeSet(_ elements: Registers, _ count: Int) throws(Thrown) -> RawValue {
    let set = heap.newSet()
    let scope = HandleScope(self)
    scope.keep(set.value)
    for index in 0..<count { try add(elements[index], to: set) }
    return set.value
  }

  /// A frozenset made as CPython's compiler makes a constant: it builds one, and then the one it
  /// keeps from the elements of the first in their order, which shows where hashes collide.
  @inline(never)
  func makeConstantSet(_ elements: Registers, _ count: Int) throws(Thrown) -> RawValue {
    let scope = HandleScope(self)
    let first = heap.newSet(isFrozen: true)
    scope.keep(first.value)
    for index in 0..<count { try add(elements[index], to: first) }
    let kept = heap.newSet(isFrozen: true)
    scope.keep(kept.value)
    for element in first.array { try add(element, to: kept) }
    return kept.value
  }

  @inline(never)
  func makeDict(_ pairs: Registers, _ count: Int) throws(Thrown) -> RawValue {
    let dict = heap.newDict(capacity: count)
    let scope = HandleScope(self)
    scope.keep(dict.value)
    for index in 0..<count { try setItem(pairs[2 * index], pairs[2 * index + 1], in: dict) }
    return dict.value
  }

  @inline(never)
  func join(_ parts: Registers, _ count: Int) throws(Thrown) -> RawValue {
    var (size, scalars) = (0, 0)
    for index in 0..<count {
      size += StringCell(parts[index]).byteCount
      scalars += StringCell(parts[index]).count
    }
    try checkRoom(for: size, of: 1)
    let result = heap.newString(count: size, scalars: scalars, room: size)
    var place = unsafe result.bytes
    for index in 0..<count {
      let part = StringCell(parts[index])
      unsafe place.update(from: part.bytes, count: part.byteCount)
      unsafe place += part.byteCount
    }
    return result.value
  }

  /// A hole of an f-string: 0 plain, 1 str, 2 repr, 3 ascii.
  @inline(never)
  func formatted(
    _ value: RawValue, _ conversion: UInt8, _ specification: RawValue
  ) throws(Thrown) -> RawValue {
    var value = value
    switch conversion {
    case 1: value = try strValue(value)
    case 2: value = string(try repr(value))
    case 3:
      let text = heap.newString(try repr(value))
      value = heap.newString(text.withBytes { Quoting.ascii($0) }).value
    default: break
    }
    if specification.isUndefined {
      if value.isString { return value }
      return try format(value, heap.interned.empty(heap))
    }
    return try format(value, StringCell(specification))
  }
}
