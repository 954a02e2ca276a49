/// The way of an exception out of the frames, to its handler.
extension Machine {
  /// Finds the handler of the exception on its way; false: it leaves the entry frame.
  @inline(never)
  func unwind(_ pc: UnsafeMutablePointer<Instruction>) -> Bool {
    var pc = unsafe pc
    while true {
      let frame = unsafe state.pointee.frame
      let code = unsafe CodeCell(Cell(UnsafeMutableRawPointer(frame.pointee.code)))
      let instruction = unsafe pc - code.instructions - 1
      let exception = raised
      if exception.tag == RawValue.Tag.exception {
        let cell = ExceptionCell(exception)
        let isAgain =
          unsafe instruction >= 0 && code.instructions[instruction].operation == .reraise
          && cell.at.pointee.traceCount > 0
        if !isAgain { unsafe note(frame.pointee.code, instruction, in: exception) }
      }
      if unsafe !state.pointee.isAbandoning,
        let (target, register) = code.handler(at: instruction)
      {
        unsafe frame.pointee.base[register] = exception
        raised = .none
        unsafe frame.pointee.next = code.instructions + target
        unsafe state.pointee.scratch = frame.pointee.top
        return true
      }
      unsafe state.pointee.frame = frame - 1
      let flags = unsafe frame.pointee.flags
      if flags & FrameFlag.entry != 0 { return false }
      if flags & FrameFlag.walk != 0 { unsafe endWalk(frame, isRaising: true) }
      unsafe pc = unsafe (frame - 1).pointee.next
    }
  }
}
