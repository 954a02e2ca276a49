/// Walks over anything iterable, quickly where its elements are at hand.
extension Machine {
  /// The next element of a walk over a list, tuple or range; nil: only `next` can tell.
  @inline(__always)
  func quickNext(_ value: RawValue) -> RawValue? {
    guard isAtHand(value) else { return nil }
    let cell = IteratorCell(value)
    let position = cell.position
    cell.position = position + 1
    switch cell.form {
    case .list: return ListCell(cell.source)[position]
    case .tuple: return TupleCell(cell.source)[position]
    default: return RawValue(RangeCell(cell.source)[position])
    }
  }

  /// `next`, quickly where that can be.
  @inline(__always)
  func advance(_ value: RawValue) throws(Thrown) -> RawValue {
    if let element = quickNext(value) { return element }
    if value.tag == RawValue.Tag.generator { return try resume(GeneratorCell(value), .none) }
    return try next(value)
  }

  /// Whether the next element needs no code but an access.
  @inline(__always)
  func isAtHand(_ value: RawValue) -> Bool {
    guard value.tag == RawValue.Tag.iterator else { return false }
    let cell = IteratorCell(value)
    switch cell.form {
    case .list: return cell.position < ListCell(cell.source).count
    case .tuple: return cell.position < TupleCell(cell.source).count
    case .range: return cell.position < RangeCell(cell.source).count
    default: return false
    }
  }

  /// Calls `body` with each element until it returns false.
  ///
  /// Keeps what is walked over, its iterator and the element.
  ///
  /// - Parameter first: where to begin in a list or tuple.
  func forEach(
    _ source: RawValue, from first: Int = 0, _ body: (RawValue) throws(Thrown) -> Bool
  ) throws(Thrown) {
    let scope = HandleScope(self)
    if source.isSequence {
      scope.keep(source)
      // Script code in the body may take the element out of the list.
      let place = scope.keep(.none)
      var index = first
      while let row = Row(source), index < row.count {
        if index & 0xFFF == 0xFFF { try safepoint() }
        let element = row[index]
        scope[place] = element
        guard try body(element) else { return }
        index += 1
      }
      return
    }
    let walk = try iterator(over: source)
    scope.keep(walk)
    let place = scope.keep(.none)
    if walk.tag == RawValue.Tag.generator {
      return try forEachElement(of: GeneratorCell(walk)) { element throws(Thrown) in
        scope[place] = element
        return try body(element)
      }
    }
    while true {
      try safepoint()
      let element = try advance(walk)
      if element.isUndefined { return }
      scope[place] = element
      guard try body(element) else { return }
    }
  }

  /// All elements of an iterable; the caller keeps them if script code runs.
  func elements(_ source: RawValue) throws(Thrown) -> [RawValue] {
    if let row = Row(source) { return (0..<row.count).map { row[$0] } }
    return ListCell(try newList(of: source)).array
  }

  /// `list(source)`.
  func newList(of source: RawValue) throws(Thrown) -> RawValue {
    if let row = Row(source) {
      try room(for: row.count, of: 16)
      return try newList(copying: row.elements, count: row.count).value
    }
    if source.tag == RawValue.Tag.range {
      let range = RangeCell(source)
      try room(for: range.count, of: 16)
      let list = heap.newList(count: range.count, capacity: range.count)
      for index in 0..<range.count {
        list[index] = RawValue(range[index])
        if index & 0x3FFFF == 0x3FFFF { try poll() }
      }
      return list.value
    }
    if source.isString, StringCell(source).isASCII {
      let text = StringCell(source)
      try room(for: text.byteCount, of: 16)
      let list = heap.newList(count: text.byteCount, capacity: text.byteCount)
      for index in 0..<text.byteCount {
        list[index] = heap.single(Int(text.byte(index))).value
        if index & 0x3FFFF == 0x3FFFF { try poll() }
      }
      return list.value
    }
    if source.tag == RawValue.Tag.iterator, let list = try reversedList(IteratorCell(source)) {
      return list
    }
    let size = tableCount(source) ?? 4
    try room(for: size, of: 16)
    let list = heap.newList(count: 0, capacity: size)
    try extend(list, with: source)
    return list.value
  }

  /// How many elements a dict, a view of one or a set gives; nil: it is something else.
  private func tableCount(_ source: RawValue) -> Int? {
    switch source.tag {
    case RawValue.Tag.dict: DictCell(source).count
    case RawValue.Tag.dictView: DictViewCell(source).dict.count
    case RawValue.Tag.set, RawValue.Tag.frozenSet: SetCell(source).count
    default: nil
    }
  }

  /// Appends the elements of a dict, a view of one or a set, none of which needs script code.
  private func extend(_ list: ListCell, withTable source: RawValue) throws(Thrown) {
    if source.isAnySet {
      let set = SetCell(source)
      for slot in 0..<set.slots where set.isPresent(slot) {
        heap.append(set.key(slot), to: list)
        if slot & 0x3FFFF == 0x3FFFF { try poll() }
      }
      return
    }
    let form = source.isDict ? .keys : DictViewCell(source).form
    let dict = source.isDict ? DictCell(source) : DictViewCell(source).dict
    for index in 0..<dict.used where dict.isPresent(index) {
      let element =
        switch form {
        case .keys: dict.key(index)
        case .values: dict.value(index)
        case .items: heap.newPair(dict.key(index), dict.value(index))
        }
      heap.append(element, to: list)
      if index & 0xFFFF == 0xFFFF { try poll() }
    }
  }

  /// What is left of a walk backwards over a list or tuple; nil: it is another walk.
  private func reversedList(_ walk: IteratorCell) throws(Thrown) -> RawValue? {
    guard walk.form == .sequenceReversed, let count = Row(walk.source)?.count,
      walk.position <= count
    else { return nil }
    let left = max(0, walk.position)
    try room(for: left, of: 16)
    guard let row = Row(walk.source) else { return nil }
    let list = heap.newList(count: left, capacity: left)
    for index in 0..<left {
      list[index] = row[left - 1 - index]
      if index & 0x3FFFF == 0x3FFFF { try poll() }
    }
    walk.form = .exhausted
    return list.value
  }

  /// Appends what an iterable gives.
  func extend(_ list: ListCell, with source: RawValue) throws(Thrown) {
    let scope = HandleScope(self)
    scope.keep(list.value)
    scope.keep(source)
    if let count = Row(source)?.count {
      try room(for: list.count + count, of: 24)
      heap.grow(list, to: list.count + count)
      // `source` may be the list itself, whose storage has just moved.
      guard let row = Row(source) else { return }
      try copy(row.elements, count, to: list.elements.advanced(by: list.count))
      unsafe list.at.pointee.count += count
      return
    }
    if source.tag == RawValue.Tag.range {
      let range = RangeCell(source)
      try room(for: list.count + range.count, of: 24)
      heap.grow(list, to: list.count + range.count)
      for index in 0..<range.count {
        heap.append(RawValue(range[index]), to: list)
        if index & 0x3FFFF == 0x3FFFF { try poll() }
      }
      return
    }
    if let count = tableCount(source) {
      // Items are pairs of their own.
      try room(for: list.count + count, of: 96)
      heap.grow(list, to: list.count + count)
      return try extend(list, withTable: source)
    }
    try forEach(source) { element throws(Thrown) in
      try append(element, to: list)
      return true
    }
  }
}
