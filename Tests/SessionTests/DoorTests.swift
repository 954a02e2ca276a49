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
    "numpy", "numpy.random", "numpy.linalg", "scipy.special", "sklearn.model_selection",
    "sklearn.metrics", "matplotlib.pyplot", "keras", "keras.layers", "keras.optimizers",
    "keras.optimizers.schedules", "keras.losses", "keras.metrics", "keras.activations",
    "keras.initializers", "keras.regularizers", "keras.utils", "tensorflow", "tensorflow.random",
  ]

  @Test("Every member of a door is explained, and its example runs", arguments: doors)
  func examples(_ name: String) throws {
    let module = try #require(StandardCatalog.module(name))
    let top = name.split(separator: ".")[0]
    let imports = [
      "import numpy as np", "import keras", "import matplotlib.pyplot as plt",
      "import tensorflow as tf", "x = np.array([1.0, 2.0])", "import \(top)",
      "import sklearn.metrics, scipy.special",
      "from sklearn.model_selection import train_test_split",
    ].joined(separator: "\n")
    let entries = module.entries()
    #expect(Set(entries.map(\.name)).count == entries.count)
    let session = Session()
    let first = session.run(Cell(imports, executionCount: 1), sink: Recording())
    #expect(first.failure == nil)
    for entry in entries {
      #expect(entry.sentence.hasSuffix("."), "\(name).\(entry.name)")
      // No files are left behind.
      for example in entry.examples where !example.contains("savefig") {
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

  @Test("Keras's defaults are Keras's")
  func kerasDefaults() throws {
    let layers = try #require(StandardCatalog.module("keras.layers"))
    let dense = try #require(layers.entries().first { $0.name == "Dense" })
    #expect(
      dense.signature.hasPrefix(
        "Dense(units, activation=\"linear\", use_bias=True, "
          + "kernel_initializer=\"glorot_uniform\", bias_initializer=\"zeros\""),
      "\(dense.signature)")
    let optimizers = try #require(StandardCatalog.module("keras.optimizers"))
    let adadelta = try #require(optimizers.entries().first { $0.name == "Adadelta" })
    #expect(adadelta.signature.hasPrefix("Adadelta(learning_rate=0.001"), "\(adadelta.signature)")
    // Whatever makes a layer here is a layer there.
    for entry in StandardCatalog.library.entries {
      guard entry.name.first?.isUppercase == true, entry.type?.base?.name == "Layer" else {
        continue
      }
      #expect(layers.entries().contains { $0.name == entry.name }, "\(entry.name)")
    }
  }

  @Test("Figures are shown by show(), or when the cell ends")
  func figures() {
    func shown(_ code: String) -> Int {
      let recording = Recording()
      _ = Session().run(
        Cell("import matplotlib.pyplot as plt\n" + code, executionCount: 1), sink: recording)
      return recording.outputs.count { if case .display = $0 { true } else { false } }
    }
    #expect(shown("plt.plot([1, 2])") == 1)
    #expect(shown("plt.plot([1, 2])\nplt.show()") == 1)
    #expect(shown("plt.plot([1, 2])\nplt.figure()\nplt.plot([1])\nplt.show()") == 2)
    #expect(shown("plt.figure()") == 0)
    #expect(message("import matplotlib.pyplot as plt\nplt.pie([1])").contains("plt.bar"))
    #expect(
      message("import matplotlib.pyplot as plt\nplt.plot([1], colour=1)").contains("color"))
  }

  @Test("Every door has its hints for what is often asked for")
  func lacks() {
    #expect(message("from keras.datasets import mnist").contains("digits(1000)"))
    #expect(message("import tensorflow as tf\ntf.GradientTape()").contains("grad("))
    #expect(message("from sklearn.ensemble import RandomForestClassifier").contains("no trees"))
    #expect(message("from sklearn.datasets import make_moons").contains("moons("))
    #expect(message("from scipy import optimize").contains("grad(f)"))
    #expect(message("import keras\nkeras.layers.Dens(3)").contains("Dense"))
    #expect(message("from keras import layer").contains("layers"))
  }
}
