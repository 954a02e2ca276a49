import Catalog
import Data
import Neural
import Tensors
import Testing

@Suite struct NormalizationTests {
  static func built(_ layer: any Layer, _ input: [Int], _ dtype: DType = .f32) throws {
    let stream = RandomStream(seed: 4, name: "init")
    _ = try layer.prepare(input, with: WeightMaker(dtype: dtype, stream: stream))
  }

  static func pass(_ isTraining: Bool) -> Pass {
    Pass(isTraining: isTraining, stream: RandomStream(seed: 1, name: "dropout"))
  }

  @Test("Batch normalisation gives mean 0 and variance 1, also far from zero")
  func offset() throws {
    var stream = RandomStream(seed: 3, name: "data")
    for offset in [0.0, 1e4, -1e6] {
      let layer = BatchNorm(epsilon: 0)
      try Self.built(layer, [3])
      // Whole numbers, so that the offset takes nothing from them.
      let x = try (stream.normal([64, 3]) * 8).unary(.round) + offset
      let y = try layer.forward(x, Self.pass(true))
      let (mean, spread) = (try y.mean(0).doubles, try y.variance(axes: [0]).doubles)
      #expect(mean.allSatisfy { abs($0) < 1e-5 }, "\(offset): \(mean)")
      #expect(spread.allSatisfy { abs($0 - 1) < 1e-5 }, "\(offset): \(spread)")
    }
  }

  @Test("A constant column and a batch of one give beta")
  func constant() throws {
    for dtype in [DType.f32, .f64] {
      let layer = BatchNorm()
      try Self.built(layer, [2], dtype)
      let beta = try #require(layer.weights.first { $0.name == "beta" }?.tensor)
      Fused.copy(try Tensor([0.5, -2.0]), into: beta)
      let x = try Tensor.full([7, 2], 1e5 + 0.3, dtype: dtype)
      #expect(try layer.forward(x, Self.pass(true)).min(axes: [0]).doubles == [0.5, -2])
      #expect(try layer.forward(x, Self.pass(true)).max(axes: [0]).doubles == [0.5, -2])
      let one = try Tensor([3.0, -4.0], shape: [1, 2], dtype: dtype)
      #expect(try layer.forward(one, Self.pass(true)).doubles == [0.5, -2])
    }
    // Of one number there is no unbiased variance, so the moving one stays.
    let layer = BatchNorm(variance: .unbiased)
    try Self.built(layer, [2])
    _ = try layer.forward(Tensor.ones([1, 2]), Self.pass(true))
    #expect(layer.movingVariance?.tensor.doubles == [1, 1])
  }

  @Test("An empty batch changes nothing")
  func empty() throws {
    let layer = BatchNorm()
    try Self.built(layer, [2])
    let y = try layer.forward(Tensor.zeros([0, 2]), Self.pass(true))
    #expect(y.shape == [0, 2])
    #expect(layer.movingMean?.tensor.doubles == [0, 0])
    #expect(layer.movingVariance?.tensor.doubles == [1, 1])
  }

  @Test("Frozen, it uses its moving values and keeps them")
  func frozen() throws {
    var stream = RandomStream(seed: 3, name: "data")
    let x = try stream.normal([20, 3])
    let layer = BatchNorm()
    try Self.built(layer, [3])
    _ = try layer.forward(x, Self.pass(true))
    let before = try #require(layer.movingMean?.tensor.doubles)
    #expect(before != [0, 0, 0])
    layer.state.isTrainable = false
    let frozen = try layer.forward(x, Self.pass(true)).doubles
    #expect(try frozen == layer.forward(x, Self.pass(false)).doubles)
    #expect(layer.movingMean?.tensor.doubles == before)
  }

  @Test("Evaluating and predicting use the moving values, fitting moves them")
  func modes() throws {
    let data = try Lab.moons(200)
    let context = Lab.context()
    let norm = BatchNorm(momentum: 0.8)
    let net = try Sequential(Dense(12), norm, ActivationLayer(.builtIn(.relu)), Dense(2, .softmax))
    try net.fit(Examples(data), Training(epochs: 15), context: context)
    let moving = try #require(norm.movingMean?.tensor.doubles)
    let whole = try net.predict(data.x, context: context)
    let single = try net.predict(data.x.at([.range(5, 6)]), context: context)
    let expected = try whole.at([.range(5, 6)])
    for (a, b) in zip(single.doubles, expected.doubles) { #expect(abs(a - b) < 1e-5) }
    let scores = try net.evaluate(Examples(data), context: context)
    #expect((scores.first { $0.name == "accuracy" }?.value ?? 0) > 0.7)
    #expect(norm.movingMean?.tensor.doubles == moving)
    // A copy has the moving values too.
    let twin = try net.copy()
    #expect(try twin.predict(data.x, context: context).doubles == whole.doubles)
  }

  @Test("Its axis may be any but that of the examples, and inputs must have it")
  func axes() throws {
    let image = BatchNorm(axis: 1)
    try Self.built(image, [3, 4, 5])
    #expect(image.movingMean?.tensor.shape == [3])
    #expect(throws: LayerProblem.self) { try BatchNorm(axis: 0).outputShape([3]) }
    #expect(throws: LayerProblem.self) { try BatchNorm(axis: 2).outputShape([3]) }
    #expect(throws: LayerProblem.self) {
      try image.forward(Tensor.zeros([2, 4, 4, 5]), Self.pass(true))
    }
  }

  @Test("The initializer of a dense layer goes by the activation behind the normalisation")
  func initializer() throws {
    let dense = Dense(8)
    let net = try Sequential(
      dense, BatchNorm(), Dropout(0.1), ActivationLayer(.builtIn(.relu)), Dense(2))
    var stream = RandomStream(seed: 3, name: "init")
    try net.build([4], from: &stream)
    #expect(dense.initialized == "he_normal")
  }

  @Test("A bias before batch normalisation stays as it is, in every path")
  func lostBias() throws {
    for forcesTape in [true, false] {
      let sink = Recording()
      let first = Dense(8)
      let net = try Sequential(
        first, BatchNorm(), ActivationLayer(.builtIn(.relu)), Dense(2, .softmax))
      try net.fit(
        Examples(Lab.moons(60)), Training(epochs: 3, forcesTape: forcesTape),
        context: Context(sink: sink, seed: 42))
      #expect(!sink.text(.error).contains("not learn"))
      #expect(first.bias?.tensor.doubles == Array(repeating: 0, count: 8))
    }
  }

  @Test("The first batch can set a weight normalisation's lengths and bias")
  func dataInit() throws {
    let layer = WeightNorm(Dense(6, .linear), usesData: true)
    let net = try Sequential(layer, ActivationLayer(.builtIn(.tanh)), Dense(2, .softmax))
    let data = try Lab.moons(64)
    try net.fit(
      Examples(data), Training(epochs: 1, batchSize: 64, optimizer: .sgd(.constant(1e-9))),
      context: Lab.context())
    let y = try layer.forward(data.x, Self.pass(false))
    #expect(try y.mean(0).doubles.allSatisfy { abs($0) < 1e-3 })
    #expect(try y.variance(axes: [0]).doubles.allSatisfy { abs($0 - 1) < 1e-3 })
  }
}
