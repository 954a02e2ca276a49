import Catalog

extension Machine {
  /// One of the language's own modules, with its functions and constants made once.
  func newModule(_ module: BuiltinModule) -> RawValue {
    let value = newNative(Module(module.facts, context: context))
    let members = heap.newDict(capacity: module.functions.count + module.constants.count)
    permanent.append(value)
    permanent.append(members.value)
    for function in module.functions {
      heap.set(
        heap.intern(function.entry.name), newBuiltin(function.named(in: module.name)), in: members)
    }
    for constant in module.constants {
      let made = try? attempt { try constant.value(in: context) }
      if let made { heap.set(heap.intern(constant.name), raw(made), in: members) }
    }
    moduleMembers[value.bits] = members
    return value
  }

  /// The index of the builtin that a call such as `math.sin(x)` means; nil: it means another.
  ///
  /// The site remembers it. Such modules live as long as the machine, so the address is enough.
  @inline(__always)
  func moduleFunction(
    _ receiver: RawValue, _ name: StringCell, _ cache: UnsafeMutablePointer<CodeCell.SiteCache>
  ) -> Int? {
    if unsafe cache.pointee.key == receiver.bits { return unsafe Int(cache.pointee.value) }
    guard let found = moduleMembers[receiver.bits]?.value(named: name),
      found.tag == RawValue.Tag.builtin
    else { return nil }
    let index = BuiltinCell(found).index
    unsafe cache.pointee.key = receiver.bits
    unsafe cache.pointee.value = UInt64(index)
    return index
  }
}
