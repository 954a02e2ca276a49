import Catalog

/// Exceptions: made, raised, and matched by `except`.
extension Machine {
  /// A new exception of a built-in class, on its way: `throw machine.error(.type, "…")`.
  ///
  /// - Parameter values: what the error is about, in the order that `advise` expects.
  @inline(never)
  func error(
    _ exception: Failure.Exception, _ message: String, code: String? = nil,
    notes: [String] = [], help: String? = nil, about values: [RawValue] = []
  ) -> Thrown {
    let made = newException(named: exception.rawValue, message)
    if !values.isEmpty { ExceptionCell(made).evidence = tuple(values) }
    if code != nil || help != nil || !notes.isEmpty {
      ExceptionCell(made).failure = Failure(
        exception, message, code: code, notes: notes, help: help)
    }
    return raise(made)
  }

  /// KeyError shows the key itself.
  ///
  /// - Parameter dict: where the key was looked for.
  func keyError(_ key: RawValue, in dict: RawValue = .none) -> Thrown {
    let made = newException(known.keyError, heap.newTuple(of: key))
    if !dict.isNone { ExceptionCell(made).evidence = heap.newPair(dict, key) }
    return raise(made)
  }

  /// The exception that ends an iteration, with the generator's result.
  func stopIteration(_ value: RawValue = .none) -> Thrown {
    return raise(
      newException(
        known.stopIteration, value.isNone ? heap.newTuple(count: 0) : heap.newTuple(of: value)))
  }

  func memoryError(_ message: String = "") -> Thrown {
    let asked = heap.refused
    heap.refused = 0
    return error(
      .memory, message, code: "L114",
      notes: [
        (asked > 0 ? "\(Machine.sized(asked)) more were wanted; " : "")
          + (heap.bytes < 1 << 20 ? "less than 1 MiB" : Machine.sized(heap.bytes))
          + " of \(Machine.sized(limits.memory)) are in use"
      ])
  }

  func overflowError(about values: [RawValue] = []) -> Thrown {
    error(
      .overflow, "integer result too large", code: "L109",
      notes: ["integers have 64 bits here"],
      help: "use floats for numbers of this size: float(x)", about: values)
  }

  func newException(named name: String, _ message: String) -> RawValue {
    let type = typesByName[name] ?? typesByName["Exception"] ?? types[Int(RawValue.Tag.exception)]
    return newException(
      type, message.isEmpty ? heap.newTuple(count: 0) : heap.newTuple(of: string(message)))
  }

  func newException(_ type: TypeCell, _ arguments: TupleCell) -> RawValue {
    let cell = ExceptionCell(heap.allocate(ExceptionCell.bytes, .exception))
    unsafe cell.at.initialize(
      to: ExceptionCell.Layout(
        header: cell.cell.header, type: type.at, arguments: arguments.value, cause: .none,
        context: .none, attributes: .none, evidence: .none,
        trace: cell.ownTrace, traceCount: 0, traceCapacity: ExceptionCell.ownPlaces,
        failure: nil))
    return cell.value
  }

  /// Puts an exception on its way; what is being handled becomes its context.
  func raise(_ exception: RawValue) -> Thrown {
    raised = exception
    let handled = handled
    if !handled.isNone, !handled.isIdentical(to: exception) {
      // An exception does not become its own context, not even through others.
      var link = handled
      var left = 1000
      while left > 0, link.tag == RawValue.Tag.exception {
        let next = ExceptionCell(link).context
        if next.isIdentical(to: exception) {
          ExceptionCell(link).context = .none
          break
        }
        link = next
        left -= 1
      }
      ExceptionCell(exception).context = handled
    }
    return Thrown()
  }

  /// Runs Swift code that throws anything; its error becomes a script exception.
  func attempt<Result>(_ body: () throws -> Result) throws(Thrown) -> Result {
    do {
      return try body()
    } catch {
      throw thrown(error)
    }
  }

  /// Any error of Swift code as the script exception that stands for it.
  @inline(never)
  func thrown(_ error: any Error) -> Thrown {
    if error is Thrown { return Thrown() }
    if let raised = error as? Raised, let exception = raised.exception(in: self) {
      // The same object again, with the places it has passed so far.
      self.raised = exception
      return Thrown()
    }
    if let leaving = error as? Leaving {
      context.pending.clear(.interrupt)
      return raise(newException(known.systemExit, heap.newTuple(of: raw(leaving.code))))
    }
    let failure = Failure(error)
    if failure.exception == "SystemExit" || failure.exception == "KeyboardInterrupt" {
      context.pending.clear(.interrupt)
      if failure.exception == "KeyboardInterrupt" { noteInterrupt() }
    }
    let exception = newException(named: failure.exception, failure.message)
    let hasMore =
      failure.code != nil || failure.help != nil || !failure.notes.isEmpty
      || !failure.frames.isEmpty || !failure.causes.isEmpty
    if hasMore || typesByName[failure.exception] == nil {
      ExceptionCell(exception).failure = failure
    }
    return raise(exception)
  }

  /// Whether an exception is of a class, or of one of a tuple of classes, as `except` tests it.
  func matches(_ exception: RawValue, _ pattern: RawValue) throws(Thrown) -> Bool {
    if pattern.tag == RawValue.Tag.type, TypeCell(pattern).isException {
      let type = ExceptionCell(exception).type
      return type.isKind(of: TypeCell(pattern)) || isAlsoValueError(type, TypeCell(pattern))
    }
    if pattern.isTuple {
      let tuple = TupleCell(pattern)
      for index in 0..<tuple.count where try matches(exception, tuple[index]) { return true }
      return false
    }
    throw error(
      .type, "catching classes that do not inherit from BaseException is not allowed")
  }

  /// What `raise value` raises: an exception, or one made by calling a class.
  func exception(from value: RawValue) throws(Thrown) -> RawValue {
    if value.tag == RawValue.Tag.exception { return value }
    if value.tag == RawValue.Tag.type, TypeCell(value).isException {
      let made = try call(value, [])
      if made.tag == RawValue.Tag.exception { return made }
    }
    throw error(.type, "exceptions must derive from BaseException")
  }

  /// Adds a place to what an exception has passed.
  @inline(never)
  func note(
    _ code: UnsafeMutablePointer<CodeCell.Layout>, _ instruction: Int, in exception: RawValue
  ) {
    let cell = ExceptionCell(exception)
    let count = unsafe cell.at.pointee.traceCount
    if unsafe count == cell.at.pointee.traceCapacity { heap.growTrace(of: cell) }
    unsafe cell.at.pointee.trace[count] = ExceptionCell.TraceEntry(
      code: code, instruction: instruction)
    unsafe cell.at.pointee.traceCount = count + 1
  }
}
