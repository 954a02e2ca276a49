import Catalog
import Data
import Neural
import Tensors
import Testing

/// The static plan and the tape are two ways to the same place.
@Suite struct PlanTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let layers: @Sendable () throws -> [any Layer]
    let optimizer: Optimizer
    var task = Task.classes
    var isPlanned = true
    enum Task: Sendable { case classes, oneHot, binary, numbers }
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "SGD", layers: { [Dense(16, .relu), Dense(3, .softmax)] },
      optimizer: .sgd(.constant(0.1))),
    Case(
      name: "momentum", layers: { [Dense(16, .tanh), Dense(3, .softmax)] },
      optimizer: .sgd(.constant(0.05), momentum: 0.9)),
    Case(
      name: "Nesterov", layers: { [Dense(16, .elu()), Dense(3, .softmax)] },
      optimizer: .sgd(.constant(0.05), momentum: 0.9, nesterov: true), task: .oneHot),
    Case(
      name: "Adam", layers: { [Dense(16, .selu), Dense(8, .leakyReLU()), Dense(3, .softmax)] },
      optimizer: .adam()),
    Case(
      name: "dropout", layers: { [Dense(16, .relu), Dropout(0.3), Dense(3, .softmax)] },
      optimizer: .sgd(.constant(0.1))),
    Case(
      name: "activation layers",
      layers: {
        [
          Dense(16), ActivationLayer(.builtIn(.swish)), Dense(8, .softplus), Dropout(0.1), Dense(3),
          ActivationLayer(.builtIn(.softmax)),
        ]
      }, optimizer: .adam()),
    Case(
      name: "penalties",
      layers: {
        [
          Dense(
            16, .builtIn(.relu), penalty: Penalty(l1: 0.001, l2: 0.01),
            biasPenalty: Penalty(l1: 0.1, l2: 0.2)),
          Dense(3, .softmax),
        ]
      }, optimizer: .sgd(.constant(0.1))),
    Case(
      name: "clipping", layers: { [Dense(16, .sigmoid), Dense(3, .softmax)] },
      optimizer: .sgd(.constant(0.1), clip: [.clipNorm(0.1)])),
    Case(
      name: "binary", layers: { [Dense(16, .relu), Dense(1, .sigmoid)] },
      optimizer: .sgd(.constant(0.1)), task: .binary),
    Case(
      name: "batch normalisation",
      layers: {
        [
          Dense(16), BatchNorm(momentum: 0.9), ActivationLayer(.builtIn(.elu())), Dense(8, .relu),
          BatchNorm(variance: .unbiased, centers: false), Dense(3, .softmax),
        ]
      }, optimizer: .adam()),
    Case(
      name: "batch normalisation of inputs, folded",
      layers: { [BatchNorm(momentum: nil), Dense(16, .tanh), BatchNorm(), Dense(3, .softmax)] },
      optimizer: .sgd(.constant(0.1))),
    Case(
      name: "frozen batch normalisation",
      layers: {
        let norm = BatchNorm()
        norm.state.isTrainable = false
        return [Dense(16), norm, ActivationLayer(.builtIn(.relu)), Dense(3, .softmax)]
      }, optimizer: .sgd(.constant(0.05), momentum: 0.9)),
    Case(
      name: "layer normalisation and learnt slopes",
      layers: {
        [
          Dense(16), LayerNorm(), PReLU(), Dense(8), PReLU(sharedAxes: [1]), Dense(3, .softmax),
        ]
      }, optimizer: .adam()),
    Case(
      name: "learnt slopes, folded",
      layers: { [PReLU(), Dense(12), PReLU(sharedAxes: [1]), LayerNorm(), Dense(3, .softmax)] },
      optimizer: .sgd(.constant(0.05))),
    Case(
      name: "noise of all kinds",
      layers: {
        [
          GaussianNoise(0.1), Dense(16), RReLU(), AlphaDropout(0.1), Dense(8, .relu),
          GaussianDropout(0.2), Dropout(0.1, scaling: .classic), Dense(3, .softmax),
        ]
      }, optimizer: .sgd(.constant(0.05))),
    Case(
      name: "max-norm",
      layers: {
        [
          Dropout(0.2), Dense(16, .builtIn(.relu), constraint: .maxNorm(1)), Dense(3, .softmax),
        ]
      }, optimizer: .sgd(.constant(0.1), momentum: 0.9)),
    Case(
      name: "squares", layers: { [Dense(16, .tanh), Dense(2)] },
      optimizer: .rmsprop(), task: .numbers),
    Case(
      name: "squares of a sigmoid", layers: { [Dense(16, .tanh), Dense(2, .sigmoid)] },
      optimizer: .nadam(), task: .numbers),
  ]

  static func data(_ task: Case.Task, _ dtype: DType) throws -> Examples {
    var stream = RandomStream(seed: 5, name: "data")
    let blobs = try Points.blobs(200, classes: task == .binary ? 2 : 3, from: &stream)
    let x = try blobs.x.astype(dtype)
    switch task {
    case .classes, .binary: return Examples(x, blobs.y)
    case .oneHot: return Examples(x, try OneHot.encode(blobs.y))
    case .numbers: return Examples(x, try (x * 0.1).sigmoid())
    }
  }

  @Test("Both agree within 1e-5 of the weights over 100 steps", arguments: cases + windows)
  func agree(_ sample: Case) throws {
    for dtype in [DType.f32, .f64] {
      let examples = try Self.data(sample.task, dtype)
      var weights: [[Double]] = []
      var losses: [[Double]] = []
      for forcesTape in [false, true] {
        let context = Lab.context()
        let net = try Sequential(sample.layers())
        // 7 steps in an epoch, the last one short.
        let training = Training(
          epochs: 15, batchSize: 30, optimizer: sample.optimizer,
          keepsBest: false, forcesTape: forcesTape)
        let loss: LossChoice? = sample.task == .numbers ? .builtIn(.mse) : nil
        let run = try net.fit(examples, loss: loss, training, context: context)
        #expect(run.steps == 105)
        #expect(run.isPlanned == (sample.isPlanned && !forcesTape))
        weights.append(net.weights.flatMap(\.tensor.doubles))
        losses.append(run["loss"] ?? [])
      }
      let tolerance = dtype == .f32 ? 1e-5 * 100 : 1e-9
      let scale = weights[1].map(abs).max() ?? 1
      for (a, b) in zip(weights[0], weights[1]) {
        #expect(abs(a - b) <= tolerance * max(scale, 1), "\(sample.name) \(dtype): \(a) \(b)")
        if abs(a - b) > tolerance * max(scale, 1) { break }
      }
      #expect((losses[0].last ?? 0) < (losses[0].first ?? 0))
    }
  }

  @Test("The same bytes for any number of threads", arguments: [false, true])
  func threads(_ forcesTape: Bool) throws {
    let before = Workers.shared.count
    defer { Workers.shared.count = before }
    let data = try Lab.digits(200)
    for kind in ["dense", "convolution"] {
      var results: [[Float]] = []
      for count in [1, 2, 4] {
        Workers.shared.count = count
        let net = try Sequential([])
        if kind == "dense" {
          for layer in [Dense(300, .relu), Dropout(0.2), BatchNorm(), Dense(10, .softmax)]
            as [any Layer]
          {
            try net.add(layer)
          }
        } else {
          for (name, arguments) in [
            ("Conv2D", [Value.int(8), .int(3)]), ("BatchNorm", []), ("MaxPool2D", []),
            ("Flatten", []), ("Dropout", [.float(0.2)]), ("Dense", [.int(10), .string("softmax")]),
          ] {
            guard case .object(let object) = try Lab.call(name, arguments),
              let layer = object as? any Layer
            else { continue }
            try net.add(layer)
          }
        }
        let x = kind == "dense" ? data.x : try data.x.reshape(Shape([200, 28, 28, 1]))
        try net.fit(
          Examples(x, data.y, hasClasses: true),
          Training(
            epochs: 1, batchSize: 100, optimizer: .adam().clipping([.clipGlobalNorm(1)]),
            forcesTape: forcesTape), context: Lab.context())
        results.append(net.weights.flatMap(\.tensor.floats))
      }
      #expect(results[0] == results[1], "\(kind)")
      #expect(results[0] == results[2], "\(kind)")
    }
  }

  @Test("A dropout layer does not change the initial weights")
  func streams() throws {
    var first: [[Float]] = []
    for layers in [
      [Dense(8, .relu), Dense(2, .softmax)], [Dense(8, .relu), Dropout(0.5), Dense(2, .softmax)],
    ] as [[any Layer]] {
      let net = try Sequential(layers)
      var stream = RandomStream(seed: 3, name: "init")
      try net.build([4], from: &stream)
      first.append(net.weights.flatMap(\.tensor.floats))
    }
    #expect(first[0] == first[1])
  }
}
