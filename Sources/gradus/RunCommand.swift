internal import Catalog
internal import FoundationEssentials
internal import Notebooks
internal import Session

/// `gradus run`: a script or a notebook.
struct RunCommand {
  private enum Program {
    case code(String)
    case standardInput
    case file(String)
    case notebook(String, output: String)
  }

  private let program: Program
  private let arguments: [String]

  init(_ words: [String]) throws(UsageError) {
    let parsed = try ParsedArguments(
      words, options: Command.run.options, takesAllAfter: { !$0.hasSuffix(".ipynb") })
    let output = parsed.value("--output")
    if let code = parsed.value("-c") {
      program = .code(code)
      arguments = ["-c"] + parsed.operands
    } else {
      guard let first = parsed.operands.first else {
        throw UsageError("there is nothing to run: name a script or a notebook")
      }
      arguments = parsed.operands
      if first.hasSuffix(".ipynb") {
        guard parsed.operands.count == 1 else {
          throw UsageError("a notebook takes no arguments: '\(parsed.operands[1])'")
        }
        program = .notebook(first, output: output ?? first)
      } else {
        program = first == "-" ? .standardInput : .file(first)
      }
    }
    if output != nil, case .notebook = program { return }
    if output != nil {
      throw UsageError("option '--output' is for notebooks; a script's output goes to stdout")
    }
  }

  func run() -> Int32 {
    let pending = Pending()
    Interrupts.forward(to: pending)
    let (program, arguments) = (program, arguments)
    return EvaluatorThread.run {
      do {
        switch program {
        case .code(let code):
          return RunCommand.script(code, name: "<string>", arguments, pending)
        case .standardInput:
          return RunCommand.script(standardInput(), name: "<stdin>", arguments, pending)
        case .file(let path):
          return RunCommand.script(try text(of: path), name: path, arguments, pending)
        case .notebook(let path, let output):
          return try RunCommand.notebook(path, output: output, pending)
        }
      } catch {
        printError(Failure(error).report().joined(separator: "\n"))
        return 1
      }
    }
  }

  private static func script(
    _ text: String, name: String, _ arguments: [String], _ pending: Pending
  ) -> Int32 {
    let sink = TerminalSink()
    let session = Session(Session.Options(arguments: arguments, charts: .lines), pending: pending)
    let result = session.run(Cell(text, source: name, isSilent: true), sink: sink)
    sink.finish()
    switch result.ending {
    case .ok: return 0
    case .failure: return 1
    case .interrupted: return 130
    case .exit(let code): return Int32(truncatingIfNeeded: code & 0xFF)
    }
  }

  private static func notebook(
    _ path: String, output: String, _ pending: Pending
  ) throws -> Int32 {
    var notebook = try NotebookFile.read(path)
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    let session = Session(
      Session.Options(
        directory: folder.isEmpty && path.hasPrefix("/") ? "/" : folder, charts: .final),
      pending: pending)
    let runner = Runner(session, tell: tell)
    let report = runner.run(&notebook)
    try NotebookFile.write(notebook, to: output)
    if let (cell, failure) = report.stopped {
      printError("\(path): cell \(cell) failed")
      printError(
        failure.report(colour: Descriptor.isTerminal(Descriptor.errors)).joined(separator: "\n"))
      return report.isInterrupted ? 130 : 1
    }
    let cells = report.executed == 1 ? "1 cell" : "\(report.executed) cells"
    printError("\(path): \(cells) executed, outputs in \(output)")
    return 0
  }

  /// A line on stderr for each cell.
  private static func tell(_ event: Runner.Event) {
    guard case .began(let number, let total, let cell) = event else { return }
    let first = cell.source.split(whereSeparator: \.isNewline).first ?? ""
    let shown = first.count > 60 ? first.prefix(59) + "…" : first
    printError("[\(number)/\(total)] \(shown)")
  }
}

private func standardInput() -> String {
  var text = ""
  while let line = readLine(strippingNewline: false) { text += line }
  return text
}

private func text(of path: String) throws -> String {
  guard FileManager.default.fileExists(atPath: path) else {
    throw Failure(.fileNotFound, "there is no file '\(path)'")
  }
  guard let data = FileManager.default.contents(atPath: path) else {
    throw Failure(.permission, "'\(path)' cannot be read")
  }
  guard let text = String(validating: data, as: UTF8.self) else {
    throw Failure(.value, "'\(path)' is not UTF-8 text")
  }
  return text
}
