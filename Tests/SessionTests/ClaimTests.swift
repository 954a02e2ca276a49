import Catalog
import Session
import Testing

@Suite struct ClaimTests {
  private func failure(_ code: String) throws -> Failure {
    try #require(Session().run(Cell(code), sink: Recording()).failure)
  }

  @Test func aClaimThatHoldsShowsATick() {
    let recording = Recording()
    #expect(Session().run(Cell("claim('so', 1 < 2)"), sink: recording).failure == nil)
    #expect(recording.text() == "✓ so\n")
  }

  @Test(arguments: [
    ("claim('so', 1 + 2 == 4)", "left is 3, right is 4"),
    ("a = zeros((2, 3))\nclaim('so', a.shape == (3, 2))", "left is (2, 3), right is (3, 2)"),
    ("claim(condition='a' >= 'b', sentence='so')", nil),
    ("claim(sentence='so', condition='a' >= 'b')", "left is 'a', right is 'b'"),
    ("c = claim\ndef f(x):\n  c('so', x != 2)\nf(2)", "left is 2, right is 2"),
    ("claim('so', [7] * 100 == [])", nil),
    ("claim('so', ones((2, 2)).tolist() == 1)", "left is [[1.0, 1.0], [1.0, 1.0]], right is 1"),
    ("claim('so', [])", "the condition is list of 0"),
    ("claim('so', not True)", nil),
    ("list(map(claim, ['so'], [1 == 2]))", nil),
    ("x = [1 == 2]\nclaim('so', x[0])", nil),
    ("claim('so', 1 < 3 < 2)", nil),
    ("claim(*['so', 1 == 2])", nil),
  ])
  func aFailingClaimShowsBothSides(code: String, note: String?) throws {
    let failure = try failure(code)
    #expect(failure.exception == "AssertionError")
    #expect(failure.message == "the claim does not hold: so")
    if let note { #expect(failure.notes == [note]) }
    if code.contains("* 100") { #expect(failure.notes.first?.count ?? 0 < 100) }
    if note == nil, !code.contains("* 100") { #expect(failure.notes.isEmpty) }
  }

  @Test func sidesThatCannotBeWrittenAreLeftOut() throws {
    let failure = try failure(
      """
      class A:
        def __repr__(self): return 1 / 0
      claim('so', A() == 3)
      """)
    #expect(failure.message == "the claim does not hold: so")
    #expect(failure.notes.isEmpty)
  }

  @Test func anArrayIsShownInOneLine() throws {
    let failure = try failure("assert eye(2) is None or (eye(2).tolist() == 3), 'so'")
    #expect(failure.exception == "AssertionError")
    let other = try self.failure(
      """
      class A:
        def __repr__(self): return 'one\\n     two'
        def __eq__(self, other): return False
      assert A() == 3
      """)
    #expect(other.notes == ["left is one two, right is 3"])
  }

  @Test(arguments: ["exit", "quit", "exit()", "quit()", "x = 1\nexit", "exit(0)"])
  func theWordAloneLeaves(code: String) {
    let recording = Recording()
    let result = Session().run(Cell(code), sink: recording)
    guard case .exit(code: 0) = result.ending else {
      Issue.record("\(code) did not leave")
      return
    }
    #expect(recording.outputs.isEmpty)
  }

  @Test(arguments: [
    ("exit;", ""), ("x = exit", ""),
    ("print(exit)", "Use exit() or Ctrl-D (i.e. EOF) to exit\n"),
    ("print(callable(quit))", "True\n"),
  ])
  func itStaysWhereItIsOnlyNamed(code: String, shown: String) {
    let recording = Recording()
    let result = Session().run(Cell(code), sink: recording)
    guard case .ok = result.ending else {
      Issue.record("\(code) ended the cell")
      return
    }
    #expect(recording.text() == shown)
  }
}
