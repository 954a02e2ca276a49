import Catalog

/// `yield from` and `with`; never inlined.
extension Machine {
  /// `undefined` when the iterator has ended, its result then in `generatorResult`.
  @inline(never)
  func send(_ value: RawValue, to iterator: RawValue) throws(Thrown) -> RawValue {
    if iterator.tag == RawValue.Tag.generator {
      return try resume(GeneratorCell(iterator), value)
    }
    generatorResult = .none
    if value.isNone { return try next(iterator) }
    let method = try attribute(iterator, heap.intern("send"))
    do throws(Thrown) {
      return try call(method, [value])
    } catch {
      guard isKind(raised, "StopIteration") else { throw error }
      generatorResult = ExceptionCell(raised).firstArgument
      return .undefined
    }
  }

  @inline(never)
  func enterContext(_ target: Registers, _ manager: RawValue) throws(Thrown) {
    let enter = try special(manager, names.enter)
    let exit = try special(manager, names.exit)
    guard !enter.isUndefined, !exit.isUndefined else {
      throw error(
        .type,
        "'\(typeName(manager))' object does not support the context manager protocol"
          + (exit.isUndefined && !enter.isUndefined ? " (missed __exit__ method)" : ""))
    }
    target[0] = exit
    target[1] = try call(enter, [])
  }

  /// A special method as its type has it, past `__getattribute__`; undefined: there is none.
  private func special(_ value: RawValue, _ name: StringCell) throws(Thrown) -> RawValue {
    if value.tag == RawValue.Tag.native {
      return try attribute(value, name, isOptional: true)
    }
    let type = type(of: value)
    guard let method = type.find(name) else { return .undefined }
    return try resolve(method, for: value, type)
  }

  @inline(never)
  func exitContext(_ exit: RawValue, _ exception: RawValue) throws(Thrown) -> RawValue {
    if exception.tag == RawValue.Tag.exception {
      let type = ExceptionCell(exception).type.value
      let trace = newRecord("traceback", [])
      return try call(exit, [type, exception, trace])
    }
    return try call(exit, [.none, .none, .none])
  }
}
