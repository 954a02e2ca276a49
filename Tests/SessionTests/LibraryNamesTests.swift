import Catalog
import FoundationEssentials
import Language
import Session
import Testing

@Suite struct LibraryNamesTests {
  @Test func `the list of names is the library's`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Session/names.txt")
    let language = Set(LanguageCatalog.library.entries.map(\.name))
    let names = Set(StandardCatalog.library.entries.map(\.name)).subtracting(language).sorted()
    let text = names.map { $0 + "\n" }.joined()
    if ProcessInfo.processInfo.environment["GRADUS_RECORD"] != nil {
      try Data(text.utf8).write(to: file, options: .atomic)
    }
    let found = try String(contentsOf: file, encoding: .utf8)
    #expect(found == text, "GRADUS_RECORD=1 swift test --filter LibraryNamesTests writes it anew")
  }
}
