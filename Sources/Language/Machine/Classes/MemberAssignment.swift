import Catalog

/// Attributes of any value, as they are set and deleted.
extension Machine {
  /// `value.name = new`.
  @inline(never)
  func setAttribute(
    _ value: RawValue, _ name: StringCell, _ new: RawValue
  ) throws(Thrown) {
    switch value.tag {
    case RawValue.Tag.instance: return try setInstanceAttribute(value, name, new)
    case RawValue.Tag.type where TypeCell(value).isScript:
      if TypeCell(value).isGuided,
        let members = TypeCell(value).attributes.value(named: heap.intern("_member_map_")),
        members.isDict, DictCell(members).find(name) >= 0
      {
        throw error(.attribute, "cannot reassign member '\(name.string)'")
      }
      noteChange(of: name, in: TypeCell(value), to: new)
      heap.set(name, new, in: TypeCell(value).attributes)
      return
    case RawValue.Tag.exception where isScriptException(value):
      return try setInstanceAttribute(value, name, new)
    case RawValue.Tag.exception: return try setExceptionAttribute(ExceptionCell(value), name, new)
    case RawValue.Tag.function:
      let function = FunctionCell(value)
      if function.attributes == nil {
        unsafe function.at.pointee.attributes = heap.newDict().value
      }
      if let attributes = function.attributes { heap.set(name, new, in: attributes) }
      return
    case RawValue.Tag.native:
      if let members = moduleMembers[value.bits] {
        heap.set(name, new, in: members)
        return
      }
      let object = NativeCell(value).object
      let text = name.string
      let other = self.value(new)
      if let entry = object.type.member(text), case .attribute(_, let set) = entry.body {
        guard let set else {
          throw error(
            .attribute, "attribute '\(text)' of '\(object.type.name)' objects is not writable")
        }
        return try attempt { try set(.object(object), other) }
      }
      return try attempt { try object.setAttribute(text, to: other) }
    case RawValue.Tag.type:
      throw error(
        .type,
        "cannot set '\(name.string)' attribute of immutable type '\(TypeCell(value).name.string)'")
    default:
      if type(of: value).find(name) != nil {
        throw error(
          .attribute, "'\(typeName(value))' object attribute '\(name.string)' is read-only")
      }
      throw missingAttribute(value, name)
    }
  }

  /// Sets what an exception has itself, or an attribute that a script gives it.
  func setExceptionAttribute(
    _ cell: ExceptionCell, _ name: StringCell, _ new: RawValue
  ) throws(Thrown) {
    if name.equals("__cause__") {
      guard new.isNone || new.tag == RawValue.Tag.exception else {
        throw error(
          .type, "exception cause must be None or derive from BaseException")
      }
      cell.cause = new
      cell.suppressesContext = true
    } else if name.equals("__context__") {
      cell.context = new
    } else if name.equals("__suppress_context__") {
      cell.suppressesContext = try truth(new)
    } else if name.equals("__traceback__") {
      return
    } else if name.equals("args") {
      cell.arguments = heap.newTuple(try elements(new))
    } else {
      if !cell.attributes.isDict { cell.attributes = heap.newDict().value }
      heap.set(name, new, in: DictCell(cell.attributes))
    }
  }

  /// `del value.name`.
  func deleteAttribute(_ value: RawValue, _ name: StringCell) throws(Thrown) {
    let table: DictCell?
    switch value.tag {
    case RawValue.Tag.instance: return try deleteInstanceAttribute(value, name)
    case RawValue.Tag.exception where isScriptException(value):
      return try deleteInstanceAttribute(value, name)
    case RawValue.Tag.type where TypeCell(value).isScript:
      table = TypeCell(value).attributes
      noteChange(of: name, in: TypeCell(value), to: nil)
    case RawValue.Tag.function: table = FunctionCell(value).attributes
    case RawValue.Tag.exception:
      let attributes = ExceptionCell(value).attributes
      table = attributes.isDict ? DictCell(attributes) : nil
    case RawValue.Tag.native:
      let object = NativeCell(value).object
      return try attempt { try object.deleteAttribute(name.string) }
    default: table = nil
    }
    guard let table, table.find(name) >= 0 else { throw missingAttribute(value, name) }
    heap.remove(at: table.find(name), from: table)
  }
}
