/// What sites remember of script classes: where an attribute of an instance stood last time, and
/// which function a method was.
extension Machine {
  /// `value.name` at a site.
  @inline(never)
  func attribute(
    _ value: RawValue, _ code: UnsafeMutablePointer<CodeCell.Layout>, at site: Int
  ) throws(Thrown) -> RawValue {
    let cache = unsafe code.pointee.caches + site
    let name = unsafe StringCell(code.pointee.constants[Int(cache.pointee.nameIndex)])
    if value.tag == RawValue.Tag.instance {
      let instance = InstanceCell(value)
      let attributes = instance.attributes
      if unsafe isCurrent(cache, instance.type) {
        let place = unsafe Int(cache.pointee.value)
        if attributes.stands(name, at: place) { return attributes.value(place) }
        let found = attributes.find(name)
        if found >= 0 {
          unsafe cache.pointee.value = UInt64(found)
          return attributes.value(found)
        }
      }
      if plan(of: instance.type).contains(.plainAttributes) {
        let found = attributes.find(name)
        if found >= 0 {
          unsafe remember(instance.type, UInt64(found), in: cache)
          return attributes.value(found)
        }
        if let found = instance.type.find(name) {
          return try resolve(found, for: value, instance.type)
        }
      } else if readsPlainly(name, in: instance.type) {
        unsafe remember(instance.type, 0, in: cache)
      }
    }
    return try attribute(value, name)
  }

  /// `value.name = new` at a site.
  @inline(never)
  func setAttribute(
    _ value: RawValue, _ code: UnsafeMutablePointer<CodeCell.Layout>, at site: Int,
    _ new: RawValue
  ) throws(Thrown) {
    let cache = unsafe code.pointee.caches + site
    let name = unsafe StringCell(code.pointee.constants[Int(cache.pointee.nameIndex)])
    if value.tag == RawValue.Tag.instance {
      let instance = InstanceCell(value)
      if unsafe isCurrent(cache, instance.type), unsafe instance.at.pointee.peer.isNone {
        let attributes = instance.attributes
        let place = unsafe Int(cache.pointee.value)
        if attributes.stands(name, at: place) { return attributes.setValue(place, new) }
        heap.set(name, new, in: attributes)
        unsafe cache.pointee.value = UInt64(max(0, attributes.find(name)))
        return
      }
      if writesPlainly(name, in: instance.type) {
        unsafe remember(instance.type, 0, in: cache)
        if unsafe instance.at.pointee.peer.isNone {
          return heap.set(name, new, in: instance.attributes)
        }
      }
    }
    try setAttribute(value, name, new)
  }

  /// The function that is the method of an instance at a site; nil: only a full lookup can tell.
  @inline(__always)
  func method(
    _ instance: InstanceCell, _ name: StringCell,
    _ cache: UnsafeMutablePointer<CodeCell.SiteCache>
  ) -> RawValue? {
    if instance.attributes.count > 0, instance.attributes.find(name) >= 0 { return nil }
    if unsafe isCurrent(cache, instance.type) {
      return unsafe RawValue(tag: RawValue.Tag.function, bits: cache.pointee.value)
    }
    guard let found = instance.type.find(name), found.tag == RawValue.Tag.function else {
      return nil
    }
    unsafe remember(instance.type, found.bits, in: cache)
    return found
  }

  @inline(__always)
  private func isCurrent(
    _ cache: UnsafeMutablePointer<CodeCell.SiteCache>, _ type: TypeCell
  ) -> Bool {
    unsafe cache.pointee.key == type.cell.address
      && cache.pointee.version == state.pointee.typeVersion
  }

  private func remember(
    _ type: TypeCell, _ value: UInt64, in cache: UnsafeMutablePointer<CodeCell.SiteCache>
  ) {
    if unsafe state.pointee.hasExposedTypes { return }
    unsafe cache.pointee.key = type.cell.address
    unsafe cache.pointee.value = value
    unsafe cache.pointee.version = state.pointee.typeVersion
  }

  /// Whether an attribute that an instance has itself is what reading gives.
  private func readsPlainly(_ name: StringCell, in type: TypeCell) -> Bool {
    type.own(names.getAttribute) == nil && type.own(names.getEveryAttribute) == nil
      && !isOverridden(name, in: type)
  }

  /// Whether setting an attribute sets the instance's own.
  private func writesPlainly(_ name: StringCell, in type: TypeCell) -> Bool {
    if name.isSame(as: names.dict) || name.isSame(as: names.type) { return false }
    if plan(of: type).contains(.plainAttributes) { return true }
    return type.own(names.setAttribute) == nil && !type.isSlotted && !isOverridden(name, in: type)
  }

  private func isOverridden(_ name: StringCell, in type: TypeCell) -> Bool {
    type.find(name).map(isOverriding) ?? false
  }
}

extension DictCell {
  /// Whether the entry with that index has this very string as its key.
  @inline(__always)
  fileprivate func stands(_ name: StringCell, at place: Int) -> Bool {
    place < used && key(place).isString && key(place).bits == name.cell.address
  }
}
