import Catalog
import FoundationEssentials
import Glibc
import Session
import Testing

/// Programs under `Doors` that a reader of NumPy, Keras, Matplotlib or scikit-learn would write.
///
/// Beside those that print the same in both stands what the other library printed; they are also
/// run in it where it is installed.
@Suite struct DoorTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Doors").path

  static let programs = names(".grad")
  static let compared = names(".txt")

  private static func names(_ ending: String) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
  }

  private static func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: folder + "/" + name)), as: UTF8.self)
  }

  /// What a program prints, and the error it ends in.
  private static func run(_ code: String) -> (output: String, failure: Failure?) {
    let recording = Recording()
    let result = Session().run(Cell(code, executionCount: 1), sink: recording)
    let printed = recording.outputs.compactMap { output in
      if case .stream(.standard, let text) = output { text } else { nil }
    }
    return (printed.joined(), result.failure)
  }

  static func has(_ modules: String) -> Bool {
    unsafe system("python3 -c 'import \(modules)' > /dev/null 2>&1") == 0
  }

  @Test("There are programs for every door")
  func present() {
    #expect(Self.programs.count >= 25)
    for door in ["numpy", "keras", "pyplot", "sklearn", "scipy"] {
      #expect(Self.programs.contains { $0.hasPrefix(door) }, "\(door)")
    }
  }

  @Test("A program runs as it is", arguments: programs)
  func runs(_ name: String) throws {
    let (output, failure) = Self.run(try Self.text(name + ".grad"))
    if let failure { Issue.record("\(name): \(failure.report().joined(separator: "\n"))") }
    #expect(!output.isEmpty)
  }

  @Test("A program prints what the other library printed", arguments: compared)
  func prints(_ name: String) throws {
    #expect(Self.run(try Self.text(name + ".grad")).output == (try Self.text(name + ".txt")))
  }

  @Test(
    "The other library still prints that",
    .enabled(if: has("numpy, sklearn, scipy"), "numpy, sklearn and scipy are not installed here"),
    arguments: compared)
  func lives(_ name: String) throws {
    let folder = FileFolder()
    let path = "\(Self.folder)/\(name).grad"
    _ = unsafe system("python3 '\(path)' > '\(folder.path)/out' 2> /dev/null")
    #expect(try folder.text("out") == (try Self.text(name + ".txt")))
  }

  // MARK: What is not there

  private func message(_ code: String) -> String {
    Self.run(code).failure?.report().joined(separator: "\n") ?? "no error"
  }

  @Test("What a door lacks is named with what to write")
  func hints() {
    let missing = message("import numpy as np\nnp.zeroes(3)")
    #expect(missing.contains("AttributeError"))
    #expect(missing.contains("module 'numpy' has no attribute 'zeroes'"))
    #expect(missing.contains("zeros"))
    #expect(message("import numpy as np\nnp.polyfit").contains("np.linalg.pinv"))
    #expect(message("from numpy import aray").contains("ImportError [L201]"))
    #expect(message("np.zeros(3)").contains("import numpy as np"))
    #expect(message("import pandas as pd").contains("load("))
  }

  @Test("Wrong arguments are named as they are called there")
  func arguments() {
    let text = message("import numpy as np\nnp.mean(a=\"x\")")
    #expect(text.contains("mean() argument 'a' must be tensor, not str"), "\(text)")
    #expect(message("import numpy as np\nnp.mean([1], axes=0)").contains("axis"))
  }

  // MARK: Declarations

  private static let doors = [
    "numpy", "numpy.random", "numpy.linalg",
  ]

  @Test("Every member of a door is explained, and its example runs", arguments: doors)
  func examples(_ name: String) throws {
    let module = try #require(StandardCatalog.module(name))
    let top = name.split(separator: ".")[0]
    let imports = [
      "import numpy as np", "import keras", "import matplotlib.pyplot as plt",
      "import tensorflow as tf", "x = np.array([1.0, 2.0])", "import \(top)",
    ].joined(separator: "\n")
    let entries = module.entries()
    #expect(Set(entries.map(\.name)).count == entries.count)
    let session = Session()
    let first = session.run(Cell(imports, executionCount: 1), sink: Recording())
    #expect(first.failure == nil)
    for entry in entries {
      #expect(entry.sentence.hasSuffix("."), "\(name).\(entry.name)")
      for example in entry.examples {
        let result = session.run(Cell(example, executionCount: 2), sink: Recording())
        let report = result.failure?.report().joined(separator: "\n") ?? ""
        #expect(result.failure == nil, "\(name).\(entry.name): \(example)\n\(report)")
      }
    }
  }

  @Test("Completion and hover know what a door holds")
  func services() throws {
    let session = Session()
    _ = session.run(Cell("import numpy as np", executionCount: 1), sink: Recording())
    let names = session.complete("np.lins", at: 7).matches.map(\.text)
    #expect(names == ["linspace"], "\(names)")
    let inner = session.complete("np.random.randi", at: 15).matches.map(\.text)
    #expect(inner == ["randint"], "\(inner)")
  }
}
