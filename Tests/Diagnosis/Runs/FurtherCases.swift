internal import Data
internal import Neural
internal import Tensors

// Further runs that only judge, and healthy ones.
extension TrainingCase {
  static let furtherSick: [TrainingCase] = [
    TrainingCase("SGD at 1e-6 on a teacher", [.rateTooLow], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.teacher(800, features: 10, classes: 3), 600)
      let net = try maker.net([24, 24], .selu, classes: 3)
      return Parts(
        net, train, validation: watch, maker.training(.sgd(1e-6, momentum: 0.9), epochs: 12))
    },
    TrainingCase("a rate that kills relu", [.rateTooHigh], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.corners(600), 450)
      let net = try maker.net([32, 32], .relu, classes: 2)
      return Parts(net, train, validation: watch, maker.training(.sgd(20), epochs: 12, batch: 50))
    },
    TrainingCase("a line through waves", [.underfit], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.waves(700), 500)
      let net = try maker.net([], .relu, classes: 1, last: .linear)
      return Parts(net, train, validation: watch, maker.training(.adam(0.03), epochs: 30))
    },
    TrainingCase("three tanh units for spirals", [.underfit], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.spirals(700, classes: 5), 500)
      let net = try maker.net([3], .tanh, classes: 5)
      return Parts(net, train, validation: watch, maker.training(.adam(0.03), epochs: 50))
    },
    TrainingCase("fifty digits, wide net", [.overfit], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.digits(350), 50)
      let net = try maker.net([128, 64], .elu(), classes: 10)
      return Parts(
        net, train, validation: watch, maker.training(.adam(0.002), epochs: 30, batch: 10))
    },
    TrainingCase("tanh cannot give the targets", [.labelsMismatch], isTuned: false) { maker in
      let data = try maker.waves(600)
      let examples = Examples(data.x, try data.y * 4)
      let net = try maker.net([32], .relu, classes: 1, last: .tanh)
      return Parts(net, examples, maker.training(.adam(0.01), epochs: 15), loss: .builtIn(.mse))
    },
  ]

  static let otherHealthy: [TrainingCase] = [
    TrainingCase("teacher, elu, RMSProp", isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.teacher(2000, features: 6), 1500)
      let net = try maker.net([40, 20], .elu(), classes: 4)
      return Parts(
        net, train, validation: watch, maker.training(.rmsprop(.constant(0.003)), epochs: 15))
    },
    TrainingCase("corners, tanh, Nadam", isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.corners(900), 700)
      let net = try maker.net([20, 20], .tanh, classes: 2)
      return Parts(
        net, train, validation: watch,
        maker.training(.nadam(.constant(0.01)), epochs: 30, batch: 50))
    },
    TrainingCase("moons, one sigmoid at the end", isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.moons(700, noise: 0.25), 500)
      let net = try maker.net([30], .relu, classes: 1, last: .sigmoid)
      return Parts(
        net, train, validation: watch, maker.training(.adam(0.02), epochs: 25, batch: 25))
    },
    TrainingCase("digits, one sigmoid layer, momentum", isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.digits(2000), 1600)
      let net = try maker.net([80], .sigmoid, classes: 10)
      return Parts(
        net, train, validation: watch,
        maker.training(.sgd(0.2, momentum: 0.9), epochs: 10, batch: 50))
    },
    TrainingCase("blobs that overlap", isTuned: false) { maker in
      let data = try Points.blobs(900, classes: 3, noise: 1.6, apart: 3, from: &maker.stream)
      let (train, watch) = try maker.cut(data.with(x: data.x / 2.5), 700)
      let net = try maker.net([16], .relu, classes: 3)
      return Parts(net, train, validation: watch, maker.training(.adam(0.005), epochs: 15))
    },
    TrainingCase("spirals, six selu layers", isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.spirals(900), 700)
      let net = try maker.net(Array(repeating: 24, count: 6), .selu, classes: 3)
      return Parts(net, train, validation: watch, maker.training(.adam(0.004), epochs: 40))
    },
    TrainingCase("digits, a small convolution", isTuned: false) { maker in
      let data = try maker.digits(900)
      let x = try data.x.reshape([data.count, 28, 28, 1])
      let (train, watch) = try maker.cut(data.with(x: x), 700)
      let net = try Sequential(
        Convolution(.conv2D, 6, [3, 3], .builtIn(.relu)), PoolingLayer(.max2D, [2, 2]), Flatten(),
        Dense(10, .softmax))
      return Parts(net, train, validation: watch, maker.training(.adam(0.003), epochs: 5))
    },
    TrainingCase("teacher, batch normalization", isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.teacher(1500, features: 6), 1200)
      let net = try Sequential(
        Dense(32, .linear), BatchNorm(), ActivationLayer(.builtIn(.relu)), Dense(4, .softmax))
      return Parts(net, train, validation: watch, maker.training(.adam(0.005), epochs: 15))
    },
    TrainingCase("waves, dropout and l2", isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.waves(900), 700)
      let net = try Sequential(
        Dense(64, .builtIn(.relu), penalty: Penalty(l1: 0, l2: 1e-4)), Dropout(0.1),
        Dense(32, .relu), Dense(1, .linear))
      return Parts(net, train, validation: watch, maker.training(.adam(0.01), epochs: 40))
    },
  ]
}
