import Catalog
import Data
import FoundationEssentials
import Neural
import Tensors
import Testing

/// What every layer of the catalogue promises, alone and in a model.
@Suite struct LayerConformanceTests {
  @Test("Every layer of the catalogue has a sample")
  func complete() throws {
    let section = NeuralCatalog.library.sections.first { $0.title == "Layers" }
    let names = Set(try #require(section).entries.map(\.name))
    let sampled = Set(LayerSample.all.map(\.name))
    #expect(names.subtracting(sampled).sorted() == [], "layers without a sample")
    #expect(sampled.subtracting(names).sorted() == [], "samples without a layer")
  }

  // MARK: Alone

  @Test("Shapes, types and gradients are right for a batch, one example and none")
  func gradients() throws {
    for sample in LayerSample.all {
      let layer = try sample.make()
      var stream = RandomStream(seed: 4, name: "init")
      let net = try Sequential([layer])
      try net.build(sample.input, dtype: .f64, from: &stream)
      // At inference, and with the same draws again while training.
      for (count, isTraining) in [(3, false), (3, true), (1, true), (1, false), (0, true)] {
        try check(layer, sample, count: count, isTraining: isTraining, stream)
      }
      #expect(try layer.fresh().type === layer.type)
      #expect(try layer.fresh().settings == layer.settings)
      #expect(layer.weights.allSatisfy { $0.owner == layer.name })
    }
  }

  private func check(
    _ layer: any Layer, _ sample: LayerSample, count: Int, isTraining: Bool, _ draws: RandomStream
  ) throws {
    var stream = RandomStream(seed: 8, name: "points")
    let about: Comment = "\(sample.testDescription), \(count) examples, training \(isTraining)"
    let x = try stream.normal(Shape([count] + sample.input), dtype: .f64)
    func output() throws -> Tensor {
      try layer.forward(x, Pass(isTraining: isTraining, stream: draws))
    }
    let y = try output()
    #expect(Array(y.shape) == [count] + (layer.state.outputShape ?? []), about)
    #expect(y.dtype == .f64)
    // Gradients of the input and of every weight that learns.
    let seeds = try stream.normal(y.shape, dtype: .f64)
    let watched = [x] + layer.trainableWeights.map(\.tensor)
    let slopes = try Tape.recording { tape in
      for tensor in watched { try tape.watch(tensor) }
      return try tape.gradients(of: (output() * seeds).sum(), for: watched)
    }
    let h = 1e-5
    for (tensor, slope) in zip(watched, slopes) {
      let before = tensor.doubles
      for index in before.indices {
        func shifted(_ by: Double) throws -> Double {
          var moved = before
          moved[index] += by
          try tensor.assign([.ellipsis], Tensor(moved, shape: tensor.shape))
          return try (output() * seeds).sum().item()
        }
        let numeric = try (shifted(h) - shifted(-h)) / (2 * h)
        #expect(abs(numeric - slope.doubles[index]) < 1e-6 * max(1, abs(numeric)), about)
      }
      try tensor.assign([.ellipsis], Tensor(before, shape: tensor.shape))
    }
  }

  @Test("Training and inference differ where they are to, and both precisions agree")
  func modes() throws {
    for sample in LayerSample.all {
      var outputs: [[Double]] = []
      // Draws of the two precisions differ, so that one gives the other its weights.
      var first: [Tensor] = []
      for dtype in [DType.f64, .f32] {
        let layer = try sample.make()
        var stream = RandomStream(seed: 4, name: "init")
        try Sequential([layer]).build(sample.input, dtype: dtype, from: &stream)
        for (weight, value) in zip(layer.weights, first) {
          try weight.tensor.assign([.ellipsis], value)
        }
        first = try layer.weights.map { try $0.tensor.copy() }
        var points = RandomStream(seed: 8, name: "points")
        let x = try points.normal(Shape([3] + sample.input), dtype: .f64).astype(dtype)
        func output(_ isTraining: Bool, seed: UInt64) throws -> [Double] {
          let before = layer.weights.map(\.tensor.doubles)
          let draws = RandomStream(seed: seed, name: "dropout")
          let y = try layer.forward(x, Pass(isTraining: isTraining, stream: draws))
          #expect(y.dtype == dtype)
          // What a layer gathers while it trains must not reach the next comparison.
          for (weight, values) in zip(layer.weights, before) {
            if !isTraining { #expect(weight.tensor.doubles == values) }
            try weight.tensor.assign([.ellipsis], Tensor(values, shape: weight.tensor.shape))
          }
          return y.doubles
        }
        let rest = try output(false, seed: 1)
        let about: Comment = "\(sample.testDescription) in \(dtype.name)"
        #expect(try output(false, seed: 2) == rest, about)
        #expect(try output(true, seed: 1) == output(true, seed: 1), about)
        let draws = layer is any NoiseLayer || layer is RReLU
        #expect(try (output(true, seed: 1) != output(true, seed: 2)) == draws, about)
        #expect(try (output(true, seed: 1) != rest) == (draws || layer is BatchNorm), about)
        outputs.append(rest)
      }
      for (a, b) in zip(outputs[0], outputs[1]) {
        #expect(abs(a - b) <= 1e-5 * max(1, abs(a)), "\(sample.testDescription)")
      }
    }
  }

  // MARK: In a model

  /// The layer between two that learn, so that a gradient goes into it and out of it.
  private func model(_ sample: LayerSample) throws -> Sequential {
    guard case .object(let front as any Layer) = try Lab.call("PReLU", [.string("random_normal")])
    else { throw Failure(.type, "no front") }
    return try Sequential([front, sample.make(), Flatten(), Dense(2)])
  }

  private func examples(_ sample: LayerSample, _ count: Int, _ dtype: DType) throws -> Examples {
    var stream = RandomStream(seed: 12, name: "x")
    let x = try stream.normal(Shape([count] + sample.input), dtype: dtype)
    let y = try stream.uniform([count, 2], dtype: dtype)
    return Examples(x, y)
  }

  private func train(
    _ net: Sequential, _ examples: Examples, _ optimizer: Optimizer = .sgd(.constant(0.01)),
    epochs: Int = 2, forcesTape: Bool = false
  ) throws -> History {
    try net.fit(
      examples, loss: .builtIn(.mse),
      Training(
        epochs: epochs, batchSize: 5, optimizer: optimizer, forcesTape: forcesTape),
      context: Lab.context())
  }

  /// One step of plain descent shows loss and gradient; momentum takes the way that folds nothing.
  @Test("Forwards, backwards and in a step of training the plan goes where the tape goes")
  func paths() throws {
    var planned: Set<String> = []
    for sample in try LayerSample.all.flatMap({ try [$0] + $0.variants() }) {
      guard !sample.isRefused else {
        #expect(throws: Failure.self, "\(sample.testDescription)") {
          try train(model(sample), examples(sample, 3, .f32))
        }
        continue
      }
      for (dtype, tolerance) in [(DType.f64, 1e-13), (.f32, 1e-5)] {
        for (count, optimizer) in [
          (3, Optimizer.sgd(.constant(1))), (1, .sgd(.constant(1))),
          (3, .sgd(.constant(0.1), momentum: 0.9)),
        ] {
          let about: Comment = "\(sample.testDescription), \(count) in \(dtype.name)"
          let ends = try [false, true].map { forcesTape in
            let net = try model(sample)
            let run = try train(
              net, examples(sample, count, dtype), optimizer, epochs: optimizer.chain.count,
              forcesTape: forcesTape)
            if run.isPlanned { planned.insert(sample.name) }
            #expect(net.weights.allSatisfy { $0.tensor.dtype == dtype }, about)
            return (weights: net.weights.flatMap(\.tensor.doubles), loss: run.stepLosses.last ?? 0)
          }
          let scale = max(1, ends[1].weights.map(abs).max() ?? 1)
          let apart = zip(ends[0].weights, ends[1].weights).map { abs($0 - $1) }.max() ?? .nan
          #expect(apart <= tolerance * scale, about)
          #expect(abs(ends[0].loss - ends[1].loss) <= tolerance * max(1, abs(ends[1].loss)), about)
        }
      }
    }
    // Those that a plan runs; else the two ways would be one.
    #expect(planned.count >= 36, "\(planned.sorted())")
  }

  @Test("Every layer is saved, loaded and copied with a trained model")
  func kept() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
      .path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (index, sample) in LayerSample.all.enumerated() {
      let about: Comment = "\(sample.testDescription)"
      let examples = try examples(sample, 12, index % 2 == 0 ? .f32 : .f64)
      let (net, other) = (try model(sample), try model(sample))
      _ = try train(net, examples)
      let context = Lab.context()
      let output = try net.predict(examples.x, context: context).doubles
      #expect(output.count == 24, about)
      try net.save(to: path)
      try other.load(from: path)
      #expect(try other.predict(examples.x, context: context).doubles == output, about)
      net.layers[1].state.rateFactor = 0.5
      net.layers[1].state.isTrainable = false
      let copy = try net.copy()
      #expect(try copy.predict(examples.x, context: context).doubles == output, about)
      #expect(copy.layers.map(\.name) == net.layers.map(\.name), about)
      #expect(copy.layers.map(\.settings) == net.layers.map(\.settings), about)
      #expect(copy.layers[1].state.rateFactor == 0.5, about)
      #expect(!copy.layers[1].state.isTrainable, about)
      // What the copy learns, the model does not.
      copy.layers[1].state.isTrainable = true
      _ = try train(copy, examples)
      #expect(try net.predict(examples.x, context: context).doubles == output, about)
    }
  }

  @Test("Every layer stands in the summary and refuses inputs it was not built for")
  func described() throws {
    for sample in LayerSample.all {
      let net = try model(sample)
      var stream = RandomStream(seed: 4, name: "init")
      try net.build(sample.input, from: &stream)
      let text = net.display(Lab.context()).text
      let isNamed = text.contains(net.layers[1].name)
      #expect(isNamed, "\(sample.name): \(text)")
      let wider = sample.input.dropLast() + [(sample.input.last ?? 0) + 1]
      let failure = Lab.failure {
        _ = try net.predict(Tensor.zeros(Shape([2] + wider)), context: Lab.context())
      }
      #expect(failure?.code != nil, "\(sample.name) took \(wider) for \(sample.input)")
    }
  }

  static let shapes: [[Int]] = [
    [], [1], [2], [5], [0], [1, 1], [3, 2], [0, 2], [2, 0], [2, 2, 2], [1, 5, 3], [2, 0, 2],
    [1, 1, 1, 1], [2, 1, 3, 2, 1],
  ]

  @Test("What a layer cannot take it refuses by name and place; all else it computes")
  func places() throws {
    for sample in LayerSample.all {
      for shape in Self.shapes {
        let layer = try sample.make()
        let net = try Sequential([ActivationLayer(.builtIn(.tanh)), layer], name: "net")
        var stream = RandomStream(seed: 4, name: "init")
        let about: Comment = "\(sample.testDescription) on \(shape)"
        let title = "layer '\(layer.name)' (\(layer.type.name), 2nd of 2 in model 'net') expected"
        let failure = Lab.failure { try net.build(shape, from: &stream) }
        if let failure {
          #expect(failure.code == "L301", about)
          #expect(failure.message.hasPrefix(title), about)
          continue
        }
        for isTraining in [false, true] {
          let output = Lab.failure {
            let y = try net.predict(
              Tensor.ones(Shape([2] + shape)), context: Lab.context(), isTraining: isTraining)
            #expect(Array(y.shape.dropFirst()) == net.outputShape, about)
          }
          #expect(output == nil, about)
        }
      }
    }
  }
}
