import Catalog
import Data
import Neural
import Tensors
import Testing

/// Penalties on weights, biases and outputs, in the loss that is reported and in what is learnt.
@Suite struct PenaltyTests {
  private static var examples: Examples {
    get throws {
      var stream = RandomStream(seed: 4, name: "data")
      return Examples(try stream.normal([9, 3]), try stream.normal([9, 2]))
    }
  }

  private static func model(_ first: Dense) throws -> Sequential {
    let model = try Sequential([first, Dense(2)])
    var stream = RandomStream(seed: 5, name: "init")
    try model.build([3], dtype: .f32, from: &stream)
    return model
  }

  private static func loss(_ model: Sequential) throws -> Double {
    try model.evaluate(try examples, context: context())[0].value
  }

  private static func context() -> Context { Context(sink: Recording(), seed: 7) }

  @Test("A penalty on outputs is divided by the number of examples")
  func activity() throws {
    let plain = try Self.model(Dense(4, .tanh))
    let watched = try Self.model(
      Dense(4, .builtIn(.tanh), activityPenalty: Penalty(l1: 0.1, l2: 0.2)))
    let codes = try plain.layers[0].forward(
      Self.examples.x, Pass(isTraining: false, stream: RandomStream(seed: 0, name: "")))
    let extra = try (codes.abs().sum() * 0.1 + codes.square().sum() * 0.2).item() / 9
    #expect(abs(try Self.loss(watched) - Self.loss(plain) - extra) < 1e-6)
  }

  @Test("A penalty on biases counts, and an output's penalty before an activation of the loss")
  func biases() throws {
    let ones = InitializerChoice.named(.ones)
    let plain = try Self.model(Dense(4, .builtIn(.tanh), biasInitializer: ones))
    let watched = try Self.model(
      Dense(4, .builtIn(.tanh), biasInitializer: ones, biasPenalty: Penalty(l2: 0.5)))
    #expect(abs(try Self.loss(watched) - Self.loss(plain) - 2) < 1e-6)

    // The shares of a softmax add up to 1 for each example, also when the loss sees logits.
    let shares = try Sequential([
      Dense(3, .builtIn(.softmax), activityPenalty: Penalty(l1: 1))
    ])
    let twin = try Sequential([Dense(3, .softmax)])
    for model in [shares, twin] {
      var stream = RandomStream(seed: 5, name: "init")
      try model.build([3], dtype: .f32, from: &stream)
    }
    let labels = Examples(try Self.examples.x, try Tensor([0, 1, 2, 0, 1, 2, 0, 1, 2]))
    let losses = try [shares, twin].map {
      try $0.evaluate(labels, context: Self.context())[0].value
    }
    #expect(abs(losses[0] - losses[1] - 1) < 1e-6)
  }

  @Test("Gradients of all penalties are right")
  func gradients() throws {
    for layer in [
      Dense(4, .builtIn(.tanh), activityPenalty: Penalty(l2: 0.2)),
      Dense(4, .builtIn(.tanh), biasPenalty: Penalty(l2: 0.3)),
      Dense(4, .builtIn(.tanh), penalty: Penalty(orthogonality: .init(0.1))),
    ] {
      let check = try Self.model(layer).gradientCheck(Self.examples, context: Self.context())
      #expect(check.passed, "\(check.verdict)")
    }
  }
}
