import Catalog
import Data
import Neural
import Synchronization
import Tensors
import Testing

/// An observer that asks for an interrupt at a step.
final class Interrupter: ProgressObserver {
  let pending: Pending
  let step: Int
  var seen = 0
  var closing = ""

  init(_ pending: Pending, at step: Int) {
    self.pending = pending
    self.step = step
  }

  func advanced(_ progress: Progress, chart: () -> Facts) {
    seen += 1
    if seen == step { pending.set(.interrupt) }
  }

  func finished(_ summary: String, chart: () -> Facts) { closing = summary }
}

@Suite struct ErrorTests {
  static func blobs(_ classes: Int = 3) throws -> Examples {
    var stream = RandomStream(seed: 1, name: "data")
    return Examples(try Points.blobs(60, classes: classes, from: &stream))
  }

  static func fit(
    _ layers: [any Layer], _ examples: Examples, loss: LossChoice? = nil,
    _ training: Training = Training(epochs: 1), name: String = "sequential"
  ) -> Failure? {
    Lab.failure {
      try Sequential(layers, name: name).fit(
        examples, loss: loss, training, context: Lab.context())
    }
  }

  @Test("L301 names the layer, its place, both shapes and where they came from")
  func shapes() throws {
    let second = Dense(4, .relu, name: "second")
    let net = try Sequential([Dense(8, .relu, name: "first"), second], name: "clf")
    var stream = RandomStream(seed: 0, name: "init")
    try net.build([5], from: &stream)
    let wrong = try Sequential([Dense(6, .relu, name: "other"), second], name: "new")
    let failure = try #require(Lab.failure { try wrong.build([5], from: &stream) })
    #expect(
      failure.message
        == "layer 'second' (Dense, 2nd of 2 in model 'new') expected inputs ending in 8, "
        + "got (None, 6)")
    #expect(failure.notes[0] == "'second' was built for (None, 8)")
    #expect(failure.notes[1] == "(None, 6) came from 'other' (Dense, units=6, relu)")
    #expect(failure.exception == "ShapeError")
  }

  @Test("A model keeps the shape it was built for (L309)")
  func rebuilt() throws {
    let net = try Sequential(Dense(2, .softmax))
    let context = Lab.context()
    _ = try net.predict(.zeros([1, 4]), context: context)
    let failure = Lab.failure { _ = try net.predict(.zeros([1, 5]), context: context) }
    #expect(failure?.code == "L309")
    #expect(failure?.message.contains("(None, 4)") == true)
    let reused = Dense(3)
    #expect(Lab.failure { _ = try Sequential(reused, reused) }?.code == "L309")
    let member = try #require(Dense.type.member("weight"))
    guard case .attribute(let get, _) = member.body else { return }
    #expect(Lab.failure { _ = try get(.object(Dense(3))) }?.code == "L309")
  }

  @Test("Losses that do not fit are explained (L304)")
  func losses() throws {
    let three = try Self.blobs()
    #expect(Self.fit([Dense(3)], three)?.code == "L304")
    #expect(Self.fit([Dense(1, .softmax)], three)?.code == "L304")
    #expect(Self.fit([Dense(2, .softmax)], three)?.message.contains("label 2 is no class") == true)
    #expect(Self.fit([Dense(1, .sigmoid)], three)?.help?.contains("softmax") == true)
    #expect(Self.fit([Dense(3, .softmax)], three, loss: .builtIn(.binary))?.code == "L304")
    #expect(Self.fit([Dense(3, .sigmoid)], three, loss: .builtIn(.categorical))?.code == "L304")
    let odd = Examples(three.x, try Tensor.zeros([60, 2]))
    #expect(Self.fit([Dense(3)], odd)?.code == "L304")
    let short = Examples(three.x, try Tensor.zeros([59]))
    #expect(Self.fit([Dense(3)], short)?.code == "L301")
  }

  @Test("An unknown string is answered with the nearest one (L308)")
  func options() {
    for (call, near) in [
      ({ try Lab.call("Dense", [.int(3), .string("rleu")]) }, "relu"),
      ({ try Lab.call("Dense", [.int(3)], [("init", .string("he_norml"))]) }, "he_normal"),
    ] as [(() throws -> Value, String)] {
      let failure = Lab.failure { _ = try call() }
      #expect(failure?.code == "L308")
      #expect(failure?.help?.contains(near) == true)
    }
    #expect(Lab.failure { _ = try Lab.call("Dense", [.int(0)]) } != nil)
    #expect(Lab.failure { _ = try Lab.call("Dropout", [.float(1)]) } != nil)
    #expect(
      Lab.failure { _ = try Lab.call("Dense", [.int(3)], [("unitz", .int(1))]) }?.code == "L105")
  }

  @Test("A loss that is no number stops the run and says where (L307)")
  func diverging() throws {
    let context = Lab.context()
    var stream = RandomStream(seed: 1, name: "data")
    let x = try stream.normal([64, 3]) * 10
    let net = try Sequential(Dense(16, .relu), Dense(1))
    let run = try net.fit(
      Examples(x, x.sum(1)),
      Training(epochs: 50, optimizer: .sgd(.constant(1e6))), context: context)
    #expect(run.ending == .diverged)
    let sink = try #require(context.sink as? Recording)
    #expect(sink.text(.error).contains("[L307]"))
    #expect(sink.text(.error).contains("lower learning rate"))
    #expect(run.steps < 100)
  }

  @Test("An interrupt at a batch boundary leaves everything usable")
  func interrupt() throws {
    let pending = Pending()
    let observer = Interrupter(pending, at: 7)
    let context = Context(sink: Recording(), seed: 1, pending: pending, progress: observer)
    let net = try Sequential(Dense(8, .relu), Dense(3, .softmax))
    let examples = try Self.blobs()
    #expect(throws: Interrupted.self) {
      try net.fit(examples, Training(epochs: 5, batchSize: 12), context: context)
    }
    let history = try #require(net.history)
    #expect(history.ending == .interrupted)
    #expect(history.steps == 7)
    #expect(history.epochs == 1)
    #expect(observer.closing.contains("interrupted in epoch 2 of 5"))
    #expect(net.optimizer?.steps == 7)
    pending.clear(.interrupt)
    #expect(try net.fit(examples, Training(epochs: 2), context: context).ending == .finished)
  }

  @Test("Early stopping waits, stops, and brings the best weights back")
  func stopping() throws {
    var stream = RandomStream(seed: 1, name: "data")
    let noise = Examples(try stream.normal([40, 10]), try Tensor((0..<40).map { $0 % 2 }))
    let other = Examples(try stream.normal([40, 10]), try Tensor((0..<40).map { $0 % 2 }))
    let net = try Sequential(Dense(32, .relu), Dense(2, .softmax))
    let run = try net.fit(
      noise, validation: other,
      Training(epochs: 200, optimizer: .adam(.constant(0.01)), patience: 3),
      context: Lab.context())
    #expect(run.ending == .early)
    let best = try #require(run.best)
    #expect(run.epochs == best + 4)
    let scores = try net.evaluate(other, context: Lab.context())
    #expect(abs(scores[0].value - (run["val_loss"]?[best] ?? 0)) < 1e-5)
  }
}
