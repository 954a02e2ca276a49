import Catalog
import Data
import FoundationEssentials
import Neural
import Tensors
import Testing

/// What every activation of the list promises.
@Suite struct ActivationConformanceTests {
  /// Each function of the list with each of its settings at another value than the usual one.
  static let changed: [Activation] = Activation.all.flatMap { activation in
    activation.options.compactMap { option in
      [0.3, 0.75, 1.5, 2.5, -0.5, 1, 0].lazy.filter { $0 != option.value }.compactMap { value in
        let text = "\(activation.name)(\(option.name)=\(value))"
        return (try? ActivationChoice.read(.string(text)))?.builtIn
      }.first { $0 != activation }
    }
  }

  @Test("Every setting of every activation is among those tested here")
  func complete() {
    #expect(Self.changed.count == Activation.all.reduce(0) { $0 + $1.options.count })
    let entries = NeuralCatalog.library.sections.first { $0.title == "Activations" }?.entries
    #expect(entries?.map(\.name) == Activation.all.map(\.name))
  }

  /// The list, each setting changed, and settings that change the computation together.
  static let activations: [Activation] =
    Activation.all + changed + [
      .relu(slope: 0.1, maximum: 4, threshold: 0.5), .relu(maximum: 2), .leakyReLU(0.3),
      .leakyReLU(1.5), .elu(0.5), .celu(0.7), .gelu(isApproximate: true), .swish(beta: 1.5),
      .softplus(beta: 2), .softplus(threshold: 3), .hardTanh(-1.5, 0.8), .hardSigmoid(0.2),
      .threshold(0.5, value: -1.5), .softShrink(0.2), .hardShrink(1),
    ]

  @Test(
    "An activation agrees with its curve, and its gradient with central differences",
    arguments: activations)
  func gradient(_ activation: Activation) throws {
    var stream = RandomStream(seed: 2, name: "points")
    let kinks = activation.curve?.kinks ?? []
    let points = (0..<60).map { _ in stream.uniform(-5, 5) }.filter { x in
      kinks.allSatisfy { abs(x - $0) > 1e-3 }
    }
    let x = try Tensor(points, shape: Shape([1, points.count]))
    let weights = try stream.normal(activation(x).shape, dtype: .f64)
    let (y, slope) = try Tape.recording { tape in
      let leaf = try tape.leaf(x)
      let y = try activation(leaf)
      return (y.detached(), try tape.gradients(of: (y * weights).sum(), for: [leaf])[0])
    }
    #expect(y.dtype == .f64)
    let small = try activation(x.astype(.f32))
    #expect(small.dtype == .f32)
    for (a, b) in zip(small.doubles, y.doubles) { #expect(abs(a - b) < 1e-5 * max(1, abs(b))) }
    let h = 1e-5
    for (index, point) in points.enumerated() {
      func value(_ shift: Double) throws -> Double {
        var moved = points
        moved[index] += shift
        return try (activation(Tensor(moved, shape: x.shape)) * weights).sum().item()
      }
      let numeric = try (value(h) - value(-h)) / (2 * h)
      #expect(abs(numeric - slope.doubles[index]) < 1e-6 * max(1, abs(numeric)), "at \(point)")
      guard let curve = activation.curve else { continue }
      #expect(abs(curve.value(point) - y.doubles[index]) < 1e-10, "value at \(point)")
      let direct = curve.derivative(point) * weights.doubles[index]
      #expect(abs(direct - slope.doubles[index]) < 1e-8, "derivative at \(point)")
    }
  }

  @Test("Second derivatives agree with central differences of the first", arguments: activations)
  func second(_ activation: Activation) throws {
    let kinks = activation.curve?.kinks ?? []
    let points = [-4.3, -2.7, -1.2, -0.4, 0.3, 1.4, 2.2, 4.6].filter { x in
      kinks.allSatisfy { abs(x - $0) > 1e-3 }
    }
    guard points.count % 2 == 0 || !activation.isHalving else { return }
    func slope(_ x: Tensor) throws -> Tensor {
      let first = try Tensors.gradient(at: x) { x in
        let y = try activation(x)
        return try (y * Tensor((0..<y.count).map { 0.5 + Double($0 % 3) }, shape: y.shape)).sum()
      }
      return try (first * first).sum()
    }
    let found = try Tensors.gradient(at: Tensor(points), of: slope).doubles
    for (index, point) in points.enumerated() {
      var ends: [Double] = []
      for sign in [1e-5, -1e-5] {
        var moved = points
        moved[index] += sign
        ends.append(try slope(Tensor(moved)).item())
      }
      let numeric = (ends[0] - ends[1]) / 2e-5
      #expect(abs(numeric - found[index]) < 1e-5 * max(1, abs(numeric)), "at \(point)")
    }
  }

  @Test("An activation is right at the ends of the numbers", arguments: activations)
  func extremes(_ activation: Activation) throws {
    guard let curve = activation.curve else { return }
    for dtype in [DType.f32, .f64] {
      let tiny = dtype == .f32 ? 1e-40 : Double.leastNonzeroMagnitude * 1000
      let ends: [Double] = [
        -.infinity, -1000, -100, -30, -tiny, -0.0, 0, tiny, 30, 100, 1000, .infinity,
      ]
      let x = try Tensor(ends).astype(dtype)
      let kernel = try activation(x).doubles
      let (values, slopes) = try Tape.recording { tape in
        let leaf = try tape.leaf(x)
        let y = try activation(leaf)
        let slope = try tape.gradients(of: y.sum(), for: [leaf])[0]
        return (y.detached().doubles, slope.doubles)
      }
      for (index, point) in ends.enumerated() {
        let wanted = curve.value(point)
        let place = "\(ActivationFunction(activation).text) at \(point) in \(dtype.name)"
        // exp leaves the range of f32 earlier.
        let isOver = dtype == .f32 && abs(wanted) > 1e38
        for got in [kernel[index], values[index]] {
          #expect(
            got == wanted || abs(got - wanted) <= 1e-5 * max(1e-3, abs(wanted))
              || isOver && got == .infinity, "\(place): \(got), wanted \(wanted)")
        }
        guard point.isFinite, !isOver, !curve.kinks.contains(point) else { continue }
        let slope = curve.derivative(point)
        #expect(
          slopes[index] == slope || abs(slopes[index] - slope) <= 1e-5 * max(1, abs(slope)),
          "slope of \(place)")
      }
      // What is no number stays so.
      let nan = try Tensor([Double.nan]).astype(dtype)
      #expect(try activation(nan).doubles[0].isNaN)
      let followed = try Tape.recording { try activation($0.leaf(nan)).detached().doubles }
      #expect(followed[0].isNaN)
      #expect(curve.value(.nan).isNaN)
    }
  }

  @Test(
    "The kernel of the plan agrees with the tape, forwards and backwards", arguments: activations)
  func kernels(_ activation: Activation) throws {
    guard let fused = activation.fused else { return }
    for dtype in [DType.f32, .f64] {
      var stream = RandomStream(seed: 8, name: "points")
      let x = try stream.uniform([257], -9, 9, dtype: dtype)
      let upstream = try stream.normal([257], dtype: dtype)
      let (value, slope) = try Tape.recording { tape in
        let leaf = try tape.leaf(x)
        let y = try activation(leaf)
        return (
          y.detached(), try tape.gradients(of: y, for: [leaf], cotangent: upstream)[0]
        )
      }
      let y = try activation(x)
      let gradient = try upstream.copy()
      Fused.activationGradient(
        fused.kernel, alpha: fused.alpha, fused.kernel.needsInput ? x : y, gradient, into: gradient)
      let tolerance = dtype == .f32 ? 1e-5 : 1e-12
      for (a, b) in zip(y.doubles, value.doubles) {
        #expect(abs(a - b) <= tolerance * max(1, abs(b)), "\(activation.name): \(a) \(b)")
      }
      for (a, b) in zip(gradient.doubles, slope.doubles) {
        #expect(abs(a - b) <= tolerance * max(1, abs(b)), "slope of \(activation.name): \(a) \(b)")
      }
    }
  }

  @Test("An activation has a picture of function and derivative", arguments: Activation.all)
  func picture(_ activation: Activation) throws {
    let facts = try ActivationFunction(activation).facts()
    guard case .graph(let graph)? = facts else {
      Issue.record("no graph")
      return
    }
    for series in graph.panels[0].series {
      #expect(series.x.count == series.y.count)
      let isFinite = series.y.allSatisfy { $0.isFinite }
      #expect(isFinite)
    }
    let jumps = graph.panels[0].series.flatMap(\.jumps)
    let kinks = activation.curve?.kinks.count { abs($0) < 5 } ?? 0
    #expect(jumps.count == kinks, "\(activation.name)")
  }

  @Test("An activation is one by name, as an object and as text", arguments: activations)
  func forms(_ activation: Activation) throws {
    let function = ActivationFunction(activation)
    let byText = try ActivationChoice.read(.string(function.text))
    #expect(byText?.builtIn == activation, "\(function.text)")
    #expect(try ActivationChoice.read(.object(function))?.builtIn == activation)
    #expect(Activation.named(activation.name)?.name == activation.name)
    #expect(!activation.formula.isEmpty && !activation.source.isEmpty)
    let entry = NeuralCatalog.library.entries.first { $0.name == activation.name }
    let isSourced = entry?.details.contains(activation.source) ?? false
    #expect(isSourced)
    for option in activation.options {
      #expect(throws: Failure.self) {
        try ActivationChoice.read(.string("\(activation.name)(\(option.name)=word)"))
      }
    }
    #expect(throws: Failure.self) {
      try ActivationChoice.read(.string("\(activation.name)(no_such_option=1)"))
    }
  }

  @Test(
    "A layer with it learns, by plan as by tape, and is saved and loaded", arguments: activations)
  func layers(_ activation: Activation) throws {
    var stream = RandomStream(seed: 9, name: "x")
    let x = try stream.normal([24, 3])
    let y = try (x * 0.3).sum(-1, keepdims: true)
    var ends: [[Double]] = []
    for forcesTape in [false, true] {
      let net = try Sequential(Dense(6, activation), Dense(1))
      let training = Training(
        epochs: 3, batchSize: 8, optimizer: .sgd(.constant(0.01)), forcesTape: forcesTape)
      let run = try net.fit(
        Examples(x, y), loss: .builtIn(.mse), training, context: Lab.context())
      #expect(run.epochs == 3)
      ends.append(net.weights.flatMap(\.tensor.doubles))
      let output = try net.predict(x, context: Lab.context()).doubles
      let isFinite = output.allSatisfy { $0.isFinite }
      #expect(isFinite)
      guard !forcesTape else { continue }
      let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors")
        .path()
      defer { try? FileManager.default.removeItem(atPath: path) }
      try net.save(to: path)
      let copy = try Sequential(Dense(6, activation), Dense(1))
      try copy.load(from: path)
      #expect(try copy.predict(x, context: Lab.context()).doubles == output)
    }
    for (a, b) in zip(ends[0], ends[1]) { #expect(abs(a - b) < 1e-5, "\(activation.name)") }
  }

  @Test("The Jacobian of softmax is diag(s) - s s^T")
  func jacobian() throws {
    let row = try Tensor([3.0, 1, -3])
    let s = try row.softmax().doubles
    let found = try Activation.softmax.jacobian(row)
    #expect(found.shape == [3, 3])
    for i in 0..<3 {
      for j in 0..<3 {
        let wanted = (i == j ? s[i] : 0) - s[i] * s[j]
        #expect(abs(found.doubles[3 * i + j] - wanted) < 1e-15)
      }
    }
    #expect(throws: Failure.self) { try Activation.softmax.jacobian(Tensor.ones([2, 2])) }
  }
}
