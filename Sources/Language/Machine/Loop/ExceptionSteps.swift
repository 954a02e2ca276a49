import Catalog

/// `raise` and `assert`; never inlined.
extension Machine {
  @inline(never)
  func raise(_ instruction: Instruction, _ registers: Registers) throws(Thrown) -> Thrown {
    if instruction.x == 2 {
      let current = handled
      guard !current.isNone else {
        throw error(.runtime, "No active exception to reraise")
      }
      raised = current
      return Thrown()
    }
    let exception = try exception(from: registers[instruction.a])
    if instruction.x == 1 {
      let scope = HandleScope(self)
      scope.keep(exception)
      let cause = registers[instruction.b]
      let cell = ExceptionCell(exception)
      if cause.isNone {
        cell.cause = .none
      } else if cause.tag == RawValue.Tag.exception {
        cell.cause = cause
      } else if cause.tag == RawValue.Tag.type, TypeCell(cause).isException {
        cell.cause = try self.exception(from: cause)
      } else {
        throw error(.type, "exception causes must derive from BaseException")
      }
      cell.suppressesContext = true
    }
    return raise(exception)
  }

  @inline(never)
  func failAssertion(_ instruction: Instruction, _ registers: Registers) -> Thrown {
    let message = registers[instruction.a]
    let type = typesByName["AssertionError"] ?? types[Int(RawValue.Tag.exception)]
    let exception = newException(type, heap.newTuple(message.isUndefined ? [] : [message]))
    if instruction.x == 1 {
      let scope = HandleScope(self)
      scope.keep(exception)
      if let sides = sides(registers[instruction.b], registers[instruction.c]) {
        ExceptionCell(exception).failure = Failure(.assertion, "", notes: [sides])
      }
    }
    return raise(exception)
  }
}
