import Catalog
import Session
import Testing

@Suite struct CompletionTests {
  private final class Engine: Object {
    static let type = ObjectType("Engine", "Something that runs.") {
      [
        Entry.method(
          of: Engine.self, "start", "Starts it.",
          Parameter("mode", Context.Theme.self, "how", default: { .auto }), returns: "None"
        ) { _, _ in .none },
        Entry.attribute(of: Engine.self, "speed", "How fast it is.", returns: "float") { _ in
          .float(1)
        },
      ]
    }
    var type: ObjectType { Self.type }
  }

  private let directory = Directory([
    Directory.Item("engine", typeName: "Engine", members: ["own"], type: Engine.type),
    Directory.Item("table", typeName: "dict", keys: ["mean", "spread"]),
    Directory.Item(
      "blend", kind: .function, typeName: "function", signature: "blend(left, right=1)",
      documentation: "Mixes two.", place: Directory.Place(source: "Cell [4]", line: 2),
      parameters: [ParameterFacts(name: "left"), ParameterFacts(name: "right", shownDefault: "1")]),
    Directory.Item("numbers", typeName: "Tensor", text: "[1. 2.]", shape: [2, 3]),
  ])

  /// Completes where `|` stands.
  private func complete(_ marked: String) -> Completion {
    let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    return Completion(
      of: parts.joined(), at: parts[0].unicodeScalars.count, in: directory)
  }

  private func names(_ marked: String) -> [String] { complete(marked).matches.map(\.text) }

  @Test(arguments: [
    ("clai|", ["claim"]),
    ("x = clear_o|", ["clear_output"]),
    ("engine.|", ["own", "speed", "start"]),
    ("engine.st|", ["start"]),
    ("(engine.sp|)", ["speed"]),
    ("f\"{engine.sp|}\"", ["speed"]),
    ("theme(\"|", ["auto", "light", "dark"]),
    ("theme(name='li|", ["light"]),
    ("engine.start(mode=\"d|", ["dark"]),
    ("claim(\"a, (b\", cond|", ["condition="]),
    ("blend(1, right|", ["right=", "right_shift"]),
    ("table[\"|", ["mean", "spread"]),
    ("table['s|']", ["spread"]),
    ("import IPython.d|", ["display"]),
    ("from IPython.display import clear|", ["clear_output"]),
    ("%ti|", ["%time", "%timeit"]),
    ("%time engine.sp|", ["speed"]),
    ("total = 1\ntotality = 2\ntotal|", ["totality", "total"]),
    ("def f(width, height=2):\n  wid|", ["width"]),
    ("for needle in hay:\n  need|", ["needle"]),
    ("ENGI|", ["engine"]),
    ("lamb|", ["lambda"]),
    ("# clai|", []),
    ("\"clai|", []),
    ("12.|", []),
    ("def cla|", []),
    ("nothing_known.|", []),
    ("engine().|", []),
  ])
  func offersWhatFitsThePlace(marked: String, expected: [String]) {
    #expect(names(marked) == expected, "\(marked)")
  }

  @Test func rangesCountCodePoints() {
    let completion = complete("é = '𝐚'; clai|")
    #expect(completion.range == 9..<13)
    #expect(completion.matches.map(\.text) == ["claim"])
  }

  @Test func argumentsComeBeforeNames() {
    #expect(names("blend(|").prefix(2) == ["left=", "right="])
    #expect(names("blend(left=1, |").first == "right=")
  }

  @Test func theCellsOwnNamesComeBeforeTheSessions() {
    #expect(names("tab = 1\ntab|").prefix(2) == ["tab", "table"])
  }

  @Test func matchesSayWhatTheyAre() throws {
    let claim = try #require(complete("clai|").matches.first)
    #expect(claim.kind == .function)
    #expect(claim.signature == "claim(sentence, condition)")
    #expect(complete("blen|").matches.first?.signature == "blend(left, right=1)")
  }

  @Test func noTextMakesItFail() {
    let text =
      "f'{a[\"x\"]}' + \"\"\"b\n'''(%é\\\n[{#'\nimport x.y as\nfrom  import \n%\n?\nlambda: "
    for cursor in -1...text.unicodeScalars.count + 1 {
      let completion = Completion(of: text, at: cursor, in: directory)
      #expect(completion.range.upperBound <= text.unicodeScalars.count)
      _ = Inspection(of: text, at: cursor, in: directory)
    }
  }
}

@Suite struct InspectionTests {
  private let directory = Directory([
    Directory.Item(
      "blend", kind: .function, typeName: "function", signature: "blend(left, right=1)",
      documentation: "Mixes two.", place: Directory.Place(source: "Cell [4]", line: 2)),
    Directory.Item("numbers", typeName: "Tensor", text: "[1. 2.]", shape: [2, 3]),
  ])

  private func text(_ marked: String, detail: Int = 0) -> String? {
    let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    return Inspection(
      of: parts.joined(), at: parts[0].unicodeScalars.count, detail: detail, in: directory)?
      .media.text
  }

  @Test func anEntryShowsSignatureSentenceAndArguments() {
    #expect(
      text("cla|im") == """
        claim(sentence, condition)

        Shows a sentence with a tick when the condition holds; else the cell fails.

          sentence   str: what is claimed
          condition  any: what must be true

        example:
          claim("two and two is four", 2 + 2 == 4)
        """)
    #expect(text("Dropout", detail: 1)?.contains("Source: Srivastava") == true)
  }

  @Test func anActivationShowsFormulaAndCurve() throws {
    let media = try #require(Inspection(of: "tanh", at: 4, in: directory)?.media)
    #expect(media.text.contains("f(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x))"))
    #expect(media.html?.contains("src=\"data:image/svg+xml;base64,") == true)
    // A picture by itself would hide the page.
    #expect(media.svg == nil)
  }

  @Test func insideACallTheFunctionIsExplained() {
    #expect(text("claim(1 + |")?.hasPrefix("claim(") == true)
    #expect(text("claim(unknown|")?.hasPrefix("claim(") == true)
  }

  @Test func aVariableShowsKindShapeAndPlace() {
    #expect(text("numbers|") == "numbers: Tensor\n\nshape (2, 3)\n\n[1. 2.]")
    #expect(
      text("blend|") == "blend(left, right=1)\n\nMixes two.\n\ndefined in Cell [4], line 2")
  }

  @Test func whatIsUnknownIsNotFound() {
    #expect(text("nothing_known|") == nil)
    #expect(text("|") == nil)
  }
}
