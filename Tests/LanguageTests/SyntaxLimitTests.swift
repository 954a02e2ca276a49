import Language
import Testing

@Suite struct SyntaxLimitTests {
  private func nest(_ open: String, _ count: Int, _ inner: String, _ close: String = "") -> String {
    String(repeating: open, count: count) + inner + String(repeating: close, count: count)
  }

  @Test func `200 brackets may be open`() {
    #expect(verdict(nest("(", 200, "1", ")")) == "ok")
    #expect(verdict(nest("[", 200, "1", "]")) == "ok")
    #expect(verdict(nest("{", 200, "1", "}")) == "ok")
    #expect(verdict(nest("f(", 200, "1", ")")) == "ok")
    #expect(verdict(nest("(", 201, "1", ")")) == "SyntaxError: too many nested parentheses")
    #expect(verdict(nest("(", 10_000, "1", ")")) == "SyntaxError: too many nested parentheses")
    #expect(verdict(nest("[", 10_000, "")) == "SyntaxError: too many nested parentheses")
  }

  @Test func `99 levels of blocks may be open`() {
    func blocks(_ count: Int) -> String {
      (0..<count).map { String(repeating: " ", count: $0) + "if x:\n" }.joined()
        + String(repeating: " ", count: count) + "pass\n"
    }
    #expect(verdict(blocks(99)) == "ok")
    #expect(verdict(blocks(100)) == "IndentationError: too many levels of indentation")
    #expect(verdict(blocks(5_000)) == "IndentationError: too many levels of indentation")
  }

  @Test(arguments: ["-", "not ", "lambda: ", "a ** ", "a if b else ", "~-"])
  func `an expression has at most 2,000 levels`(_ level: String) {
    let count = level == "~-" ? 999 : 1_999
    #expect(verdict(nest(level, count, "1")) == "ok")
    #expect(verdict(nest(level, 2_001, "1")) == "SyntaxError: too many levels in one expression")
    #expect(verdict(nest(level, 100_000, "1")) == "SyntaxError: too many levels in one expression")
  }

  @Test func `attributes, calls and subscripts are levels`() {
    #expect(verdict("a" + nest(".b", 1_999, "")) == "ok")
    #expect(
      verdict("a" + nest("()", 50_000, "")) == "SyntaxError: too many levels in one expression")
  }

  @Test(arguments: [" + ", " and ", " < ", ", ", " * ", " = "])
  func `chains may be as long as the text`(_ op: String) {
    #expect(verdict(Array(repeating: "a", count: 100_000).joined(separator: op)) == "ok")
  }

  @Test func `a function has at most 255 parameters`() {
    func function(_ count: Int) -> String {
      "def f(" + (0..<count).map { "a\($0)" }.joined(separator: ", ") + "): pass"
    }
    #expect(verdict(function(255)) == "ok")
    #expect(verdict(function(256)) == "SyntaxError: more than 255 parameters")
    #expect(verdict("f(" + nest("a, ", 1_000, "b") + ")") == "ok")
  }

  @Test func `decimal literals have at most 4,300 digits`() {
    #expect(verdict(nest("9", 4_300, "")) == "ok")
    #expect(verdict(nest("9", 4_301, "")).hasPrefix("SyntaxError: Exceeds the limit (4300 digits)"))
    #expect(verdict("0x" + nest("f", 10_000, "")) == "ok")
  }

  @Test func `long broken texts are read in one pass`() {
    #expect(verdict(nest("x = = 1\n", 50_000, "")) == "SyntaxError: invalid syntax")
    #expect(verdict("f(x,\n" + nest("y = 1\n", 50_000, "")) == "SyntaxError: '(' was never closed")
    #expect(verdict(nest("“", 50_000, "")) == "SyntaxError: invalid character '“' (U+201C)")
    #expect(verdict(nest(")", 50_000, "")) == "SyntaxError: unmatched ')'")
    #expect(
      verdict(nest("a b, ", 50_000, "", "")).hasPrefix("SyntaxError: invalid syntax"))
    #expect(verdict("(" + nest("print ", 20_000, "") + ")") != "ok")
    #expect(verdict(nest("f'{", 2_000, "")) != "ok")
  }
}
