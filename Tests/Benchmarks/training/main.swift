// training-steps [THREADS]: microseconds per training step, the least of several epochs.
//
// With one thread the processor's time is measured, which other programs disturb less.
import Glibc
import Neural

let threads = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1
Workers.shared.count = threads

/// Microseconds now: processor time with one thread, else the wall's.
func now() -> Double {
  if threads == 1 { return Double(clock()) }
  let wall = ContinuousClock.Instant.now - began
  return Double(wall.components.seconds) * 1e6 + Double(wall.components.attoseconds) * 1e-12
}

let began = ContinuousClock.Instant.now

func least(of rounds: Int, _ body: () throws -> Void) rethrows -> Double {
  var least = Double.infinity
  for _ in 0..<rounds {
    let start = now()
    try body()
    least = min(least, now() - start)
  }
  return least
}

var stream = RandomStream(seed: 42, name: "data")
let making = try least(of: 3) { _ = try Digits.make(5000, from: &stream) }
print("5,000 digits: \((making / 1000).rounded()) ms")
let digits = try Digits.make(5000, from: &stream)

let optimizers = [Optimizer.sgd(), .sgd(momentum: 0.9), .adam()]
for (batch, forcesTape) in [(32, false), (128, false), (32, true), (128, true)] {
  for optimizer in optimizers {
    let part = Examples(try digits.examples(0..<min(batch * 40, digits.count)))
    let steps = (part.count - 1) / batch + 1
    let net = try Sequential(Dense(300, .relu), Dense(100, .relu), Dense(10, .softmax))
    let context = Context(sink: Recording(), seed: 42)
    let training = Training(
      epochs: 1, batchSize: batch, optimizer: optimizer, forcesTape: forcesTape)
    let time = try least(of: 15) { try net.fit(part, training, context: context) }
    print(
      "784-300-100-10, batch \(batch), \(optimizer.text), \(forcesTape ? "tape" : "plan"): "
        + "\((time / Double(steps)).rounded()) µs per step")
  }
}

// Deep nets of 20 layers of 100 units, each with batch normalisation.
var made = RandomStream(seed: 1, name: "data")
let wide = Examples(
  try made.normal([64 * 20, 100]),
  try Tensor((0..<64 * 20).map { $0 * 7919 % 10 }), hasClasses: true)
for optimizer in [Optimizer.sgd(), .adam(), .nadam()] {
  for forcesTape in [false, true] {
    var layers: [any Layer] = []
    for _ in 0..<20 {
      layers += [Dense(100), BatchNorm(), ActivationLayer(.builtIn(.elu()))] as [any Layer]
    }
    let net = try Sequential(layers + [Dense(10, .softmax)])
    let training = Training(
      epochs: 1, batchSize: 64, optimizer: optimizer, forcesTape: forcesTape)
    let context = Context(sink: Recording(), seed: 42)
    let time = try least(of: forcesTape ? 5 : 15) {
      try net.fit(wide, training, context: context)
    }
    print(
      "20 x 100 ELU and BatchNorm, batch 64, \(optimizer.text), \(forcesTape ? "tape" : "plan"): "
        + "\((time / 20).rounded()) µs per step")
  }
}

// Two 3x3 convolutions, max pooling and a Dense layer on 28 x 28 images; see cnn.py for PyTorch.
let images = try Examples(
  stream.normal([1280, 28, 28, 1]), Tensor((0..<1280).map { $0 % 10 }), hasClasses: true)
for (width, forcesTape) in [(0, false), (128, false), (0, true)] {
  let layers: [any Layer] = [
    Convolution.conv2D(32, 3, .relu), Convolution.conv2D(64, 3, .relu), PoolingLayer.max2D(),
    Flatten(),
  ]
  let dense = width > 0 ? [Dense(width, .relu)] : []
  let net = try Sequential(layers + dense + [Dense(10, .softmax)])
  let context = Context(sink: Recording(), seed: 42)
  let training = Training(epochs: 1, batchSize: 64, optimizer: .adam(), forcesTape: forcesTape)
  let time = try least(of: 6) { try net.fit(images, training, context: context) }
  print(
    "conv 32, conv 64, pool, \(width > 0 ? "dense \(width), " : "")dense 10, batch 64, Adam, "
      + "\(forcesTape ? "tape" : "plan"): \((time / 200).rounded() / 100) ms per step")
}
