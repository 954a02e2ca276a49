import Catalog

/// Types joined by `|`, and types with parameters such as `list[int]`.
extension Machine {
  /// `a | b` of two types; nil: one of the operands is no type.
  func union(_ a: RawValue, _ b: RawValue) -> RawValue? {
    guard a.kind == .type || b.kind == .type || isTypeExpression(a) || isTypeExpression(b),
      var parts = alternatives(a), let others = alternatives(b)
    else { return nil }
    for part in others where !parts.contains(where: { $0.isIdentical(to: part) }) {
      parts.append(part)
    }
    return parts.count == 1 ? parts[0] : newDescriptor(.union, tuple(parts))
  }

  /// The types a union has, or the one that a value is; None stands for its type.
  private func alternatives(_ value: RawValue) -> [RawValue]? {
    if value.isNone { return [value] }
    if let type = classOf(value) { return [type.value] }
    guard isTypeExpression(value) else { return nil }
    let descriptor = DescriptorCell(Cell(value))
    guard descriptor.form == .union else { return [value] }
    let parts = TupleCell(descriptor.getter)
    return (0..<parts.count).map { parts[$0] }
  }

  func isTypeExpression(_ value: RawValue) -> Bool {
    guard value.kind == .descriptor else { return false }
    let form = DescriptorCell(Cell(value)).form
    return form == .union || form == .alias
  }

  /// `list[int]`, and `C[key]` of a class with `__class_getitem__`.
  func typeItem(_ type: TypeCell, _ key: RawValue) throws(Thrown) -> RawValue {
    let name = heap.intern("__class_getitem__")
    if type.isScript, let method = type.find(name) {
      if method.tag == RawValue.Tag.function { return try call(method, [type.value, key]) }
      return try call(attribute(type.value, name), [key])
    }
    let generic: Set<UInt64> = [
      RawValue.Tag.list, RawValue.Tag.tuple, RawValue.Tag.dict, RawValue.Tag.set,
      RawValue.Tag.frozenSet, RawValue.Tag.type,
    ]
    let isGeneric =
      type.peerTag.map(generic.contains) ?? generic.contains(type.instances)
      || !type.isScript && !["object", "int", "float", "str", "bool"].contains(type.name.string)
    guard isGeneric, !type.isException else {
      throw error(.type, "type '\(type.name.string)' is not subscriptable", code: "L106")
    }
    return newDescriptor(.alias, type.value, key.isTuple ? key : tuple([key]))
  }

  /// `int | None`, `dict[str, list[int]]`.
  func typeText(_ value: RawValue) throws(Thrown) -> String {
    let descriptor = DescriptorCell(Cell(value))
    let parts = TupleCell(descriptor.form == .union ? descriptor.getter : descriptor.setter)
    var texts: [String] = []
    for index in 0..<parts.count { texts.append(try partText(parts[index])) }
    if descriptor.form == .union { return texts.joined(separator: " | ") }
    return try partText(descriptor.getter) + "[" + texts.joined(separator: ", ") + "]"
  }

  private func partText(_ value: RawValue) throws(Thrown) -> String {
    if value.tag == RawValue.Tag.special, value.bits == 0 { return "..." }
    guard value.tag == RawValue.Tag.type else { return try repr(value) }
    let type = TypeCell(value)
    let module = moduleName(type)
    return module == "builtins" || !type.isScript
      ? type.name.string : "\(module).\(type.qualifiedName.string)"
  }
}
