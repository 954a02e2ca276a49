import Catalog

/// Classes that extend a built-in type: `class Stack(list)`.
///
/// Their instances are script objects with a peer, a plain value of the built-in type. So plain
/// values are known by their tags alone and pay nothing; whoever meets an instance asks its class
/// for a special method first, as CPython asks the slots of a type, and the peer after it.
extension InstanceCell {
  /// The built-in value it extends; none: it extends nothing.
  @inline(__always) var peer: RawValue {
    get { unsafe at.pointee.peer }
    nonmutating set { unsafe at.pointee.peer = newValue }
  }
}

extension TypeCell {
  /// What a script's class, or one of those above it that a script wrote, has under a name.
  ///
  /// nil: only a built-in type has it, whose way the machine knows by itself.
  func own(_ name: StringCell) -> RawValue? {
    var type = self
    while type.isScript || type.instances == RawValue.Tag.instance, let base = type.base {
      if let value = type.attributes.value(named: name) { return value }
      type = base
    }
    return nil
  }

  /// The nearest type above, or this one, that no script wrote.
  var builtin: TypeCell {
    var type = self
    while type.isScript, let base = type.base { type = base }
    return type
  }

  /// The tag of the peers of its instances; nil: they have none.
  var peerTag: UInt64? {
    var type: TypeCell? = self
    while let current = type {
      if TypeCell.extensible.contains(current.instances) { return current.instances }
      type = current.base
    }
    return nil
  }

  /// The built-in types whose values are filled by `__init__`.
  static let changeable: Set<UInt64> = [
    RawValue.Tag.list, RawValue.Tag.dict, RawValue.Tag.set,
  ]

  /// The built-in types that classes can extend.
  private static let extensible: Set<UInt64> = [
    RawValue.Tag.int, RawValue.Tag.float, RawValue.Tag.string, RawValue.Tag.list,
    RawValue.Tag.tuple, RawValue.Tag.dict, RawValue.Tag.set, RawValue.Tag.frozenSet,
  ]
}

extension Machine {
  /// The built-in value behind an instance of a class that extends a built-in type; any other
  /// value is itself.
  @inline(__always)
  func plain(_ value: RawValue) -> RawValue {
    guard value.tag == RawValue.Tag.instance else { return value }
    let peer = InstanceCell(value).peer
    return peer.isNone ? value : peer
  }

  /// What an instance does about a special name.
  enum Way {
    /// The class has a method of its own.
    case method(RawValue)
    /// The built-in value behind it knows.
    case peer(RawValue)
    case none
  }

  func way(_ value: RawValue, _ name: StringCell) -> Way {
    guard value.tag == RawValue.Tag.instance else {
      return isScriptException(value) ? type(of: value).own(name).map(Way.method) ?? .none : .none
    }
    let instance = InstanceCell(value)
    if let found = instance.type.own(name) { return .method(found) }
    return instance.peer.isNone ? .none : .peer(instance.peer)
  }

  /// Whether it is an exception of a script's class, which may have special methods.
  @inline(__always)
  func isScriptException(_ value: RawValue) -> Bool {
    value.tag == RawValue.Tag.exception && ExceptionCell(value).type.isScript
  }

  /// Whether a script's class may have special methods for it.
  @inline(__always)
  func isScripted(_ value: RawValue) -> Bool {
    value.tag == RawValue.Tag.instance || isScriptException(value)
  }

  /// Calls what a class has under a special name.
  func ask(
    _ found: RawValue, _ value: RawValue, _ arguments: [RawValue] = []
  ) throws(Thrown) -> RawValue {
    if found.tag == RawValue.Tag.function { return try call(found, [value] + arguments) }
    if found.isNone {
      throw error(.type, "'NoneType' object is not callable", code: "L106")
    }
    return try call(resolve(found, for: value, type(of: value)), arguments)
  }

  /// A new object of a script's class, around a built-in value.
  func newInstance(_ type: TypeCell, peer: RawValue = .none) -> RawValue {
    let cell = InstanceCell(heap.allocate(MemoryLayout<InstanceCell.Layout>.size, .instance))
    unsafe cell.at.initialize(
      to: InstanceCell.Layout(
        header: cell.cell.header, type: type.at,
        attributes: (peer.isNone ? heap.newAttributes(of: type) : heap.newDict()).value,
        peer: peer))
    return cell.value
  }

  /// An empty value of a built-in type that changes; nil: the type's values stay as they are.
  func emptyPeer(_ tag: UInt64) -> RawValue? {
    switch tag {
    case RawValue.Tag.list: list([])
    case RawValue.Tag.dict: heap.newDict().value
    case RawValue.Tag.set: heap.newSet().value
    default: nil
    }
  }

  /// `type.__new__(type, …)` as the built-in types do it: a new object, not yet initialised.
  func allocate(
    _ type: TypeCell, _ arguments: [RawValue], _ named: [(StringCell, RawValue)]
  ) throws(Thrown) -> RawValue {
    if type.isException {
      return newException(type, heap.newTuple(arguments))
    }
    guard type.isScript || type.peerTag == nil else {
      return try call(type.value, arguments, named: named)
    }
    if let host = host(of: type) { return newHosted(type, host) }
    if let tag = type.peerTag {
      if let empty = emptyPeer(tag) { return newInstance(type, peer: empty) }
      let made = try call(types[Int(tag)].value, arguments, named: named)
      return newInstance(type, peer: plain(made))
    }
    if !arguments.isEmpty || !named.isEmpty {
      if type.own(names.new) != nil {
        throw error(
          .type, "object.__new__() takes exactly one argument (the type to instantiate)",
          code: "L105")
      }
      if type.own(names.initialize) == nil {
        throw error(
          .type, "\(type.name.string)() takes no arguments", code: "L105", about: [type.value])
      }
    }
    return newInstance(type)
  }
}
