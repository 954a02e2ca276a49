import Catalog

/// `import copy`; the work is in `Scripts/copy.grad`.
enum CopyModule {
  static let module = BuiltinModule(
    "copy", "Copies of values.", functions: [newInstance],
    script: PackageResources.copy_grad)

  /// An object of a script's class without its `__init__`.
  private static let newInstance = Builtin(
    "_bare", "An object of the same class, with the attributes in a dict.", .required("obj"),
    .required("attributes", "dict"), returns: "any"
  ) { machine, window throws(Thrown) in
    guard window[1].isDict else { return .none }
    return try machine.sibling(of: window[0], attributes: DictCell(window[1]))
  }
}

extension Machine {
  /// A new object of the same class with other attributes; None for what is no such object.
  fileprivate func sibling(
    of value: RawValue, attributes: DictCell
  ) throws(Thrown) -> RawValue {
    if value.tag == RawValue.Tag.exception {
      let cell = ExceptionCell(value)
      let made = newException(cell.type, cell.arguments)
      if attributes.count > 0 { ExceptionCell(made).attributes = attributes.value }
      return made
    }
    guard value.tag == RawValue.Tag.instance else { return .none }
    var peer = InstanceCell(value).peer
    switch peer.tag {
    case RawValue.Tag.list:
      let list = ListCell(peer)
      peer = try newList(copying: list.elements, count: list.count).value
    case RawValue.Tag.dict: peer = try copy(DictCell(peer)).value
    case RawValue.Tag.set: peer = try newSet(of: peer).value
    default: break
    }
    let made = newInstance(InstanceCell(value).type, peer: peer)
    InstanceCell(made).attributes = attributes
    return made
  }
}
