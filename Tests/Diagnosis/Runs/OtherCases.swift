internal import Data
internal import Neural
internal import Tensors

// Runs that only judge: other data, sizes, depths, rates and optimizers than the edges were set on.
extension TrainingCase {
  static let otherSick: [TrainingCase] = [
    TrainingCase("momentum at a huge rate", [.rateTooHigh], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.teacher(700, features: 12), 500)
      let net = try maker.net([40], .tanh, classes: 4)
      return Parts(
        net, train, validation: watch, maker.training(.sgd(50, momentum: 0.9), epochs: 8, batch: 50)
      )
    },
    TrainingCase("rmsprop at 3 on digits", [.rateTooHigh], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.digits(900), 700)
      let net = try maker.net([32], .relu, classes: 10)
      return Parts(
        net, train, validation: watch, maker.training(.rmsprop(.constant(3)), epochs: 6, batch: 64))
    },
    TrainingCase("Adam at 1e-7 on waves", [.rateTooLow], isTuned: true) { maker in
      let (train, watch) = try maker.cut(maker.waves(600), 500)
      let net = try maker.net([40, 20], .elu(), classes: 1, last: .linear)
      return Parts(
        net, train, validation: watch, maker.training(.adam(1e-7), epochs: 20, batch: 50))
    },
    TrainingCase("SGD at 1e-4 on digits", [.rateTooLow], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.digits(900), 700)
      let net = try maker.net([48], .relu, classes: 10)
      return Parts(net, train, validation: watch, maker.training(.sgd(1e-4), epochs: 8, batch: 50))
    },
    TrainingCase("one value for all weights", [.symmetry], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.corners(600), 450)
      let net = try maker.net(
        [30], .sigmoid, classes: 2, start: .constant(0.3), lastStart: .constant(0.3))
      return Parts(
        net, train, validation: watch, maker.training(.adam(0.02), epochs: 20, batch: 30))
    },
    TrainingCase("tiny weights, relu, ten layers", [.signalVanishes], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.corners(600), 450)
      let net = try maker.net(
        Array(repeating: 30, count: 10), .relu, classes: 2, start: .normal(0.02))
      return Parts(
        net, train, validation: watch, maker.training(.sgd(0.05, momentum: 0.9), epochs: 15))
    },
    TrainingCase("large weights saturate sigmoid", [.saturatedAtStart], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.digits(900), 700)
      let net = try maker.net([60, 60, 60], .sigmoid, classes: 10, start: .normal(4))
      return Parts(net, train, validation: watch, maker.training(.sgd(0.05), epochs: 8, batch: 50))
    },
    TrainingCase("dead by biases, one layer", [.deadAtStart], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.teacher(700, features: 12), 500)
      let net = try maker.net([60], .relu, classes: 4, bias: .constant(-20))
      return Parts(net, train, validation: watch, maker.training(.sgd(0.1), epochs: 15, batch: 50))
    },
    TrainingCase("twelve sigmoid layers", [.gradientVanishes], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.teacher(700, features: 12), 500)
      let net = try maker.net(Array(repeating: 16, count: 12), .sigmoid, classes: 4)
      return Parts(net, train, validation: watch, maker.training(.adam(0.002), epochs: 10))
    },
    TrainingCase("exploding, eight layers of 30", [.signalExplodes], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.moons(600, noise: 0.2), 450)
      let net = try maker.net(
        Array(repeating: 30, count: 8), .elu(), classes: 2, start: .normal(1))
      return Parts(net, train, validation: watch, maker.training(.adam(0.001), epochs: 10))
    },
    TrainingCase("pixels from 0 to 255", [.inputsScale], isTuned: false) { maker in
      let data = try maker.digits(900)
      let (train, watch) = try maker.cut(data.with(x: data.x * 255), 700)
      let net = try maker.net([32], .tanh, classes: 10)
      return Parts(net, train, validation: watch, maker.training(.sgd(0.05), epochs: 8, batch: 50))
    },
    TrainingCase("one feature in thousands", [.inputsScale], isTuned: false) { maker in
      let data = try maker.teacher(700, features: 6)
      let sizes = try Tensor([1, 1, 4000, 1, 1, 1] as [Double]).astype(.f32)
      let (train, watch) = try maker.cut(data.with(x: data.x * sizes), 500)
      let net = try maker.net([40], .relu, classes: 4)
      return Parts(net, train, validation: watch, maker.training(.adam(0.001), epochs: 15))
    },
    TrainingCase("offset of all features", [.inputsOffset], isTuned: false) { maker in
      let data = try maker.teacher(700, features: 6)
      let (train, watch) = try maker.cut(data.with(x: data.x - 7), 500)
      let net = try maker.net([30, 20], .relu, classes: 4)
      return Parts(net, train, validation: watch, maker.training(.sgd(0.05), epochs: 15))
    },
    TrainingCase("targets a sigmoid cannot give", [.labelsMismatch], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.waves(600), 450)
      let net = try maker.net([40], .tanh, classes: 1, last: .sigmoid)
      return Parts(
        net, train, validation: watch, maker.training(.adam(0.01), epochs: 15),
        loss: .builtIn(.mse))
    },
    TrainingCase("shuffled digits", [.labelsUnrelated], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.shuffled(maker.digits(900)), 600)
      let net = try maker.net([48], .relu, classes: 10)
      return Parts(net, train, validation: watch, maker.training(.adam(0.002), epochs: 12))
    },
    TrainingCase("shuffled numbers", [.labelsUnrelated], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.shuffled(maker.waves(600)), 450)
      let net = try maker.net([40, 40], .elu(), classes: 1, last: .linear)
      return Parts(net, train, validation: watch, maker.training(.adam(0.01), epochs: 20))
    },
    TrainingCase("noisy teacher, few examples", [.overfit], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.teacher(700, features: 16), 80)
      let net = try maker.net([80, 80], .relu, classes: 4)
      return Parts(
        net, train, validation: watch, maker.training(.adam(0.005), epochs: 40, batch: 16))
    },
    TrainingCase("few waves with noise", [.overfit], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.waves(440, noise: 0.6), 40)
      let net = try maker.net([80, 80], .relu, classes: 1, last: .linear)
      return Parts(
        net, train, validation: watch, maker.training(.adam(0.01), epochs: 120, batch: 10))
    },
    TrainingCase("a line through corners", [.underfit], isTuned: false) { maker in
      let (train, watch) = try maker.cut(maker.corners(700), 500)
      let net = try maker.net([], .relu, classes: 2)
      return Parts(net, train, validation: watch, maker.training(.sgd(0.2), epochs: 25))
    },
    TrainingCase("two units for spirals", [.underfit], isTuned: true) { maker in
      let (train, watch) = try maker.cut(maker.spirals(800, classes: 4), 600)
      let net = try maker.net([2], .tanh, classes: 4)
      return Parts(net, train, validation: watch, maker.training(.adam(0.02), epochs: 40))
    },
    TrainingCase("inf in the targets", [.dataNotFinite], isTuned: false) { maker in
      let data = try maker.waves(500)
      let values = data.y.doubles.enumerated().map {
        $0.offset == 77 ? Double.infinity : $0.element
      }
      let y = try Tensor(values, shape: data.y.shape, dtype: .f32)
      let net = try maker.net([24], .relu, classes: 1, last: .linear)
      return Parts(net, Examples(data.x, y), maker.training(.adam(0.01), epochs: 8))
    },
  ]
}
