public import Catalog

/// What stands at a place such as `model.layers[0]`, as far as it could be told.
public struct Reached {
  /// How many steps of the path it took; beyond them only the catalogue may know more.
  public let steps: Int
  public let facts: NameFacts
  /// The library's object it is; only for the thread that asked.
  public let object: (any Object)?
}

extension Machine {
  /// Follows a path from one of the session's names, as far as that can be done without running
  /// script code: through attributes that are stored, and elements of containers.
  ///
  /// - Parameter mayRead: whether attributes and elements of this object of the library may be
  ///   read; what cannot be read, the catalogue may still know the type of.
  /// - Returns: nil when the path does not begin with a name that a script has defined.
  public func reach(_ path: Path, reading mayRead: (any Object) -> Bool) -> Reached? {
    guard case .name(let name) = path.root, let slot = globals.slots[name], isOwn(slot) else {
      return nil
    }
    var place = Standing(value: .own(unsafe stack[slot]), name: name)
    var steps = 0
    while steps < path.steps.count, let next = step(path.steps[steps], from: place, mayRead) {
      place = next
      steps += 1
    }
    switch place.value {
    case .own(let value):
      let object =
        value.tag == RawValue.Tag.native ? NativeCell(value).object : peerObject(value)
      let facts = describe(
        value, as: place.name, slot: steps == 0 ? slot : nil, isBound: place.isBound, isWhole: true)
      return Reached(steps: steps, facts: facts, object: object)
    case .property(let getter):
      var facts = NameFacts(place.name, .property, typeName: "property")
      let known = describe(getter, as: place.name, isBound: true, isWhole: true)
      facts.documentation = known.documentation
      facts.definition = known.definition
      facts.place = known.place
      return Reached(steps: steps, facts: facts, object: nil)
    }
  }

  private struct Standing {
    enum Value {
      case own(RawValue)
      /// A property of a script's class, which is not read.
      case property(RawValue)
    }

    let value: Value
    /// The last word of the path: what a signature calls it.
    let name: String
    var isBound = false
  }

  private func step(
    _ step: Path.Step, from place: Standing, _ mayRead: (any Object) -> Bool
  ) -> Standing? {
    guard case .own(let value) = place.value else { return nil }
    switch step {
    case .attribute(let name): return attribute(name, of: value, mayRead)
    case .index(let index): return element(index, of: value, mayRead).map { standing($0, "") }
    case .key(let key):
      guard value.isDict else { return nil }
      return DictCell(value).value(named: heap.intern(key)).map { standing($0, "") }
    case .element: return first(of: value, mayRead).map { standing($0, "") }
    case .call: return nil
    }
  }

  private func standing(_ value: RawValue, _ name: String, isBound: Bool = false) -> Standing {
    Standing(value: .own(value), name: name, isBound: isBound)
  }

  private func attribute(
    _ text: String, of value: RawValue, _ mayRead: (any Object) -> Bool
  ) -> Standing? {
    let name = heap.intern(text)
    switch value.tag {
    case RawValue.Tag.instance:
      let instance = InstanceCell(value)
      let found = instance.type.find(name)
      if let found, let standing = stored(found, text, isBound: true, hidesInstance: true) {
        return standing
      }
      if let own = instance.attributes.value(named: name) { return standing(own, text) }
      if let found { return stored(found, text, isBound: true) }
      return peerObject(value).flatMap { attribute(text, of: $0, mayRead) }
    case RawValue.Tag.type:
      guard TypeCell(value).isScript else { return nil }
      return TypeCell(value).find(name).flatMap { stored($0, text, isBound: false) }
    case RawValue.Tag.exception:
      let exception = ExceptionCell(value)
      if exception.attributes.isDict,
        let own = DictCell(exception.attributes).value(named: name)
      {
        return standing(own, text)
      }
      if text == "args" { return standing(exception.arguments.value, text) }
      return exception.type.isScript
        ? exception.type.find(name).flatMap { stored($0, text, isBound: true) } : nil
    case RawValue.Tag.native:
      if let members = moduleMembers[value.bits] {
        return members.value(named: name).map { standing($0, text) }
      }
      return attribute(text, of: NativeCell(value).object, mayRead)
    default: return nil
    }
  }

  private func attribute(
    _ text: String, of object: any Object, _ mayRead: (any Object) -> Bool
  ) -> Standing? {
    guard mayRead(object) else { return nil }
    if let member = object.type.member(text) {
      guard case .attribute(let get, _) = member.body else { return nil }
      return (try? get(.object(object))).flatMap(small).map { standing($0, text) }
    }
    return ((try? object.attribute(text)) ?? nil).flatMap(small).map { standing($0, text) }
  }

  /// What a class has under a name, as seen through the class or an object of it.
  ///
  /// - Parameter hidesInstance: only what comes before the object's own attributes.
  private func stored(
    _ found: RawValue, _ text: String, isBound: Bool, hidesInstance: Bool = false
  ) -> Standing? {
    guard found.kind == .descriptor else {
      return hidesInstance
        ? nil
        : standing(found, text, isBound: isBound && found.tag == RawValue.Tag.function)
    }
    let descriptor = DescriptorCell(Cell(found))
    switch descriptor.form {
    case .cachedProperty where hidesInstance: return nil
    case .property, .cachedProperty:
      return isBound ? Standing(value: .property(descriptor.getter), name: text) : nil
    case .staticMethod: return hidesInstance ? nil : standing(descriptor.getter, text)
    case .classMethod:
      return hidesInstance ? nil : standing(descriptor.getter, text, isBound: true)
    case .tupleField, .superProxy, .union, .alias: return nil
    }
  }

  private func element(
    _ index: Int, of value: RawValue, _ mayRead: (any Object) -> Bool
  ) -> RawValue? {
    if let row = Row(value) {
      let index = index < 0 ? index + row.count : index
      return index >= 0 && index < row.count ? row[index] : nil
    }
    if value.isDict {
      let found = DictCell(value).find(index)
      return found >= 0 ? DictCell(value).value(found) : nil
    }
    guard value.tag == RawValue.Tag.native else { return nil }
    let object = NativeCell(value).object
    guard mayRead(object), (try? object.length()) ?? 0 > 0 else { return nil }
    return (try? object.index(.int(index), context: context)).flatMap(small)
  }

  /// What a loop over the value gives first.
  private func first(of value: RawValue, _ mayRead: (any Object) -> Bool) -> RawValue? {
    if value.isDict {
      let dict = DictCell(value)
      for index in 0..<min(dict.used, 1000) where dict.isPresent(index) { return dict.key(index) }
      return nil
    }
    if value.tag == RawValue.Tag.range { return RawValue(0) }
    if value.isString { return StringCell(value).count > 0 ? value : nil }
    if value.isAnySet {
      let set = SetCell(value)
      for slot in 0..<min(set.slots, 1000) where set.isPresent(slot) { return set.key(slot) }
      return nil
    }
    return element(0, of: value, mayRead)
  }

  /// A value of the library, unless making it one of the machine's would take long.
  private func small(_ value: Value) -> RawValue? {
    switch value {
    case .list(let view): view.count <= 1000 ? raw(value) : nil
    case .dict(let view): view.count <= 1000 ? raw(value) : nil
    default: raw(value)
    }
  }
}
