import Catalog
import Session
import Synchronization
import Testing

@Suite struct SessionTests {
  /// Runs cells in one session; returns what they showed.
  private func run(_ texts: String...) -> (outputs: [Output], results: [CellResult]) {
    let session = Session()
    let recording = Recording()
    let results = texts.enumerated().map { index, text in
      session.run(Cell(text, executionCount: index + 1), sink: recording)
    }
    return (recording.outputs, results)
  }

  private func shown(_ text: String) -> String? { run(text).results[0].shown?.text }

  private func error(_ text: String) -> Failure? { run(text).results[0].failure }

  @Test(arguments: [
    ("6 * 7", "42"), ("x = 3\nx", "3"), ("'a'", "'a'"), ("[1, 'a', None]", "[1, 'a', None]"),
    ("print(1)\n2", "2"), ("%time 6 * 7", "42"), ("%%time\nx = 1\nx", "1"),
    ("class A:\n  def __repr__(self): return 'an A'\nA()", "an A"),
  ])
  func theLastExpressionIsShown(text: String, expected: String) {
    #expect(shown(text) == expected)
  }

  @Test(arguments: ["x = 1", "None", "6 * 7;", "print(1)", "", "# nothing", "def f(): pass"])
  func nothingIsShownWhereThereIsNothing(text: String) {
    #expect(run(text).results[0].shown == nil)
  }

  @Test func namesStayFromCellToCell() {
    #expect(run("x = 41", "x + 1").results[1].shown?.text == "42")
  }

  @Test func aSilentCellShowsNoValue() {
    let session = Session()
    let recording = Recording()
    _ = session.run(Cell("1", isSilent: true), sink: recording)
    #expect(recording.outputs.isEmpty)
  }

  @Test func anErrorSaysWhereItHappened() throws {
    let (outputs, results) = run("x = 1\ny = x + nope")
    let failure = try #require(results[0].failure)
    #expect(failure.exception == "NameError")
    #expect(failure.frames.last?.source == "Cell [1]")
    #expect(failure.frames.last?.line == 2)
    #expect(failure.frames.last?.column == 9)
    guard case .failure? = outputs.last else {
      Issue.record("the error was not shown")
      return
    }
  }

  @Test func aTextThatDoesNotParseRunsNothing() {
    let (outputs, results) = run("print(1)\nprint(2")
    #expect(results[0].failure?.exception == "SyntaxError")
    #expect(outputs.count == 1)
  }

  @Test(arguments: [("exit()", 0), ("raise SystemExit(3)", 3), ("import sys\nsys.exit()", 0)])
  func aScriptCanEndItself(text: String, code: Int) {
    guard case .exit(let found) = run(text).results[0].ending else {
      Issue.record("it did not end")
      return
    }
    #expect(found == code)
  }

  @Test func anInterruptStopsAnyLoopAndTheStateIsKept() {
    let pending = Pending()
    let session = Session(pending: pending)
    let recording = Recording()
    _ = session.run(Cell("x = 1"), sink: recording)
    pending.set(.interrupt)
    let result = session.run(Cell("x = 2"), sink: recording)
    guard case .interrupted = result.ending else {
      Issue.record("it was not interrupted")
      return
    }
    #expect(session.run(Cell("x"), sink: recording).shown?.text == "1")
  }

  @Test func claimsShowATickOrFailTheCell() {
    let (outputs, results) = run("claim('two is two', 2 == 2)", "claim('three is two', 3 == 2)")
    guard case .stream(.standard, let line)? = outputs.first else {
      Issue.record("no tick")
      return
    }
    #expect(line == "✓ two is two\n")
    #expect(results[1].failure?.exception == "AssertionError")
    #expect(results[1].failure?.message == "the claim does not hold: three is two")
  }

  @Test func aFailedAssertionShowsBothValues() {
    let failure = error("a = 3\nassert a < 2 + 0")
    #expect(failure?.exception == "AssertionError")
    #expect(failure?.notes == ["left is 3, right is 2"])
  }

  @Test func aFigureThatAStatementMakesIsShown() {
    let outputs = run("plot([1, 2])\nplot([2, 1])\nx = plot([3])\nprint('end')").outputs
    let kinds = outputs.map { output in
      switch output {
      case .display(let media, _): media.svg == nil ? "text" : "figure"
      case .stream: "stream"
      default: "other"
      }
    }
    #expect(kinds == ["figure", "figure", "stream"])
  }

  @Test(arguments: [
    ("%tim 3", "there is no magic '%tim'", "did you mean 'time'?"),
    ("!ls", "'!' does not run programs here", "use a terminal beside the notebook"),
    ("x = 1\nclaimm?", "there is nothing under the name 'claimm'", "did you mean 'claim'?"),
    ("%reset y", "name 'y' is not defined", nil),
  ])
  func linesForTheSessionThatMakeNoSenseAreExplained(text: String, message: String, help: String?) {
    let failure = error(text)
    #expect(failure?.message == message)
    #expect(failure?.help == help)
    #expect(failure?.frames.first?.text == text.split(separator: "\n").last.map(String.init))
  }

  @Test func magicsStandBetweenCodeAndKeepItsLines() throws {
    let (outputs, results) = run("a = 1\n%who\nb = (a\n  % 2)\nnope")
    #expect(results[0].failure?.frames.last?.line == 5)
    guard case .stream(.standard, let names)? = outputs.first else {
      Issue.record("%who showed nothing")
      return
    }
    #expect(names == "name  type  size  value\na     int         1\n")
  }

  @Test func aQuestionMarkOpensAPage() {
    let result = run("def blend(left, right=1):\n  'Mixes two.'\n?blend").results[0]
    #expect(
      result.page?.text
        == "blend(left, right=1)\n\nMixes two.\n\ndefined in Cell [1], line 1\n\n"
        + "def blend(left, right=1):\n  'Mixes two.'")
    #expect(run("claim?").results[0].page?.text.hasPrefix("claim(sentence, condition)") == true)
  }

  @Test func resetForgetsNamesButNotTheLibrary() {
    #expect(run("x = 1\nlen = 2\n%reset\nlen([3])").results[0].shown?.text == "1")
    #expect(run("x = 1\n%reset x\nx").results[0].failure?.exception == "NameError")
  }

  @Test func theSameSeedGivesTheSameNumbers() {
    let text = run("seed(3)\nprint(rand(3))\nseed(3)\nprint(rand(3))").outputs.compactMap {
      output in
      if case .stream(_, let text) = output { text } else { nil }
    }.joined()
    let lines = text.split(separator: "\n")
    #expect(lines.count == 2 && lines[0] == lines[1])
  }

  @Test func expressionsAreEvaluatedWithoutShowingAnything() throws {
    let session = Session()
    let recording = Recording()
    _ = session.run(Cell("x = 2"), sink: recording)
    let values = session.evaluate([("good", "x * 21"), ("bad", "nope"), ("worse", "x = 1")])
    #expect(recording.outputs.isEmpty)
    #expect(try values[0].value.get().text == "42")
    #expect(throws: Failure.self) { try values[1].value.get() }
    #expect(throws: Failure.self) { try values[2].value.get() }
  }

  @Test func helpExplainsFunctionsTypesModulesAndCodes() {
    for (text, start) in [
      ("help(claim)", "claim("), ("help('L301')", "L301: shapes"), ("help(len)", "len("),
      ("import sys\nhelp(sys)", "module sys"), ("help()", "Help\n===="),
    ] {
      guard case .display(let media, _)? = run(text).outputs.last else {
        Issue.record("\(text) shows nothing")
        continue
      }
      #expect(media.text.hasPrefix(start), "\(text): \(media.text)")
      #expect(media.text.count < 20_000)
    }
  }

  @Test func aRunningCellAnswersForItsNames() {
    let pending = Pending()
    let board = DirectoryBoard(pending: pending)
    let session = Session(pending: pending, board: board)
    let recording = Recording()
    pending.set(.directory)
    _ = session.run(
      Cell("net = {'mean': [1, 2]}\nfor i in range(10): pass\nlast = 1", executionCount: 7),
      sink: recording)
    let item = board.newest["net"]
    #expect(item?.typeName == "dict")
    // It was posted while the cell ran.
    #expect(board.newest["last"] == nil)
    pending.set(.directory)
    session.attend()
    #expect(board.newest["last"]?.typeName == "int")
    #expect(board.read(waiting: 1).isStale)
  }
}

@Suite struct ExportTests {
  private func export(_ text: String, _ name: String) throws -> String {
    let folder = FileFolder()
    let session = Session(Session.Options(directory: folder.path))
    let result = session.run(Cell(text), sink: Recording())
    if let failure = result.failure { throw failure }
    return try folder.text(name)
  }

  @Test func numbersGoIntoTables() throws {
    #expect(
      try export("export([1.5, 2, 3], 'a.csv')", "a.csv") == "0\n1.5\n2.0\n3.0\n")
    #expect(
      try export("export(tensor([[1, 2], [3, 4]]), 'a.csv')", "a.csv")
        == "0,1\n1.0,2.0\n3.0,4.0\n")
    #expect(try export("export(plot([1, 2]), 'a.svg')", "a.svg").hasPrefix("<svg"))
    #expect(try export("export('x', 'a.txt')", "a.txt") == "'x'\n")
  }

  @Test(arguments: [
    ("export([1], 'a.xyz')", "a list cannot be written as '.xyz'"),
    ("export([1])", "export() needs the name of a file"),
    ("export('x', 'no/such/folder/a.txt')", "'no/such/folder/a.txt' cannot be written"),
  ])
  func whatCannotBeWrittenIsExplained(text: String, message: String) {
    #expect {
      try export(text, "")
    } throws: { error in
      Failure(error).message == message
    }
  }
}
