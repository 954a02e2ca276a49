import Catalog

/// Elements of containers: `a[i]`, `a[i] = x`, `del a[i]`, `len(a)`.
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
}
