import Catalog

extension Machine {
  /// `container[key]`.
  @inline(never)
  func item(_ container: RawValue, _ key: RawValue) throws(Thrown) -> RawValue {
    switch container.tag {
    case RawValue.Tag.list:
      if key.tag == RawValue.Tag.slice { return try slice(container, SliceCell(key)) }
      let list = ListCell(container)
      return list[try index(key, list.count, "list", "index out of range")]
    case RawValue.Tag.tuple:
      if key.tag == RawValue.Tag.slice { return try slice(container, SliceCell(key)) }
      let tuple = TupleCell(container)
      return tuple[try index(key, tuple.count, "tuple", "index out of range")]
    case RawValue.Tag.string:
      if key.tag == RawValue.Tag.slice { return try slice(container, SliceCell(key)) }
      let string = StringCell(container)
      let place = try index(key, string.count, "string", "index out of range")
      return heap.character(string, place).value
    case RawValue.Tag.dict:
      let dict = DictCell(container)
      let found = try find(key, in: dict)
      if found >= 0 { return dict.value(found) }
      throw keyError(key, in: dict.value)
    case RawValue.Tag.deque:
      let deque = DequeCell(container)
      return deque[try place(key, in: deque)]
    case RawValue.Tag.range:
      let range = RangeCell(container)
      if key.tag == RawValue.Tag.slice { return try slice(range, SliceCell(key)) }
      return RawValue(range[try index(key, range.count, "range object", "index out of range")])
    case RawValue.Tag.native:
      let (object, index) = (NativeCell(container).object, value(key))
      let found = try attempt { try object.index(sliceObject(key) ?? index, context: context) }
      return raw(found)
    case RawValue.Tag.instance:
      return try instanceItem(container, key)
    case RawValue.Tag.exception where isScriptException(container):
      return try instanceItem(container, key)
    case RawValue.Tag.type:
      if TypeCell(container).isGuided {
        return try guide(.item, container, [key])
      }
      if let method = TypeCell(container).own(names.classItem) {
        return try call(resolve(method, for: container, TypeCell(container)), [key])
      }
      return try typeItem(TypeCell(container), key)
    default:
      throw error(
        .type, "'\(typeName(container))' object is not subscriptable", code: "L106",
        about: [container])
    }
  }

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

  /// An index, counted from the end when negative, within `0..<count`.
  func index(
    _ key: RawValue, _ count: Int, _ what: String, _ message: String
  ) throws(Thrown) -> Int {
    guard let wanted = try integer(ifIndex: key) else {
      let of = what == "range object" ? "range" : what
      let article = of == "string" ? "string indices must be integers" : nil
      if let article { throw error(.type, "\(article), not '\(typeName(key))'", code: "L106") }
      throw error(
        .type, "\(of) indices must be integers or slices, not \(typeName(key))", code: "L106")
    }
    let index = wanted < 0 ? wanted + count : wanted
    guard index >= 0, index < count else {
      throw error(
        .index, "\(what) \(message)", code: "L107",
        notes: ["the index is \(wanted), the length is \(count)"],
        help: wanted == count && count > 0
          ? "the last element has index \(count - 1): indices start at 0" : nil)
    }
    return index
  }

  /// The integer of an int, bool or object with `__index__`; nil for what cannot be an index.
  func integer(ifIndex value: RawValue) throws(Thrown) -> Int? {
    if let integer = value.integer { return integer }
    if value.tag == RawValue.Tag.native {
      if case .int(let integer)? = NativeCell(value).object.scalar() { return integer }
      return nil
    }
    if isScripted(value) {
      if let integer = plain(value).integer { return integer }
      guard let method = type(of: value).own(names.index) else { return nil }
      let result = try ask(method, value)
      guard let integer = plain(result).integer else {
        throw error(.type, "__index__ returned non-int (type \(typeName(result)))")
      }
      return integer
    }
    return nil
  }

  /// The integer a builtin needs, or TypeError with CPython's text.
  func integer(_ value: RawValue) throws(Thrown) -> Int {
    if let integer = try integer(ifIndex: value) { return integer }
    throw error(
      .type, "'\(typeName(value))' object cannot be interpreted as an integer")
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

  private func slice(_ container: RawValue, _ slice: SliceCell) throws(Thrown) -> RawValue {
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

  private func slice(_ range: RangeCell, _ slice: SliceCell) throws(Thrown) -> RawValue {
    let (start, stop, step, _) = try bounds(slice, range.count)
    let first = range.start &+ start &* range.step
    let newStep = range.step &* step
    let end = range.start &+ stop &* range.step
    guard newStep != 0, let made = heap.newRange(first, end, newStep) else {
      throw overflowError()
    }
    return made.value
  }

  /// `container[key] = new`.
  @inline(never)
  func setItem(
    _ container: RawValue, _ key: RawValue, _ new: RawValue
  ) throws(Thrown) {
    switch container.tag {
    case RawValue.Tag.list:
      let list = ListCell(container)
      if key.tag == RawValue.Tag.slice { return try assign(new, to: list, SliceCell(key)) }
      list[try index(key, list.count, "list", "assignment index out of range")] = new
    case RawValue.Tag.dict: try setItem(key, new, in: DictCell(container))
    case RawValue.Tag.deque:
      let deque = DequeCell(container)
      deque[try place(key, in: deque)] = new
    case RawValue.Tag.native:
      let (object, index, other) = (NativeCell(container).object, value(key), value(new))
      try attempt {
        try object.assign(other, at: sliceObject(key) ?? index, context: context)
      }
    case RawValue.Tag.instance: try setInstanceItem(container, key, new)
    case RawValue.Tag.exception where isScriptException(container):
      try setInstanceItem(container, key, new)
    default:
      throw error(
        .type, "'\(typeName(container))' object does not support item assignment",
        code: "L106")
    }
  }

  private func assign(
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

  func isIterable(_ value: RawValue) -> Bool {
    switch value.tag {
    case RawValue.Tag.string, RawValue.Tag.list, RawValue.Tag.tuple, RawValue.Tag.dict,
      RawValue.Tag.set, RawValue.Tag.frozenSet, RawValue.Tag.range, RawValue.Tag.iterator,
      RawValue.Tag.generator, RawValue.Tag.dictView, RawValue.Tag.native, RawValue.Tag.deque:
      true
    case RawValue.Tag.type: TypeCell(value).isGuided
    case RawValue.Tag.instance:
      isIterableInstance(value)
    case RawValue.Tag.exception where isScriptException(value): isIterableInstance(value)
    default: false
    }
  }

  private func isIterableInstance(_ value: RawValue) -> Bool {
    switch way(value, names.iterate) {
    case .method(let method): return !method.isNone
    case .peer(let peer) where peer.number == nil: return true
    case .peer, .none: return type(of: value).own(names.getItem) != nil
    }
  }

  /// `del container[key]`.
  func deleteItem(_ container: RawValue, _ key: RawValue) throws(Thrown) {
    switch container.tag {
    case RawValue.Tag.list:
      let list = ListCell(container)
      if key.tag == RawValue.Tag.slice {
        let (start, stop, step, count) = try bounds(SliceCell(key), list.count)
        if step == 1 {
          heap.replace(start..<max(start, stop), of: list, with: nil)
        } else {
          try remove(
            count, every: abs(step), from: step < 0 ? start + (count - 1) * step : start, list)
        }
        return
      }
      heap.remove(
        at: try index(key, list.count, "list", "assignment index out of range"), from: list)
    case RawValue.Tag.deque:
      let deque = DequeCell(container)
      remove(at: try place(key, in: deque), from: deque)
    case RawValue.Tag.dict:
      let dict = DictCell(container)
      let found = try find(key, in: dict)
      guard found >= 0 else { throw keyError(key, in: dict.value) }
      heap.remove(at: found, from: dict)
    case RawValue.Tag.native:
      let (object, index) = (NativeCell(container).object, value(key))
      try attempt { try object.delete(at: sliceObject(key) ?? index, context: context) }
    case RawValue.Tag.instance: try deleteInstanceItem(container, key)
    case RawValue.Tag.exception where isScriptException(container):
      try deleteInstanceItem(container, key)
    default:
      // Types with elements say it with another word than those without.
      let isSequence =
        container.isString || container.isTuple || container.isAnySet
        || container.tag == RawValue.Tag.range || container.tag == RawValue.Tag.dictView
      let verb = isSequence && key.integer != nil ? "doesn't" : "does not"
      throw error(
        .type,
        "'\(typeName(container))' object \(verb) support item deletion", code: "L106")
    }
  }

  /// Removes `count` elements, every `step`-th from one on; all of them, or none.
  private func remove(
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

  /// `len(value)`.
  func length(_ value: RawValue) throws(Thrown) -> Int {
    switch value.tag {
    case RawValue.Tag.string: return StringCell(value).count
    case RawValue.Tag.list: return ListCell(value).count
    case RawValue.Tag.tuple: return TupleCell(value).count
    case RawValue.Tag.dict: return DictCell(value).count
    case RawValue.Tag.set, RawValue.Tag.frozenSet: return SetCell(value).count
    case RawValue.Tag.range: return RangeCell(value).count
    case RawValue.Tag.deque: return DequeCell(value).count
    case RawValue.Tag.type where TypeCell(value).isGuided:
      return try guide(.length, value).integer ?? 0
    case RawValue.Tag.dictView: return DictViewCell(value).dict.count
    case RawValue.Tag.native: return try attempt { try NativeCell(value).object.length() }
    case RawValue.Tag.instance: return try instanceLength(value)
    case RawValue.Tag.exception where isScriptException(value): return try instanceLength(value)
    default: throw error(.type, "object of type '\(typeName(value))' has no len()")
    }
  }

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
