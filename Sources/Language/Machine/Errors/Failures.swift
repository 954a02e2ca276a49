import Catalog

/// Exceptions as the failures that a session shows.
extension Machine {
  /// The line of the user's script that runs now, as far as calls have told.
  var place: Failure.Place? {
    var frame = unsafe state.pointee.frame
    while unsafe frame > frames {
      let code = unsafe CodeCell(Cell(UnsafeMutableRawPointer(frame.pointee.code)))
      let facts = code.facts
      if facts.source.module == nil {
        let instruction = unsafe frame.pointee.next - code.instructions - 1
        let line = facts.source.line(at: facts.span(at: instruction).start)
        return Failure.Place(facts.source.name, line: line)
      }
      unsafe frame -= 1
    }
    return nil
  }

  /// An exception as a user sees it: with its places, causes and what the library said.
  ///
  /// - Parameter isFinal: it ends a cell, so that it is worth completing with advice.
  func failure(of exception: RawValue, isFinal: Bool = false, depth: Int = 0) -> Failure {
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
    if isFinal { advise(&failure, on: cell) }
    if depth < 20 {
      if cell.cause.tag == RawValue.Tag.exception {
        failure.causes.append(
          Failure.Cause(
            .raisedFrom, self.failure(of: cell.cause, isFinal: isFinal, depth: depth + 1)))
      } else if !cell.suppressesContext, cell.context.tag == RawValue.Tag.exception {
        failure.causes.append(
          Failure.Cause(
            .whileHandling, self.failure(of: cell.context, isFinal: isFinal, depth: depth + 1)))
      }
    }
    return failure
  }

  /// The places an exception has passed, outermost first; what repeats is folded.
  private func frames(of cell: ExceptionCell) -> [Failure.Frame] {
    var entries: [ExceptionCell.TraceEntry] = []
    var index = unsafe cell.at.pointee.traceCount - 1
    while index >= 0 {
      // What a module of the language does inside is not the user's to read.
      let entry = unsafe cell.at.pointee.trace[index]
      if unsafe CodeCell(Cell(UnsafeMutableRawPointer(entry.code))).facts.source.module == nil {
        entries.append(entry)
      }
      index -= 1
    }
    func isSame(_ one: Int, _ other: Int) -> Bool {
      unsafe entries[one].code == entries[other].code
        && entries[one].instruction == entries[other].instruction
    }
    func frame(_ index: Int) -> Failure.Frame {
      let entry = entries[index]
      return unsafe CodeCell(Cell(UnsafeMutableRawPointer(entry.code))).facts
        .frame(at: entry.instruction)
    }
    var all: [Failure.Frame] = []
    var place = 0
    while place < entries.count {
      // How often the next `period` frames follow one another, for the period that covers most.
      var best = (period: 1, times: 1)
      for period in 1...4 where place + 2 * period <= entries.count {
        var end = place + period
        while end < entries.count, isSame(end, end - period) { end += 1 }
        let times = (end - place) / period
        let isWorth = period == 1 ? times > 1 : times > 2
        if isWorth, times * period > best.times * best.period { best = (period, times) }
      }
      for step in 0..<best.period { all.append(frame(place + step)) }
      all[all.count - 1].repeats = best.times
      all[all.count - 1].group = best.period
      place += best.period * best.times
    }
    let shown = 12
    guard all.count > 3 * shown else { return all }
    var head = Array(all.prefix(shown))
    let tail = all.suffix(shown)
    head[shown - 1].omitted = all.dropFirst(shown).dropLast(shown).reduce(0) {
      $0 + $1.repeats
    }
    return head + tail
  }
}

extension ExceptionCell {
  /// The places it has passed, innermost first.
  var places: [(code: Code, instruction: Int)] {
    let count = unsafe at.pointee.traceCount
    return (0..<count).map { index in
      let entry = unsafe at.pointee.trace[index]
      return unsafe (CodeCell(Cell(UnsafeMutableRawPointer(entry.code))).facts, entry.instruction)
    }
  }
}
