import Catalog
import FoundationEssentials
import Session
import Testing

/// Typical mistakes of beginners: each has the right code, line and token, and a way out.
///
/// The files in `Golden/mistakes` say what is expected in one line,
/// `>>> L101 line 2 at "coutn": did you mean 'count'?`; `GRADUS_RECORD=1` writes these anew.
@Suite struct MistakeTests {
  static let files = [
    "syntax.txt", "names.txt", "values.txt", "containers.txt", "functions.txt", "learning.txt",
  ]

  @Test(arguments: files)
  func mistakesAreExplained(_ name: String) throws {
    let (head, cases) = try ErrorCase.read("mistakes/" + name)
    var text = head.map { $0 + "\n" }.joined()
    for mistake in cases {
      let (failure, _) = mistake.run()
      guard let failure else {
        Issue.record("\(mistake.title): no error")
        continue
      }
      let line = ">>> " + MistakeTests.summary(of: failure)
      text += mistake.written + line + "\n"
      if !ErrorCase.records {
        #expect(mistake.expected == [line], "\(mistake.title)")
      }
      #expect(failure.help != nil || !failure.notes.isEmpty, "\(mistake.title): no way out")
    }
    if ErrorCase.records {
      try Data(text.utf8).write(to: URL(filePath: ErrorCase.folder + "/mistakes/" + name))
    }
  }

  @Test func thereAreMoreThanTwoHundred() throws {
    let counts = try MistakeTests.files.map { try ErrorCase.read("mistakes/" + $0).cases.count }
    #expect(counts.reduce(0, +) > 200)
  }

  /// Code, line, marked token and way out on one line.
  static func summary(of failure: Failure) -> String {
    let frame = failure.frames.last
    let scalars = Array((frame?.text ?? "").unicodeScalars)
    let start = max(0, (frame?.column ?? 1) - 1)
    let end = min(scalars.count, max(start, (frame?.endColumn ?? 1) - 1))
    var token = ""
    if start < end { token.unicodeScalars.append(contentsOf: scalars[start..<end]) }
    let place = start >= scalars.count ? "the end" : "\"\(token)\""
    let code = failure.code ?? failure.exception
    let way = failure.help ?? failure.notes.joined(separator: "; ")
    return "\(code) line \(frame?.line ?? 0) at \(place): \(way)"
  }
}
