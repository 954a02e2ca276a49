import Catalog

/// The iterators of the module `itertools`: their state stands in the fields of an `IteratorCell`.
extension Machine {
  /// The next element of an iterator of `itertools`; `undefined` at its end.
  ///
  /// May run script code.
  @inline(never)
  func nextOfTool(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    if cell.limit == IteratorCell.ended { return .undefined }
    let scope = HandleScope(self)
    scope.keep(cell.value)
    let element: RawValue =
      switch cell.form {
      case .chain: try nextOfChain(cell)
      case .islice: try nextOfSlice(cell)
      case .count: try nextOfCount(cell)
      case .cycle: try nextOfCycle(cell)
      case .repeat: nextOfRepeat(cell)
      case .accumulate: try nextOfAccumulate(cell)
      case .product: nextOfProduct(cell)
      case .permutations: nextOfPermutations(cell)
      case .combinations: nextOfCombinations(cell, repeats: false)
      case .combinationsRepeated: nextOfCombinations(cell, repeats: true)
      case .compress: try nextOfCompress(cell)
      case .dropWhile: try nextOfDropWhile(cell)
      case .takeWhile: try nextOfTakeWhile(cell)
      case .filterFalse: try nextOfFilterFalse(cell)
      case .starMap: try nextOfStarMap(cell)
      case .groupBy: try nextOfGroupBy(cell)
      case .group: try nextOfGroup(cell)
      case .tee: try nextOfTee(cell)
      case .pairwise: try nextOfPairs(cell)
      case .zipLongest: try nextOfZipLongest(cell)
      default: .undefined
      }
    return element
  }

  /// Ends an iterator for good and lets go of what it held.
  func end(_ cell: IteratorCell) -> RawValue {
    cell.limit = IteratorCell.ended
    cell.source = .none
    cell.other = .none
    return .undefined
  }

  /// `source`: an iterator over the iterables; `other`: the iterator over the current one.
  private func nextOfChain(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    while true {
      if cell.other.isNone {
        let following = try next(cell.source)
        if following.isUndefined { return end(cell) }
        let scope = HandleScope(self)
        scope.keep(following)
        cell.other = try iterator(over: following)
      }
      let element = try next(cell.other)
      if !element.isUndefined { return element }
      cell.other = .none
      try safepoint()
    }
  }

  /// `position`: how many were taken, `limit`: the stop or -1; `other`: the next index, the step.
  private func nextOfSlice(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    guard cell.other.isList else { return .undefined }
    let plan = ListCell(cell.other)
    let (wanted, step) = (plan[0].int, plan[1].int)
    while cell.position < wanted {
      let skipped = try next(cell.source)
      if skipped.isUndefined { return end(cell) }
      cell.position += 1
      if cell.position & 0xFF == 0 { try safepoint() }
    }
    let stop = cell.limit
    if stop != -1, cell.position >= stop { return end(cell) }
    let element = try next(cell.source)
    if element.isUndefined { return end(cell) }
    cell.position += 1
    let (following, overflow) = wanted.addingReportingOverflow(step)
    plan[0] = RawValue(stop != -1 && (overflow || following > stop) ? stop : following)
    return element
  }

  /// `source`: the number, `other`: the step.
  private func nextOfCount(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    let number = cell.source
    if number.isInt, cell.other.isInt {
      let (sum, overflow) = number.int.addingReportingOverflow(cell.other.int)
      if overflow { throw overflowError() }
      cell.source = RawValue(sum)
    } else {
      let scope = HandleScope(self)
      scope.keep(number)
      cell.source = try arithmetic(.add, number, cell.other)
    }
    return number
  }

  /// `other`: what was seen; `position`: the next of it, -1 while the source lasts.
  private func nextOfCycle(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    guard cell.other.isList else { return .undefined }
    let seen = ListCell(cell.other)
    if cell.position < 0 {
      let element = try next(cell.source)
      if !element.isUndefined {
        guard heap.fits(seen.count, of: 16) else { throw memoryError() }
        heap.append(element, to: seen)
        return element
      }
      cell.position = 0
      cell.source = .none
    }
    if seen.count == 0 { return end(cell) }
    let index = cell.position < seen.count ? cell.position : 0
    cell.position = index + 1
    return seen[index]
  }

  /// `position`: how often it is still to come; -1: without end.
  private func nextOfRepeat(_ cell: IteratorCell) -> RawValue {
    if cell.position == 0 { return .undefined }
    if cell.position > 0 { cell.position -= 1 }
    return cell.source
  }

  /// `other`: the function or None, the total; `position` is 1 while the first total is due.
  private func nextOfAccumulate(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    guard cell.other.isList else { return .undefined }
    let state = ListCell(cell.other)
    if cell.position == 1 {
      cell.position = 0
      return state[1]
    }
    let element = try next(cell.source)
    if element.isUndefined { return end(cell) }
    let total = state[1]
    if total.isUndefined {
      state[1] = element
      return element
    }
    let scope = HandleScope(self)
    scope.keep(state.value)
    scope.keep(element)
    scope.keep(total)
    if state[0].isNone {
      state[1] = try arithmetic(.add, total, element)
    } else {
      state[1] = try call(state[0], [total, element])
    }
    return state[1]
  }

  private func nextOfCompress(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    let scope = HandleScope(self)
    let place = scope.keep(.none)
    while true {
      scope[place] = try next(cell.source)
      if scope[place].isUndefined { return end(cell) }
      let selector = try next(cell.other)
      if selector.isUndefined { return end(cell) }
      if try truth(selector) { return scope[place] }
      try safepoint()
    }
  }

  /// `position` is 1 when the first has been found.
  private func nextOfDropWhile(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    let scope = HandleScope(self)
    let place = scope.keep(.none)
    while true {
      scope[place] = try next(cell.source)
      if scope[place].isUndefined { return end(cell) }
      if cell.position == 1 { return scope[place] }
      if try !truth(call(cell.other, [scope[place]])) {
        cell.position = 1
        return scope[place]
      }
      try safepoint()
    }
  }

  private func nextOfTakeWhile(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    let scope = HandleScope(self)
    let element = try next(cell.source)
    if element.isUndefined { return end(cell) }
    scope.keep(element)
    if try truth(call(cell.other, [element])) { return element }
    return end(cell)
  }

  private func nextOfFilterFalse(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    let scope = HandleScope(self)
    let place = scope.keep(.none)
    while true {
      let element = try next(cell.source)
      if element.isUndefined { return end(cell) }
      scope[place] = element
      let verdict = cell.other.isNone ? element : try call(cell.other, [element])
      if try !truth(verdict) { return scope[place] }
      try safepoint()
    }
  }

  private func nextOfStarMap(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    let element = try next(cell.source)
    if element.isUndefined { return end(cell) }
    let scope = HandleScope(self)
    scope.keep(element)
    let arguments = try newList(of: element)
    return try call(cell.other, ListCell(arguments).array)
  }

  /// The places in the list that is the state of `groupby`.
  private enum Grouping {
    static let key = 0
    static let currentKey = 1
    static let currentValue = 2
    static let targetKey = 3
    /// The group that may still give elements: only the newest.
    static let group = 4
  }

  private func nextOfGroupBy(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    guard cell.other.isList else { return .undefined }
    let state = ListCell(cell.other)
    let scope = HandleScope(self)
    scope.keep(state.value)
    state[Grouping.group] = .none
    while true {
      let current = state[Grouping.currentKey]
      if !current.isUndefined {
        let target = state[Grouping.targetKey]
        if target.isUndefined { break }
        if try !isSameOrEqual(current, target) { break }
      }
      guard try step(cell, state) else { return end(cell) }
      try safepoint()
    }
    state[Grouping.targetKey] = state[Grouping.currentKey]
    let group = newIterator(.group, state.value, other: state[Grouping.currentKey])
    unsafe IteratorCell(group).at.pointee.position = 0
    state[Grouping.group] = group
    // The group goes on with the same source, which the last place holds.
    return tuple([state[Grouping.currentKey], group])
  }

  /// Takes the next element and its key; false: there is none.
  private func step(_ cell: IteratorCell, _ state: ListCell) throws(Thrown) -> Bool {
    try step(cell.source, state)
  }

  private func step(_ source: RawValue, _ state: ListCell) throws(Thrown) -> Bool {
    let element = try next(source)
    if element.isUndefined { return false }
    let scope = HandleScope(self)
    scope.keep(element)
    let function = state[Grouping.key]
    let key = function.isNone ? element : try call(function, [element])
    state[Grouping.currentKey] = key
    state[Grouping.currentValue] = element
    return true
  }

  /// `source`: the state of its `groupby`, whose last place holds the source; `other`: its key.
  private func nextOfGroup(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    guard cell.source.isList else { return .undefined }
    let state = ListCell(cell.source)
    guard state[Grouping.group].isIdentical(to: cell.value) else { return .undefined }
    if state[Grouping.currentValue].isUndefined {
      guard try step(state[state.count - 1], state) else { return .undefined }
    }
    guard try isSameOrEqual(cell.other, state[Grouping.currentKey]) else { return .undefined }
    let element = state[Grouping.currentValue]
    state[Grouping.currentValue] = .undefined
    return element
  }

  /// `source`: a node, a list of an element and the next node; `other`: the iterator behind all.
  private func nextOfTee(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    guard cell.source.isList else { return .undefined }
    let node = ListCell(cell.source)
    if node[1].isUndefined {
      let element = try next(cell.other)
      if element.isUndefined { return .undefined }
      // Another of them may have come here while script code ran.
      if node[1].isUndefined {
        node[0] = element
        node[1] = list([.undefined, .undefined])
      }
    }
    cell.source = node[1]
    return node[0]
  }

  /// `other`: the element before.
  private func nextOfPairs(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    if cell.other.isUndefined {
      let first = try next(cell.source)
      if first.isUndefined { return end(cell) }
      cell.other = first
    }
    let scope = HandleScope(self)
    let before = cell.other
    scope.keep(before)
    let element = try next(cell.source)
    if element.isUndefined { return end(cell) }
    cell.other = element
    return tuple([before, element])
  }

  /// `source`: the iterators, None where one has ended; `other`: what stands in for it.
  private func nextOfZipLongest(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    guard cell.source.isTuple else { return .undefined }
    let iterators = TupleCell(cell.source)
    let fill = cell.other
    let result = heap.newTuple(count: iterators.count)
    for index in 0..<iterators.count { result[index] = fill }
    let scope = HandleScope(self)
    scope.keep(result.value)
    scope.keep(iterators.value)
    for index in 0..<iterators.count where !iterators[index].isNone {
      let element = try next(iterators[index])
      if element.isUndefined {
        iterators[index] = .none
        cell.position -= 1
        if cell.position <= 0 { return end(cell) }
      } else {
        result[index] = element
      }
    }
    return cell.position <= 0 ? end(cell) : result.value
  }

  /// What `repr` gives for `count` and `repeat`; nil for other iterators.
  func toolText(_ cell: IteratorCell) throws(Thrown) -> String? {
    switch cell.form {
    case .count:
      let number = try repr(cell.source)
      if cell.other.isInt, cell.other.int == 1 { return "count(\(number))" }
      return "count(\(number), \(try repr(cell.other)))"
    case .repeat:
      let element = try repr(cell.source)
      return cell.position < 0 ? "repeat(\(element))" : "repeat(\(element), \(cell.position))"
    default: return nil
    }
  }
}

extension IteratorCell {
  /// The `limit` of an iterator of `itertools` that has come to its end.
  static let ended = -2
}
