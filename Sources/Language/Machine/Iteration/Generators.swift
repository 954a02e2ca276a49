import Catalog

/// Generators: frames that are copied out of the stack when they yield, and back when they go on.
extension Machine {
  /// A generator whose parameters stand in `base`.
  func newGenerator(_ function: FunctionCell, _ base: Registers) -> RawValue {
    let code = function.code
    let cell = GeneratorCell(
      heap.allocate(
        MemoryLayout<GeneratorCell.Layout>.size, .generator,
        extra: GeneratorCell.State.fresh.rawValue))
    let count = code.registerCount
    let stride = MemoryLayout<RawValue>.stride
    let registers = unsafe heap.buffer(count * stride).assumingMemoryBound(to: RawValue.self)
    unsafe registers.initialize(repeating: .none, count: count)
    let parameters = code.facts.signature.registerCount
    unsafe registers.update(from: base.base, count: min(parameters, count))
    unsafe cell.at.initialize(
      to: GeneratorCell.Layout(
        header: cell.cell.header, function: function.value, registers: registers,
        registerCount: count, instruction: code.at.pointee.entry, destination: 0,
        handled: .undefined))
    return cell.value
  }

  /// Lets a generator go on with a value until it yields; `undefined` when it has ended, its
  /// result then in `generatorResult`.
  func resume(_ generator: GeneratorCell, _ sent: RawValue) throws(Thrown) -> RawValue {
    try resume(generator, sent, raising: nil)
  }

  /// Raises an exception where the generator waits.
  func resume(_ generator: GeneratorCell, raising exception: RawValue) throws(Thrown) -> RawValue {
    unpark(generator)
    if generator.state == .fresh || generator.state == .finished {
      finish(generator)
      throw raise(exception)
    }
    if generator.state == .suspended, let inner = delegate(of: generator) {
      return try resume(generator, waitingFor: inner, raising: exception)
    }
    return try resume(generator, nil, raising: exception)
  }

  /// The iterator that a suspended generator's `yield from` walks over; nil: it is not in one.
  private func delegate(of generator: GeneratorCell) -> RawValue? {
    let index = unsafe generator.at.pointee.instruction - 1
    guard index >= 0, let registers = unsafe generator.at.pointee.registers else { return nil }
    let instruction = unsafe generator.function.code.instructions[index]
    guard instruction.operation == .yield, instruction.x == 1 else { return nil }
    return unsafe registers[Int(instruction.c)]
  }

  /// Hands an exception to the iterator of a `yield from`, and what comes of it to the generator.
  private func resume(
    _ generator: GeneratorCell, waitingFor inner: RawValue, raising exception: RawValue
  ) throws(Thrown) -> RawValue {
    let scope = HandleScope(self)
    scope.keep(generator.value)
    scope.keep(inner)
    scope.keep(exception)
    generator.state = .running
    var result: RawValue?
    var leaving = exception
    do throws(Thrown) {
      if isKind(exception, "GeneratorExit") {
        try closeDelegate(inner)
      } else if inner.tag == RawValue.Tag.generator {
        let value = try resume(GeneratorCell(inner), raising: exception)
        generator.state = .suspended
        if !value.isUndefined { return value }
        result = generatorResult
      } else {
        let method = try attribute(inner, heap.intern("throw"), isOptional: true)
        if !method.isUndefined {
          let value = try call(method, [exception])
          generator.state = .suspended
          return value
        }
      }
    } catch {
      leaving = raised
      raised = .none
      if inner.tag != RawValue.Tag.generator, isKind(leaving, "StopIteration") {
        result = ExceptionCell(leaving).firstArgument
      }
    }
    generator.state = .suspended
    if let result {
      scope.keep(result)
      // Over the loop back to `send`.
      unsafe generator.at.pointee.instruction += 1
      return try resume(generator, result)
    }
    scope.keep(leaving)
    return try resume(generator, nil, raising: leaving)
  }

  private func closeDelegate(_ inner: RawValue) throws(Thrown) {
    if inner.tag == RawValue.Tag.generator { return try close(GeneratorCell(inner)) }
    let method = try attribute(inner, heap.intern("close"), isOptional: true)
    if !method.isUndefined { _ = try call(method, []) }
  }

  /// Whether a value is an exception of a class of the language or of one derived from it.
  func isKind(_ exception: RawValue, _ name: String) -> Bool {
    guard exception.tag == RawValue.Tag.exception, let type = typesByName[name] else {
      return false
    }
    return ExceptionCell(exception).type.isKind(of: type)
  }

  /// A generator's handler begins; what to remember for its end.
  @inline(never)
  func enterHandler(
    _ generator: UnsafeMutableRawPointer, _ exception: RawValue
  ) -> RawValue {
    let cell = unsafe GeneratorCell(Cell(generator))
    let outer = unsafe cell.at.pointee.handled
    unsafe cell.at.pointee.handled = exception
    return outer
  }

  /// A generator's handler ends; what is being handled from now on.
  @inline(never)
  func leaveHandler(_ generator: UnsafeMutableRawPointer, _ outer: RawValue) -> RawValue {
    let cell = unsafe GeneratorCell(Cell(generator))
    unsafe cell.at.pointee.handled = outer
    return outer.isUndefined ? handledOutside : outer
  }

  private func resume(
    _ generator: GeneratorCell, _ sent: RawValue?, raising exception: RawValue?
  ) throws(Thrown) -> RawValue {
    unpark(generator)
    switch generator.state {
    case .finished:
      generatorResult = .none
      return .undefined
    case .running: throw error(.value, "generator already executing")
    case .fresh, .suspended, .parked: break
    }
    let place = unsafe state.pointee.scratch
    defer { unsafe state.pointee.scratch = place }
    return try run(generator, sent, raising: exception, flags: FrameFlag.entry)
  }

  /// Runs a generator in a frame of its own until it yields or ends.
  private func run(
    _ generator: GeneratorCell, _ sent: RawValue?, raising exception: RawValue?, flags: UInt64
  ) throws(Thrown) -> RawValue {
    guard unsafe state.pointee.nesting < limits.nesting else { throw nestingError() }
    try checkStack()
    try open(generator, sent, flags: flags)
    unsafe state.pointee.nesting += 1
    defer {
      restoreHandled(generator)
      unsafe state.pointee.nesting -= 1
    }
    do throws(Thrown) {
      if let exception { _ = raise(exception) }
      let result = try execute(raising: exception != nil)
      if generator.state == .running {
        generatorResult = result
        finish(generator)
        return .undefined
      }
      return result
    } catch {
      fail(generator)
      throw error
    }
  }

  // MARK: Walks of Swift code

  /// Calls `body` with each element of a generator until it returns false; the caller keeps the
  /// generator, and the element until the next.
  ///
  /// Between two elements the generator is parked. Whoever else asks for an element meanwhile moves
  /// its registers away first.
  func forEachElement(
    of generator: GeneratorCell, _ body: (RawValue) throws(Thrown) -> Bool
  ) throws(Thrown) {
    defer { unpark(generator) }
    let flags = FrameFlag.entry | FrameFlag.parks
    while true {
      try safepoint()
      if generator.state == .finished { return }
      if generator.state == .running { throw error(.value, "generator already executing") }
      // Only on top of the stack may it go on where it stands.
      if let place = unsafe generator.at.pointee.place,
        unsafe place + generator.at.pointee.registerCount != state.pointee.scratch
      {
        moveAway(generator)
      }
      let element = try run(generator, RawValue.none, raising: nil, flags: flags)
      if element.isUndefined { return }
      guard try body(element) else { return }
    }
  }

  /// Moves the registers of a parked generator off the stack, so that it may go on elsewhere.
  @inline(__always)
  private func unpark(_ generator: GeneratorCell) {
    if generator.state == .parked { moveAway(generator) }
  }

  @inline(never)
  private func moveAway(_ generator: GeneratorCell) {
    if let place = unsafe generator.at.pointee.place,
      let registers = unsafe generator.at.pointee.registers
    {
      unsafe Registers(registers).copy(
        from: Registers(place), count: generator.at.pointee.registerCount)
    }
    unsafe generator.at.pointee.place = nil
    generator.state = .suspended
  }

  /// Pushes the frame of a generator that does not run.
  private func open(
    _ generator: GeneratorCell, _ sent: RawValue?, flags: UInt64
  ) throws(Thrown) {
    let code = unsafe generator.function.at.pointee.code
    let count = unsafe generator.at.pointee.registerCount
    let scratch = unsafe state.pointee.scratch
    guard unsafe state.pointee.frame + 1 < framesEnd, unsafe scratch + count + 64 < stackEnd,
      let saved = unsafe generator.at.pointee.registers
    else { throw stackOverflow() }
    var base = unsafe scratch + 1
    if let place = unsafe generator.at.pointee.place {
      unsafe base = place
    } else {
      // One register below the window receives the result.
      unsafe scratch.pointee = generator.value
      unsafe Registers(base).copy(from: Registers(saved), count: count)
    }
    if generator.state != .fresh, let sent {
      unsafe base[generator.at.pointee.destination] = sent
    }
    unsafe generator.at.pointee.place = nil
    generator.state = .running
    let frame = unsafe state.pointee.frame + 1
    unsafe frame.pointee = unsafe Frame(
      next: code.pointee.instructions + generator.at.pointee.instruction, base: base,
      top: base + count, code: code, function: generator.function.cell.pointer, flags: flags,
      generator: generator.cell.pointer)
    unsafe state.pointee.frame = frame
    unsafe state.pointee.scratch = base + count
    unsafe generator.at.pointee.outer = (handled, handledOutside)
    handledOutside = handled
    if unsafe !generator.at.pointee.handled.isUndefined {
      handled = unsafe generator.at.pointee.handled
    }
  }

  private func restoreHandled(_ generator: GeneratorCell) {
    (handled, handledOutside) = unsafe generator.at.pointee.outer
    unsafe generator.at.pointee.outer = (.none, .none)
  }

  /// An exception has left a generator; a StopIteration becomes an error of its own.
  private func fail(_ generator: GeneratorCell) {
    finish(generator)
    guard raised.tag == RawValue.Tag.exception,
      ExceptionCell(raised).type.isKind(of: known.stopIteration)
    else { return }
    let cause = raised
    _ = error(.runtime, "generator raised StopIteration")
    ExceptionCell(raised).cause = cause
    ExceptionCell(raised).context = cause
  }

  // MARK: Walks of the run loop

  /// Lets a generator that a loop walks over go on in a frame above the loop's; false: it has ended,
  /// or runs already.
  @inline(never)
  func enterWalk(_ generator: GeneratorCell) throws(Thrown) -> Bool {
    unpark(generator)
    guard generator.state == .fresh || generator.state == .suspended else { return false }
    try open(generator, RawValue.none, flags: FrameFlag.walk)
    return true
  }

  /// A generator that a loop walks over has yielded.
  @inline(never)
  func pauseWalk(_ frame: UnsafeMutablePointer<Frame>) {
    guard let generator = unsafe frame.pointee.generator else { return }
    restoreHandled(unsafe GeneratorCell(Cell(generator)))
  }

  /// A generator that a loop walks over has ended, with the exception in `raised` or without.
  @inline(never)
  func endWalk(_ frame: UnsafeMutablePointer<Frame>, isRaising: Bool) {
    guard let pointer = unsafe frame.pointee.generator else { return }
    let generator = unsafe GeneratorCell(Cell(pointer))
    if isRaising { fail(generator) } else { finish(generator) }
    restoreHandled(generator)
  }

  /// A frame that yields: its registers go back to the generator, or stay where they are.
  func suspend(_ frame: UnsafeMutablePointer<Frame>, at instruction: Int, _ destination: Int) {
    guard let pointer = unsafe frame.pointee.generator else { return }
    let generator = unsafe GeneratorCell(Cell(pointer))
    unsafe generator.at.pointee.instruction = instruction
    unsafe generator.at.pointee.destination = destination
    if unsafe frame.pointee.flags & FrameFlag.parks != 0 {
      unsafe generator.at.pointee.place = frame.pointee.base
      generator.state = .parked
      return
    }
    if let registers = unsafe generator.at.pointee.registers {
      unsafe Registers(registers).copy(
        from: Registers(frame.pointee.base), count: generator.at.pointee.registerCount)
    }
    generator.state = .suspended
  }

  /// Ends a generator and gives its registers back.
  func finish(_ generator: GeneratorCell) {
    generator.state = .finished
    let bytes = unsafe generator.at.pointee.registerCount * MemoryLayout<RawValue>.stride
    unsafe heap.release(UnsafeMutableRawPointer(generator.at.pointee.registers), bytes)
    unsafe generator.at.pointee.registers = nil
  }

  /// `g.close()`.
  func close(_ generator: GeneratorCell) throws(Thrown) {
    unpark(generator)
    if generator.state == .fresh {
      finish(generator)
      return
    }
    if generator.state == .finished { return }
    let exit = newException(named: "GeneratorExit", "")
    do throws(Thrown) {
      let value = try resume(generator, raising: exit)
      if !value.isUndefined { throw error(.runtime, "generator ignored GeneratorExit") }
    } catch {
      let type = ExceptionCell(raised).type.name
      if type.equals("GeneratorExit") || type.equals("StopIteration") { return }
      throw error
    }
  }
}
