import Catalog
import FoundationEssentials
import Session
import Testing

/// Every example of what makes, reads and prepares data, and of linear algebra, runs as it stands.
@Suite struct DataExampleTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: String
  }

  static let examples: [Example] = {
    let sections = StandardCatalog.library.sections.filter {
      ["Made data", "Files", "Preparing data"].contains($0.title)
    }
    var entries = sections.flatMap(\.entries).map { ($0.name, $0) }
    for module in StandardCatalog.library.modules where module.name == "linalg" {
      entries += module.entries().map { ("linalg.\($0.name)", $0) }
    }
    for name in ["Dataset", "Frame", "Transform", "OneHotEncoder", "LabelEncoder", "LogUniform"] {
      let members = StandardCatalog.type(name)?.ownMembers ?? []
      entries += members.map { ("\(name).\($0.name)", $0) }
    }
    return entries.flatMap { name, entry in
      entry.examples.enumerated().map { Example(testDescription: "\(name) \($0)", code: $1) }
    }
  }()

  @Test func thereAreExamples() {
    #expect(Self.examples.count > 90)
    for name in ["Dataset", "Frame", "OneHotEncoder", "LabelEncoder", "LogUniform", "Transform"] {
      #expect(StandardCatalog.type(name) != nil, "\(name)")
    }
  }

  @Test(arguments: examples) func exampleRuns(_ example: Example) throws {
    let folder = FileFolder()
    func write(_ bytes: [UInt8], _ name: String) throws {
      try Data(bytes).write(to: URL(filePath: folder.path + "/" + name))
    }
    try write(
      Array(
        """
        species,island,sex,year,mass
        Adelie,Dream,male,2007,3750
        Gentoo,Biscoe,female,2008,NA
        Adelie,Dream,NA,2009,1

        """.utf8), "penguins.csv")
    try write([0, 0, 8, 1, 0, 0, 0, 2, 7, 9], "train-labels-idx1-ubyte.gz")
    try write([3] + Array(repeating: 128, count: 3072), "data_batch_1.bin")
    let session = Session(Session.Options(seed: 1, directory: folder.path))
    let recording = Recording()
    let start = "frame = load_csv(\"penguins.csv\")\n"
    let result = session.run(Cell(start + example.code), sink: recording)
    #expect(result.failure == nil, "\(result.failure?.report() ?? [])")
  }
}
