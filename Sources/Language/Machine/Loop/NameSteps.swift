import Catalog

/// Instructions on names that are longer than a few machine instructions; never inlined.
extension Machine {
  @inline(never)
  func unboundLocal(_ name: StringCell) -> Thrown {
    error(
      .unboundLocal,
      "cannot access local variable '\(name.string)' where it is not associated with a value",
      code: "L102")
  }

  @inline(never)
  func unboundBox(_ name: StringCell, isFree: Bool) -> Thrown {
    if !isFree { return unboundLocal(name) }
    return error(
      .name,
      "cannot access free variable '\(name.string)' where it is not associated with a value in "
        + "enclosing scope", code: "L102")
  }

  @inline(never)
  func undefinedGlobal(_ slot: Int) -> Thrown {
    let name = globals.names[slot]
    return error(.name, "name '\(name)' is not defined", code: "L101")
  }

  @inline(never)
  func deleteGlobal(_ slot: Int) throws(Thrown) {
    guard isOwn(slot) else { throw undefinedGlobal(slot) }
    unsafe stack[slot] = globals.fallbacks[slot]
  }
}
