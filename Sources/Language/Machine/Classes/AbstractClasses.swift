import Catalog

/// Classes below `abc.ABC`: what of them is still abstract.
extension Machine {
  /// Notes which methods of a new class are abstract, when it stands below `abc.ABC`.
  func settleAbstractMethods(_ type: TypeCell) {
    let key = heap.intern("__abstractmethods__")
    guard let inherited = type.find(key), inherited.isAnySet else { return }
    let mark = heap.intern("__isabstractmethod__")
    var names: [StringCell] = []
    for value in SetCell(inherited).array where value.isString {
      let name = heap.intern(StringCell(value))
      if let found = type.find(name), isAbstract(found, mark) { names.append(name) }
    }
    type.attributes.forEach { name, value in
      guard name.isString, isAbstract(value, mark) else { return }
      if !names.contains(where: { $0.equals(StringCell(name)) }) { names.append(StringCell(name)) }
    }
    let set = heap.newSet(isFrozen: true)
    for name in names {
      let place = heap.slot(name.hash, in: set) { StringCell($0).equals(name) }
      heap.add(name.value, hash: name.hash, at: place.slot, to: set)
    }
    heap.set(key, set.value, in: type.attributes)
    if !names.isEmpty { unsafe type.at.pointee.header.flags |= TypeCell.Flag.abstract }
  }

  private func isAbstract(_ value: RawValue, _ mark: StringCell) -> Bool {
    if value.tag == RawValue.Tag.function {
      return FunctionCell(value).attributes?.value(named: mark) != nil
    }
    guard value.kind == .descriptor else { return false }
    let descriptor = DescriptorCell(Cell(value))
    return [descriptor.getter, descriptor.setter, descriptor.deleter].contains {
      $0.tag == RawValue.Tag.function && isAbstract($0, mark)
    }
  }

  func abstractClass(_ type: TypeCell) -> Thrown {
    var names: [String] = []
    if let set = type.find(heap.intern("__abstractmethods__")), set.isAnySet {
      names = SetCell(set).array.map { StringCell($0).string }.sorted()
    }
    return error(
      .type,
      "Can't instantiate abstract class \(type.name.string) with abstract method"
        + "\(names.count == 1 ? "" : "s") \(names.joined(separator: ", "))", code: "L105",
      help: "derive a class that defines \(names.count == 1 ? "it" : "them")")
  }
}
