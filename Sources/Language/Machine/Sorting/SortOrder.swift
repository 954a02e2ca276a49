import Catalog

/// The order of keys: by ranks as far as these tell, then by the rest.
extension Machine {
  /// Puts the places of the keys into ascending, or descending, order; equal ones keep theirs.
  func arrange(
    _ keys: ListCell, _ order: inout SortRow<SortItem>, _ isReversed: Bool
  ) throws(Thrown) {
    let all = 0..<order.count
    for index in all { order[index] = SortItem(rank: 0, index: index) }
    let arranging = SortArranging(keys: keys, flip: isReversed ? UInt64.max : 0)
    if let row = Row(keys[0]) {
      let tag = keys[0].tag
      let isUniform = row.count > 0 && all.allSatisfy { keys[$0].tag == tag }
      if isUniform { return try arrangeRows(arranging, all, at: 0, &order) }
    } else if rank(arranging, all, at: nil, &order) {
      try order.sortByRank(all) { () throws(Thrown) in try poll() }
      guard keys[0].isString else { return }
      return try forEachTie(all, &order) { tie, order throws(Thrown) in
        try order.sort(tie) { a, b throws(Thrown) in
          try safepoint()
          let sign = StringCell(keys[a.index]).compare(StringCell(keys[b.index]))
          return isReversed ? sign > 0 : sign < 0
        }
      }
    }
    try compareAll(arranging, all, &order)
  }

  /// Sorts rows that are equal before `place` by their elements there, then by those behind.
  private func arrangeRows(
    _ arranging: SortArranging, _ range: Range<Int>, at place: Int,
    _ order: inout SortRow<SortItem>
  ) throws(Thrown) {
    guard place < 8, rank(arranging, range, at: place, &order) else {
      return try compareAll(arranging, range, &order)
    }
    try order.sortByRank(range) { () throws(Thrown) in try poll() }
    try forEachTie(range, &order) { tie, order throws(Thrown) in
      let first = arranging.element(order[tie.lowerBound].index, place)
      let areEqual =
        !first.isString
        || tie.allSatisfy {
          let other = arranging.element(order[$0].index, place)
          return other.isString && StringCell(other).equals(StringCell(first))
        }
      if areEqual {
        try arrangeRows(arranging, tie, at: place + 1, &order)
      } else {
        try compareAll(arranging, tie, &order)
      }
    }
  }

  /// Gives the keys of a range their ranks; false: they are not of one type that has such.
  ///
  /// - Parameter place: which element of the keys counts; nil: they count themselves.
  private func rank(
    _ arranging: SortArranging, _ range: Range<Int>, at place: Int?,
    _ order: inout SortRow<SortItem>
  ) -> Bool {
    var tag: UInt64?
    for index in range {
      let key = arranging.keys[order[index].index]
      var value = key
      if let place {
        guard let row = Row(key), place < row.count else { return false }
        value = row[place]
      }
      guard tag == nil || tag == value.tag, let rank = SortItem.rank(value) else { return false }
      tag = value.tag
      order[index].rank = rank ^ arranging.flip
    }
    return true
  }

  /// Calls `body` with the parts that have more than one item of the same rank.
  private func forEachTie(
    _ range: Range<Int>, _ order: inout SortRow<SortItem>,
    _ body: (Range<Int>, inout SortRow<SortItem>) throws(Thrown) -> Void
  ) throws(Thrown) {
    var start = range.lowerBound
    while start < range.upperBound {
      let rank = order[start].rank
      var end = start + 1
      while end < range.upperBound, order[end].rank == rank { end += 1 }
      if end - start > 1 { try body(start..<end, &order) }
      start = end
    }
  }

  /// Sorts a range by what `<` says of the whole keys.
  private func compareAll(
    _ arranging: SortArranging, _ range: Range<Int>, _ order: inout SortRow<SortItem>
  ) throws(Thrown) {
    let (keys, isReversed) = (arranging.keys, arranging.flip != 0)
    try order.sort(range) { a, b throws(Thrown) in
      try safepoint()
      let (left, right) = isReversed ? (b, a) : (a, b)
      return try truth(compare(.less, keys[left.index], keys[right.index]))
    }
  }
}

/// What is sorted, and whether downwards: then the ranks have all their bits flipped.
private struct SortArranging {
  let keys: ListCell
  let flip: UInt64

  /// An element of a key that is known to be a row.
  func element(_ index: Int, _ place: Int) -> RawValue {
    guard let row = Row(keys[index]), place < row.count else { return .none }
    return row[place]
  }
}
