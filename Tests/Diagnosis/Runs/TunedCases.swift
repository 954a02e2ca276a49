internal import Data
internal import Neural
internal import Tensors

// The runs on which the edges of `diagnose` were set.
extension TrainingCase {
  static let sick: [TrainingCase] = [
    TrainingCase("rate far too high, diverges", [.rateTooHigh]) { maker in
      let (train, watch) = try maker.cut(maker.waves(400), 300)
      let net = try maker.net([24, 24], .relu, classes: 1, last: .linear)
      return Parts(net, train, validation: watch, maker.training(.sgd(30), epochs: 10))
    },
    TrainingCase("rate too high, rests high", [.rateTooHigh]) { maker in
      let (train, watch) = try maker.cut(maker.moons(400), 300)
      let net = try maker.net([24, 24], .relu, classes: 2)
      return Parts(net, train, validation: watch, maker.training(.adam(2), epochs: 15))
    },
    TrainingCase("rate too low", [.rateTooLow]) { maker in
      let (train, watch) = try maker.cut(maker.moons(400), 300)
      let net = try maker.net([24, 24], .relu, classes: 2)
      return Parts(net, train, validation: watch, maker.training(.sgd(1e-5), epochs: 15))
    },
    TrainingCase("zero weights", [.symmetry]) { maker in
      let (train, watch) = try maker.cut(maker.moons(400), 300)
      let net = try maker.net(
        [24, 24], .tanh, classes: 2, start: .named(.zeros), lastStart: .named(.zeros))
      return Parts(net, train, validation: watch, maker.training(.adam(0.01), epochs: 15))
    },
    TrainingCase("tiny weights in a deep tanh net", [.signalVanishes]) { maker in
      let (train, watch) = try maker.cut(maker.spirals(450), 350)
      let net = try maker.net(
        Array(repeating: 24, count: 6), .tanh, classes: 3, start: .normal(0.01))
      return Parts(net, train, validation: watch, maker.training(.sgd(0.1), epochs: 20))
    },
    TrainingCase("large weights saturate tanh", [.saturatedAtStart]) { maker in
      let (train, watch) = try maker.cut(maker.teacher(400), 300)
      let net = try maker.net(
        Array(repeating: 48, count: 5), .tanh, classes: 4, start: .normal(2))
      return Parts(net, train, validation: watch, maker.training(.sgd(0.01), epochs: 12))
    },
    TrainingCase("dead by negative biases", [.deadAtStart]) { maker in
      let (train, watch) = try maker.cut(maker.moons(400), 300)
      let net = try maker.net([24, 24], .relu, classes: 2, bias: .constant(-8))
      return Parts(net, train, validation: watch, maker.training(.adam(0.003), epochs: 15))
    },
    TrainingCase("deep sigmoid net", [.gradientVanishes]) { maker in
      let (train, watch) = try maker.cut(maker.spirals(450), 350)
      let net = try maker.net(Array(repeating: 24, count: 8), .sigmoid, classes: 3)
      return Parts(net, train, validation: watch, maker.training(.sgd(0.1), epochs: 20))
    },
    TrainingCase("large weights explode in relu", [.signalExplodes]) { maker in
      let (train, watch) = try maker.cut(maker.teacher(400), 300)
      let net = try maker.net(
        Array(repeating: 48, count: 6), .relu, classes: 4, start: .normal(1))
      return Parts(net, train, validation: watch, maker.training(.sgd(0.01), epochs: 10))
    },
    TrainingCase("unscaled inputs", [.inputsScale]) { maker in
      let data = try maker.teacher(400)
      let (train, watch) = try maker.cut(data.with(x: data.x * 300), 300)
      let net = try maker.net([24, 24], .relu, classes: 4)
      return Parts(net, train, validation: watch, maker.training(.sgd(0.05), epochs: 12))
    },
    TrainingCase("inputs far from zero", [.inputsOffset]) { maker in
      let data = try maker.moons(400)
      let (train, watch) = try maker.cut(data.with(x: data.x + 8), 300)
      let net = try maker.net([16, 16], .tanh, classes: 2)
      return Parts(net, train, validation: watch, maker.training(.sgd(0.05), epochs: 15))
    },
    TrainingCase("class numbers as quantities", [.labelsMismatch]) { maker in
      let data = try maker.blobs(400, classes: 5)
      let (train, watch) = try maker.cut(data, 300)
      let net = try maker.net([24], .relu, classes: 1, last: .linear)
      return Parts(
        net, train, validation: watch, maker.training(.adam(0.01), epochs: 12),
        loss: .builtIn(.mse))
    },
    TrainingCase("shuffled labels", [.labelsUnrelated]) { maker in
      let data = try maker.moons(500)
      let (train, watch) = try maker.cut(maker.shuffled(data), 350)
      let net = try maker.net([32, 32], .relu, classes: 2)
      return Parts(net, train, validation: watch, maker.training(.adam(0.01), epochs: 25))
    },
    TrainingCase("overfitting", [.overfit]) { maker in
      let (train, watch) = try maker.cut(maker.digits(360), 60)
      let net = try maker.net([64], .relu, classes: 10)
      return Parts(net, train, validation: watch, maker.training(.adam(0.003), epochs: 25))
    },
    TrainingCase("a line through spirals", [.underfit]) { maker in
      let (train, watch) = try maker.cut(maker.spirals(500), 400)
      let net = try maker.net([], .relu, classes: 3)
      return Parts(net, train, validation: watch, maker.training(.adam(0.05), epochs: 25))
    },
    TrainingCase("nan in the data", [.dataNotFinite]) { maker in
      let data = try maker.moons(400)
      let values = data.x.doubles.enumerated().map { $0.offset == 411 ? Double.nan : $0.element }
      let x = try Tensor(values, shape: data.x.shape, dtype: .f32)
      let (train, watch) = try maker.cut(data.with(x: x), 300)
      let net = try maker.net([24, 24], .relu, classes: 2)
      return Parts(net, train, validation: watch, maker.training(.adam(0.01), epochs: 10))
    },
  ]

  static let healthy: [TrainingCase] = [
    TrainingCase("moons, relu, Adam") { maker in
      let (train, watch) = try maker.cut(maker.moons(500), 350)
      let net = try maker.net([24, 24], .relu, classes: 2)
      return Parts(net, train, validation: watch, maker.training(.adam(0.01), epochs: 25))
    },
    TrainingCase("digits, relu, Adam") { maker in
      let (train, watch) = try maker.cut(maker.digits(1600), 1200)
      let net = try maker.net([64, 32], .relu, classes: 10)
      return Parts(net, train, validation: watch, maker.training(.adam(0.002), epochs: 8))
    },
    TrainingCase("blobs, softmax alone, SGD") { maker in
      let (train, watch) = try maker.cut(maker.blobs(500), 350)
      let net = try maker.net([], .relu, classes: 4)
      return Parts(net, train, validation: watch, maker.training(.sgd(0.3), epochs: 20))
    },
    TrainingCase("circles, tanh, momentum") { maker in
      let (train, watch) = try maker.cut(maker.circles(600), 400)
      let net = try maker.net([24, 24], .tanh, classes: 2)
      return Parts(
        net, train, validation: watch, maker.training(.sgd(0.1, momentum: 0.9), epochs: 25))
    },
    TrainingCase("waves, elu, squared error") { maker in
      let (train, watch) = try maker.cut(maker.waves(600), 450)
      let net = try maker.net([32, 32], .elu(), classes: 1, last: .linear)
      return Parts(net, train, validation: watch, maker.training(.adam(0.01), epochs: 30))
    },
    TrainingCase("spirals, relu, Adam") { maker in
      let (train, watch) = try maker.cut(maker.spirals(600), 450)
      let net = try maker.net([32, 32, 32], .relu, classes: 3)
      return Parts(net, train, validation: watch, maker.training(.adam(0.01), epochs: 40))
    },
  ]
}
