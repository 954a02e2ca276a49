import Catalog

/// Slices: `a[lower:upper:step]`, read, assigned and deleted.
extension Machine {
  /// A slice or tuple of slices as the library sees it.
  func sliceObject(_ key: RawValue) throws -> Value? {
    if key.tag == RawValue.Tag.slice {
      let slice = SliceCell(key)
      let parts = try [slice.lower, slice.upper, slice.step].map { part in
        if part.isNone { return Int?.none }
        if let integer = try integer(ifIndex: part) { return integer }
        throw error(
          .type, "slice indices must be integers or None or have an __index__ method")
      }
      return .object(Catalog.Slice(lower: parts[0], upper: parts[1], step: parts[2]))
    }
    if key.tag == RawValue.Tag.special { return .object(Ellipsis.shared) }
    guard key.isTuple else { return nil }
    let tuple = TupleCell(key)
    var parts: [Value] = []
    var isSpecial = false
    for index in 0..<tuple.count {
      if let slice = try sliceObject(tuple[index]), !tuple[index].isTuple {
        parts.append(slice)
        isSpecial = true
      } else {
        parts.append(value(tuple[index]))
      }
    }
    return isSpecial ? .tuple(parts) : nil
  }

  /// Start, stop and step of a slice of something with `count` elements, as CPython adjusts them.
  func bounds(
    _ slice: SliceCell, _ count: Int
  ) throws(Thrown) -> (start: Int, stop: Int, step: Int, count: Int) {
    func part(_ value: RawValue) throws(Thrown) -> Int? {
      if value.isNone { return nil }
      if let integer = try integer(ifIndex: value) { return integer }
      throw error(
        .type, "slice indices must be integers or None or have an __index__ method")
    }
    let step = max(try part(slice.step) ?? 1, -Int.max)
    if step == 0 { throw error(.value, "slice step cannot be zero") }
    let lowest = step < 0 ? -1 : 0
    let highest = step < 0 ? count - 1 : count
    func clamp(_ value: Int?, _ other: Int) -> Int {
      guard let value else { return other }
      if value < 0 { return max(value + count, lowest) }
      return min(value, highest)
    }
    let start = clamp(try part(slice.lower), step < 0 ? highest : lowest)
    let stop = clamp(try part(slice.upper), step < 0 ? lowest : highest)
    var size = 0
    if step < 0, stop < start { size = (start - stop - 1) / -step + 1 }
    if step > 0, start < stop { size = (stop - start - 1) / step + 1 }
    return (start, stop, step, size)
  }

  func slice(_ container: RawValue, _ slice: SliceCell) throws(Thrown) -> RawValue {
    if container.isString {
      let string = StringCell(container)
      let (start, _, step, count) = try bounds(slice, string.count)
      if count == 0 { return heap.interned.empty(heap).value }
      if step == 1 {
        return heap.substring(
          string, fromByte: string.offset(ofScalar: start),
          toByte: string.offset(ofScalar: start + count)
        ).value
      }
      if string.isASCII { return try stepped(string, from: start, by: step, count: count) }
      try checkRoom(for: count, of: 4)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(count)
      for index in 0..<count {
        let offset = string.offset(ofScalar: start + index * step)
        for part in 0..<StringCell.width(string.byte(offset)) {
          bytes.append(string.byte(offset + part))
        }
        if index & 0xFFFF == 0xFFFF { try poll() }
      }
      return heap.newString(bytes).value
    }
    guard let row = Row(container) else { return .none }
    let (start, _, step, count) = try bounds(slice, row.count)
    if container.isTuple, step == 1, count == row.count { return container }
    try checkRoom(for: count, of: 16)
    if step == 1 {
      let elements = row.elements.advanced(by: start)
      return container.isList
        ? try newList(copying: elements, count: count).value
        : try newTuple(copying: elements, count: count).value
    }
    if container.isList {
      let list = heap.newList(count: count, capacity: count)
      for index in 0..<count {
        list[index] = row[start + index * step]
        if index & 0x3FFFF == 0x3FFFF { try poll() }
      }
      return list.value
    }
    let tuple = heap.newTuple(count: count)
    for index in 0..<count {
      tuple[index] = row[start + index * step]
      if index & 0x3FFFF == 0x3FFFF { try poll() }
    }
    return tuple.value
  }

  func slice(_ range: RangeCell, _ slice: SliceCell) throws(Thrown) -> RawValue {
    let (start, stop, step, _) = try bounds(slice, range.count)
    let first = range.start &+ start &* range.step
    let newStep = range.step &* step
    let end = range.start &+ stop &* range.step
    guard newStep != 0, let made = heap.newRange(first, end, newStep) else {
      throw overflowError()
    }
    return made.value
  }

  func assign(
    _ new: RawValue, to list: ListCell, _ slice: SliceCell
  ) throws(Thrown) {
    guard isIterable(new) else { throw error(.type, "can only assign an iterable") }
    let scope = HandleScope(self)
    let copy = try newList(of: new)
    scope.keep(copy)
    guard let values = Row(copy) else { return }
    let (start, stop, step, count) = try bounds(slice, list.count)
    if step == 1 {
      try checkRoom(for: (list.count + values.count) * 3 / 2, of: 16)
      heap.replace(start..<max(start, stop), of: list, with: values)
      return
    }
    guard values.count == count else {
      throw error(
        .value,
        "attempt to assign sequence of size \(values.count) to extended slice of size \(count)")
    }
    for index in 0..<values.count { list[start + index * step] = values[index] }
  }

  /// Removes `count` elements, every `step`-th from one on; all of them, or none.
  func remove(
    _ count: Int, every step: Int, from start: Int, _ list: ListCell
  ) throws(Thrown) {
    guard count > 0 else { return }
    try poll()
    var (kept, next, left) = (start, start, count)
    for index in start..<list.count {
      if index == next, left > 0 {
        left -= 1
        if left > 0 { next += step }
      } else {
        list[kept] = list[index]
        kept += 1
      }
    }
    heap.truncate(list, to: kept)
  }
}
