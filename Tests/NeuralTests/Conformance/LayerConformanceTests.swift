import Catalog
import Data
import FoundationEssentials
import Neural
import Tensors
import Testing

/// What a model with any layer of the catalogue promises; the samples stand in `ConformanceTests`.
@Suite struct LayerConformanceTests {
  typealias Sample = (name: String, arguments: [Value], input: [Int])

  private func model(_ sample: Sample) throws -> Sequential? {
    guard case .object(let object) = try Lab.call(sample.name, sample.arguments),
      let layer = object as? any Layer
    else {
      Issue.record("\(sample.name) makes no layer")
      return nil
    }
    return try Sequential([layer, Flatten(), Dense(2)])
  }

  private func examples(_ sample: Sample, _ dtype: DType) throws -> Examples {
    var stream = RandomStream(seed: 12, name: "x")
    let x = try stream.normal(Shape([12] + sample.input), dtype: dtype)
    let y = try stream.uniform([12, 2], dtype: dtype)
    return Examples(x, y)
  }

  private func train(_ net: Sequential, _ examples: Examples, forcesTape: Bool) throws -> History {
    try net.fit(
      examples, loss: .builtIn(.mse),
      Training(
        epochs: 2, batchSize: 5, optimizer: .sgd(.constant(0.01)), forcesTape: forcesTape),
      context: Lab.context())
  }

  @Test("Every layer is saved, loaded and copied with a trained model")
  func kept() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
      .path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    for sample in ConformanceTests.layers {
      let examples = try examples(sample, .f32)
      guard let net = try model(sample), let other = try model(sample) else { return }
      _ = try train(net, examples, forcesTape: false)
      let context = Lab.context()
      let output = try net.predict(examples.x, context: context).doubles
      #expect(output.count == 24, "\(sample.name)")
      try net.save(to: path)
      try other.load(from: path)
      #expect(try other.predict(examples.x, context: context).doubles == output, "\(sample.name)")
      let copy = try net.copy()
      #expect(try copy.predict(examples.x, context: context).doubles == output, "\(sample.name)")
      // What the copy learns, the model does not.
      _ = try train(copy, examples, forcesTape: false)
      #expect(try net.predict(examples.x, context: context).doubles == output, "\(sample.name)")
    }
  }

  @Test("Every layer stands in the summary and refuses inputs it was not built for")
  func described() throws {
    for sample in ConformanceTests.layers {
      guard let net = try model(sample) else { return }
      var stream = RandomStream(seed: 4, name: "init")
      try net.build(sample.input, from: &stream)
      let text = net.display(Lab.context()).text
      let isNamed = text.contains(net.layers[0].name)
      #expect(isNamed, "\(sample.name): \(text)")
      let wider = sample.input.dropLast() + [(sample.input.last ?? 0) + 1]
      let failure = Lab.failure {
        _ = try net.predict(Tensor.zeros(Shape([2] + wider)), context: Lab.context())
      }
      #expect(failure?.code != nil, "\(sample.name) took \(wider) for \(sample.input)")
    }
  }
}
