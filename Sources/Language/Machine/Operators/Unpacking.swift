import Catalog

/// `a, *b = value`.
extension Machine {
  /// `a, b = value`: the elements into registers.
  @inline(never)
  func unpack(_ value: RawValue, _ target: Registers, _ count: Int) throws(Thrown) {
    if let row = Row(value) {
      guard row.count == count else { throw wrongCount(row.count, count, value) }
      for index in 0..<count { target[index] = row[index] }
      return
    }
    guard isIterable(value) else {
      throw error(
        .type, "cannot unpack non-iterable \(typeName(value)) object", code: "L110",
        about: [value])
    }
    var found = 0
    try forEach(value) { element throws(Thrown) in
      if found < count { target[found] = element }
      found += 1
      return found <= count
    }
    if found != count {
      if found > count {
        throw error(
          .value, "too many values to unpack (expected \(count))", code: "L110", about: [value])
      }
      throw wrongCount(found, count, value)
    }
  }

  private func wrongCount(_ found: Int, _ count: Int, _ value: RawValue) -> Thrown {
    found > count
      ? error(
        .value, "too many values to unpack (expected \(count))", code: "L110",
        notes: ["there are \(found)"], about: [value])
      : error(
        .value, "not enough values to unpack (expected \(count), got \(found))", code: "L110",
        about: [value])
  }

  /// `a, *b, c = value`.
  @inline(never)
  func unpackStar(
    _ value: RawValue, _ target: Registers, _ before: Int, _ after: Int
  ) throws(Thrown) {
    guard isIterable(value) else {
      throw error(
        .type, "cannot unpack non-iterable \(typeName(value)) object", code: "L110",
        about: [value])
    }
    let scope = HandleScope(self)
    let all = try newList(of: value)
    scope.keep(all)
    let (elements, count) = (ListCell(all).elements, ListCell(all).count)
    guard count >= before + after else {
      throw error(
        .value,
        "not enough values to unpack (expected at least \(before + after), got \(count))",
        code: "L110", about: [value])
    }
    let middle = try newList(
      copying: elements.advanced(by: before), count: count - before - after)
    for index in 0..<before { target[index] = elements[index] }
    target[before] = middle.value
    for index in 0..<after { target[before + 1 + index] = elements[count - after + index] }
  }
}
