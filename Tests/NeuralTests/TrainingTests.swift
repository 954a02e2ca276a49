import Catalog
import Data
import Neural
import Tensors
import Testing

/// Small data and models that several tests use.
enum Lab {
  static func context(_ seed: UInt64 = 42) -> Context { Context(sink: Recording(), seed: seed) }

  static func moons(_ count: Int, seed: UInt64 = 1) throws -> Dataset {
    var stream = RandomStream(seed: seed, name: "data")
    return try Points.moons(count, noise: 0.1, from: &stream)
  }

  static func digits(_ count: Int, seed: UInt64 = 1) throws -> Dataset {
    var stream = RandomStream(seed: seed, name: "data")
    return try Digits.make(count, from: &stream)
  }

  static func call(_ name: String, _ positional: [Value] = [], _ named: [(String, Value)] = [])
    throws -> Value
  {
    let entry = try #require(NeuralCatalog.library.entries.first { $0.name == name })
    return try entry.call(
      Arguments(
        positional: positional, named: named.map { (name: $0.0, value: $0.1) }, context: context()))
  }

  /// A failure of any kind as a user would see it.
  static func failure(_ body: () throws -> Void) -> Failure? {
    do {
      try body()
      return nil
    } catch { return Failure(error) }
  }
}

@Suite struct TrainingTests {
  @Test("A small network learns the moons")
  func moons() throws {
    let context = Lab.context()
    let net = try Sequential(Dense(24, .relu), Dense(24, .relu), Dense(2, .softmax))
    let data = try Lab.moons(600)
    let run = try net.fit(
      Examples(data.examples(0..<400)), validation: Examples(data.examples(400..<600)),
      Training(epochs: 30, optimizer: .adam(.constant(0.01))), context: context)
    #expect(run.epochs == 30)
    #expect((run["val_accuracy"]?.last ?? 0) >= 0.95)
    #expect((run["loss"]?.first ?? 0) > (run["loss"]?.last ?? 1))
    #expect(run.ending == .finished)
  }

  @Test("The digits are learnt: an MLP reaches 0.9 in a few epochs")
  func digits() throws {
    let context = Lab.context()
    let net = try Sequential(Dense(100, .relu), Dense(10, .softmax))
    let data = try Lab.digits(1500)
    let run = try net.fit(
      Examples(data.examples(0..<1200)), validation: Examples(data.examples(1200..<1500)),
      Training(epochs: 5), context: context)
    #expect((run["val_accuracy"]?.last ?? 0) >= 0.85)
    #expect(net.layers.first is Flatten)
  }

  static let sprite = "../shared/data/fashion-mnist/sprite900-images-idx3-ubyte.gz"

  @Test(
    "Real images: an MLP reaches 0.68 on 300 test images of Fashion-MNIST",
    .enabled(if: FileBytes.exists(sprite), "no ../shared/data"))
  func fashion() throws {
    let context = Lab.context()
    let data = try #require(try Loader.load(Self.sprite, context: context) as? Dataset)
    var stream = RandomStream(seed: 0, name: "split")
    let sets = try data.split(train: 600, test: 300, shuffle: false, from: &stream)
    let test = try #require(sets.test)
    #expect((0..<10).allSatisfy { code in test.y.ints.count { $0 == code } == 30 })
    let net = try Sequential(Dense(100, .relu), Dropout(0.2), Dense(10, .softmax))
    try net.fit(Examples(sets.train), Training(epochs: 25), context: context)
    let scores = try net.evaluate(Examples(test), context: context)
    let accuracy = try #require(scores.first { $0.name == "accuracy" }?.value)
    #expect(accuracy >= 0.68, "accuracy \(accuracy)")
  }
}
