/// What sites remember of script classes: where an attribute stood the last two times, and which
/// function a method was.
///
/// An object's table has a shape only while the object is of the class that the shape began with,
/// and extends nothing built in: the shape says the class, too.
extension Machine {
  /// Whether what a site remembers holds for an object with this table.
  @inline(__always)
  func remembers(_ site: CodeCell.Site, _ table: DictCell) -> Bool {
    unsafe site.pointee.shape == table.shape && site.pointee.version == state.pointee.typeVersion
  }

  /// `value.name` as the site remembers it: an attribute of the object or of its class; nil: it has
  /// to be looked for.
  @inline(__always)
  func rememberedAttribute(_ value: RawValue, _ site: CodeCell.Site) -> RawValue? {
    guard value.tag == RawValue.Tag.instance else { return nil }
    let table = InstanceCell(value).attributes
    guard unsafe remembers(site, table) else { return nil }
    let place = unsafe Int(site.pointee.value)
    if unsafe site.pointee.key == 0 { return table.value(place) }
    return unsafe DictCell(RawValue(tag: RawValue.Tag.dict, bits: site.pointee.key)).value(place)
  }

  /// `value.name` at a site that did not find it last time.
  @inline(never)
  func attribute(_ value: RawValue, _ site: CodeCell.Site, _ name: StringCell) throws(Thrown)
    -> RawValue
  {
    if let known = unsafe rememberedAttribute(value, site + 1) { return known }
    if value.tag == RawValue.Tag.instance {
      let instance = InstanceCell(value)
      let isPlain = plan(of: instance.type).contains(.plainAttributes)
      if isPlain || readsPlainly(name, in: instance.type) {
        let found = instance.attributes.find(name)
        if found >= 0 {
          unsafe remember(instance.attributes, UInt64(found), at: site)
          return instance.attributes.value(found)
        }
      }
      if isPlain, let (table, index) = instance.type.place(of: name) {
        let found = table.value(index)
        if isPlainValue(found) {
          unsafe remember(instance.attributes, UInt64(index), at: site, key: table.cell.address)
          return found
        }
        return try resolve(found, for: value, instance.type)
      }
    }
    return try attribute(value, name)
  }

  /// Sets `value.name` where the site remembers it; false: it has to be looked for.
  @inline(__always)
  func setRememberedAttribute(_ value: RawValue, _ site: CodeCell.Site, _ new: RawValue) -> Bool {
    guard value.tag == RawValue.Tag.instance else { return false }
    let table = InstanceCell(value).attributes
    guard unsafe remembers(site, table), unsafe site.pointee.key == 0 else { return false }
    table.setValue(unsafe Int(site.pointee.value), new)
    return true
  }

  /// `value.name = new` at a site that did not find it last time, or found that it was new.
  @inline(never)
  func setAttribute(
    _ value: RawValue, _ site: CodeCell.Site, _ name: StringCell, _ new: RawValue
  ) throws(Thrown) {
    if unsafe addRememberedAttribute(value, site, name, new) { return }
    if unsafe setRememberedAttribute(value, site + 1, new) { return }
    if unsafe addRememberedAttribute(value, site + 1, name, new) { return }
    guard value.tag == RawValue.Tag.instance, writesPlainly(name, in: InstanceCell(value).type),
      unsafe InstanceCell(value).at.pointee.peer.isNone
    else { return try setAttribute(value, name, new) }
    let table = InstanceCell(value).attributes
    let found = table.find(name)
    if found >= 0 {
      unsafe remember(table, UInt64(found), at: site)
      return table.setValue(found, new)
    }
    let before = table.shape
    heap.add(name.value, hash: name.hash, new, to: table)
    if table.shape != Shapes.none {
      unsafe remember(table, 0, at: site, key: UInt64(table.shape), shape: before)
    }
  }

  /// Gives an object its next attribute where the site remembers that objects like it do not have
  /// it; the site's key is the shape afterwards.
  @inline(__always)
  private func addRememberedAttribute(
    _ value: RawValue, _ site: CodeCell.Site, _ name: StringCell, _ new: RawValue
  ) -> Bool {
    guard value.tag == RawValue.Tag.instance else { return false }
    let table = InstanceCell(value).attributes
    guard unsafe remembers(site, table), unsafe site.pointee.key != 0 else { return false }
    let after = unsafe UInt32(truncatingIfNeeded: site.pointee.key)
    heap.add(name, new, to: table, becoming: after)
    return true
  }

  /// The function that is the method of an instance at a site; nil: only a full lookup can tell.
  @inline(__always)
  func method(_ instance: InstanceCell, _ name: StringCell, _ site: CodeCell.Site) -> RawValue? {
    if let known = unsafe rememberedMethod(instance, site) { return known }
    if let known = unsafe rememberedMethod(instance, site + 1) { return known }
    return unsafe findMethod(instance, name, site)
  }

  @inline(__always)
  func rememberedMethod(_ instance: InstanceCell, _ site: CodeCell.Site) -> RawValue? {
    guard unsafe remembers(site, instance.attributes) else { return nil }
    return unsafe RawValue(tag: RawValue.Tag.function, bits: site.pointee.value)
  }

  @inline(never)
  private func findMethod(
    _ instance: InstanceCell, _ name: StringCell, _ site: CodeCell.Site
  ) -> RawValue? {
    if instance.attributes.count > 0, instance.attributes.find(name) >= 0 { return nil }
    guard let found = instance.type.find(name), found.tag == RawValue.Tag.function else {
      return nil
    }
    unsafe remember(instance.attributes, found.bits, at: site)
    return found
  }

  private func remember(
    _ table: DictCell, _ value: UInt64, at site: CodeCell.Site, key: UInt64 = 0,
    shape: UInt32? = nil
  ) {
    let shape = shape ?? table.shape
    if unsafe state.pointee.hasExposedTypes || shape == Shapes.none { return }
    unsafe site[1] = unsafe site.pointee
    unsafe site.pointee = unsafe CodeCell.SiteCache(
      key: key, value: value, version: state.pointee.typeVersion, shape: shape,
      nameIndex: site.pointee.nameIndex)
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
