internal import Tensors

/// Turns gradients into steps: a chain of transforms and a learning rate.
public struct Optimizer: Sendable {
  public let name: String
  public let chain: [Transform]
  public var rate: Schedule
  /// Its settings as a script would write them.
  public let settings: String

  public init(_ name: String, _ rate: Schedule, _ chain: [Transform], settings: String = "") {
    self.name = name
    self.rate = rate
    self.chain = chain
    self.settings = settings
  }

  public var text: String {
    "\(name)(\(rate.text)\(settings.isEmpty ? "" : ", ")\(settings))"
  }

  /// Gradient descent; with momentum the rate is baked into the velocity, as in Keras.
  public static func sgd(
    _ rate: Schedule = .constant(0.01), momentum: Double = 0, nesterov: Bool = false,
    clip: [Transform] = [], decay: Double = 0
  ) -> Optimizer {
    var chain = clip + [.scale]
    var settings = ""
    if momentum > 0 {
      chain.append(.trace(momentum: momentum, nesterov: nesterov, dampening: 0))
      settings = "momentum=\(momentum)" + (nesterov ? ", nesterov=True" : "")
    }
    if decay > 0 { chain.append(.decoupledDecay(decay)) }
    return Optimizer("SGD", rate, chain, settings: settings)
  }

  /// Adam (Kingma and Ba 2015, algorithm 1), with Keras's place of epsilon.
  public static func adam(
    _ rate: Schedule = .constant(0.001), beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-7, amsgrad: Bool = false, clip: [Transform] = [], decay: Double = 0
  ) -> Optimizer {
    var chain =
      clip + [
        .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, isHat: true, amsgrad: amsgrad), .scale,
      ]
    if decay > 0 { chain.append(.decoupledDecay(decay)) }
    return Optimizer(decay > 0 ? "AdamW" : "Adam", rate, chain)
  }

  /// RMSProp with Keras's place of epsilon.
  public static func rmsprop(
    _ rate: Schedule = .constant(0.001), rho: Double = 0.9, momentum: Double = 0,
    epsilon: Double = 1e-7, centered: Bool = false, clip: [Transform] = []
  ) -> Optimizer {
    var chain =
      clip + [
        .rms(rho: rho, epsilon: epsilon, .inside, centered: centered, initial: 0), .scale,
      ]
    if momentum > 0 {
      chain.append(.trace(momentum: momentum, nesterov: false, dampening: 0))
    }
    return Optimizer("RMSProp", rate, chain)
  }

  public static func nadam(
    _ rate: Schedule = .constant(0.001), beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-7, clip: [Transform] = []
  ) -> Optimizer {
    Optimizer(
      "Nadam", rate,
      clip + [.nadam(beta1: beta1, beta2: beta2, epsilon: epsilon, decay: 1), .scale])
  }

  public static func adagrad(
    _ rate: Schedule = .constant(0.001), initial: Double = 0.1, epsilon: Double = 1e-7,
    clip: [Transform] = []
  ) -> Optimizer {
    Optimizer(
      "Adagrad", rate, clip + [.adagrad(initial: initial, epsilon: epsilon, .inside), .scale])
  }

  public static func adadelta(
    _ rate: Schedule = .constant(1), rho: Double = 0.95, epsilon: Double = 1e-7,
    clip: [Transform] = []
  ) -> Optimizer {
    Optimizer("Adadelta", rate, clip + [.adadelta(rho: rho, epsilon: epsilon), .scale])
  }

  public static func adamax(
    _ rate: Schedule = .constant(0.001), beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-7, clip: [Transform] = []
  ) -> Optimizer {
    Optimizer(
      "Adamax", rate,
      clip + [.adamax(beta1: beta1, beta2: beta2, epsilon: epsilon, isInside: false), .scale])
  }

  public static func lion(
    _ rate: Schedule = .constant(0.001), beta1: Double = 0.9, beta2: Double = 0.99,
    clip: [Transform] = []
  ) -> Optimizer {
    Optimizer("Lion", rate, clip + [.lion(beta1: beta1, beta2: beta2), .scale])
  }

  /// All with their usual settings.
  public static let all: [Optimizer] = [
    sgd(), adam(), adam(.constant(0.001), decay: 0.004), rmsprop(), nadam(), adagrad(), adadelta(),
    adamax(), lion(),
  ]

  public static func named(_ name: String) -> Optimizer? {
    let wanted = name.lowercased()
    if wanted == "momentum" { return sgd(momentum: 0.9) }
    return all.first { $0.name.lowercased() == wanted }
  }
}
