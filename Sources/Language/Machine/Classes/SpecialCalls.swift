import Catalog

/// Operations on objects of script classes: the class's special methods first, then the built-in
/// value that an instance extends.
extension Machine {
  func instanceHash(_ value: RawValue) throws(Thrown) -> Int {
    switch way(value, names.hash) {
    case .method(let method):
      if method.isNone { throw error(.type, "unhashable type: '\(typeName(value))'") }
      guard let hash = plain(try ask(method, value)).integer else {
        throw error(.type, "__hash__ method should return an integer")
      }
      return hash == -1 ? -2 : hash
    case .peer(let peer):
      switch peer.tag {
      case RawValue.Tag.list, RawValue.Tag.dict, RawValue.Tag.set:
        throw error(.type, "unhashable type: '\(typeName(value))'")
      default: return try hash(peer)
      }
    case .none: return identityHash(value)
    }
  }

  func identityHash(_ value: RawValue) -> Int { Int(truncatingIfNeeded: value.bits >> 4) }

  func instanceTruth(_ value: RawValue) throws(Thrown) -> Bool {
    switch way(value, names.truth) {
    case .method(let method):
      let result = try ask(method, value)
      guard result.isBool else {
        throw error(.type, "__bool__ should return bool, returned \(typeName(result))")
      }
      return result.bool
    case .peer, .none:
      switch way(value, names.length) {
      case .method: return try instanceLength(value) != 0
      case .peer(let peer): return try truth(peer)
      case .none: return true
      }
    }
  }

  func instanceLength(_ value: RawValue) throws(Thrown) -> Int {
    switch way(value, names.length) {
    case .method(let method):
      let result = try ask(method, value)
      guard let length = try integer(ifIndex: result) else {
        throw error(
          .type, "'\(typeName(result))' object cannot be interpreted as an integer")
      }
      guard length >= 0 else { throw error(.value, "__len__() should return >= 0") }
      return length
    case .peer(let peer) where peer.number == nil: return try length(peer)
    case .peer, .none:
      throw error(.type, "object of type '\(typeName(value))' has no len()")
    }
  }

  func instanceIterator(_ value: RawValue) throws(Thrown) -> RawValue {
    switch way(value, names.iterate) {
    case .method(let method):
      if method.isNone { throw notIterable(value) }
      let walk = try ask(method, value)
      if walk.tag == RawValue.Tag.iterator || walk.tag == RawValue.Tag.generator { return walk }
      if isScripted(walk), type(of: walk).own(names.next) != nil {
        return walk
      }
      if walk.tag == RawValue.Tag.native { return try iterator(over: walk) }
      throw error(.type, "iter() returned non-iterator of type '\(typeName(walk))'")
    case .peer(let peer) where peer.number == nil: return try iterator(over: peer)
    case .peer, .none:
      guard case .method = way(value, names.getItem) else { throw notIterable(value) }
      return newIterator(.indexed, value)
    }
  }

  func instanceNext(_ value: RawValue) throws(Thrown) -> RawValue {
    guard case .method(let method) = way(value, names.next) else {
      throw error(.type, "'\(typeName(value))' object is not an iterator")
    }
    do {
      return try ask(method, value)
    } catch {
      guard ExceptionCell(raised).type.isKind(of: known.stopIteration) else { throw error }
      let arguments = ExceptionCell(raised).arguments
      generatorResult = arguments.count > 0 ? arguments[0] : .none
      return .undefined
    }
  }

  func instanceContains(_ element: RawValue, _ container: RawValue) throws(Thrown) -> Bool {
    switch way(container, names.contains) {
    case .method(let method):
      if method.isNone {
        throw error(.type, "'\(typeName(container))' object is not a container")
      }
      return try truth(ask(method, container, [element]))
    case .peer(let peer) where peer.number == nil: return try contains(element, in: peer)
    case .peer, .none: break
    }
    guard isIterable(container) else {
      throw error(.type, "argument of type '\(typeName(container))' is not iterable")
    }
    var found = false
    try forEach(container) { other throws(Thrown) in
      found = try isSameOrEqual(other, element)
      return !found
    }
    return found
  }

  func instanceItem(_ value: RawValue, _ key: RawValue) throws(Thrown) -> RawValue {
    switch way(value, names.getItem) {
    case .method(let method): return try ask(method, value, [key])
    case .peer(let peer) where peer.isDict: return try item(of: value, DictCell(peer), key)
    case .peer(let peer) where peer.number == nil && !peer.isAnySet: return try item(peer, key)
    case .peer, .none:
      throw error(
        .type, "'\(typeName(value))' object is not subscriptable", code: "L106",
        about: [value])
    }
  }

  /// `d[key]` of an instance that extends dict: what is not there, `__missing__` may know.
  func item(
    of value: RawValue, _ dict: DictCell, _ key: RawValue
  ) throws(Thrown) -> RawValue {
    let found = try find(key, in: dict)
    if found >= 0 { return dict.value(found) }
    guard value.tag == RawValue.Tag.instance,
      let missing = InstanceCell(value).type.own(names.missing)
    else { throw keyError(key, in: dict.value) }
    return try ask(missing, value, [key])
  }

  func setInstanceItem(
    _ value: RawValue, _ key: RawValue, _ new: RawValue
  ) throws(Thrown) {
    switch way(value, names.setItem) {
    case .method(let method): _ = try ask(method, value, [key, new])
    case .peer(let peer) where peer.isList || peer.isDict: try setItem(peer, key, new)
    case .peer, .none:
      throw error(.type, "'\(typeName(value))' object does not support item assignment")
    }
  }

  func deleteInstanceItem(_ value: RawValue, _ key: RawValue) throws(Thrown) {
    switch way(value, names.deleteItem) {
    case .method(let method): _ = try ask(method, value, [key])
    case .peer(let peer) where peer.isList || peer.isDict: try deleteItem(peer, key)
    case .peer, .none:
      let verb = key.integer == nil ? "does not" : "doesn't"
      throw error(.type, "'\(typeName(value))' object \(verb) support item deletion")
    }
  }

  /// Appends what `repr` or `str` give for an instance.
  func writeInstance(
    _ value: RawValue, to text: inout [UInt8], isRepr: Bool
  ) throws(Thrown) {
    try checkStack()
    if !isRepr {
      switch way(value, names.string) {
      case .method(let method): return try writeResult(method, value, names.string, to: &text)
      case .peer(let peer) where peer.isString:
        return try write(peer, to: &text, isRepr: false)
      case .peer, .none: break
      }
    }
    switch way(value, names.repr) {
    case .method(let method): try writeResult(method, value, names.repr, to: &text)
    case .peer(let peer) where peer.isAnySet:
      let name = typeName(value)
      text += (SetCell(peer).count == 0 ? "\(name)()" : "\(name)(").utf8
      if SetCell(peer).count == 0 { return }
      try writeSet(SetCell(peer), to: &text)
      text += ")".utf8
    case .peer(let peer): try write(peer, to: &text, isRepr: true)
    case .none: text += plainObjectText(value).utf8
    }
  }

  /// What `object.__repr__` gives.
  func plainObjectText(_ value: RawValue) -> String {
    "<\(typeName(value)) object>"
  }

  /// Appends what a script's `__repr__` or `__str__` gives.
  func writeResult(
    _ method: RawValue, _ value: RawValue, _ name: StringCell, to text: inout [UInt8]
  ) throws(Thrown) {
    let result = plain(try ask(method, value))
    guard result.isString else {
      throw error(.type, "\(name.string) returned non-string (type \(typeName(result)))")
    }
    try write(result, to: &text, isRepr: false)
  }

  func instanceFormat(
    _ value: RawValue, _ specification: StringCell
  ) throws(Thrown) -> RawValue {
    switch way(value, names.format) {
    case .method(let method):
      let result = try ask(method, value, [specification.value])
      guard plain(result).isString else {
        throw error(.type, "__format__ must return a str, not \(typeName(result))")
      }
      return plain(result)
    case .peer(let peer) where peer.number != nil || peer.isString:
      if specification.byteCount > 0 { return try format(peer, specification) }
    case .peer, .none:
      if specification.byteCount > 0 { throw unsupportedFormat(value) }
    }
    return try strValue(value)
  }
}
