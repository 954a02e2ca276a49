/// Reading, setting and deleting names.
extension Compiler {
  /// What a name of the source is in the frame that is compiled.
  enum Variable {
    /// In a register; `isChecked`: it may have no value.
    case register(Int)
    case box(Int)
    case capture(Int)
    case global(Int)
    indirect case namespace(otherwise: Variable)
  }

  func variable(_ name: String) throws(Diagnostic) -> Variable {
    try variable(scope.place(of: name), name)
  }

  private func variable(_ place: Scope.Place, _ name: String) throws(Diagnostic) -> Variable {
    switch place {
    case .global:
      let slot = globals.slot(of: name)
      guard slot < Machine.globalCapacity else {
        throw limit("too many names: the limit is \(Machine.globalCapacity)")
      }
      return isModule ? .register(slot) : .global(slot)
    case .local(let owner, let isShared):
      let register = register(name, in: owner)
      return isShared ? .box(register) : .register(register)
    case .captured: return .capture(captures[name] ?? 0)
    case .namespace(let otherwise):
      return .namespace(otherwise: try variable(otherwise, name))
    }
  }

  /// Whether a register is a global's.
  func isGlobal(_ register: Int) -> Bool { isModule && register < Machine.globalCapacity }

  /// The register with a name's value; the name's own when it lives in one.
  func read(_ name: String, into target: Int? = nil) throws(Diagnostic) -> Int {
    try read(try variable(name), name, into: target)
  }

  private func read(
    _ variable: Variable, _ name: String, into target: Int?
  ) throws(Diagnostic) -> Int {
    switch variable {
    case .register(let register):
      try check(register, name)
      guard let target else { return register }
      move(register, to: target)
      return target
    case .box(let register):
      let result = target ?? temporary()
      emit(.getBox, a: result, b: register, c: constant(.string(name)))
      return result
    case .capture(let index):
      let result = target ?? temporary()
      emit(.getCapture, a: result, b: index, c: constant(.string(name)))
      return result
    case .global(let slot):
      let result = target ?? temporary()
      emit(.getGlobal, a: result, b: slot)
      return result
    case .namespace(let otherwise):
      let result = target ?? temporary()
      emit(.getNamespace, a: result, b: 0, c: constant(.string(name)))
      // Where the class body has no such name, the outer one counts.
      var found = Label()
      jump(emit(.jumpDefined, a: result), to: &found)
      _ = try read(otherwise, name, into: result)
      place(&found)
      return result
    }
  }

  /// Makes sure that a register has a value where that is not certain.
  private func check(_ register: Int, _ name: String) throws(Diagnostic) {
    let known = flow.assigned.contains(register)
    if isGlobal(register) {
      if known || globals.isCertain(register) && !mayVanish(name) { return }
      emit(.checkGlobal, a: register)
    } else {
      if known { return }
      // A comprehension is a function of its own in CPython, and this its free variable.
      var isFree = false
      if case .local(let owner, _) = scope.place(of: name) { isFree = owner !== scope }
      emit(.checkLocal, a: register, b: constant(.string(name)), c: isFree ? 1 : 0)
      needsUndefine = true
    }
    if !mayVanish(name) { flow.assigned.insert(register) }
  }

  /// Whether something deletes the name, so that nothing is certain about it.
  func mayVanish(_ name: String) -> Bool {
    if scope.deleted.contains(name) || frame.deleted.contains(name) { return true }
    return isModule && resolver.vanishing.contains(name)
  }

  /// Gives a name the value in a register.
  func store(_ register: Int, to name: String) throws(Diagnostic) {
    try store(register, to: try variable(name), name)
  }

  private func store(
    _ register: Int, to variable: Variable, _ name: String
  ) throws(Diagnostic) {
    switch variable {
    case .register(let target):
      move(register, to: target)
      noteAssigned(target, name)
    case .box(let box): emit(.setBox, a: box, b: register)
    case .capture(let index): emit(.setCapture, a: register, b: index)
    case .global(let slot): emit(.setGlobal, a: register, b: slot)
    case .namespace:
      try scratch { () throws(Diagnostic) in
        let key = temporary()
        load(.string(name), into: key)
        emit(.setKey, a: 0, b: key, c: register)
      }
    }
  }

  func noteAssigned(_ register: Int, _ name: String) {
    if !mayVanish(name) { flow.assigned.insert(register) }
  }

  /// The register of a name that can be computed into directly; nil: through a temporary.
  func direct(_ name: String) throws(Diagnostic) -> Int? {
    if case .register(let register) = try variable(name) { return register }
    return nil
  }

  func delete(_ name: String) throws(Diagnostic) {
    switch try variable(name) {
    case .register(let register):
      if isGlobal(register) {
        emit(.deleteGlobal, a: register)
      } else {
        emit(.deleteLocal, a: register, b: constant(.string(name)))
        needsUndefine = true
      }
      flow.assigned.remove(register)
    case .box(let register): emit(.deleteBox, a: register, b: constant(.string(name)))
    case .capture(let index): emit(.deleteCapture, a: index, b: constant(.string(name)))
    case .global(let slot):
      globals.noteVanishing(slot)
      emit(.deleteGlobal, a: slot)
    case .namespace:
      try scratch { () throws(Diagnostic) in
        let key = temporary()
        load(.string(name), into: key)
        emit(.deleteItem, a: 0, b: key)
      }
    }
  }

  /// Takes a name's value away without an error when it has none; after `except … as name`.
  func forget(_ name: String) throws(Diagnostic) {
    try scratch { () throws(Diagnostic) in
      let none = temporary()
      load(.none, into: none)
      try store(none, to: name)
    }
    try delete(name)
  }
}
