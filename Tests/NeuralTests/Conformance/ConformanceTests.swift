import Catalog
import Data
import Neural
import Tensors
import Testing

/// Tests that run over the lists, so that what joins a list is tested.
@Suite struct ConformanceTests {
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
