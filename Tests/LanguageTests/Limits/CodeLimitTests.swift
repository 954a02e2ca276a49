import Language
import Testing

/// The limits of one piece of code; those of its grammar stand in `SyntaxLimitTests`.
@Suite("Code has limits")
struct CodeLimitTests {
  private func text(_ cell: String) -> String {
    Evaluation.run(["kept = 1", cell, "kept + 1"]).text
  }

  @Test("A function has at most 60,000 registers")
  func registers() {
    let names = (0..<60_001).map { "a\($0) = 1\n" }.joined(separator: "  ")
    #expect(
      text("def f():\n  " + names)
        == "SyntaxError: too many values at once: the limit is 60000 registers in one function\n= 2\n"
    )
  }

  @Test("A display and a call may have tens of thousands of elements")
  func elements() {
    let many = (0..<30_000).map { String($0) }.joined(separator: ", ")
    #expect(text("len([\(many)])") == "= 30000\n= 2\n")
    #expect(text("max(\(many))") == "= 29999\n= 2\n")
    #expect(text("len({\(many)})") == "= 30000\n= 2\n")
  }

  @Test("A cell may not have more constants than instructions can name")
  func constants() {
    let many = (0..<60_001).map { "x = \($0).5\n" }.joined()
    #expect(text(many) == "SyntaxError: a function is too long: split it into several\n= 2\n")
  }

  @Test("A condition jumps over at most 32,767 instructions")
  func jumps() {
    let body = String(repeating: "    x = x + 1\n", count: 30_000)
    #expect(text("x = 0\nif x == 0:\n\(body)x") == "= 30000\n= 2\n")
    let longer = String(repeating: "    x = x + 1\n", count: 40_000)
    #expect(
      text("x = 0\nif x == 0:\n\(longer)x")
        == "SyntaxError: a function is too long: split it into several\n= 2\n")
  }

  @Test(
    "Chains of operators may be as long as the text", arguments: [" + ", " and ", " < ", " * "])
  func chains(_ op: String) {
    let one =
      op == " < "
      ? (0..<8_000).map { "x + \($0)" }
      : Array(repeating: "x", count: op == " and " ? 8_000 : 20_000)
    let result = text("x = 1\n" + one.joined(separator: op))
    #expect(result.hasSuffix("= 2\n") && !result.contains("Error"))
  }

  @Test("An expression may have 1,900 levels", arguments: ["-", "not ", "x if x else "])
  func levels(_ level: String) {
    let result = text("x = 0\n" + String(repeating: level, count: 1_900) + "x")
    #expect(result.hasSuffix("= 2\n") && !result.contains("Error"))
  }

  @Test("A call passes at most as many arguments as memory holds")
  func arguments() {
    #expect(
      text("f = lambda *a, **k: len(a) + len(k)\nf(*range(10**6), **{'a': 1})")
        == "= 1000001\n= 2\n")
    let parameters = (0..<255).map { "a\($0)" }.joined(separator: ", ")
    #expect(text("f = lambda \(parameters): a254\nf(*range(255))") == "= 254\n= 2\n")
  }
}
