import Catalog

/// Sorting lists: stable, by numbers where the keys are such, else by comparing.
extension Machine {
  /// Sorts a list in place.
  ///
  /// Key functions and comparisons may run script code, which sees the list empty meanwhile.
  func sort(_ list: ListCell, key: RawValue, isReversed: Bool) throws(Thrown) {
    let count = list.count
    let hasKey = !key.isUndefined && !key.isNone
    guard count > 1 || (count == 1 && hasKey) else { return }
    try room(for: count * 4, of: 16)
    if !hasKey, try sortNumbers(list, isReversed) { return }
    let scope = HandleScope(self)
    scope.keep(list.value)
    let values = heap.newList(count: 0, capacity: 0)
    scope.keep(values.value)
    heap.exchange(list, values)
    var changed = false
    do {
      let keys = hasKey ? try sortKeys(values, key, scope) : values
      var order = SortRow<SortItem>(count: count)
      try arrange(keys, &order, isReversed)
      changed = list.count != 0
      let sorted = heap.newList(count: count, capacity: count)
      for place in 0..<count { sorted[place] = values[order[place].index] }
      heap.exchange(list, sorted)
    } catch {
      // The list gets its elements back.
      heap.exchange(list, values)
      throw error
    }
    if changed { throw error(.value, "list modified during sort") }
  }

  /// What the key function gives for the values.
  private func sortKeys(
    _ values: ListCell, _ key: RawValue, _ scope: borrowing HandleScope
  ) throws(Thrown) -> ListCell {
    let keys = heap.newList(count: 0, capacity: values.count)
    scope.keep(keys.value)
    for index in 0..<values.count {
      try safepoint()
      try append(try call(key, with: values[index]), to: keys)
    }
    return keys
  }

  /// Sorts a list that holds only integers or only floats; false: it holds something else.
  ///
  /// Equal integers cannot be told apart, so they are sorted as they are, without their places.
  private func sortNumbers(_ list: ListCell, _ isReversed: Bool) throws(Thrown) -> Bool {
    let count = list.count
    let tag = list[0].tag
    guard tag == RawValue.Tag.int || tag == RawValue.Tag.float else { return false }
    let flip: UInt64 = isReversed ? UInt64.max : 0
    var row = SortRow<UInt64>(count: count)
    for index in 0..<count {
      let value = list[index]
      // Two zeros and nans have an order that their bits do not show.
      guard value.tag == tag, let rank = SortItem.exactRank(value) else { return false }
      row[index] = rank ^ flip
      if index & 0x3FFFF == 0x3FFFF { try poll() }
    }
    try row.sortByRank(0..<count) { () throws(Thrown) in try poll() }
    for index in 0..<count {
      list[index] = SortItem.value(ofRank: row[index] ^ flip, tag: tag)
    }
    return true
  }
}
