import Catalog
import Data
import Neural
import Tensors
import Testing

@Suite struct CatalogueTests {
  static let entries = NeuralCatalog.library.entries

  @Test("No name is declared twice in this module")
  func unique() {
    let names = Self.entries.map(\.name) + DataCatalog.library.entries.map(\.name)
    let doubles = Dictionary(grouping: names, by: { $0 }).filter { $0.value.count > 1 }.keys
      .sorted()
    #expect(doubles == [])
  }

  @Test("What tensors and networks both name is only what activations are")
  func shared() {
    let tensors = Set(TensorCatalog.library.entries.map(\.name))
    let both = Self.entries.map(\.name).filter { tensors.contains($0) }
    let activations = Set(Activation.all.map(\.name))
    #expect(both.filter { !activations.contains($0) } == [], "\(both)")
  }

  @Test("Every entry has a sentence and an example")
  func documented() {
    for entry in Self.entries {
      #expect(entry.sentence.hasSuffix("."), "\(entry.name)")
      #expect(!entry.examples.isEmpty, "\(entry.name)")
    }
  }

  @Test("Functions, losses, metrics and starts of weights say their formula and source")
  func sourced() {
    let titles: Set<String> = [
      "Activations", "Initializers", "Regularizers", "Losses", "Metrics",
    ]
    let sections = NeuralCatalog.library.sections.filter { titles.contains($0.title) }
    let count = sections.count
    #expect(count == titles.count)
    for entry in sections.flatMap(\.entries) {
      let isWhole = entry.details.contains("`") && entry.details.contains("Source:")
      #expect(isWhole, "\(entry.name): \(entry.details)")
    }
  }

  @Test("Every kind of name is in the catalogue")
  func complete() {
    let names = Set(Self.entries.map(\.name))
    #expect(Activation.all.filter { !names.contains($0.name) }.isEmpty)
    #expect(Optimizer.all.filter { !names.contains($0.name) }.isEmpty)
  }
}
