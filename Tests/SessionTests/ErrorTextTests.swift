import Catalog
import FoundationEssentials
import Session
import Testing

/// The exact text of errors, code by code: `Golden/errors.txt`; `GRADUS_RECORD=1` writes it anew.
@Suite struct ErrorTextTests {
  @Test func everyCodeHasItsText() throws {
    let (head, cases) = try ErrorCase.read("errors.txt")
    var text = head.map { $0 + "\n" }.joined()
    var codes: Set<String> = []
    for error in cases {
      let (failure, errors) = error.run()
      var lines = failure.map(ErrorCase.report) ?? []
      if lines.isEmpty {
        lines = errors.split(separator: "\n" as Character).map(String.init)
      }
      text += error.written + ">>>\n" + lines.joined(separator: "\n") + "\n"
      if let code = error.title.split(separator: " " as Character).first, code.hasPrefix("L") {
        codes.insert(String(code))
        #expect(lines.contains { $0.contains("[\(code)]") }, "\(error.title) has another code")
      }
      if !ErrorCase.records {
        #expect([">>>"] + lines == error.expected, "\(error.title)")
      }
    }
    if ErrorCase.records {
      try Data(text.utf8).write(to: URL(filePath: ErrorCase.folder + "/errors.txt"))
    }
    // An interrupt needs somebody to send it; there is no other device to ask for.
    for page in ErrorPage.all where !["L113", "L401"].contains(page.code) {
      #expect(codes.contains(page.code), "no program shows \(page.code)")
    }
  }

  @Test(arguments: ErrorPage.all.map(\.code))
  func pagesShowWhatIsShown(_ code: String) throws {
    let page = try #require(ErrorPage.all.first { $0.code == code })
    guard let program = page.program else { return }
    let (failure, _) = ErrorCase(program).run()
    #expect(failure?.code == code)
    #expect(failure.map(ErrorCase.report)?.joined(separator: "\n") == page.shown)
    if let mended = page.mended {
      let (left, errors) = ErrorCase(mended).run()
      #expect(left == nil, "\(left?.report().joined(separator: "\n") ?? "")")
      #expect(errors == "")
    }
  }

  @Test func aCellOfTheSessionBeforeIsNamed() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "gradus-errors-\(ProcessInfo.processInfo.processIdentifier).sqlite").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let before = History(path: path)
    before.add(line: 9, input: "wings = 2\nspeed = 30")
    before.close()
    let history = History(path: path)
    defer { history.close() }
    let session = Session(Session.Options(history: history))
    history.add(line: 1, input: "print(speed)")
    let failure = session.run(Cell("print(speed)", executionCount: 1), sink: Recording()).failure
    #expect(
      failure?.notes == [
        "speed was defined in Cell [9] before the restart; that cell has not been run since"
      ])
  }
}
