import Catalog
import Data
import Neural
import Tensors
import Testing

/// What every loss of the list promises.
@Suite struct LossConformanceTests {
  /// Outputs and targets that a loss takes.
  static func sample(
    _ loss: Loss, _ shape: [Int] = [4, 3], isLogits: Bool, dtype: DType = .f64
  ) throws -> (output: Tensor, target: Target) {
    var stream = RandomStream(seed: 6, name: "points")
    let z = try stream.normal(Shape(shape), dtype: dtype)
    let rows = shape.dropLast().reduce(1, *)
    switch loss.form {
    case .classes:
      let labels = try Tensor(
        (0..<rows).map { ($0 * 2) % (shape.last ?? 1) }, shape: Shape(shape.dropLast()))
      let x: Tensor =
        switch loss.kind {
        case .likelihood: try z.logSoftmax()
        case .divergence: try z.softmax()
        default: isLogits || !loss.takesLogits ? z : try z.softmax()
        }
      return (x, .classes(labels))
    case .answers:
      let y = try stream.uniform(Shape(shape), dtype: dtype)
      return (isLogits ? z : try z.sigmoid(), .values(y))
    case .signs:
      return (z, .values(try stream.normal(Shape(shape), dtype: dtype).sign()))
    case .numbers:
      return (
        try z.abs() + 0.5, .values(try stream.uniform(Shape(shape), 0.2, 3, dtype: dtype))
      )
    }
  }

  /// The list, and settings that change the computation.
  static let losses: [Loss] =
    Loss.all + [
      Loss(.categorical, smoothing: 0.1), Loss(.categorical, classWeights: [1, 2, 0.5]),
      Loss(.categorical, ignoring: 2), Loss(.binary, smoothing: 0.2),
      Loss(.binary, positiveWeight: 2.5), Loss(.binary, clipping: .logarithm(-100)),
      Loss(.squared, reduction: .sum), Loss(.huber(0.3)), Loss(.smoothL1(0.3)),
      Loss(.poisson(isLog: true, isFull: true)), Loss(.binaryFocal(gamma: 1.5, alpha: 0.25)),
      Loss(.multiclassHinge(margin: 0.5, power: 2, divides: false)),
    ]

  @Test("The gradient of every loss agrees with central differences", arguments: losses)
  func gradient(_ loss: Loss) throws {
    for isLogits in loss.takesLogits ? [true, false] : [false] {
      let (x, target) = try Self.sample(loss, isLogits: isLogits)
      let slope = try Tape.recording { tape in
        let leaf = try tape.leaf(x)
        return try tape.gradients(of: loss(leaf, target, isLogits: isLogits), for: [leaf])[0]
      }
      let before = x.doubles
      let h = 1e-6
      for index in before.indices {
        func value(_ by: Double) throws -> Double {
          var moved = before
          moved[index] += by
          return try loss(Tensor(moved, shape: x.shape), target, isLogits: isLogits).item()
        }
        let numeric = try (value(h) - value(-h)) / (2 * h)
        #expect(
          abs(numeric - slope.doubles[index]) < 1e-6 * max(1, abs(numeric)),
          "\(loss.name) at \(index)")
      }
    }
  }

  @Test("Reductions, precisions and shapes agree", arguments: losses)
  func reductions(_ loss: Loss) throws {
    for isLogits in loss.takesLogits ? [true, false] : [false] {
      for shape in [[4, 3], [1, 3], [2, 2, 3]] {
        let (x, target) = try Self.sample(loss, shape, isLogits: isLogits)
        func with(_ reduction: Loss.Reduction) -> Loss {
          Loss(
            loss.kind, smoothing: loss.smoothing, reduction: reduction,
            positiveWeight: loss.positiveWeight, classWeights: loss.classWeights,
            ignoring: loss.ignored, clipping: loss.clipping)
        }
        let each = try with(.none)(x, target, isLogits: isLogits)
        let sum = try with(.sum)(x, target, isLogits: isLogits).item()
        #expect(abs(try each.sum().item() - sum) < 1e-9 * max(1, abs(sum)))
        if loss.classWeights.isEmpty, loss.ignored == nil {
          let mean = try with(.mean)(x, target, isLogits: isLogits).item()
          #expect(abs(sum / Double(each.count) - mean) < 1e-9 * max(1, abs(mean)))
        }
        #expect(each.shape.first == shape[0])
        let small = try loss(x.astype(.f32), target, isLogits: isLogits)
        let large = try loss(x, target, isLogits: isLogits).item()
        #expect(small.dtype == .f32)
        #expect(abs(try small.astype(.f64).item() - large) < 1e-4 * max(1, abs(large)))
      }
      // No examples: no loss, and no error.
      let (x, target) = try Self.sample(loss, [0, 3], isLogits: isLogits)
      #expect(try loss(x, target, isLogits: isLogits).item() == 0)
    }
  }

  @Test("Every loss trains a model, by its name", arguments: Loss.all)
  func trains(_ loss: Loss) throws {
    let context = Lab.context()
    let activation: Activation =
      switch (loss.form, loss.kind) {
      case (_, .likelihood): .logSoftmax
      case (_, .categoricalHinge), (_, .multiclassHinge): .linear
      case (.classes, _): .softmax
      case (.answers, _): .sigmoid
      case (.signs, _): .tanh
      case (.numbers, _): .softplus
      }
    var stream = RandomStream(seed: 3, name: "x")
    let x = try stream.normal([60, 4])
    let (_, target) = try Self.sample(loss, [60, 3], isLogits: false, dtype: .f32)
    let y =
      switch target {
      case .classes(let labels): labels
      case .values(let values): values
      }
    let choice = try #require(try LossChoice.read(.string(loss.name)))
    let net = try Sequential(Dense(8, .tanh), Dense(3, activation))
    let run = try net.fit(
      Examples(x, y), loss: choice,
      Training(epochs: 12, batchSize: 16, optimizer: .adam(.constant(0.02))), context: context)
    let losses = run["loss"] ?? []
    #expect((losses.last ?? 1) < (losses.first ?? 0), "\(loss.name): \(losses)")
    #expect(Loss.named(loss.name) == loss)
  }

  @Test("A label that is no class is an error, an ignored one is not")
  func labels() throws {
    let net = try Sequential(Dense(3, .softmax))
    let x = try Tensor.ones([2, 4])
    let wrong = #expect(throws: Failure.self) {
      try net.fit(
        Examples(x, Tensor([0, 3])), Training(epochs: 1), context: Lab.context())
    }
    #expect(wrong?.code == "L304")
    let ignoring = LossChoice.builtIn(Loss(.categorical, ignoring: -1))
    try net.fit(
      Examples(x, Tensor([0, -1])), loss: ignoring, Training(epochs: 1), context: Lab.context())
    let isFinite = net.weights[0].tensor.doubles.allSatisfy { $0.isFinite }
    #expect(isFinite)
  }

  @Test("A loss that does not fit says which does")
  func misfits() throws {
    let x = try Tensor.ones([4, 2])
    let cases: [(Activation, Int, String, Tensor, String)] = [
      (.softmax, 3, "nll", try Tensor([0, 1, 2, 0]), "categorical_crossentropy"),
      (.linear, 3, "mse", try Tensor([0, 1, 2, 0]), "categorical_crossentropy"),
      (.linear, 1, "poisson", try Tensor([1.0, -2, 3, 4]), "mse"),
      (.linear, 1, "hinge", try Tensor([0.5, 1, -1, 1]), "mse"),
      (.softmax, 1, "categorical_crossentropy", try Tensor([0, 1, 1, 0]), "sigmoid"),
      (.sigmoid, 1, "binary_crossentropy", try Tensor([0, 1, 2, 0]), "softmax"),
      (.softmax, 3, "binary_crossentropy", try Tensor([0, 1, 2, 0]), "categorical_crossentropy"),
    ]
    for (activation, units, name, y, advice) in cases {
      let net = try Sequential(Dense(units, activation))
      let failure = #expect(throws: Failure.self) {
        try net.fit(
          Examples(x, y), loss: LossChoice.read(.string(name)), Training(epochs: 1),
          context: Lab.context())
      }
      #expect(failure?.code == "L304", "\(name)")
      let advises = failure?.help?.contains(advice) ?? false
      #expect(advises, "\(name): \(failure?.help ?? "")")
    }
  }
}
