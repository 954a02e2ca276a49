import Catalog
import Session
import Testing

@Suite struct CatalogueTests {
  @Test func noNameIsDeclaredTwice() {
    var sections: [String: String] = [:]
    for section in StandardCatalog.library.sections {
      for entry in section.entries {
        let first = sections.updateValue(section.title, forKey: entry.name)
        #expect(first == nil, "\(entry.name) is in \(first ?? "") and in \(section.title)")
      }
    }
  }

  @Test func everyEntryIsExplained() {
    for entry in StandardCatalog.library.entries {
      #expect(!entry.sentence.isEmpty, "\(entry.name) has no sentence")
      #expect(entry.sentence.hasSuffix("."), "\(entry.name): \(entry.sentence)")
      let names = entry.parameters.filter { $0.passing != .accompanying }.map(\.name)
      #expect(Set(names).count == names.count, "\(entry.name) has a parameter twice")
    }
  }

  @Test func everyModuleIsFoundUnderItsDottedName() {
    for name in StandardCatalog.moduleNames {
      #expect(StandardCatalog.module(name)?.name == name)
    }
  }
}
