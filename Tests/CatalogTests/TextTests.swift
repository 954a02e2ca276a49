import Catalog
import Testing

@Test(arguments: [
  "null", "true", "[1,2.5,-3]", "{\"b\":1,\"a\":[]}", "\"\\u001b\\\"\\\\ é 😀\"", "1e+300", "[]",
])
func `JSON is written as it was read`(_ text: String) throws {
  #expect(try JSON(parsing: text).text() == text)
}

@Test(arguments: [
  "", "{", "[1,]", "{\"a\"}", "tru", "01", "1.", ".5", "\"a", "\"\\x\"", "[1] 2", "\"\u{1}\"",
])
func `malformed JSON is an error with a place`(_ text: String) {
  #expect(throws: JSON.Malformed.self) { try JSON(parsing: text) }
}

@Test func `hostile JSON neither traps nor nests without end`() {
  let deep = String(repeating: "[", count: 100_000)
  #expect(throws: JSON.Malformed.self) { try JSON(parsing: deep) }
  #expect(throws: JSON.Malformed.self) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
}

@Test func `surrogate pairs are joined and lone ones replaced`() throws {
  #expect(try JSON(parsing: "\"\\ud83d\\ude00\"").string == "😀")
  #expect(try JSON(parsing: "\"\\ud83dx\"").string == "\u{FFFD}x")
}

@Test func `notebook layout sorts names and indents by one`() throws {
  let json = try JSON(parsing: "{\"b\":[1,2],\"a\":{}}")
  #expect(json.text(.notebook) == "{\n \"a\": {},\n \"b\": [\n  1,\n  2\n ]\n}")
}

@Test func `near names are found and far ones are not`() {
  #expect(Nearest.names("momentun", among: ["momentum", "rate"]) == ["momentum"])
  #expect(Nearest.names("rleu", among: ["relu", "elu", "selu"]).first == "relu")
  #expect(Nearest.names("x", among: ["loss"]).isEmpty)
}

@Test func `base64 pads`() {
  #expect(Base64.encode(Array("Ma".utf8)) == "TWE=")
  #expect(Base64.encode(Array("Man".utf8)) == "TWFu")
}

@Test func `a failure's report points at the place`() {
  let failure = Failure(
    .zeroDivision, "division by zero",
    help: "check the divisor",
    frames: [
      Failure.Frame(
        source: "Cell [3]", function: "<module>", line: 2, column: 5, endColumn: 10,
        text: "x = 1 / 0")
    ])
  #expect(
    failure.report() == [
      "Cell [3], line 2, column 5", "  2 | x = 1 / 0", "    |     ^^^^^",
      "ZeroDivisionError: division by zero", "  help: check the divisor",
    ])
}
