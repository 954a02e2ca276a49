internal import Catalog
internal import Data
internal import Neural
internal import Tensors

/// Makes data and networks for a run from one seed.
struct Maker {
  let context: Context
  var stream: RandomStream

  init(seed: UInt64) {
    context = Context(sink: Recording(), seed: seed)
    stream = RandomStream(seed: seed, name: "data")
  }

  /// The first examples to train on, the rest to watch.
  func cut(_ data: Dataset, _ count: Int) throws -> (Examples, Examples) {
    (
      Examples(try data.examples(0..<count)), Examples(try data.examples(count..<data.count))
    )
  }

  mutating func moons(_ count: Int, noise: Double = 0.15) throws -> Dataset {
    try Points.moons(count, noise: noise, from: &stream)
  }

  mutating func spirals(_ count: Int, classes: Int = 3) throws -> Dataset {
    try Points.spirals(count, classes: classes, from: &stream)
  }

  mutating func blobs(_ count: Int, classes: Int = 4) throws -> Dataset {
    // Deviation 1 around centres at distance 4: divided by 3 about standardized.
    let data = try Points.blobs(count, classes: classes, from: &stream)
    return try data.with(x: data.x / 3)
  }

  mutating func circles(_ count: Int) throws -> Dataset {
    try Points.circles(count, from: &stream)
  }

  mutating func digits(_ count: Int) throws -> Dataset {
    try Digits.make(count, from: &stream)
  }

  /// Standardized features through a random network; the class is the largest output.
  mutating func teacher(_ count: Int, features: Int = 8, classes: Int = 4) throws -> Dataset {
    let x = try stream.normal(Shape([count, features]))
    let inner = try stream.normal(Shape([features, 6]))
    let outer = try stream.normal(Shape([6, classes]))
    let y = try x.matmul(inner).tanh().matmul(outer).argmax(1)
    return try Dataset(x: x, y: y, title: "teacher", classes: (0..<classes).map(String.init))
  }

  /// The sign of a product of two coordinates.
  mutating func corners(_ count: Int) throws -> Dataset {
    let x = try stream.uniform(Shape([count, 2]), -1.5, 1.5)
    let values = x.doubles
    let labels = (0..<count).map { values[2 * $0] * values[2 * $0 + 1] > 0 ? 1 : 0 }
    return try Dataset(x: x, y: Tensor(labels), title: "corners", classes: ["0", "1"])
  }

  /// Numbers to predict: a wave along one feature, a bowl along the other.
  mutating func waves(_ count: Int, noise: Double = 0.1) throws -> Dataset {
    let x = try stream.uniform(Shape([count, 2]), -1.5, 1.5)
    let values = x.doubles
    let grain = stream.normals(count)
    let y = (0..<count).map { row -> Double in
      let (a, b) = (values[2 * row], values[2 * row + 1])
      return Elementary.sin(3 * a) + 0.5 * b * b + noise * grain[row]
    }
    return try Dataset(
      x: x, y: Tensor(y, shape: Shape([count, 1]), dtype: .f32), title: "waves")
  }

  /// Labels in another order.
  mutating func shuffled(_ data: Dataset) throws -> Dataset {
    let order = stream.permutation(data.count)
    return try Dataset(
      x: data.x, y: data.y.rows(order), title: data.title, classes: data.classes)
  }

  /// Dense layers of one kind with a last one for classes.
  func net(
    _ widths: [Int], _ activation: Activation, classes: Int,
    start: InitializerChoice = .automatic, bias: InitializerChoice = .named(.zeros),
    last: Activation = .softmax, lastStart: InitializerChoice = .automatic
  ) throws -> Sequential {
    let hidden = widths.map {
      Dense($0, .builtIn(activation), initializer: start, biasInitializer: bias)
    }
    return try Sequential(hidden + [Dense(classes, .builtIn(last), initializer: lastStart)])
  }

  func training(
    _ optimizer: Optimizer, epochs: Int, batch: Int = 32
  ) -> Training {
    Training(epochs: epochs, batchSize: batch, optimizer: optimizer, reports: false)
  }
}

extension Dataset {
  /// The same labels with other inputs.
  func with(x: Tensor) throws -> Dataset {
    try Dataset(x: x, y: y, title: title, names: names, classes: classes)
  }
}

extension Optimizer {
  static func sgd(_ rate: Double, momentum: Double = 0) -> Optimizer {
    .sgd(.constant(rate), momentum: momentum)
  }

  static func adam(_ rate: Double) -> Optimizer { .adam(.constant(rate)) }
}

extension InitializerChoice {
  static func normal(_ deviation: Double) -> InitializerChoice {
    .named(Initializer("normal", "Normal.", .normal(mean: 0, deviation: deviation)))
  }

  static func constant(_ value: Double) -> InitializerChoice {
    .named(Initializer("constant", "All the same.", .constant(value)))
  }
}
