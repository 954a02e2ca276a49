import Catalog
import Data
import Neural
import Tensors
import Testing

@Suite struct PracticeTests {
  private func number(_ value: Double) -> Value { .function(Body([]) { _ in .float(value) }) }

  private func trials(_ answers: [(String, Value)], _ options: [(String, Value)]) throws -> Trials {
    let value = try Lab.call(
      "compare", [.dictionary(answers.map { (.string($0.0), $0.1) })], options)
    guard case .object(let object) = value, let trials = object as? Trials else {
      throw Failure(.type, "no trials")
    }
    return trials
  }

  /// A function that gives these numbers, one for each seed.
  private func numbers(_ values: [Double]) -> Value {
    .function(
      Body(["seed"]) { _ in .none }.giving(values))
  }

  @Test("Answers that differ within their spread are called no clear difference")
  func verdicts() throws {
    let far = try trials(
      [("a", numbers([0.90, 0.91, 0.92])), ("b", numbers([0.50, 0.52, 0.51]))],
      [("seeds", .int(3)), ("figure", .string("accuracy"))])
    #expect(far.verdict.hasPrefix("a is better in accuracy"))
    let near = try trials(
      [("a", numbers([0.90, 0.80, 0.85])), ("b", numbers([0.86, 0.79, 0.88]))],
      [("seeds", .int(3)), ("figure", .string("accuracy"))])
    #expect(near.verdict.hasPrefix("no clear difference"))
    let one = try trials(
      [("a", number(1)), ("b", number(2))],
      [("seeds", .int(1)), ("figure", .string("loss"))])
    #expect(one.verdict.contains("one seed"))
    #expect(one.ranked.first?.name == "a")
  }

  @Test("A comparison leaves its models and the session's streams as they were")
  func comparison() throws {
    let net = try Sequential(Dense(4, .relu), Dense(2, .softmax))
    let data = Value.object(try Lab.moons(60))
    let value = try Lab.call(
      "compare",
      [.dictionary([(.string("a"), .object(net)), (.string("b"), .object(net))]), data],
      [("seeds", .int(2)), ("epochs", .int(2))])
    guard case .object(let object) = value, let trials = object as? Trials else { return }
    #expect(!net.isBuilt)
    #expect(trials.answers[0].values == trials.answers[1].values)
    #expect(trials.answers[0].runs.map(\.epochs) == [2, 2])
    #expect(trials.verdict.hasPrefix("no difference"))
  }

  @Test("A gradient check is happy with the library and finds a wrong gradient")
  func gradients() throws {
    let net = try Sequential(Dense(5, .tanh), Dense(3, .softmax))
    var stream = RandomStream(seed: 3, name: "data")
    let x = try stream.normal([6, 4])
    let labels = try Tensor((0..<6).map { $0 % 3 })
    let check = try net.gradientCheck(Examples(x, labels), context: Lab.context())
    #expect(check.passed)
    #expect((check.worst?.error ?? 1) < 1e-6)
    #expect(check.rows.count == 4)
    #expect(!net.isBuilt)
    let wrong = Value.function(WrongSquare())
    let value = try Lab.call("gradient_check", [wrong, .object(x)])
    guard case .object(let object) = value, let found = object as? GradientCheck else { return }
    #expect(!found.passed)
    #expect(found.verdict.hasPrefix("wrong"))
  }

  @Test("Pruning a share sets the smallest kernel weights to zero and nothing else")
  func pruning() throws {
    let context = Lab.context()
    let data = Examples(try Lab.moons(100))
    let net = try Sequential(Dense(8, .relu), Dense(2, .softmax))
    try net.fit(data, Training(epochs: 3, reports: false), context: context)
    let biases = net.weights[1].tensor.doubles
    let largest = net.weights[0].tensor.doubles.map(abs).max() ?? 0
    let result = try net.prune(share: 0.5, on: data, context: context)
    #expect(abs(result.sparsity - 0.5) < 0.02)
    #expect(net.weights[1].tensor.doubles == biases)
    #expect(net.weights[0].tensor.doubles.map(abs).max() == largest)
    #expect(result.before.map(\.name) == ["loss", "accuracy"])
    #expect(throws: Failure.self) {
      try net.prune(threshold: 0.1, share: 0.5, context: context)
    }
    #expect(throws: Failure.self) { try net.prune(share: 2, context: context) }
  }

  @Test("Pretraining trains each hidden layer on the codes of the one before")
  func pretraining() throws {
    let context = Lab.context()
    var stream = RandomStream(seed: 3, name: "data")
    let x = try stream.normal([80, 6])
    let net = try Sequential(Dense(5, .tanh), Dense(3, .tanh), Dense(2, .softmax))
    let runs = try net.pretrain(
      x, epochs: 12, optimizer: .adam(.constant(0.02)), context: context)
    #expect(runs.map(\.layer) == ["dense", "dense_1"])
    for (_, run) in runs { #expect((run["loss"]?.last ?? 1) < (run["loss"]?.first ?? 0)) }
    #expect(net.history == nil)
  }

  @Test("Transfer learns nothing, the head, or all with old layers slower")
  func transfer() throws {
    let context = Lab.context()
    let base = try Sequential(Dense(8, .relu), Dense(3, .softmax))
    let data = Examples(try Lab.moons(64))
    try base.fit(data, Training(epochs: 2, reports: false), context: context)
    let fixed = try base.transferred(.predict, context: context)
    #expect(fixed.trainable.isEmpty)
    let net = try base.transferred(.head, units: 2, context: context)
    let old = net.weights[0].tensor.doubles
    #expect(old == base.weights[0].tensor.doubles)
    try net.fit(data, Training(epochs: 2, reports: false), context: context)
    #expect(net.weights[0].tensor.doubles == old)
    // One full-batch step of plain descent: old layers take a quarter of it, the head all.
    func moved(_ rate: Double, forcesTape: Bool) throws -> ([Double], [Double]) {
      let copy = try net.transferred(.all, rate: rate, context: context)
      let before = copy.weights.map(\.tensor.doubles)
      try copy.fit(
        data,
        Training(
          epochs: 1, batchSize: 64, optimizer: .sgd(.constant(0.1)), shuffles: false,
          forcesTape: forcesTape, reports: false), context: context)
      let after = copy.weights.map(\.tensor.doubles)
      return (zip(after[0], before[0]).map { $0 - $1 }, zip(after[2], before[2]).map { $0 - $1 })
    }
    for forcesTape in [false, true] {
      let (slow, head) = try moved(0.25, forcesTape: forcesTape)
      let (full, same) = try moved(1, forcesTape: forcesTape)
      for (a, b) in zip(slow, full) { #expect(abs(a - 0.25 * b) < 1e-6) }
      for (a, b) in zip(head, same) { #expect(abs(a - b) < 1e-7) }
    }
  }

  @Test("An interrupt ends every tool and leaves the model as it was")
  func interrupts() throws {
    let context = Lab.context()
    let data = Examples(try Lab.moons(60))
    let net = try Sequential(Dense(4, .relu), Dense(2, .softmax))
    try net.fit(data, Training(epochs: 1, reports: false), context: context)
    let before = net.weights.map(\.tensor.doubles)
    context.pending.set(.interrupt)
    for tool: () throws -> Void in [
      { _ = try net.diagnose(data, context: context) },
      { _ = try net.findRate(data, context: context) },
      { _ = try net.gradientCheck(data, context: context) },
      { _ = try net.activations(data.x, context: context) },
    ] {
      #expect(throws: Interrupted.self) { try tool() }
    }
    context.pending.clear(.interrupt)
    #expect(net.weights.map(\.tensor.doubles) == before)
    #expect(try net.findRate(data, context: context).rates.count > 10)
  }

  @Test("Descent on a bowl goes as the formula says")
  func descent() throws {
    let bowl = Value.function(Bowl())
    let optimizer = try Lab.call("SGD", [.float(0.1)])
    let value = try Lab.call(
      "descend", [bowl, optimizer],
      [("start", .array([.float(1), .float(2)])), ("steps", .int(3))])
    guard case .object(let object) = value, let way = object as? Descent else { return }
    // x <- x - 0.1 * 2 x at every step.
    let wanted = [1, 0.8, 0.64, 0.512]

    #expect(way.length() == wanted.count)
    let table = try #require(way.table())
    for (row, x) in zip(table.rows, wanted) {
      guard case .number(let found) = row[1] else { continue }
      #expect(abs(found - x) < 1e-12)
    }
  }
}

extension Body {
  /// A function that gives these numbers one after another.
  func giving(_ values: [Double]) -> any Callable { Series(values) }

  private final class Series: Callable {
    let name = "series"
    var rest: ArraySlice<Double>
    init(_ values: [Double]) { rest = values[...] }
    func call(_ positional: [Value], named: [(name: String, value: Value)]) throws -> Value {
      .float(rest.popFirst() ?? 0)
    }
  }
}

/// x² whose gradient loses one of its two factors.
private final class WrongSquare: Callable {
  let name = "wrong"
  func call(_ positional: [Value], named: [(name: String, value: Value)]) throws -> Value {
    let x = try #require(try Tensor.read(positional[0]))
    return .object(try (x.detached() * x).sum())
  }
}

/// x² + y².
private final class Bowl: Callable {
  let name = "bowl"
  func call(_ positional: [Value], named: [(name: String, value: Value)]) throws -> Value {
    let x = try #require(try Tensor.read(positional[0]))
    let y = try #require(try Tensor.read(positional[1]))
    return .object(try x * x + y * y)
  }
}
