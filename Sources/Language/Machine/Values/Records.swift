import Catalog

/// Objects of the language that only hold a few facts: what stands behind `f.__code__`, the
/// cells of a closure.
extension Machine {
  /// A type of such objects, made when first asked for.
  private func recordType(_ name: String) -> TypeCell {
    typesByName[name]
      ?? newType(name, base: typesByName["object"], instances: RawValue.Tag.instance)
  }

  func newRecord(
    _ type: String, _ facts: [(name: String, value: RawValue)]
  ) -> RawValue {
    let record = newInstance(recordType(type))
    for (name, value) in facts {
      heap.set(heap.intern(name), value, in: InstanceCell(record).attributes)
    }
    return record
  }

  // MARK: Functions

  /// `f.__code__`.
  func codeRecord(_ function: FunctionCell) -> RawValue {
    let facts = function.code.facts
    let signature = facts.signature
    var names: [String] = []
    for name in signature.names + facts.localNames.map(\.0) where !names.contains(name) {
      names.append(name)
    }
    func texts(_ all: [String]) -> RawValue { tuple(all.map { string($0) }) }
    return newRecord(
      "code",
      [
        ("co_name", string(facts.name)), ("co_qualname", string(facts.qualifiedName)),
        ("co_argcount", RawValue(signature.positionalCount)),
        ("co_posonlyargcount", RawValue(signature.positionalOnlyCount)),
        ("co_kwonlyargcount", RawValue(signature.keywordOnlyCount)),
        ("co_nlocals", RawValue(names.count)), ("co_varnames", texts(names)),
        ("co_freevars", texts(facts.captureNames)),
      ])
  }

  /// `f.__closure__`: None, or a tuple of cells.
  func closureRecord(_ function: FunctionCell) -> RawValue {
    let count = unsafe function.at.pointee.captureCount
    if count == 0 { return .none }
    return tuple(
      (0..<count).map { index in
        let content = BoxCell(function.captures[index]).content
        return newRecord("cell", content.isUndefined ? [] : [("cell_contents", content)])
      })
  }
}
