import Catalog
import FoundationEssentials
import Session
import Testing

/// Every example of the catalogue runs: by itself, or where its names stand for something.
///
/// One after another, so that tests which count memory beside them see little of it.
@Suite(.serialized) struct ExampleTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: String
  }

  /// What stands before an example: nothing, or what its names stand for.
  private static let scenes = [
    "",
    """
    seed(1)
    x, y = randn(12, 4), arange(12) % 3
    net = Sequential(Dense(6, "relu"), Dense(3, "softmax"))
    run = net.fit(x, y, epochs=1, verbose=0)
    class Hits(Metric):
        def __init__(self):
            super().__init__(name="hits")
    m = Hits()
    """,
    "net = Sequential(Dense(10, \"softmax\"))\nnet.fit(digits(10), epochs=1, verbose=0)",
    "net = Sequential(Dense(4))",
    "net = Sequential(Dense(4), BatchNorm())\nnet.build((3,))",
    "net = Sequential(Dense(4), LayerNorm())\nnet.build((3,))",
    "net = Sequential(Dense(4), GroupNorm(2))\nnet.build((3,))",
    "net = Sequential(Dense(4), RMSNorm())\nnet.build((3,))",
    "net = Sequential(Dense(4), PReLU())\nnet.build((3,))",
    "net = Sequential(WeightNorm(Dense(4)))\nnet.build((3,))",
    "net = Sequential(SeparableConv2D(4, 3))\nnet.build((8, 8, 2))",
    """
    d, space = moons(40), {"units": [2, 4]}
    def build(units):
        return mlp(units, 2)
    def search(build, space, d, search=search):
        return search(build, space, d, trials=2, epochs=1)
    """,
    """
    xs, ys, words, names, labels = [1, -2], [3, 4], ["one", "2"], ["a", "b"], [0, 1]
    history, losses, loss, s, word = [], [0.5], 0.5, "abc", "one"
    scores, counts, d, a, b = {"a": 1}, {"one": 1}, {"a": 1}, {1}, {2}
    open("notes.txt", "w").close()
    """,
  ]

  /// Those whose files, widgets or endings belong to tests of their own.
  private static let elsewhere: Set<String> = ["Made data", "Files", "Preparing data", "Session"]

  /// Sections, with the members of the types that their entries make.
  static let sections: [(title: String, examples: [Example])] = StandardCatalog.library.sections
    .filter { !elsewhere.contains($0.title) }
    .map { section in
      var seen: Set<String> = []
      var all = section.entries
      for entry in section.entries {
        guard let type = entry.type, seen.insert(type.name).inserted else { continue }
        all += type.ownMembers
      }
      return (
        section.title,
        all.flatMap { entry in
          entry.examples.map {
            Example(testDescription: "\(section.title), \(entry.name)", code: $0)
          }
        }
      )
    }

  @Test(arguments: sections.map(\.title))
  func examplesRun(_ title: String) throws {
    let folder = FileFolder()
    let examples = Self.sections.first { $0.title == title }?.examples ?? []
    for example in examples {
      // These stand in the methods of a class.
      if example.code.hasPrefix("self.") || example.code.hasPrefix("super()") { continue }
      var report: String?
      for scene in Self.scenes {
        let session = Session(Session.Options(seed: 1, directory: folder.path))
        guard session.run(Cell(scene), sink: Recording()).failure == nil else {
          Issue.record("\(scene)")
          return
        }
        let result = session.run(Cell(example.code), sink: Recording())
        report = result.failure?.report().joined(separator: "\n")
        if report == nil { break }
      }
      #expect(report == nil, "\(example.testDescription): \(example.code)\n\(report ?? "")")
    }
  }
}
