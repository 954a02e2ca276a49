import Catalog

/// The operator `in`.
extension Machine {
  /// Whether the element is in the container, as `in` tests it.
  func contains(_ element: RawValue, in container: RawValue) throws(Thrown) -> Bool {
    switch container.tag {
    case RawValue.Tag.string where element.isString:
      let (text, wanted) = (StringCell(container), StringCell(element))
      if text.byteCount <= 1 << 20 { return text.contains(wanted) }
      return try find(wanted, in: text, 0..<text.byteCount) != nil
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
      return try contains(element, in: container)
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
