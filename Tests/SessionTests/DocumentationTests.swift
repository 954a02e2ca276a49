import Catalog
import Session
import Testing

/// What the text of an entry must say beside its sentence, by the section it stands in.
private enum Wanted {
  case formula, shapes, source, example, text
}

/// The one place that says what each kind of entry must have.
private let wanted: [(section: String, fields: [Wanted])] = [
  ("Tensors", [.shapes, .source, .example]),
  ("Tensor functions", [.formula, .shapes, .source, .example]),
  ("Convolution and pooling", [.formula, .shapes, .source, .example]),
  ("Gradients", [.formula, .shapes, .source, .example]),
  ("Made data", [.text, .shapes, .example]),
  ("Files", [.text, .example]),
  ("Preparing data", [.text, .example]),
  ("Models", [.text, .example]),
  ("Layers", [.formula, .shapes, .source, .example]),
  ("Activations", [.formula, .source, .example]),
  ("Initializers", [.formula, .source, .example]),
  ("Regularizers", [.formula, .source, .example]),
  ("Constraints", [.formula, .shapes, .source, .example]),
  ("Losses", [.formula, .source, .example]),
  ("Metrics", [.formula, .source, .example]),
  ("Optimizers", [.formula, .source, .example]),
  ("Schedules", [.formula, .source, .example]),
  ("Callbacks", [.text, .example]),
  ("Practice", [.text, .example]),
]

/// Layers that only arrange numbers: nobody's invention.
private let arrangements: Set<String> = [
  "Flatten", "Lambda", "ZeroPadding1D", "ZeroPadding2D", "Reshape", "Permute", "UpSampling1D",
  "UpSampling2D",
]

/// Where the defaults or conventions of other libraries differ, so that the entry must say so.
private let differing: Set<String> = [
  "Dense", "Conv1D", "Conv2D", "AveragePool2D", "BatchNorm", "LayerNorm", "GroupNorm", "RMSNorm",
  "LocalResponseNorm", "Dropout", "PReLU", "LeakyReLU", "max_norm", "SGD", "Adam", "AdamW",
  "RMSProp", "Nadam", "Adagrad", "Adadelta", "Adamax", "Lion", "exponential_decay",
  "polynomial_decay", "EarlyStopping", "ReduceLROnPlateau", "StandardScaler", "PCA", "conv2d",
]

@Suite struct DocumentationTests {
  private static let sections = StandardCatalog.library.sections
  private static let entries = Dictionary(
    sections.flatMap(\.entries).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// The entry itself, or the one it is another name of.
  private static func meant(_ entry: Entry) -> Entry {
    let words = entry.details.split(separator: "`", omittingEmptySubsequences: false)
    guard words.count == 3, words[0] == "The same as " else { return entry }
    return entries[String(words[1])] ?? entry
  }

  @Test func everyEntrySaysWhatItsKindMust() {
    for (title, fields) in wanted {
      guard let section = Self.sections.first(where: { $0.title == title }) else {
        Issue.record("no section \(title)")
        continue
      }
      for entry in section.entries where entry.returns != "dtype" && entry.returns != "module" {
        let text = Self.meant(entry)
        let missing = fields.filter { field in
          switch field {
          case .formula: !text.saysFormula
          case .shapes: !text.says(.shapes)
          case .source: !text.says(.source) && !arrangements.contains(text.name)
          case .example: entry.examples.isEmpty
          case .text: text.details.isEmpty
          }
        }
        #expect(missing.isEmpty, "\(title), \(entry.name) lacks \(missing): \(text.details)")
      }
    }
  }

  @Test func entriesWhoseDefaultsDifferElsewhereSaySo() {
    for name in differing.sorted() {
      guard let entry = Self.entries[name] else {
        Issue.record("no entry \(name)")
        continue
      }
      let names = ["Keras", "PyTorch", "TensorFlow", "scikit-learn", "pandas"]
      #expect(entry.says(.peers), "\(name): \(entry.details)")
      #expect(names.contains { entry.details.contains($0) }, "\(name): \(entry.details)")
    }
  }

  @Test func detailsAreWrittenCleanly() {
    for entry in Self.sections.flatMap(\.entries) {
      let ticks = entry.details.count { $0 == "`" }
      #expect(ticks.isMultiple(of: 2), "\(entry.name): \(entry.details)")
      #expect(!entry.details.contains("  "), "\(entry.name): \(entry.details)")
      let parts = entry.paragraphs.compactMap(\.part)
      #expect(Set(parts).count == parts.count, "\(entry.name) says a part twice: \(entry.details)")
    }
  }
}
