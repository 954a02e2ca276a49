import Catalog
import FoundationEssentials
import Language
import Testing

@Suite("Programs print what CPython 3.11 prints")
struct DifferentialTests {
  @Test(
    "A program of the corpus prints the same in both",
    .enabled(if: Oracle.shared.outputs != nil, "needs python3 3.11"),
    arguments: Oracle.programs())
  func program(_ program: String) throws {
    try compare(program)
  }

  /// The programs that compare thousands of values collect too often for a test.
  @Test(
    "A program of the corpus prints the same when the collector runs at every safepoint",
    .enabled(if: Oracle.shared.outputs != nil, "needs python3 3.11"),
    arguments: Oracle.programs().filter { !$0.hasPrefix("values_") })
  func stressed(_ program: String) throws {
    try compare(program, isStressed: true)
  }

  private func compare(_ program: String, isStressed: Bool = false) throws {
    let expected = try #require(Oracle.shared.outputs?[program])
    let found = Script.output(of: try Oracle.text(program), name: program, isStressed: isStressed)
    guard found != expected else { return }
    let theirs = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let ours = found.split(separator: "\n", omittingEmptySubsequences: false)
    var shown = 0
    for line in 0..<max(theirs.count, ours.count) where shown < 5 {
      let wanted = line < theirs.count ? theirs[line] : "(nothing)"
      let got = line < ours.count ? ours[line] : "(nothing)"
      guard wanted != got else { continue }
      shown += 1
      Issue.record(
        "\(program), line \(line + 1) of the output\n  CPython: \(wanted)\n  Gradus:  \(got)")
    }
  }
}
