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
        registerCount: count, instruction: code.at.pointee.entry, destination: 0))
    return cell.value
  }

  /// Lets a generator go on with a value until it yields; `undefined` when it has ended, its
  /// result then in `generatorResult`.
  func resume(_ generator: GeneratorCell, _ sent: RawValue) throws(Thrown) -> RawValue {
    try resume(generator) { registers in
      if generator.state == .suspended {
        registers[unsafe generator.at.pointee.destination] = sent
      }
      return true
    }
  }

  /// Raises an exception where the generator waits.
  func resume(_ generator: GeneratorCell, raising exception: RawValue) throws(Thrown) -> RawValue {
    if generator.state == .fresh || generator.state == .finished {
      finish(generator)
      throw raise(exception)
    }
    return try resume(generator) { _ in
      self.raised = exception
      return false
    }
  }

  private func resume(
    _ generator: GeneratorCell, _ prepare: (Registers) -> Bool
  ) throws(Thrown) -> RawValue {
    switch generator.state {
    case .finished:
      generatorResult = .none
      return .undefined
    case .running: throw error(.value, "generator already executing")
    case .fresh, .suspended: break
    }
    guard let saved = unsafe generator.at.pointee.registers else { return .undefined }
    let code = generator.function.code
    let count = unsafe generator.at.pointee.registerCount
    let place = unsafe state.pointee.scratch
    guard unsafe state.pointee.frame + 1 < framesEnd, unsafe place + count + 64 < stackEnd else {
      throw stackOverflow()
    }
    guard unsafe state.pointee.nesting < limits.nesting else {
      throw error(.recursion, "maximum nesting of library calls exceeded", code: "L111")
    }
    let goesOn = unsafe prepare(Registers(saved))
    // One register below the window receives the result.
    unsafe place.pointee = generator.value
    let base = unsafe place + 1
    unsafe base.update(from: saved, count: count)
    generator.state = .running
    let frame = unsafe state.pointee.frame + 1
    unsafe frame.pointee = unsafe Frame(
      next: code.instructions + generator.at.pointee.instruction, base: base, top: base + count,
      code: code.at,
      function: generator.function.cell.pointer,
      flags: FrameFlag.entry | FrameFlag.generator, generator: generator.cell.pointer)
    unsafe state.pointee.frame = frame
    unsafe state.pointee.scratch = base + count
    unsafe state.pointee.nesting += 1
    let handled = handled
    defer {
      self.handled = handled
      unsafe state.pointee.nesting -= 1
      unsafe state.pointee.scratch = place
    }
    do throws(Thrown) {
      let result = try execute(raising: !goesOn)
      if generator.state == .running {
        generatorResult = result
        finish(generator)
        return .undefined
      }
      return result
    } catch {
      finish(generator)
      if let stop = typesByName["StopIteration"], raised.tag == RawValue.Tag.exception,
        ExceptionCell(raised).type.isKind(of: stop)
      {
        let cause = raised
        let thrown = self.error(.runtime, "generator raised StopIteration")
        ExceptionCell(raised).cause = cause
        ExceptionCell(raised).context = cause
        throw thrown
      }
      throw error
    }
  }

  /// A frame that yields: its registers go back to the generator.
  func suspend(_ frame: UnsafeMutablePointer<Frame>, at instruction: Int, _ destination: Int) {
    guard let pointer = unsafe frame.pointee.generator else { return }
    let generator = unsafe GeneratorCell(Cell(pointer))
    if let registers = unsafe generator.at.pointee.registers {
      unsafe registers.update(
        from: frame.pointee.base, count: generator.at.pointee.registerCount)
    }
    unsafe generator.at.pointee.instruction = instruction
    unsafe generator.at.pointee.destination = destination
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
