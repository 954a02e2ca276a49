import Catalog
import FoundationEssentials
import Glibc
import Session
import Testing

@Suite struct ManualTests {
  @Test func everyExampleHolds() {
    #expect(Manual.check() == [])
  }

  @Test func theGuideShowsSamenessAndDifference() {
    let shared = Manual.examples.filter(\.isShared)
    #expect(shared.count >= 6 && shared.allSatisfy { !$0.expected.isEmpty })
    #expect(Manual.examples.count > shared.count)
  }

  @Test(
    .enabled(
      if: unsafe system(
        "python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null")
        == 0, "needs python3 3.11"))
  func cPythonPrintsTheSame() throws {
    let folder = FileFolder()
    for (index, example) in Manual.examples.enumerated() where example.isShared {
      let (code, output) = ("\(folder.path)/\(index).py", "\(folder.path)/\(index).txt")
      try Data(example.code.utf8).write(to: URL(filePath: code))
      _ = unsafe system("python3 '\(code)' > '\(output)' 2> '\(output).errors'")
      var lines = try folder.text("\(index).txt").split(separator: "\n").map(String.init)
      let errors = try folder.text("\(index).txt.errors").split(separator: "\n")
      if let last = errors.last { lines.append(String(last)) }
      #expect(lines == example.expected, "\(example.code)")
    }
  }

  @Test func everyFunctionHasItsPlaceInTheManual() {
    let pages = Manual().pages
    #expect(Set(pages.map(\.name)).count == pages.count)
    let text = pages.map(\.markdown).joined()
    for entry in StandardCatalog.library.entries {
      #expect(text.contains("## \(entry.name)\n"), "\(entry.name)")
    }
    #expect(text.contains("**L301"))
    #expect(pages.first { $0.name == "python" }?.text.contains("```") == false)
  }
}
