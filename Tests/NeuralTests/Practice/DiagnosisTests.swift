import Catalog
import Data
import DiagnosisRuns
import Neural
import Tensors
import Testing

/// A smaller part of `diagnose-check`.
@Suite struct DiagnosisTests {
  @Test(
    "The trouble of a sick run is named first",
    arguments: [
      "rate far too high, diverges", "rate too low", "zero weights",
      "tiny weights in a deep tanh net", "dead by negative biases", "deep sigmoid net",
      "unscaled inputs", "class numbers as quantities", "shuffled labels",
      "a line through spirals", "nan in the data",
    ])
  func sick(name: String) throws {
    let run = try #require(TrainingCase.all.first { $0.name == name })
    let outcome = try run.run(seed: 11)
    #expect(outcome.isRight, "\(outcome.findings)")
    #expect(outcome.top?.evidence.isEmpty == false)
    #expect(outcome.top?.advice.isEmpty == false)
  }

  @Test(
    "Nothing is found in a healthy run",
    arguments: [
      "moons, relu, Adam", "blobs, softmax alone, SGD", "circles, tanh, momentum",
    ])
  func healthy(name: String) throws {
    let run = try #require(TrainingCase.all.first { $0.name == name })
    let outcome = try run.run(seed: 12)
    #expect(outcome.isRight, "\(outcome.findings)")
  }

  @Test("A diagnosis leaves model, history, data and random streams as they were")
  func untouched() throws {
    let context = Lab.context()
    let data = try Lab.moons(120)
    let net = try Sequential(Dense(8, .relu), Dropout(0.2), Dense(2, .softmax))
    try net.fit(Examples(data), Training(epochs: 2, reports: false), context: context)
    let weights = net.weights.map(\.tensor.doubles)
    let history = net.history
    let drawn = context.drawn
    let recording = try #require(context.sink as? Recording)
    let shown = recording.outputs.count
    _ = try net.diagnose(Examples(data), context: context)
    #expect(net.weights.map(\.tensor.doubles) == weights)
    #expect(net.history === history)
    #expect(context.drawn == drawn)
    #expect(recording.outputs.count == shown)
  }

  @Test("A model that has not learnt yet is looked at with a short run on a copy")
  func unbuilt() throws {
    let context = Lab.context()
    let net = try Sequential(Dense(16, .relu), Dense(2, .softmax))
    let result = try net.diagnose(Examples(Lab.moons(200)), context: context)
    #expect(result.isHealthy)
    #expect(!net.isBuilt)
    #expect(net.history == nil)
  }

  @Test("Every finding is read aloud with its evidence and what to try")
  func text() throws {
    let context = Lab.context()
    let data = try Lab.moons(100)
    let net = try Sequential(
      Dense(8, .builtIn(.tanh), initializer: .named(.zeros)),
      Dense(2, .builtIn(.softmax), initializer: .named(.zeros)))
    let result = try Lab.call(
      "diagnose", [.object(net), .object(data)], [])
    guard case .object(let object) = result, let diagnosis = object as? Diagnosis else {
      Issue.record("no diagnosis")
      return
    }
    #expect(diagnosis.top?.kind == .symmetry)
    #expect(diagnosis.text.contains("1. error: All units of a layer are the same"))
    #expect(diagnosis.text.contains("seen: "))
    #expect(diagnosis.text.contains("try: "))
    let media = diagnosis.display(context)
    #expect(media.html?.contains("<table class=") == true)
    #expect(diagnosis.table()?.rows.count == diagnosis.findings.count)
    guard case .object(let finding) = try diagnosis.index(.int(0), context: context) else { return }
    #expect(finding.text == "<Finding error symmetry>")
    #expect(throws: Failure.self) { try diagnosis.index(.int(99), context: context) }
  }

  @Test("Figures through depth agree with the definitions")
  func signals() throws {
    let context = Lab.context()
    let net = try Sequential(
      Dense(3, .builtIn(.relu), biasInitializer: .named(.zeros)), Dense(1, .linear))
    var stream = RandomStream(seed: 1, name: "init")
    try net.build([1], from: &stream)
    func row(_ values: [Double], _ shape: Shape) throws -> Tensor {
      try Tensor(values, shape: shape, dtype: .f32)
    }
    try net.weights[0].tensor.assign([.ellipsis], row([1, -1, 0], [1, 3]))
    try net.weights[2].tensor.assign([.ellipsis], row([1, 1, 1], [3, 1]))
    let x = try row([1, 2, 3], [3, 1])
    let layer = try #require(net.activations(x, context: context).first)
    #expect(layer.units == 3)
    #expect(layer.deadUnits == 2)
    #expect(abs(layer.mean - 6.0 / 9) < 1e-6)
    #expect(abs(layer.zeroShare - 6.0 / 9) < 1e-6)
    // Outputs are x, targets 0: the loss is the mean of x², its gradient for w1 twice that.
    let y = try Tensor.zeros([3, 1])
    let signals = try net.signals(
      Examples(x, y), optimizer: .sgd(.constant(0.1)), context: context)
    #expect(abs(signals.loss - 14.0 / 3) < 1e-5)
    let kernel = try #require(signals.kernels.first)
    #expect(abs(kernel.gradientNorm - 28.0 / 3) < 1e-4)
    let wanted = 2.8 / 3 / 2.0.squareRoot()
    #expect(abs((kernel.updateRatio ?? 0) - wanted) < 1e-4)
  }
}
