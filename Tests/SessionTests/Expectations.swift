import Catalog
import Session
import Testing

/// A script whose lines say what they print: `print(7 // 2)  # expect: 3`.
///
/// A line of code without such a comment prints nothing. An expectation may stand on lines of its
/// own, below what prints it.
struct ExpectingScript: CustomTestStringConvertible {
  let title: String
  let text: String

  init(_ title: String, _ text: String) {
    self.title = title
    self.text = text
  }

  var testDescription: String { title }

  var expected: [String] {
    text.split(separator: "\n").compactMap { line in
      line.split(separator: "# expect: ", maxSplits: 1, omittingEmptySubsequences: false)
        .dropFirst().first.map(String.init)
    }
  }

  /// Runs it and compares line by line.
  func check(isStressed: Bool = false) {
    var options = Session.Options()
    options.isStressed = isStressed
    let recording = Recording()
    let result = Session(options).run(Cell(text, executionCount: 1), sink: recording)
    let printed = recording.outputs.compactMap { output in
      if case .stream(.standard, let text) = output { text } else { nil }
    }.joined().split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    if let failure = result.failure {
      Issue.record("\(title): \(failure.report().joined(separator: "\n"))")
    }
    for (index, (line, wanted)) in zip(printed, expected).enumerated() where line != wanted {
      Issue.record("\(title), line \(index + 1) of the output: \(line)\nexpected: \(wanted)")
    }
    if printed.count != expected.count {
      Issue.record(
        "\(title): \(printed.count) lines instead of \(expected.count): \(printed.suffix(3))")
    }
  }
}
