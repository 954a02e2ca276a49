/// Operators on texts, lists, tuples, dicts and sets: joining and repeating.
extension Machine {
  func sequences(
    _ operation: Operation, _ a: RawValue, _ b: RawValue, isInPlace: Bool
  ) throws(Thrown) -> RawValue? {
    switch operation {
    case .add:
      if a.isString, b.isString {
        return try concatenation(a, b)
      }
      if a.isList, isInPlace {
        guard isIterable(b) else { throw notIterable(b) }
        try extend(ListCell(a), with: b)
        return a
      }
      if a.tag == b.tag, let left = Row(a), let right = Row(b) {
        let count = left.count + right.count
        try room(for: count, of: 16)
        let target: Registers
        let result: RawValue
        if a.isList {
          let list = heap.newList(count: count, capacity: count)
          (target, result) = (list.elements, list.value)
        } else {
          let made = heap.newTuple(count: count)
          (target, result) = (made.elements, made.value)
        }
        try copy(left.elements, left.count, to: target)
        try copy(right.elements, right.count, to: target.advanced(by: left.count))
        return result
      }
    case .multiply:
      if let times = b.integer, a.isString || a.isSequence {
        return try repeated(a, times, isInPlace)
      }
      if let times = a.integer, b.isString || b.isSequence { return try repeated(b, times, false) }
    case .modulo:
      if a.isString { return try percentFormat(a, b) }
    case .bitOr:
      if a.isDict, b.isDict {
        let result = isInPlace ? DictCell(a) : try copy(DictCell(a))
        try update(result, from: b)
        return result.value
      }
      if isInPlace, a.isDict {
        try update(DictCell(a), from: b)
        return a
      }
      return try setOperation(operation, a, b, isInPlace)
    case .bitAnd, .bitXor, .subtract:
      return try setOperation(operation, a, b, isInPlace)
    default: break
    }
    return nil
  }

  @inline(__always)
  func concatenation(_ a: RawValue, _ b: RawValue) throws(Thrown) -> RawValue {
    if let joined = heap.concatenate(StringCell(a), StringCell(b)) { return joined.value }
    return try concatenationAfterCollecting(a, b)
  }

  @inline(never)
  private func concatenationAfterCollecting(
    _ a: RawValue, _ b: RawValue
  ) throws(Thrown) -> RawValue {
    try room(for: StringCell(a).byteCount + StringCell(b).byteCount, of: 2)
    guard let joined = heap.concatenate(StringCell(a), StringCell(b)) else { throw memoryError() }
    return joined.value
  }

  func repeated(
    _ value: RawValue, _ times: Int, _ isInPlace: Bool
  ) throws(Thrown) -> RawValue {
    if value.isString {
      try room(for: max(0, times), of: StringCell(value).byteCount)
      guard let result = heap.repeated(StringCell(value), times) else { throw memoryError() }
      return result.value
    }
    guard let row = Row(value) else { return value }
    let times = max(0, times)
    let (count, overflow) = row.count.multipliedReportingOverflow(by: times)
    if overflow { throw memoryError(asked: Int.max) }
    try room(for: count, of: value.isList && isInPlace ? 24 : 16)
    if value.isList {
      if isInPlace {
        let list = ListCell(value)
        let size = list.count
        heap.grow(list, to: count)
        if times == 0 { heap.truncate(list, to: 0) }
        for time in 1..<max(1, times) {
          for index in 0..<size { heap.append(list[index], to: list) }
          if time & 0xFFF == 0 { try poll() }
        }
        return value
      }
      let list = heap.newList(count: count, capacity: count)
      try fill(list.elements, row, times)
      return list.value
    }
    let result = heap.newTuple(count: count)
    try fill(result.elements, row, times)
    return result.value
  }

  /// Writes the elements of a row again and again; what an interrupt leaves unwritten is garbage
  /// that nothing refers to.
  private func fill(_ target: Registers, _ row: Row, _ times: Int) throws(Thrown) {
    let count = row.count * times
    var place = 0
    while place < count {
      let end = min(count, place + (1 << 18))
      if row.count == 1 {
        unsafe (target.base + place).update(repeating: row[0], count: end - place)
        place = end
      }
      while place < end {
        try copy(row.elements, row.count, to: target.advanced(by: place))
        place += row.count
      }
      try poll()
    }
  }
}
