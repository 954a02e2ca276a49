import Catalog
import FoundationEssentials
import Language
import Testing

/// The programs of `Tests/Golden/syntax.txt`, with what CPython 3.11 says of each.
///
/// `Tests/Golden/check_syntax.py` compares the file with CPython.
struct SyntaxCorpus {
  struct Program {
    let text: String
    /// `ok`, or exception and message.
    let expected: String
    /// The same with the code, where Gradus differs from CPython.
    let here: String?
  }

  let programs: [Program]

  static let shared = SyntaxCorpus()

  private init() {
    let path =
      #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
      .joined(separator: "/") + "/Golden/syntax.txt"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    var programs: [Program] = []
    var expected = ""
    var here: String?
    var lines: [String]?
    func add() {
      guard let lines else { return }
      programs.append(
        Program(text: lines.joined(separator: "\n"), expected: expected, here: here))
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("=== here: ") {
        here = String(line.dropFirst(10))
      } else if line.hasPrefix("=== ") {
        add()
        (expected, here, lines) = (String(line.dropFirst(4)), nil, [])
      } else {
        lines?.append(String(line))
      }
    }
    if lines?.last == "" { lines?.removeLast() }
    add()
    self.programs = programs
  }
}

/// Everything a parse says: `ok`, or exception and message of the first error.
func verdict(_ text: String, withCode: Bool = false) -> String {
  let parse = Tree.parse(Source(text, name: "program"))
  guard let error = parse.errors.first else { return "ok" }
  let code = error.code.map { withCode ? " [\($0)]" : "" } ?? ""
  return "\(error.exception.rawValue): \(error.message)\(code)"
}

@Suite struct SyntaxCorpusTests {
  @Test func `the corpus is there`() {
    #expect(SyntaxCorpus.shared.programs.count > 1_000)
  }

  @Test func `programs are accepted and refused in CPython's words`() {
    for program in SyntaxCorpus.shared.programs {
      if let here = program.here {
        #expect(
          verdict(program.text, withCode: true) == here || verdict(program.text) == here,
          "\(program.text)")
      } else {
        #expect(verdict(program.text) == program.expected, "\(program.text)")
      }
    }
  }

  @Test func `line ends of other systems mean the same`() {
    for program in SyntaxCorpus.shared.programs where program.here == nil {
      for end in ["\r\n", "\r"] {
        let text = program.text.replacing("\n", with: end)
        #expect(verdict(text) == program.expected, "\(text.debugDescription)")
      }
    }
  }

  @Test func `errors point into the text`() {
    for program in SyntaxCorpus.shared.programs {
      let source = Source(program.text, name: "program")
      let parse = Tree.parse(source)
      for error in parse.errors + parse.warnings {
        #expect(error.span.end <= source.bytes.count + 1, "\(program.text)")
        let frame = error.failure(in: source).frames.first
        #expect(frame.map { $0.line <= source.lineCount && $0.column > 0 } == true)
      }
    }
  }
}
