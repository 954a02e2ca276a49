import Catalog
import Data
import Neural
import Tensors
import Testing

/// Tests that run over the lists, so that what joins a list is tested.
@Suite struct ConformanceTests {
  // MARK: Layers

  static var layers: [(name: String, arguments: [Value], input: [Int])] {
    [
      ("Dense", [.int(4), .string("tanh")], [5]), ("Flatten", [], [3, 4]),
      ("ActivityRegularization", [.float(0.1), .float(0.2)], [3, 4]),
      ("Activation", [.string("elu")], [6]),
      ("LeakyReLU", [.float(0.2)], [6]), ("ELU", [.float(0.7)], [6]),
      ("Lambda", [.function(Doubling())], [6]),
    ] + activating + normalizations + noises + windows
  }

  static var windows: [(name: String, arguments: [Value], input: [Int])] {
    let pool = ["Pool", "Pooling"].flatMap { pool in
      ["Max", "Average"].flatMap { kind -> [(name: String, arguments: [Value], input: [Int])] in
        [
          ("\(kind)\(pool)1D", [.int(2)], [5, 2]),
          ("\(kind)\(pool)2D", [.int(2), .int(1), .string("same")], [3, 4, 2]),
          ("Global\(kind)\(pool)1D", [], [4, 2]), ("Global\(kind)\(pool)2D", [], [3, 2, 2]),
        ]
      }
    }
    return pool + [
      ("Conv1D", [.int(3), .int(3), .int(2), .string("causal")], [6, 2]),
      ("Conv2D", [.int(3), .tuple([.int(3), .int(2)]), .int(2), .string("same")], [5, 4, 2]),
      ("DepthwiseConv2D", [.int(3), .int(1), .string("same"), .int(2)], [4, 4, 2]),
      ("SeparableConv2D", [.int(3), .int(2)], [4, 3, 2]),
      ("Conv1DTranspose", [.int(2), .int(3), .int(2)], [3, 2]),
      ("Conv2DTranspose", [.int(2), .int(3), .int(2), .string("same")], [2, 3, 2]),
      ("ZeroPadding1D", [.tuple([.int(1), .int(2)])], [3, 2]), ("ZeroPadding2D", [], [2, 3, 1]),
      ("Reshape", [.tuple([.int(2), .int(-1)])], [6]),
      ("Permute", [.tuple([.int(2), .int(1)])], [2, 3]),
      ("UpSampling1D", [.int(2)], [3, 2]),
      ("UpSampling2D", [.tuple([.int(1), .int(2)])], [2, 2, 2]),
    ]
  }

  static var activating: [(name: String, arguments: [Value], input: [Int])] {
    [
      ("SELU", [], [4]), ("ReLU", [.float(2), .float(0.1), .float(0.5)], [9]), ("Softmax", [], [4]),
      ("Softmax", [.int(1)], [3, 2]),
      ("PReLU", [.string("random_normal")], [3, 2]),
      ("PReLU", [.string("random_normal"), .int(1)], [3, 2]), ("RReLU", [], [5]),
      ("Maxout", [.int(3)], [4]), ("Maxout", [.int(2), .int(3)], [3]),
    ]
  }

  static var normalizations: [(name: String, arguments: [Value], input: [Int])] {
    [
      ("BatchNorm", [], [5]), ("BatchNormalization", [.int(1)], [2, 3]),
      ("BatchNorm", [], [2, 3, 2]),
      ("LayerNorm", [], [5]), ("LayerNorm", [.tuple([.int(1), .int(-1)])], [2, 3, 2]),
      ("GroupNorm", [.int(2)], [3, 4]),
      ("GroupNorm", [.int(3), .int(1)], [3, 4]), ("InstanceNorm", [], [3, 2]), ("RMSNorm", [], [5]),
      ("UnitNorm", [], [4]), ("WeightNorm", [.object(Dense(3, .tanh))], [4]),
      ("LocalResponseNorm", [.int(1), .float(1.5), .float(0.5), .float(0.6)], [2, 5]),
      ("LayerNormalization", [.int(1)], [3, 2]), ("GroupNormalization", [.int(1)], [4]),
      ("RMSNormalization", [], [2, 3]), ("UnitNormalization", [.int(1)], [2, 3]),
    ]
  }

  static var noises: [(name: String, arguments: [Value], input: [Int])] {
    [
      ("Dropout", [.float(0.5)], [6]),
      ("Dropout", [.float(0.3), .tuple([.none, .int(1), .none]), .string("classic")], [3, 2]),
      ("AlphaDropout", [.float(0.2)], [6]), ("GaussianDropout", [.float(0.3)], [6]),
      ("GaussianNoise", [.float(0.2)], [6]), ("SpatialDropout1D", [.float(0.4)], [3, 4]),
      ("SpatialDropout2D", [.float(0.4)], [2, 2, 4]),
    ]
  }

  /// A script's function as the machine would hand it over.
  final class Doubling: Callable {
    var name: String { "doubling" }
    func call(_ positional: [Value], named: [(name: String, value: Value)]) throws -> Value {
      guard case .object(let object)? = positional.first, let x = object as? Tensor else {
        return .none
      }
      return .object(try x * 2)
    }
  }

  @Test("Every layer of the catalogue keeps a layer's promises")
  func layer() throws {
    let section = NeuralCatalog.library.sections.first { $0.title == "Layers" }
    let names = try #require(section).entries.map(\.name)
    let sampled = Self.layers.map(\.name)
    #expect(names.filter { !sampled.contains($0) } == [])
    for sample in Self.layers {
      guard case .object(let object) = try Lab.call(sample.name, sample.arguments),
        let layer = object as? any Layer
      else {
        Issue.record("\(sample.name) makes no layer")
        continue
      }
      var stream = RandomStream(seed: 4, name: "init")
      let net = try Sequential([layer])
      try net.build(sample.input, dtype: .f64, from: &stream)
      let draws = stream
      // A batch, one example, none; at inference, and with the same draws again while training.
      for (count, isTraining) in [(3, false), (3, true), (1, true), (1, false), (0, true)] {
        try check(layer, sample, count: count, isTraining: isTraining, draws)
      }
      #expect(try layer.fresh().type === layer.type)
      #expect(try layer.fresh().settings == layer.settings)
      #expect(layer.weights.allSatisfy { $0.owner == layer.name })
    }
  }

  private func check(
    _ layer: any Layer, _ sample: (name: String, arguments: [Value], input: [Int]), count: Int,
    isTraining: Bool, _ draws: RandomStream
  ) throws {
    var stream = RandomStream(seed: 8, name: "points")
    let about: Comment = "\(sample.name), \(count) examples, training \(isTraining)"
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

  // MARK: Optimizers

  @Test("Weights that lie together move as each does by itself")
  func kernels() throws {
    for dtype in [DType.f64, .f32] {
      for optimizer in Self.variants {
        let sides = try [false, true].map { isTogether -> [Double] in
          var stream = RandomStream(seed: 8, name: "weights")
          let arena = try stream.normal([11], dtype: dtype)
          let gradients = try Tensor.zeros([11], dtype: dtype)
          let first = try (arena.piece(0, [5]), gradients.piece(0, [5]))
          let second = try (arena.piece(5, [2, 3]), gradients.piece(5, [2, 3]))
          // A rate of its own takes a weight out of the common pass.
          let state = OptimizerState(optimizer)
          try state.attach(
            isTogether
              ? [first, second].map { WeightBlock(weights: $0.0, gradient: $0.1) }
              : [second, first].map { WeightBlock(weights: $0.0, gradient: $0.1) })
          for step in 0..<12 {
            Fused.copy(try (arena * (1.0 + 0.1 * Double(step))).sin(), into: gradients)
            try state.step()
          }
          return arena.doubles
        }
        for (a, b) in zip(sides[0], sides[1]) {
          #expect(abs(a - b) <= (dtype == .f64 ? 1e-12 : 1e-5), "\(optimizer.text)")
        }
      }
    }
  }

  /// Every optimizer, and those with options that change the update.
  static var variants: [Optimizer] {
    Optimizer.all.map { $0.clipping([.clipGlobalNorm(1)]).decaying(0.01) }
      + Optimizer.all.map {
        $0.clipping([.clipNorm(0.5), .clipValue(0.3)]).decaying(0.1, coupled: true)
      }
      + [
        .sgd(momentum: 0.9, nesterov: true, dampening: 0.1, form: .torch),
        .rmsprop(momentum: 0.5, place: .outside, centered: true, initial: 1, form: .torch),
        .rmsprop(momentum: 0.5, centered: true), .adam(isHat: false, amsgrad: true),
        .adamax(place: .inside), .adagrad(place: .outside), .nadam(momentumDecay: 0.004),
        .ftrl(
          .constant(0.1), Transform.Leader(power: -0.7, l1: 0.1, l2: 0.1, shrinkage: 0.1, beta: 1)),
      ]
  }

  @Test("Every optimizer comes down a bowl and learns the moons", arguments: Optimizer.all)
  func optimizer(_ optimizer: Optimizer) throws {
    let rates = [
      "SGD": 0.4, "Adadelta": 20, "Adagrad": 0.3, "Lion": 0.01, "Ftrl": 0.5,
      "ProximalGradientDescent": 0.4, "ProximalAdagrad": 0.3, "AdagradDA": 0.5,
    ]
    var tuned = optimizer
    tuned.rate = .constant(rates[optimizer.name] ?? 0.02)
    let x = try Tensor([2.0, -3.0])
    let gradient = try Tensor.zeros([2], dtype: .f64)
    let state = OptimizerState(tuned)
    try state.attach([WeightBlock(weights: x, gradient: gradient)])
    func height() -> Double { x.doubles[0] * x.doubles[0] / 2 + 2 * x.doubles[1] * x.doubles[1] }
    let start = height()
    for _ in 0..<300 {
      Fused.copy(try x * Tensor([1.0, 4.0]), into: gradient)
      try state.step()
    }
    #expect(height() < 0.05 * start, "\(optimizer.name): \(height())")
    // Those that forget the initial weights are for linear models; Rprop is for full batches.
    let isLinear = optimizer.forgetsStart
    let net = try Sequential(
      (isLinear ? [Dense(2, .softmax)] : [Dense(16, .tanh), Dense(2, .softmax)]) as [any Layer])
    let isFull = optimizer.name == "Rprop"
    let run = try net.fit(
      Examples(Lab.moons(300)),
      Training(epochs: isFull ? 100 : 20, batchSize: isFull ? 300 : 32, optimizer: tuned),
      context: Lab.context())
    #expect((run["accuracy"]?.last ?? 0) > (isLinear ? 0.8 : 0.85), "\(optimizer.name)")
  }
}
