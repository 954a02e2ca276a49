import Catalog
import Glibc

/// An object of Swift code that is its own iterator, as an open file is.
protocol MachineIterator: Object {
  /// What `iter` checks.
  func begin(in machine: Machine) throws(Thrown)
  /// The next element; `undefined` at the end.
  func next(in machine: Machine) throws(Thrown) -> RawValue
}

extension Machine {
  func newIterator(
    _ form: IteratorCell.Form, _ source: RawValue, other: RawValue = .none, position: Int = 0,
    limit: Int = 0
  ) -> RawValue {
    let cell = IteratorCell(
      heap.allocate(
        MemoryLayout<IteratorCell.Layout>.size, .iterator, extra: form.rawValue))
    unsafe cell.at.initialize(
      to: IteratorCell.Layout(
        header: cell.cell.header, position: position, source: source, other: other,
        limit: limit, walk: nil))
    return cell.value
  }

  /// `iter(value)`.
  @inline(never)
  func iterator(over value: RawValue) throws(Thrown) -> RawValue {
    switch value.tag {
    case RawValue.Tag.list: return newIterator(.list, value)
    case RawValue.Tag.tuple: return newIterator(.tuple, value)
    case RawValue.Tag.string: return newIterator(.string, value)
    case RawValue.Tag.range: return newIterator(.range, value)
    case RawValue.Tag.deque: return newIterator(.deque, value, limit: DequeCell(value).version)
    case RawValue.Tag.type where TypeCell(value).isGuided: return try guide(.iterate, value)
    case RawValue.Tag.dict:
      return newIterator(.dictKeys, value, limit: DictCell(value).count)
    case RawValue.Tag.dictView:
      let view = DictViewCell(value)
      let form: IteratorCell.Form =
        switch view.form {
        case .keys: .dictKeys
        case .values: .dictValues
        case .items: .dictItems
        }
      return newIterator(form, view.dict.value, limit: view.dict.count)
    case RawValue.Tag.set, RawValue.Tag.frozenSet:
      return newIterator(.set, value, limit: SetCell(value).count)
    case RawValue.Tag.iterator, RawValue.Tag.generator: return value
    case RawValue.Tag.native:
      if let stream = NativeCell(value).object as? any MachineIterator {
        try stream.begin(in: self)
        return value
      }
      let walk = try attempt { ObjectWalk(try NativeCell(value).object.iterate()) }
      let made = newIterator(.object, value)
      unsafe IteratorCell(made).at.pointee.walk = Unmanaged.passRetained(walk).toOpaque()
      return made
    case RawValue.Tag.instance: return try instanceIterator(value)
    case RawValue.Tag.exception where isScriptException(value): return try instanceIterator(value)
    default: throw notIterable(value)
    }
  }

  func notIterable(_ value: RawValue) -> Thrown {
    error(.type, "'\(typeName(value))' object is not iterable", code: "L106", about: [value])
  }

  /// The next element of an iterator; `undefined` at its end.
  ///
  /// May run script code.
  @inline(never)
  func next(_ value: RawValue) throws(Thrown) -> RawValue {
    if value.tag == RawValue.Tag.generator { return try resume(GeneratorCell(value), .none) }
    if isScripted(value) { return try instanceNext(value) }
    if value.tag == RawValue.Tag.native,
      let stream = NativeCell(value).object as? any MachineIterator
    {
      return try stream.next(in: self)
    }
    guard value.tag == RawValue.Tag.iterator else {
      throw error(.type, "'\(typeName(value))' object is not an iterator")
    }
    let cell = IteratorCell(value)
    let position = cell.position
    switch cell.form {
    case .list:
      let list = ListCell(cell.source)
      if position < list.count {
        cell.position = position + 1
        return list[position]
      }
    case .tuple:
      let tuple = TupleCell(cell.source)
      if position < tuple.count {
        cell.position = position + 1
        return tuple[position]
      }
    case .string:
      let string = StringCell(cell.source)
      if position < string.byteCount {
        let width = StringCell.width(string.byte(position))
        cell.position = position + width
        return heap.substring(string, fromByte: position, toByte: position + width).value
      }
    case .range:
      let range = RangeCell(cell.source)
      if position < range.count {
        cell.position = position + 1
        return RawValue(range[position])
      }
    case .dictKeys, .dictValues, .dictItems:
      return try nextEntry(cell, isReversed: false)
    case .dictKeysReversed, .dictValuesReversed, .dictItemsReversed:
      return try nextEntry(cell, isReversed: true)
    case .set:
      let set = SetCell(cell.source)
      if set.count != cell.limit {
        cell.limit = -1
        throw error(.runtime, "Set changed size during iteration", code: "L112")
      }
      var slot = position
      while slot < set.slots, !set.isPresent(slot) { slot += 1 }
      cell.position = slot + 1
      if slot < set.slots { return set.key(slot) }
    case .sequenceReversed:
      let index = position - 1
      if index >= 0 {
        cell.position = index
        if let row = Row(cell.source) { return index < row.count ? row[index] : .undefined }
        return try item(cell.source, RawValue(index))
      }
    case .zip: return try nextOfZip(cell)
    case .map: return try nextOfMap(cell)
    case .filter:
      while true {
        try safepoint()
        let element = try advance(cell.source)
        if element.isUndefined { return element }
        let scope = HandleScope(self)
        scope.keep(element)
        let verdict = cell.other.isNone ? element : try call(cell.other, with: element)
        if try truth(verdict) { return element }
      }
    case .enumerate:
      let element = try advance(cell.source)
      if element.isUndefined { return element }
      let (next, overflow) = position.addingReportingOverflow(1)
      if overflow { throw overflowError() }
      cell.position = next
      return heap.newPair(RawValue(position), element)
    case .object:
      guard let walk = unsafe cell.at.pointee.walk else { return .undefined }
      let iterator = unsafe Unmanaged<ObjectWalk>.fromOpaque(walk).takeUnretainedValue().iterator
      let element = try attempt { try iterator.next() }
      return element.map { raw($0) } ?? .undefined
    case .instance: return try instanceNext(cell.source)
    case .calls:
      let value = try call(cell.source, [])
      if try !equals(value, cell.other) { return value }
    case .indexed:
      do {
        let element = try item(cell.source, RawValue(position))
        cell.position = position + 1
        return element
      } catch {
        guard let index = typesByName["IndexError"],
          ExceptionCell(raised).type.isKind(of: index)
        else { throw error }
      }
    case .exhausted: return .undefined
    case .deque, .dequeReversed: return try nextOfDeque(cell)
    default: return try nextOfTool(cell)
    }
    // Once at its end, an iterator stays there.
    cell.form = .exhausted
    return .undefined
  }

  private func nextEntry(_ cell: IteratorCell, isReversed: Bool) throws(Thrown) -> RawValue {
    let dict = DictCell(cell.source)
    if dict.count != cell.limit {
      cell.limit = -1
      throw error(.runtime, "dictionary changed size during iteration", code: "L112")
    }
    var index = cell.position
    if isReversed {
      // `position` starts at the number of entries and counts down.
      index = min(index, dict.used) - 1
      while index >= 0, !dict.isPresent(index) { index -= 1 }
      if index < 0 {
        cell.form = .exhausted
        return .undefined
      }
      cell.position = index
      return entry(dict, index, cell.form)
    }
    while index < dict.used, !dict.isPresent(index) { index += 1 }
    if index >= dict.used {
      cell.form = .exhausted
      return .undefined
    }
    cell.position = index + 1
    return entry(dict, index, cell.form)
  }

  private func entry(_ dict: DictCell, _ index: Int, _ form: IteratorCell.Form) -> RawValue {
    switch form {
    case .dictValues, .dictValuesReversed: dict.value(index)
    case .dictItems, .dictItemsReversed: heap.newPair(dict.key(index), dict.value(index))
    default: dict.key(index)
    }
  }

  /// `source` holds the iterators in a tuple, `position` is 1 when lengths must agree.
  private func nextOfZip(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    let iterators = TupleCell(cell.source)
    if iterators.count == 0 { return .undefined }
    if iterators.count == 2, !iterators[0].isIdentical(to: iterators[1]), isAtHand(iterators[0]),
      isAtHand(iterators[1]),
      let first = quickNext(iterators[0]), let second = quickNext(iterators[1])
    {
      return heap.newPair(first, second)
    }
    let result = heap.newTuple(count: iterators.count)
    for index in 0..<iterators.count { result[index] = .none }
    let scope = HandleScope(self)
    scope.keep(result.value)
    for index in 0..<iterators.count {
      let element = try next(iterators[index])
      if !element.isUndefined {
        result[index] = element
        continue
      }
      let isStrict = cell.position == 1
      cell.form = .exhausted
      guard isStrict else { return element }
      func others(_ count: Int) -> String {
        count == 1 ? "argument 1" : "arguments 1-\(count)"
      }
      if index > 0 {
        throw error(.value, "zip() argument \(index + 1) is shorter than \(others(index))")
      }
      for later in 1..<max(1, iterators.count) {
        if try !next(iterators[later]).isUndefined {
          throw error(.value, "zip() argument \(later + 1) is longer than \(others(later))")
        }
      }
      return element
    }
    return result.value
  }

  private func nextOfMap(_ cell: IteratorCell) throws(Thrown) -> RawValue {
    let iterators = TupleCell(cell.source)
    let count = iterators.count
    let saved = unsafe state.pointee.scratch
    guard unsafe saved + count + 8 < stackEnd else { throw stackOverflow() }
    let window = unsafe Registers(saved)
    for index in 0...count { window[index] = .none }
    unsafe state.pointee.scratch = saved + 1 + count
    defer { unsafe state.pointee.scratch = saved }
    for index in 0..<count {
      let element = try advance(iterators[index])
      if element.isUndefined { return element }
      window[1 + index] = element
    }
    window[0] = cell.other
    return try invoke(window, count, nil)
  }

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
  private func advance(_ value: RawValue) throws(Thrown) -> RawValue {
    if let element = quickNext(value) { return element }
    return try next(value)
  }

  /// Whether the next element needs no code but an access.
  @inline(__always)
  private func isAtHand(_ value: RawValue) -> Bool {
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
  func forEach(
    _ source: RawValue, _ body: (RawValue) throws(Thrown) -> Bool
  ) throws(Thrown) {
    let scope = HandleScope(self)
    if source.isSequence {
      scope.keep(source)
      // Script code in the body may take the element out of the list.
      let place = scope.keep(.none)
      var index = 0
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
    let list = heap.newList(count: 0, capacity: 4)
    try extend(list, with: source)
    return list.value
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
    try forEach(source) { element throws(Thrown) in
      try append(element, to: list)
      return true
    }
  }

  /// Whether the element is in the container, as `in` tests it.
  func contains(_ element: RawValue, in container: RawValue) throws(Thrown) -> Bool {
    switch container.tag {
    case RawValue.Tag.list, RawValue.Tag.tuple:
      var index = 0
      while let row = Row(container), index < row.count {
        if try isSameOrEqual(row[index], element) { return true }
        index += 1
        if index & 0xFFFF == 0 { try poll() }
      }
      return false
    case RawValue.Tag.dict: return try find(element, in: DictCell(container)) >= 0
    case RawValue.Tag.deque:
      let deque = DequeCell(container)
      var index = 0
      while index < deque.count {
        if try isSameOrEqual(deque[index], element) { return true }
        index += 1
      }
      return false
    case RawValue.Tag.type where TypeCell(container).isGuided:
      return try truth(guide(.contains, container, [element]))
    case RawValue.Tag.set, RawValue.Tag.frozenSet:
      if element.tag == RawValue.Tag.set {
        let frozen = try newSet(of: element, isFrozen: true)
        return try contains(frozen.value, hash: hash(frozen.value), in: SetCell(container))
      }
      return try contains(element, hash: hash(element), in: SetCell(container))
    case RawValue.Tag.string:
      let element = plain(element)
      guard element.isString else {
        throw error(
          .type,
          "'in <string>' requires string as left operand, not \(typeName(element))",
          code: "L104")
      }
      let text = StringCell(container)
      return try find(StringCell(element), in: text, 0..<text.byteCount) != nil
    case RawValue.Tag.range:
      let range = RangeCell(container)
      var wanted = element
      if element.isFloat, let whole = Int(exactly: element.double) { wanted = RawValue(whole) }
      guard let number = wanted.integer else {
        if element.isFloat { return false }
        for index in 0..<range.count {
          if try equals(RawValue(range[index]), element) { return true }
          if index & 0xFFFF == 0 { try poll() }
        }
        return false
      }
      if range.count == 0 { return false }
      let last = range[range.count - 1]
      let inside =
        range.step > 0
        ? number >= range.start && number <= last : number <= range.start && number >= last
      return inside && (number &- range.start) % range.step == 0
    case RawValue.Tag.dictView:
      let view = DictViewCell(container)
      switch view.form {
      case .keys: return try find(element, in: view.dict) >= 0
      case .values:
        var index = 0
        while index < view.dict.used {
          if view.dict.isPresent(index), try isSameOrEqual(view.dict.value(index), element) {
            return true
          }
          index += 1
          if index & 0xFFFF == 0 { try poll() }
        }
        return false
      case .items:
        guard element.isTuple, TupleCell(element).count == 2 else { return false }
        let found = try find(TupleCell(element)[0], in: view.dict)
        return found >= 0 ? try isSameOrEqual(view.dict.value(found), TupleCell(element)[1]) : false
      }
    case RawValue.Tag.native where NativeCell(container).object is any MachineIterator:
      var found = false
      try forEach(container) { other throws(Thrown) in
        found = try isSameOrEqual(other, element)
        return !found
      }
      return found
    case RawValue.Tag.native:
      let wanted = value(element)
      return try attempt { try NativeCell(container).object.contains(wanted) }
    case RawValue.Tag.instance: return try instanceContains(element, container)
    case RawValue.Tag.exception where isScriptException(container):
      return try instanceContains(element, container)
    case RawValue.Tag.iterator, RawValue.Tag.generator:
      var found = false
      try forEach(container) { other throws(Thrown) in
        found = try isSameOrEqual(other, element)
        return !found
      }
      return found
    default:
      throw error(
        .type, "argument of type '\(typeName(container))' is not iterable", code: "L106",
        about: [container])
    }
  }
}
