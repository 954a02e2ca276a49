import Catalog

/// Attributes of objects of the script's own classes, and of the classes.
extension Machine {
  /// A class attribute as seen through an instance, with properties evaluated.
  func resolve(
    _ found: RawValue, for value: RawValue, _ type: TypeCell
  ) throws(Thrown) -> RawValue {
    guard found.kind == .descriptor else {
      if found.tag == RawValue.Tag.instance,
        let get = InstanceCell(found).type.own(names.descriptorGet)
      {
        return try ask(get, found, [value, type.value])
      }
      return bind(found, to: value)
    }
    let descriptor = DescriptorCell(Cell(found))
    switch descriptor.form {
    case .property:
      guard !descriptor.getter.isNone else {
        throw error(.attribute, "property of '\(typeName(value))' object has no getter")
      }
      return try call(descriptor.getter, [value])
    case .staticMethod: return descriptor.getter
    case .classMethod: return newMethod(type.value, descriptor.getter)
    case .tupleField:
      let tuple = plain(value)
      guard tuple.isTuple, descriptor.getter.isInt,
        (0..<TupleCell(tuple).count).contains(descriptor.getter.int)
      else { return found }
      return TupleCell(tuple)[descriptor.getter.int]
    case .cachedProperty: return try computeOnce(found, for: value, type)
    case .superProxy, .union, .alias: return found
    }
  }

  /// The value of a cached property, which the object keeps as an attribute of its own.
  private func computeOnce(
    _ property: RawValue, for value: RawValue, _ type: TypeCell
  ) throws(Thrown) -> RawValue {
    let result = try call(DescriptorCell(Cell(property)).getter, [value])
    guard isScripted(value) else { return result }
    var current: TypeCell? = type
    while let owner = current {
      let table = owner.attributes
      for index in 0..<table.used
      where table.isPresent(index) && table.value(index).isIdentical(to: property) {
        let name = StringCell(table.key(index))
        if value.tag == RawValue.Tag.exception {
          try setExceptionAttribute(ExceptionCell(value), name, result)
        } else {
          heap.set(name, result, in: InstanceCell(value).attributes)
        }
        return result
      }
      current = owner.base
    }
    return result
  }

  func instanceAttribute(
    _ value: RawValue, _ name: StringCell
  ) throws(Thrown) -> RawValue? {
    let type = self.type(of: value)
    guard let fallback = type.own(names.getAttribute) else {
      if let method = type.own(names.getEveryAttribute) {
        return try ask(method, value, [name.value])
      }
      return try plainAttribute(value, name)
    }
    do {
      if let method = type.own(names.getEveryAttribute) {
        return try ask(method, value, [name.value])
      }
      if let found = try plainAttribute(value, name) { return found }
    } catch {
      // A property that raises AttributeError counts as missing, too.
      guard let missing = typesByName["AttributeError"],
        ExceptionCell(raised).type.isKind(of: missing)
      else { throw error }
    }
    return try ask(fallback, value, [name.value])
  }

  /// An attribute as `object.__getattribute__` finds it.
  func plainAttribute(
    _ value: RawValue, _ name: StringCell
  ) throws(Thrown) -> RawValue? {
    if value.tag == RawValue.Tag.exception { return try plainExceptionAttribute(value, name) }
    let instance = InstanceCell(value)
    let found = instance.type.find(name)
    if let found, isOverriding(found) {
      return try resolve(found, for: value, instance.type)
    }
    if let own = instance.attributes.value(named: name) { return own }
    if let found { return try resolve(found, for: value, instance.type) }
    if name.isSame(as: names.dict) {
      return instance.type.isSlotted ? nil : instance.attributes.value
    }
    if name.isSame(as: names.type) { return instance.type.value }
    if !instance.peer.isNone {
      let found = try attribute(instance.peer, name, isOptional: true)
      if !found.isUndefined { return found }
    }
    return nil
  }

  /// The same for an exception of a script's class.
  private func plainExceptionAttribute(
    _ value: RawValue, _ name: StringCell
  ) throws(Thrown) -> RawValue? {
    let type = self.type(of: value)
    if let found = type.own(name), isOverriding(found) {
      return try resolve(found, for: value, type)
    }
    return try exceptionAttribute(value, name)
  }

  /// Whether what a class has under a name comes before an object's own attribute: a property, or
  /// a script's descriptor that can be set.
  func isOverriding(_ found: RawValue) -> Bool {
    if found.kind == .descriptor { return DescriptorCell(Cell(found)).form == .property }
    guard found.tag == RawValue.Tag.instance else { return false }
    let type = InstanceCell(found).type
    return type.own(names.descriptorSet) != nil || type.own(names.descriptorDelete) != nil
  }

  func typeAttribute(_ type: TypeCell, _ name: StringCell) throws(Thrown) -> RawValue? {
    if name.isSame(as: names.module) { return string(moduleName(type)) }
    if name.isSame(as: names.name) || name.isSame(as: names.qualifiedName) {
      let full = name.isSame(as: names.name) ? type.name : type.qualifiedName
      guard !type.isScript, full.contains(heap.intern(".")) else { return full.value }
      return string(full.string.split(separator: ".").last.map(String.init) ?? "")
    }
    if name.isSame(as: names.dict) {
      // Whoever has it can change it past `setAttribute`.
      unsafe state.pointee.hasExposedTypes = true
      unsafe state.pointee.typeVersion &+= 1
      return type.attributes.value
    }
    if name.isSame(as: names.hash), types.contains(where: { $0.cell == type.cell }),
      type.find(name)?.isNone == true
    {
      return RawValue.none
    }
    if let found = type.find(name) {
      guard found.kind == .descriptor else {
        if found.tag == RawValue.Tag.instance,
          let get = InstanceCell(found).type.own(names.descriptorGet)
        {
          return try ask(get, found, [.none, type.value])
        }
        return found
      }
      let descriptor = DescriptorCell(Cell(found))
      switch descriptor.form {
      case .property, .cachedProperty, .tupleField, .superProxy, .union, .alias: return found
      case .staticMethod: return descriptor.getter
      case .classMethod: return newMethod(type.value, descriptor.getter)
      }
    }
    if let known = typesOfCells[type.cell.address] {
      if let entry = known.member(name.string), entry.kind == .method {
        return builtin(for: entry, of: known)
      }
      if name.isSame(as: names.doc) { return string(known.sentence) }
    }
    if name.isSame(as: names.doc) { return RawValue.none }
    if name.equals("__base__") { return type.base?.value ?? RawValue.none }
    if name.equals("__bases__") { return tuple(type.base.map { [$0.value] } ?? []) }
    if name.equals("__mro__") { return tuple(type.line.map(\.value)) }
    // What all types have as objects of `type`.
    if let method = types[Int(RawValue.Tag.type)].find(name) {
      return try resolve(method, for: type.value, types[Int(RawValue.Tag.type)])
    }
    return nil
  }

  func setInstanceAttribute(
    _ value: RawValue, _ name: StringCell, _ new: RawValue
  ) throws(Thrown) {
    if let method = type(of: value).own(names.setAttribute) {
      _ = try ask(method, value, [name.value, new])
      return
    }
    try setPlainAttribute(value, name, new)
  }

  /// Sets an attribute as `object.__setattr__` does.
  func setPlainAttribute(
    _ value: RawValue, _ name: StringCell, _ new: RawValue
  ) throws(Thrown) {
    let type = self.type(of: value)
    if let found = type.find(name), found.kind == .descriptor,
      DescriptorCell(Cell(found)).form == .property
    {
      let setter = DescriptorCell(Cell(found)).setter
      guard !setter.isNone else {
        throw error(
          .attribute,
          "property '\(name.string)' of '\(typeName(value))' object has no setter")
      }
      _ = try call(setter, [value, new])
      return
    }
    if let found = type.find(name), found.tag == RawValue.Tag.instance,
      let set = InstanceCell(found).type.own(names.descriptorSet)
    {
      _ = try ask(set, found, [value, new])
      return
    }
    if value.tag == RawValue.Tag.exception {
      return try setExceptionAttribute(ExceptionCell(value), name, new)
    }
    let instance = InstanceCell(value)
    if let object = peerObject(value), let entry = object.type.member(name.string),
      case .attribute = entry.body
    {
      return try setAttribute(instance.peer, name, new)
    }
    if name.isSame(as: names.type) { return try setClass(of: instance, new) }
    if instance.type.isSlotted, !hasSlot(instance.type, name) {
      if instance.type.find(name) != nil {
        throw error(
          .attribute, "'\(typeName(value))' object attribute '\(name.string)' is read-only")
      }
      throw missingAttribute(value, name)
    }
    if name.isSame(as: names.dict), new.isDict {
      instance.attributes = DictCell(new)
      return
    }
    heap.set(name, new, in: instance.attributes)
  }

  func deleteInstanceAttribute(_ value: RawValue, _ name: StringCell) throws(Thrown) {
    if let method = type(of: value).own(names.deleteAttribute) {
      _ = try ask(method, value, [name.value])
      return
    }
    try deletePlainAttribute(value, name)
  }

  /// Deletes an attribute as `object.__delattr__` does.
  func deletePlainAttribute(_ value: RawValue, _ name: StringCell) throws(Thrown) {
    let type = self.type(of: value)
    if let found = type.find(name), found.kind == .descriptor,
      DescriptorCell(Cell(found)).form == .property
    {
      let deleter = DescriptorCell(Cell(found)).deleter
      guard !deleter.isNone else {
        throw error(
          .attribute,
          "property '\(name.string)' of '\(typeName(value))' object has no deleter")
      }
      _ = try call(deleter, [value])
      return
    }
    if let found = type.find(name), found.tag == RawValue.Tag.instance,
      let delete = InstanceCell(found).type.own(names.descriptorDelete)
    {
      _ = try ask(delete, found, [value])
      return
    }
    guard let table = ownAttributes(value), table.find(name) >= 0 else {
      throw missingAttribute(value, name)
    }
    heap.remove(at: table.find(name), from: table)
  }

  /// The attributes of an object of a script's class; nil: it has none yet.
  private func ownAttributes(_ value: RawValue) -> DictCell? {
    guard value.tag == RawValue.Tag.exception else { return InstanceCell(value).attributes }
    let attributes = ExceptionCell(value).attributes
    return attributes.isDict ? DictCell(attributes) : nil
  }

  /// `object.__class__ = type`: between classes of scripts that extend the same.
  private func setClass(of instance: InstanceCell, _ new: RawValue) throws(Thrown) {
    guard new.tag == RawValue.Tag.type else {
      throw error(
        .type, "__class__ must be set to a class, not '\(typeName(new))' object")
    }
    let type = TypeCell(new)
    guard type.isScript, type.builtin.cell == instance.type.builtin.cell else {
      throw error(
        .type,
        "__class__ assignment only supported for mutable types or ModuleType subclasses")
    }
    guard type.isSlotted == instance.type.isSlotted else {
      throw error(
        .type,
        "__class__ assignment: '\(type.name.string)' object layout differs from "
          + "'\(instance.type.name.string)'")
    }
    unsafe instance.at.pointee.type = type.at
    instance.attributes.shape = Shapes.none
  }
}
