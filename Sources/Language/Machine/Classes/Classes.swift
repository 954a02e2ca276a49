import Catalog

/// Making classes: by a `class` statement or by `type(name, bases, namespace)`.
extension Machine {
  /// The class of a `class` statement: its name, base, namespace and named arguments.
  @inline(never)
  func makeClass(_ parts: Registers) throws(Thrown) -> RawValue {
    try newClass(
      StringCell(parts[0]), base: parts[1], DictCell(parts[2]),
      keywords: parts[3].isDict ? DictCell(parts[3]) : nil)
  }

  /// `type(name, bases, namespace)`.
  func newClass(
    _ name: RawValue, _ bases: RawValue, _ namespace: RawValue
  ) throws(Thrown) -> RawValue {
    guard plain(name).isString else {
      throw mismatch("type.__new__() argument 1 must be str, not \(typeName(name))")
    }
    guard bases.isTuple else {
      throw mismatch("type.__new__() argument 2 must be tuple, not \(typeName(bases))")
    }
    guard plain(namespace).isDict else {
      throw mismatch("type.__new__() argument 3 must be dict, not \(typeName(namespace))")
    }
    let bases = TupleCell(bases)
    guard bases.count <= 1 else {
      throw error(
        .type, "more than one base class is not part of Gradus", code: "L007",
        help: "derive from one class and keep the other as an attribute")
    }
    let attributes = try copy(DictCell(plain(namespace)))
    let scope = HandleScope(self)
    scope.keep(attributes.value)
    return try newClass(
      StringCell(plain(name)), base: bases.count == 1 ? bases[0] : .undefined, attributes,
      keywords: nil)
  }

  private func newClass(
    _ name: StringCell, base: RawValue, _ attributes: DictCell, keywords: DictCell?
  ) throws(Thrown) -> RawValue {
    let base = try baseClass(base)
    var flags = TypeCell.Flag.script
    if base.isException { flags |= TypeCell.Flag.exception }
    if base.isGuided { flags |= TypeCell.Flag.guided }
    let full = name.string
    let type = newType(
      heap.intern(full.split(separator: ".").last.map(String.init) ?? full), base: base,
      attributes: attributes,
      instances: base.isException ? RawValue.Tag.exception : RawValue.Tag.instance, flags: flags,
      qualifiedName: heap.intern(name))
    let scope = HandleScope(self)
    scope.keep(type.value)
    try takeSlots(type)
    if attributes.find(names.module) < 0 {
      heap.set(names.module, string("__main__"), in: attributes)
    }
    if attributes.find(names.doc) < 0 { heap.set(names.doc, .none, in: attributes) }
    if attributes.find(names.equal) >= 0, attributes.find(names.hash) < 0 {
      heap.set(names.hash, .none, in: attributes)
    }
    // CPython makes these what they are without a decorator.
    for (name, form) in [
      (names.new, DescriptorCell.Form.staticMethod), (names.initializeSubclass, .classMethod),
      (names.classItem, .classMethod),
    ] {
      if let value = attributes.value(named: name), value.tag == RawValue.Tag.function {
        heap.set(name, newDescriptor(form, value), in: attributes)
      }
    }
    if let box = attributes.value(named: names.classCell) {
      heap.remove(at: attributes.find(names.classCell), from: attributes)
      BoxCell(box).content = type.value
    }
    if base.base != nil {
      if !base.subclasses.isList { base.subclasses = list([]) }
      heap.append(type.value, to: ListCell(base.subclasses))
    }
    settleAbstractMethods(type)
    try nameDescriptors(type)
    try initializeSubclass(type, base, keywords)
    if type.isGuided, !classGuide.isEmpty { _ = try guide(.made, type.value) }
    return type.value
  }

  /// What a class may derive from.
  private func baseClass(_ base: RawValue) throws(Thrown) -> TypeCell {
    if base.isUndefined { return types[Int(RawValue.Tag.instance)] }
    if isTypeExpression(base), DescriptorCell(Cell(base)).form == .alias {
      return try baseClass(DescriptorCell(Cell(base)).getter)
    }
    var base = base
    if base.tag == RawValue.Tag.builtin, let named = classOf(base), host(of: named) != nil,
      named.name.string == builtins[BuiltinCell(base).index].entry.name
    {
      // Another library's name for a class: keras.Model.
      base = named.value
    }
    guard base.tag == RawValue.Tag.type else { throw notBase(base) }
    let wanted = TypeCell(base)
    let known = wanted.isScript ? nil : host(of: wanted)
    if let known { open(known) }
    let canExtend =
      known != nil || wanted.isScript || wanted.isException
      || wanted.instances == RawValue.Tag.instance || wanted.peerTag == wanted.instances
    guard canExtend else {
      throw error(
        .type, "type '\(wanted.name.string)' is not an acceptable base type", code: "L007",
        help: wanted.name.equals("type")
          ? "metaclasses are not part of Gradus; use a class decorator or __init_subclass__"
          : "keep a \(wanted.name.string) in an attribute instead")
    }
    return wanted
  }

  /// `__slots__`: instances have only these attributes, and no `__dict__`, when no class above
  /// gives them one.
  private func takeSlots(_ type: TypeCell) throws(Thrown) {
    let isBare = type.base.map { $0.isScript ? $0.isSlotted : $0.base == nil } ?? true
    guard let slots = type.attributes.value(named: names.slots) else { return }
    var isSlotted = isBare
    if !slots.isString {
      for slot in try elements(slots) {
        guard slot.isString else {
          throw mismatch("__slots__ items must be strings, not '\(typeName(slot))'")
        }
        if StringCell(slot).equals("__dict__") { isSlotted = false }
        guard type.attributes.find(StringCell(slot)) < 0 else {
          throw error(
            .value,
            "'\(StringCell(slot).string)' in __slots__ conflicts with class variable")
        }
      }
    }
    if isSlotted { unsafe type.at.pointee.header.flags |= TypeCell.Flag.slotted }
  }

  /// Whether an object of a class with `__slots__` has a place for an attribute.
  func hasSlot(_ type: TypeCell, _ name: StringCell) -> Bool {
    for owner in type.line where owner.isScript {
      guard let slots = owner.attributes.value(named: names.slots) else { continue }
      if slots.isString, StringCell(slots).equals(name) { return true }
      let all = (try? elements(slots)) ?? []
      let text = name.string
      for slot in all where slot.isString {
        let slot = StringCell(slot).string
        if slot == text { return true }
        let isOwn = slot.hasPrefix("__") && !slot.hasSuffix("__")
        if isOwn, text == "_\(owner.name.string.drop { $0 == "_" })\(slot)" { return true }
      }
    }
    return false
  }

  // MARK: Hooks

  /// Tells the objects in a class body under which name they stand there.
  private func nameDescriptors(_ type: TypeCell) throws(Thrown) {
    var named: [(StringCell, RawValue)] = []
    type.attributes.forEach { key, value in
      if value.tag == RawValue.Tag.instance, key.isString { named.append((StringCell(key), value)) }
    }
    for (name, value) in named {
      guard let method = InstanceCell(value).type.own(names.setName) else { continue }
      _ = try ask(method, value, [type.value, name.value])
    }
  }

  /// Calls `__init_subclass__` of the class above.
  private func initializeSubclass(
    _ type: TypeCell, _ base: TypeCell, _ keywords: DictCell?
  ) throws(Thrown) {
    var named: [(StringCell, RawValue)] = []
    keywords?.forEach { key, value in named.append((StringCell(key), value)) }
    guard let found = base.own(names.initializeSubclass) else {
      if !named.isEmpty {
        throw error(
          .type, "\(type.name.string).__init_subclass__() takes no keyword arguments",
          code: "L105")
      }
      return
    }
    guard found.kind == .descriptor else { return _ = try call(found, [], named: named) }
    _ = try call(DescriptorCell(Cell(found)).getter, [type.value], named: named)
  }
}
