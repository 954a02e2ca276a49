/// What the machine knows of a class until some class changes: which of its ways are the plain
/// ones, so that hooks need not be looked for each time.
struct ClassPlan: OptionSet {
  let rawValue: UInt16

  /// Reading, setting and finding an attribute is a matter of the object's own table, then of the
  /// classes: no hooks, properties, slots or descriptors.
  static let plainAttributes = ClassPlan(rawValue: 1)
  /// An object is made empty, and `__init__` is a function.
  static let plainObjects = ClassPlan(rawValue: 2)
}

extension Machine {
  @inline(__always)
  func plan(of type: TypeCell) -> ClassPlan {
    if unsafe type.at.pointee.planVersion == state.pointee.typeVersion {
      return unsafe ClassPlan(rawValue: type.at.pointee.plan)
    }
    return makePlan(of: type)
  }

  @inline(never)
  private func makePlan(of type: TypeCell) -> ClassPlan {
    var plan: ClassPlan = []
    // Who has a class's `__dict__` can change it unseen.
    if type.isScript, unsafe !state.pointee.hasExposedTypes {
      if hasPlainAttributes(type) { plan.insert(.plainAttributes) }
      if hasPlainObjects(type) { plan.insert(.plainObjects) }
    }
    unsafe type.at.pointee.plan = plan.rawValue
    unsafe type.at.pointee.planVersion = state.pointee.typeVersion
    return plan
  }

  private func hasPlainAttributes(_ type: TypeCell) -> Bool {
    let hooks = [names.getAttribute, names.getEveryAttribute, names.setAttribute]
    guard !type.isSlotted, !type.isGuided, hooks.allSatisfy({ type.own($0) == nil }) else {
      return false
    }
    var current = type
    while current.isScript, let base = current.base {
      let attributes = current.attributes
      for index in 0..<attributes.used where attributes.isPresent(index) {
        if isOverriding(attributes.value(index)) { return false }
      }
      current = base
    }
    return true
  }

  private func hasPlainObjects(_ type: TypeCell) -> Bool {
    guard !type.isAbstract, !type.isException, !type.isGuided, type.own(names.new) == nil,
      type.peerTag == nil, host(of: type) == nil, let method = type.own(names.initialize),
      method.tag == RawValue.Tag.function
    else { return false }
    unsafe type.at.pointee.initializer = method
    return true
  }

  /// Notes that a class attribute is about to change, so that what is known of classes is found
  /// out anew; one plain value in the place of another changes nothing that is known.
  func noteChange(of name: StringCell, in type: TypeCell, to new: RawValue?) {
    if let new, isPlainValue(new), let old = type.attributes.value(named: name), isPlainValue(old) {
      return
    }
    unsafe state.pointee.typeVersion &+= 1
  }

  /// What is the same however it is asked for: no function, no descriptor.
  func isPlainValue(_ value: RawValue) -> Bool {
    value.tag <= RawValue.Tag.none || value.isString || value.isList || value.isDict
  }
}
