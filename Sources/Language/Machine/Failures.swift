import Catalog

extension Machine {
  /// An exception as a user sees it: with its places, causes and what the library said.
  func failure(of exception: RawValue, depth: Int = 0) -> Failure {
    guard exception.tag == RawValue.Tag.exception else {
      return Failure(.runtime, "an exception was lost")
    }
    let cell = ExceptionCell(exception)
    let saved = raised
    // str of an exception may run script code, which may fail in its turn.
    let message = (try? str(exception)) ?? "<exception str() failed>"
    raised = saved
    var failure = Failure(named: cell.type.name.string, message)
    if let said = cell.failure {
      failure.code = said.code
      failure.notes = said.notes
      failure.help = said.help
      failure.causes = said.causes
    }
    failure.frames = frames(of: cell)
    if depth < 20 {
      if cell.cause.tag == RawValue.Tag.exception {
        failure.causes.append(
          Failure.Cause(.raisedFrom, self.failure(of: cell.cause, depth: depth + 1)))
      } else if !cell.suppressesContext, cell.context.tag == RawValue.Tag.exception {
        failure.causes.append(
          Failure.Cause(.whileHandling, self.failure(of: cell.context, depth: depth + 1)))
      }
    }
    return failure
  }

  /// The places an exception has passed, outermost first; equal ones in a row are folded.
  private func frames(of cell: ExceptionCell) -> [Failure.Frame] {
    var all: [Failure.Frame] = []
    var last: (code: UnsafeMutablePointer<CodeCell.Layout>, instruction: Int)?
    var index = unsafe cell.at.pointee.traceCount - 1
    while index >= 0 {
      if let entry = unsafe cell.at.pointee.trace?[index] {
        if let known = unsafe last, unsafe known.code == entry.code,
          unsafe known.instruction == entry.instruction, !all.isEmpty
        {
          all[all.count - 1].repeats += 1
        } else {
          let code = unsafe CodeCell(Cell(UnsafeMutableRawPointer(entry.code)))
          // What a module of the language does inside is not the user's to read.
          if code.facts.source.module == nil { all.append(code.facts.frame(at: entry.instruction)) }
        }
        unsafe last = unsafe (entry.code, entry.instruction)
      }
      index -= 1
    }
    return all
  }
}
