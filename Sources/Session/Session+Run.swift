public import Catalog
internal import Language
internal import Plots
internal import Tensors

extension Session {
  func makeMachine() -> Machine {
    let machine = Machine(
      library: StandardCatalog.beyondLanguage, libraryNames: StandardCatalog.namesBeyondLanguage,
      context: context, isStressed: options.isStressed)
    machine.onRequest = { [unowned self] _ in attend() }
    machine.onUndefined = { [unowned self] name in earlierDefinition(of: name) }
    // Long work of the library, such as training, answers the service thread between two batches.
    context.atSafepoint = { [unowned self] in
      attend()
      if pending.reasons.contains(.interrupt) { throw Interrupted() }
    }
    context.portray = { [unowned self] value in try portray(value) }
    if let script = options.arguments.first, !["", "-", "-c"].contains(script) {
      machine.setGlobal("__file__", to: .string(machine.absolutePath(script)))
    }
    return machine
  }

  /// Runs a cell; everything it shows, its value and its error go to the sink.
  ///
  /// An interrupt that is pending when it begins stops the cell at once, and is spent by that.
  public func run(_ cell: Cell, sink: any Sink) -> CellResult {
    let outer = context.sink
    context.hasReadClock = false
    context.sink = ClockMark(sink, context)
    // Long products look at it between two blocks.
    Workers.observe(pending)
    defer {
      context.sink = outer
      Workers.observe(nil)
    }
    versions.note(cell, name: name(of: cell))
    var result = CellResult(.ok)
    do {
      if pending.reasons.contains(.interrupt) {
        pending.clear(.interrupt)
        throw Interrupted()
      }
      let parts = CellText(cell.text).parts
      for (index, part) in parts.enumerated() {
        try run(part, of: cell, isLast: index + 1 == parts.count, &result)
      }
      for (_, end) in context.whenCellEnds.sorted(by: { $0.key < $1.key }) { try end() }
    } catch {
      result.ending = ending(versions.marking(Failure(error)), sink)
    }
    return result
  }

  /// A note on the cell of the session before that gave a name its value.
  private func earlierDefinition(of name: String) -> String? {
    guard let history = options.history else { return nil }
    for record in history.find(.range(session: -1, start: 1, stop: nil)).reversed()
    where Source(record.input, name: "").binds(name) {
      return "\(name) was defined in Cell [\(record.line)] before the restart; "
        + "that cell has not been run since"
    }
    return nil
  }

  /// How a cell ends that threw; shows the error unless it is the script's wish to end.
  private func ending(_ failure: Failure, _ sink: any Sink) -> CellResult.Ending {
    switch failure.exception {
    case Failure.Exception.systemExit.rawValue:
      if failure.message.isEmpty || failure.message == "None" { return .exit(code: 0) }
      if let code = Int(failure.message) { return .exit(code: code) }
      sink.emit(.stream(.error, failure.message + "\n"))
      return .exit(code: 1)
    case Failure.Exception.keyboardInterrupt.rawValue:
      sink.emit(.failure(failure))
      return .interrupted(failure)
    default:
      sink.emit(.failure(failure))
      return .failure(failure)
    }
  }

  private func run(
    _ part: CellText.Part, of cell: Cell, isLast: Bool, _ result: inout CellResult
  ) throws {
    func execute(_ code: String, showing: Bool) throws {
      let media = try run(code, of: cell, isShown: showing && isLast && !cell.isSilent)
      if let media { result.shown = media }
    }
    switch part {
    case .code(let code): try execute(code, showing: true)
    case .magic(let name, let argument, let line):
      let code = String(repeating: "\n", count: line - 1) + argument
      try placed(line, cell) {
        try run(magic: name, argument, code: code) { try execute($0, showing: true) }
      }
    case .cellMagic(let name, let argument, let body):
      try placed(1, cell) {
        guard name == Magic.time.rawValue else {
          let known = name == Magic.timeit.rawValue ? "%timeit measures one line" : nil
          throw Failure(
            .syntax, "there is no magic '%%\(name)'", help: known ?? "there is %%time")
        }
        try run(magic: name, argument, code: body) { try execute($0, showing: true) }
      }
    case .inspect(let name, let line):
      try placed(line, cell) {
        guard let found = inspect(name, at: name.unicodeScalars.count, detail: 1) else {
          throw Failure(
            .name, "there is nothing under the name '\(name)'", code: "L101",
            help: Nearest.question(
              name, among: machine.globalNames().map(\.name) + StandardCatalog.names))
        }
        result.page = found.media
      }
    case .command(_, let line):
      try placed(line, cell) {
        throw Failure(
          .syntax, "'!' does not run programs here", help: "use a terminal beside the notebook")
      }
    }
  }

  /// Adds the line to an error that has no place yet.
  private func placed(_ line: Int, _ cell: Cell, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      var failure = Failure(error)
      guard failure.frames.isEmpty else { throw error }
      let lines = cell.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      let text = lines.indices.contains(line - 1) ? String(lines[line - 1]) : ""
      failure.frames = [
        Failure.Frame(
          source: name(of: cell), function: "<module>", line: line, column: 1,
          endColumn: text.unicodeScalars.count + 1, text: text)
      ]
      throw failure
    }
  }

  /// Runs code and shows its value, when it has one and it is to be shown.
  ///
  /// A figure that a statement of its own makes is shown in any case: nobody plots for nothing.
  private func run(_ code: String, of cell: Cell, isShown: Bool) throws -> Media? {
    let source = Source(code, name: name(of: cell), executionCount: cell.executionCount)
    let value = try machine.run(source) { value in try showFigure(value) }
    guard let value else { return nil }
    guard isShown else {
      try showFigure(value)
      return nil
    }
    let media = try portray(value)
    context.sink.emit(.result(media))
    return media
  }

  private func showFigure(_ value: Value) throws {
    guard case .object(let object) = value, object is FigureObject else { return }
    context.sink.emit(.display(try object.display(context)))
  }

  private func name(of cell: Cell) -> String {
    if !cell.source.isEmpty { return cell.source }
    return cell.executionCount.map { "Cell [\($0)]" } ?? "<cell>"
  }

  /// How a value looks: as its object wants, else as `repr` writes it.
  private func portray(_ value: Value) throws -> Media {
    guard case .object(let object) = value else { return Media(try machine.repr(value)) }
    guard value.isOfScript else { return try object.display(context) }
    var media = Media(try machine.repr(value))
    media.svg = try richText(of: object, "_repr_svg_")
    media.html = try richText(of: object, "_repr_html_")
    media.markdown = try richText(of: object, "_repr_markdown_")
    return media
  }

  /// What a script's class gives for one of the forms that notebooks know.
  private func richText(of object: any Object, _ method: String) throws -> String? {
    guard case .function(let function)? = try object.attribute(method),
      case .string(let text) = try function.call([], named: [])
    else { return nil }
    return text
  }

  /// Evaluates expressions and shows nothing: `user_expressions` of the protocol.
  public func evaluate(
    _ expressions: [(name: String, text: String)]
  ) -> [(name: String, value: Result<Media, Failure>)] {
    let outer = context.sink
    context.sink = Recording()
    defer { context.sink = outer }
    return expressions.map { name, text in
      do {
        let value = try machine.evaluate(Source(text, name: "<expression>"))
        return (name, .success(try portray(value)))
      } catch {
        return (name, .failure(Failure(error)))
      }
    }
  }

  /// Answers a request for the directory: what an idle evaluator does when it was woken, and a
  /// running one at its next safepoint.
  public func attend() {
    guard pending.reasons.contains(.directory) else { return }
    let (items, isComplete) = roll.update(from: machine)
    board.post(items, details: board.wanted.details(in: machine), isComplete: isComplete)
  }
}
