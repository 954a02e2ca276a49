internal import Catalog

/// Declarations of the optimizers.
enum OptimizerEntries {
  private static func rate(_ value: Double) -> Parameter<RateChoice> {
    Parameter(
      "lr", RateChoice.self, "learning rate: a number, a schedule, or a function of the step",
      also: ["learning_rate"]
    ) { RateChoice(.constant(value)) }
  }

  private static let beta1 = Parameter(
    "beta1", Double.self, "memory of the gradient", also: ["beta_1"], where: .within(0, below: 1),
    default: { 0.9 })
  private static let beta2 = Parameter(
    "beta2", Double.self, "memory of its square", also: ["beta_2"], where: .within(0, below: 1),
    default: { 0.999 })
  private static let epsilon = Parameter(
    "epsilon", Double.self, "keeps the division finite", where: .atLeast(0), default: { 1e-7 })
  private static let clipNorm = Parameter(
    "clipnorm", Double?.self, "longest gradient of a weight", default: { nil })
  private static let clipValue = Parameter(
    "clipvalue", Double?.self, "largest element of a gradient", default: { nil })
  private static let clipGlobal = Parameter(
    "global_clipnorm", Double?.self, "longest gradient of all weights together", default: { nil })

  private static func clips(_ norm: Double?, _ value: Double?, _ global: Double?) -> [Transform] {
    [
      norm.map { .clipNorm($0) }, global.map { .clipGlobalNorm($0) }, value.map { .clipValue($0) },
    ].compactMap { $0 }
  }

  private static func made(_ rate: RateChoice, _ optimizer: Optimizer) -> OptimizerObject {
    OptimizerObject(OptimizerChoice(optimizer, rate))
  }

  static let all: [Entry] = [
    Entry(
      "SGD", "Gradient descent, with momentum and Nesterov's form of it if wanted.",
      rate(0.01),
      Parameter("momentum", Double.self, "share of the last step kept", where: .within(0, below: 1))
      { 0 },
      Parameter("nesterov", Bool.self, "looks ahead") { false },
      Parameter("weight_decay", Double.self, "shrinks the weights", where: .atLeast(0)) { 0 },
      clipNorm, clipValue, clipGlobal,
      returns: "Optimizer", example: "SGD(0.1, momentum=0.9)",
      details: "v = momentum v - lr g; w += v. Nesterov: w += momentum v - lr g.",
      makes: OptimizerObject.type
    ) { rate, momentum, nesterov, decay, norm, value, global in
      .object(
        made(
          rate,
          .sgd(
            rate.schedule, momentum: momentum, nesterov: nesterov, clip: clips(norm, value, global),
            decay: decay)))
    },
    Entry(
      "Adam", "Steps scaled by running means of the gradient and its square.",
      rate(0.001), beta1, beta2, epsilon,
      Parameter("amsgrad", Bool.self, "keeps the largest square") { false },
      clipNorm, clipValue, clipGlobal,
      returns: "Optimizer", example: "Adam(0.001)",
      details: "Kingma and Ba 2015. epsilon stands where Keras has it.",
      makes: OptimizerObject.type
    ) { rate, beta1, beta2, epsilon, amsgrad, norm, value, global in
      .object(
        made(
          rate,
          .adam(
            rate.schedule, beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad,
            clip: clips(norm, value, global))))
    },
    Entry(
      "AdamW", "Adam with weight decay outside the gradient.",
      rate(0.001),
      Parameter("weight_decay", Double.self, "shrinks the weights", where: .atLeast(0)) { 0.004 },
      beta1, beta2, epsilon, clipNorm, clipValue, clipGlobal,
      returns: "Optimizer", example: "AdamW(0.001, weight_decay=0.01)",
      makes: OptimizerObject.type
    ) { rate, decay, beta1, beta2, epsilon, norm, value, global in
      .object(
        made(
          rate,
          .adam(
            rate.schedule, beta1: beta1, beta2: beta2, epsilon: epsilon,
            clip: clips(norm, value, global),
            decay: decay)))
    },
    Entry(
      "RMSProp", "Gradients divided by the root of their running mean square.",
      rate(0.001),
      Parameter("rho", Double.self, "memory of the square", where: .within(0, below: 1)) { 0.9 },
      Parameter("momentum", Double.self, "share of the last step kept", where: .within(0, below: 1))
      { 0 },
      epsilon,
      Parameter("centered", Bool.self, "subtracts the mean") { false },
      clipNorm, clipValue, clipGlobal,
      returns: "Optimizer", example: "RMSProp(0.001)", makes: OptimizerObject.type
    ) { rate, rho, momentum, epsilon, centered, norm, value, global in
      .object(
        made(
          rate,
          .rmsprop(
            rate.schedule, rho: rho, momentum: momentum, epsilon: epsilon, centered: centered,
            clip: clips(norm, value, global))))
    },
    Entry(
      "Nadam", "Adam with Nesterov's look ahead.",
      rate(0.001), beta1, beta2, epsilon, clipNorm, clipValue, clipGlobal,
      returns: "Optimizer", example: "Nadam(0.001)", makes: OptimizerObject.type
    ) { rate, beta1, beta2, epsilon, norm, value, global in
      .object(
        made(
          rate,
          .nadam(
            rate.schedule, beta1: beta1, beta2: beta2, epsilon: epsilon,
            clip: clips(norm, value, global))))
    },
    Entry(
      "Adagrad", "Gradients divided by the root of the sum of their squares.",
      rate(0.001),
      Parameter(
        "initial", Double.self, "the sum at the start", also: ["initial_accumulator_value"],
        where: .atLeast(0)
      ) { 0.1 },
      epsilon, clipNorm, clipValue, clipGlobal,
      returns: "Optimizer", example: "Adagrad(0.1)", makes: OptimizerObject.type
    ) { rate, initial, epsilon, norm, value, global in
      .object(
        made(
          rate,
          .adagrad(
            rate.schedule, initial: initial, epsilon: epsilon, clip: clips(norm, value, global))))
    },
    Entry(
      "Adadelta", "Steps as long as the running mean of past steps.",
      rate(1),
      Parameter("rho", Double.self, "memory of the squares", where: .within(0, below: 1)) { 0.95 },
      epsilon, clipNorm, clipValue, clipGlobal,
      returns: "Optimizer", example: "Adadelta()",
      details: "The rate is the paper's 1; Keras's default of 0.001 barely moves.",
      makes: OptimizerObject.type
    ) { rate, rho, epsilon, norm, value, global in
      .object(
        made(
          rate,
          .adadelta(
            rate.schedule, rho: rho, epsilon: epsilon, clip: clips(norm, value, global))))
    },
    Entry(
      "Adamax", "Adam with the largest gradient in place of the mean square.",
      rate(0.001), beta1, beta2, epsilon, clipNorm, clipValue, clipGlobal,
      returns: "Optimizer", example: "Adamax(0.002)", makes: OptimizerObject.type
    ) { rate, beta1, beta2, epsilon, norm, value, global in
      .object(
        made(
          rate,
          .adamax(
            rate.schedule, beta1: beta1, beta2: beta2, epsilon: epsilon,
            clip: clips(norm, value, global))))
    },
    Entry(
      "Lion", "Steps of one size: only the sign of a mean of gradients counts.",
      rate(0.001), beta1, beta2, clipNorm, clipValue, clipGlobal,
      returns: "Optimizer", example: "Lion(0.0001)", makes: OptimizerObject.type
    ) { rate, beta1, beta2, norm, value, global in
      .object(
        made(
          rate,
          .lion(
            rate.schedule, beta1: beta1, beta2: beta2, clip: clips(norm, value, global))))
    },
  ]
}
