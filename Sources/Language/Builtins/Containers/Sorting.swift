import Catalog

/// Sorting: stable, by merging, with fast ways for numbers and texts.
extension Machine {
  /// Sorts a list in place.
  ///
  /// Key functions and comparisons may run script code, which sees the list empty meanwhile.
  func sort(_ list: ListCell, key: RawValue, isReversed: Bool) throws(Thrown) {
    let count = list.count
    guard count > 1 || (count == 1 && !key.isUndefined && !key.isNone) else { return }
    let scope = HandleScope(self)
    scope.keep(list.value)
    try room(for: count * 4, of: 16)
    let values = try newList(copying: list.elements, count: count)
    scope.keep(values.value)
    heap.truncate(list, to: 0)
    var changed = false
    do {
      let keys = try sortKeys(values, key, scope)
      let order = try order(of: keys, isReversed: isReversed)
      changed = list.count != 0
      heap.truncate(list, to: 0)
      heap.grow(list, to: count)
      for index in order { heap.append(values[Int(index)], to: list) }
    } catch {
      // The list gets its elements back.
      heap.exchange(list, values)
      throw error
    }
    if changed { throw error(.value, "list modified during sort") }
  }

  /// The keys of the values: themselves, or what the key function gives.
  private func sortKeys(
    _ values: ListCell, _ key: RawValue, _ scope: borrowing HandleScope
  ) throws(Thrown) -> ListCell {
    if key.isUndefined || key.isNone { return values }
    let keys = heap.newList(count: 0, capacity: values.count)
    scope.keep(keys.value)
    for index in 0..<values.count {
      try safepoint()
      try append(try call(key, with: values[index]), to: keys)
    }
    return keys
  }

  /// The indices of the keys in ascending, or descending, order.
  private func order(of keys: ListCell, isReversed: Bool) throws(Thrown) -> [Int32] {
    let count = keys.count
    var tags: UInt64 = 0
    var same = true
    var hasNaN = false
    for index in 0..<count {
      let key = keys[index]
      tags |= key.tag
      same = same && key.tag == keys[0].tag
      if key.isFloat, key.double.isNaN { hasNaN = true }
      if index & 0x3FFFF == 0x3FFFF { try poll() }
    }
    if tags == RawValue.Tag.int {
      var items = (0..<count).map { NumberKey(key: keys[$0].int, index: Int32($0)) }
      try arrange(&items, isReversed) { a, b throws(Thrown) in a.key < b.key }
      return items.map(\.index)
    }
    if same, tags == RawValue.Tag.float, !hasNaN {
      var items = (0..<count).map { FloatKey(key: keys[$0].double, index: Int32($0)) }
      try arrange(&items, isReversed) { a, b throws(Thrown) in a.key < b.key }
      return items.map(\.index)
    }
    if same, keys[0].isString {
      var items = (0..<count).map { TextKey(StringCell(keys[$0]), Int32($0)) }
      try arrange(&items, isReversed) { a, b throws(Thrown) in
        if a.prefix != b.prefix { return a.prefix < b.prefix }
        return StringCell(keys[Int(a.index)]).compare(StringCell(keys[Int(b.index)])) < 0
      }
      return items.map(\.index)
    }
    var items = (0..<count).map { Int32($0) }
    try arrange(&items, isReversed) { a, b throws(Thrown) in
      try truth(compare(.less, keys[Int(a)], keys[Int(b)]))
    }
    return items
  }

  /// Sorts in ascending or descending order; items that compare equal keep their places.
  @inline(__always)
  private func arrange<Item>(
    _ items: inout [Item], _ isReversed: Bool,
    _ less: (Item, Item) throws(Thrown) -> Bool
  ) throws(Thrown) {
    if isReversed {
      try mergeSort(&items) { a, b throws(Thrown) in try less(b, a) }
    } else {
      try mergeSort(&items, less)
    }
  }

  /// Bottom-up merge sort over runs that insertion has sorted.
  @inline(__always)
  private func mergeSort<Item>(
    _ items: inout [Item], _ less: (Item, Item) throws(Thrown) -> Bool
  ) throws(Thrown) {
    let count = items.count
    var sorted = 1
    while sorted < count, try !less(items[sorted], items[sorted - 1]) {
      sorted += 1
      if sorted & 0x3FFFF == 0 { try safepoint() }
    }
    if sorted == count { return }
    var falling = 1
    while falling < count, try less(items[falling], items[falling - 1]) {
      falling += 1
      if falling & 0x3FFFF == 0 { try safepoint() }
    }
    if falling == count {
      items.reverse()
      return
    }
    let run = 8
    for start in stride(from: 0, to: count, by: run) {
      if start & 0xFFFF == 0 { try safepoint() }
      for index in (start + 1)..<max(start + 1, min(start + run, count)) {
        let item = items[index]
        var place = index
        while place > start, try less(item, items[place - 1]) {
          items[place] = items[place - 1]
          place -= 1
        }
        items[place] = item
      }
    }
    var width = run
    var spare = items
    var budget = 0
    while width < count {
      var start = 0
      while start < count {
        let middle = min(start + width, count)
        let end = min(middle + width, count)
        var inOrder = middle >= end
        if !inOrder { inOrder = try !less(items[middle], items[middle - 1]) }
        if inOrder {
          for index in start..<end { spare[index] = items[index] }
        } else {
          var (left, right, place) = (start, middle, start)
          while left < middle, right < end {
            if try less(items[right], items[left]) {
              spare[place] = items[right]
              right += 1
            } else {
              spare[place] = items[left]
              left += 1
            }
            place += 1
            budget += 1
            if budget & 0x3FFFF == 0 { try safepoint() }
          }
          while left < middle {
            spare[place] = items[left]
            left += 1
            place += 1
          }
          while right < end {
            spare[place] = items[right]
            right += 1
            place += 1
          }
        }
        start = end
      }
      swap(&items, &spare)
      width *= 2
    }
  }
}

private struct NumberKey {
  var key: Int
  var index: Int32
}

private struct FloatKey {
  var key: Double
  var index: Int32
}

/// A text by its first eight bytes, which decide most comparisons.
private struct TextKey {
  var prefix: UInt64
  var index: Int32

  init(_ text: StringCell, _ index: Int32) {
    self.index = index
    var prefix: UInt64 = 0
    for place in 0..<8 {
      prefix = prefix << 8 | (place < text.byteCount ? UInt64(text.byte(place)) : 0)
    }
    self.prefix = prefix
  }
}
