import Catalog
import Glibc

/// An object of Swift code that is its own iterator, as an open file is.
protocol MachineIterator: Object {
  /// What `iter` checks.
  func begin(in machine: Machine) throws(Thrown)
  /// The next element; `undefined` at the end.
  func next(in machine: Machine) throws(Thrown) -> RawValue
}

/// Iterators: `iter` and `next`.
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
    guard value.tag == RawValue.Tag.iterator else { return try nextOfObject(value) }
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
      let scope = HandleScope(self)
      let place = scope.keep(.none)
      while true {
        try safepoint()
        let element = try advance(cell.source)
        if element.isUndefined { return element }
        scope[place] = element
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

  private func nextOfObject(_ value: RawValue) throws(Thrown) -> RawValue {
    if isScripted(value) { return try instanceNext(value) }
    if value.tag == RawValue.Tag.native,
      let stream = NativeCell(value).object as? any MachineIterator
    {
      return try stream.next(in: self)
    }
    throw error(.type, "'\(typeName(value))' object is not an iterator")
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
      let element = try advance(iterators[index])
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
}
