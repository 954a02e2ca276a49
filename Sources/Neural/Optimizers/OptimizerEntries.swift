internal import Catalog

/// Declarations of the optimizers.
enum OptimizerEntries {
  /// Where Adam's small number stands.
  enum AdamEpsilon: String, Choice {
    /// Beside the root before its bias is corrected: Keras, TensorFlow 1.
    case hat
    /// Beside the corrected root: the paper, PyTorch.
    case outside
  }

  /// How weight decay joins the update.
  enum DecayForm: String, Choice {
    /// w -= rate decay w, beside the step.
    case decoupled
    /// g += decay w, within the gradient.
    case coupled
  }

  private static func rate(_ value: Double) -> Parameter<RateChoice> {
    Parameter(
      "lr", RateChoice.self,
      "learning rate: a number, a schedule, a function of the step, or a slider",
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
    "epsilon", Double.self, "keeps the division finite", also: ["eps"], where: .atLeast(0),
    default: { 1e-7 })
  private static let momentumForm = Parameter(
    "momentum_form", Optimizer.MomentumForm.self, "the rate inside or outside the velocity"
  ) { .keras }
  private static func place(_ usual: Transform.Epsilon) -> Parameter<Transform.Epsilon> {
    Parameter("epsilon_place", Transform.Epsilon.self, "under the root or beside it") { usual }
  }
  private static func initial(_ value: Double, _ range: Parameter<Double>.Range) -> Parameter<
    Double
  > {
    Parameter(
      "initial", Double.self, "the sum of squares at the start",
      also: ["initial_accumulator_value"], where: range
    ) { value }
  }
  private static let l1 = Parameter(
    "l1", Double.self, "pulls weights to exactly 0", also: ["l1_regularization_strength"],
    where: .atLeast(0)
  ) { 0 }
  private static let l2 = Parameter(
    "l2", Double.self, "shrinks weights", also: ["l2_regularization_strength"], where: .atLeast(0)
  ) { 0 }
  private static let clipNorm = Parameter(
    "clipnorm", Double?.self, "longest gradient of a weight", default: { nil })
  private static let clipValue = Parameter(
    "clipvalue", Double?.self, "largest element of a gradient", default: { nil })
  private static let clipGlobal = Parameter(
    "global_clipnorm", Double?.self, "longest gradient of all weights together", default: { nil })
  private static let decay = Parameter(
    "weight_decay", Double?.self, "shrinks all weights at each step", default: { nil })
  private static let decayForm = Parameter(
    "decay_form", DecayForm.self, "decay beside the step (Keras) or in the gradient (PyTorch)",
    default: { .decoupled })

  /// What all optimizers take, put around one.
  private static func made(
    _ rate: RateChoice, _ optimizer: Optimizer, _ norm: Double?, _ value: Double?,
    _ global: Double?, _ decay: Double?, _ form: DecayForm
  ) throws -> Value {
    for (name, limit) in [("clipnorm", norm), ("clipvalue", value), ("global_clipnorm", global)] {
      if let limit, !(limit > 0) {
        throw Failure(.value, "\(name) must be above 0, got \(limit)")
      }
    }
    if let decay, !(decay >= 0 && decay.isFinite) {
      throw Failure(.value, "weight_decay must be a finite number from 0, got \(decay)")
    }
    let clips = [
      norm.map { Transform.clipNorm($0) }, global.map { .clipGlobalNorm($0) },
      value.map { .clipValue($0) },
    ].compactMap { $0 }
    let whole = optimizer.clipping(clips).decaying(decay ?? 0, coupled: form == .coupled)
    return .object(OptimizerObject(OptimizerChoice(whole, rate)))
  }

  /// What the gradient goes through in every optimizer.
  private static let common = """
    All optimizers take clipnorm (each weight's gradient), global_clipnorm (all together) and \
    clipvalue (each element), in this order, and weight_decay.
    """

  static let all: [Entry] = gradual + adaptive + sparse

  /// Those without a memory of squares.
  private static let gradual: [Entry] = [
    Entry(
      "SGD", "Gradient descent, with momentum and Nesterov's form of it if wanted.",
      rate(0.01),
      Parameter("momentum", Double.self, "share of the last step kept", where: .within(0, below: 1))
      { 0 },
      Parameter("nesterov", Bool.self, "looks ahead") { false },
      Parameter("dampening", Double.self, "share of the gradient left out", where: .within(0, 1)) {
        0
      },
      momentumForm,
      clipNorm, clipValue, clipGlobal, decay, decayForm,
      returns: "Optimizer", example: "SGD(0.1, momentum=0.9)",
      details: """
        keras: `v = momentum * v - lr * g; w += v`, Nesterov `w += momentum * v - lr * g`. \
        torch: `v = momentum * v + (1 - dampening) * g`, the first `v = g`; `w -= lr * v`, \
        Nesterov `w -= lr * (g + momentum * v)`. Both take the same path while lr is constant. \
        With momentum near 1 the steps grow to lr / (1 - momentum) and overshoot. \(common) \
        Peers: momentum_form="keras" is Keras's convention, "torch" that of PyTorch and \
        TensorFlow 1; lr is 0.01 in Keras, 0.001 in PyTorch. Source: Robbins and Monro 1951; \
        momentum: Polyak 1964; Nesterov 1983.
        """, makes: OptimizerObject.type
    ) { rate, momentum, nesterov, dampening, momentumForm, norm, value, global, decay, form in
      try made(
        rate,
        .sgd(
          rate.schedule, momentum: momentum, nesterov: nesterov, dampening: dampening,
          form: momentumForm),
        norm, value, global, decay, form)
    },
    Entry(
      "Rprop", "Steps by the sign of the gradient, longer while it stays; for full batches.",
      rate(0.01),
      Parameter("eta_minus", Double.self, "factor when the sign turns", where: .within(0, below: 1))
      { 0.5 },
      Parameter("eta_plus", Double.self, "factor while it stays", where: .above(1)) { 1.2 },
      Parameter("step_min", Double.self, "shortest step", where: .above(0)) { 1e-6 },
      Parameter("step_max", Double.self, "longest step", where: .above(0)) { 50 },
      clipNorm, clipValue, clipGlobal, decay, decayForm,
      returns: "Optimizer", example: "Rprop(0.01)",
      details: """
        `s *= eta_plus` while the sign of g stays, `s *= eta_minus` and `g = 0` when it turns, s \
        kept from step_min to step_max; `w -= sign(g) * s`. iRprop-: after a turn the weight \
        rests for one step. lr is the length of the first steps; a schedule has no effect, nor has \
        clipping: only signs count. In mini-batches the signs cancel: use batch_size=len(x). \
        \(common) Peers: PyTorch's has the same defaults, Keras has none. Source: Riedmiller and \
        Braun 1993; Igel and Hüsken 2000.
        """, makes: OptimizerObject.type
    ) { rate, minus, plus, least, greatest, norm, value, global, decay, form in
      try made(
        rate,
        .rprop(rate.schedule, shrink: minus, grow: plus, least: least, greatest: greatest),
        norm, value, global, decay, form)
    },
  ]

  /// Those with a step of its own for each weight.
  private static let adaptive: [Entry] = [
    Entry(
      "Adam", "Steps scaled by running means of the gradient and its square.",
      rate(0.001), beta1, beta2, epsilon,
      Parameter("amsgrad", Bool.self, "keeps the largest square") { false },
      Parameter("epsilon_place", AdamEpsilon.self, "before or after the bias correction") { .hat },
      clipNorm, clipValue, clipGlobal, decay, decayForm,
      returns: "Optimizer", example: "Adam(0.001)",
      details: """
        `m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g**2`. hat: `w -= lr * \
        √(1 - beta2**t) / (1 - beta1**t) * m / (√v + epsilon)`; outside: `w -= lr * m̂ / (√v̂ + \
        epsilon)` with `m̂ = m / (1 - beta1**t)` and `v̂ = v / (1 - beta2**t)`. \(common) Peers: \
        epsilon_place="hat" is the form of Keras and TensorFlow 1, "outside" that of the paper \
        and PyTorch; epsilon is 1e-7 in Keras, 1e-8 in PyTorch and the paper. Source: Kingma and \
        Ba 2015; AMSGrad: Reddi, Kale and Kumar 2018.
        """, makes: OptimizerObject.type
    ) { rate, beta1, beta2, epsilon, amsgrad, place, norm, value, global, decay, form in
      try made(
        rate,
        .adam(
          rate.schedule, beta1: beta1, beta2: beta2, epsilon: epsilon, isHat: place == .hat,
          amsgrad: amsgrad),
        norm, value, global, decay, form)
    },
    Entry(
      "AdamW", "Adam with weight decay outside the gradient.",
      rate(0.001),
      Parameter("weight_decay", Double.self, "shrinks the weights", where: .atLeast(0)) { 0.004 },
      beta1, beta2, epsilon,
      Parameter("amsgrad", Bool.self, "keeps the largest square") { false },
      Parameter("epsilon_place", AdamEpsilon.self, "before or after the bias correction") { .hat },
      clipNorm, clipValue, clipGlobal,
      returns: "Optimizer", example: "AdamW(0.001, weight_decay=0.01)",
      details: """
        `w -= lr * weight_decay * w`, then Adam's step. Peers: weight_decay is 0.004 in Keras, \
        0.01 in PyTorch. Source: Loshchilov and Hutter 2019.
        """, makes: OptimizerObject.type
    ) { rate, decay, beta1, beta2, epsilon, amsgrad, place, norm, value, global in
      var adam = Optimizer.adam(
        rate.schedule, beta1: beta1, beta2: beta2, epsilon: epsilon, isHat: place == .hat,
        amsgrad: amsgrad)
      adam.name = "AdamW"
      return try made(rate, adam, norm, value, global, decay, .decoupled)
    },
    Entry(
      "RMSProp", "Gradients divided by the root of their running mean square.",
      rate(0.001),
      Parameter("rho", Double.self, "memory of the square", where: .within(0, below: 1)) { 0.9 },
      Parameter("momentum", Double.self, "share of the last step kept", where: .within(0, below: 1))
      { 0 },
      epsilon,
      Parameter("centered", Bool.self, "subtracts the mean's square") { false },
      place(.inside),
      Parameter("initial", Double.self, "the mean square at the start", where: .atLeast(0)) { 0 },
      momentumForm,
      clipNorm, clipValue, clipGlobal, decay, decayForm,
      returns: "Optimizer", example: "RMSProp(0.001)",
      details: """
        `v = rho * v + (1 - rho) * g**2`. inside: `lr * g / √(v + epsilon)`; outside: `lr * g / \
        (√v + epsilon)`. centered: `v - m**2` in place of v, never below 0. \(common) Peers: \
        inside is the form of Keras and TensorFlow 1, outside that of PyTorch. PyTorch: lr 0.01, \
        rho 0.99, epsilon 1e-8, momentum_form="torch"; TensorFlow 1: epsilon 1e-10, initial=1. \
        Source: Tieleman and Hinton 2012, lecture 6.5 of their course.
        """, makes: OptimizerObject.type
    ) {
      rate, rho, momentum, epsilon, centered, place, initial, momentumForm, norm, value, global,
      decay, form in
      try made(
        rate,
        .rmsprop(
          rate.schedule, rho: rho, momentum: momentum, epsilon: epsilon, place: place,
          centered: centered, initial: initial, form: momentumForm),
        norm, value, global, decay, form)
    },
    Entry(
      "Nadam", "Adam with Nesterov's look ahead.",
      rate(0.001), beta1, beta2, epsilon,
      Parameter(
        "momentum_decay", Double.self, "psi: how fast the momentum warms up", also: ["psi"],
        where: .atLeast(0)
      ) { 1 },
      clipNorm, clipValue, clipGlobal, decay, decayForm,
      returns: "Optimizer", example: "Nadam(0.001)",
      details: """
        `μ_t = beta1 * (1 - 0.96**(t * psi) / 2)`; `w -= lr * (μ_(t+1) * m / (1 - Π_(t+1)) + (1 \
        - μ_t) * g / (1 - Π_t)) / (√v̂ + epsilon)` with `Π_t = μ_1 * … * μ_t`. \(common) Peers: \
        psi is 1 in Keras, 0.004 in PyTorch; PyTorch's lr is 0.002, its epsilon 1e-8. Source: \
        Dozat 2016.
        """, makes: OptimizerObject.type
    ) { rate, beta1, beta2, epsilon, psi, norm, value, global, decay, form in
      try made(
        rate,
        .nadam(
          rate.schedule, beta1: beta1, beta2: beta2, epsilon: epsilon, momentumDecay: psi),
        norm, value, global, decay, form)
    },
    Entry(
      "Adagrad", "Gradients divided by the root of the sum of their squares.",
      rate(0.001), initial(0.1, .atLeast(0)), epsilon, place(.inside),
      clipNorm, clipValue, clipGlobal, decay, decayForm,
      returns: "Optimizer", example: "Adagrad(0.1)",
      details: """
        `a += g**2`. inside: `w -= lr * g / √(a + epsilon)`; outside: `w -= lr * g / (√a + \
        epsilon)`. \(common) Peers: inside is Keras's form, outside PyTorch's. PyTorch: lr 0.01, \
        initial 0, epsilon 1e-10, and its lr_decay is inverse_time_decay(lr, 1, lr_decay); \
        TensorFlow 1: epsilon 0. Source: Duchi, Hazan and Singer 2011.
        """, makes: OptimizerObject.type
    ) { rate, initial, epsilon, place, norm, value, global, decay, form in
      try made(
        rate,
        .adagrad(rate.schedule, initial: initial, epsilon: epsilon, place: place),
        norm, value, global, decay, form)
    },
    Entry(
      "Adadelta", "Steps as long as the running mean of past steps.",
      rate(1),
      Parameter("rho", Double.self, "memory of the squares", where: .within(0, below: 1)) { 0.95 },
      epsilon,
      clipNorm, clipValue, clipGlobal, decay, decayForm,
      returns: "Optimizer", example: "Adadelta()",
      details: """
        `a = rho * a + (1 - rho) * g**2; u = √(d + epsilon) / √(a + epsilon) * g; d = rho * d + \
        (1 - rho) * u**2; w -= lr * u`. \(common) Peers: the rate is the paper's 1, as in \
        PyTorch; Keras's default of 0.001 barely moves. PyTorch: rho 0.9, epsilon 1e-6. Source: \
        Zeiler 2012.
        """, makes: OptimizerObject.type
    ) { rate, rho, epsilon, norm, value, global, decay, form in
      try made(
        rate,
        .adadelta(rate.schedule, rho: rho, epsilon: epsilon),
        norm, value, global, decay, form)
    },
    Entry(
      "Adamax", "Adam with the largest gradient in place of the mean square.",
      rate(0.001), beta1, beta2, epsilon, place(.outside),
      clipNorm, clipValue, clipGlobal, decay, decayForm,
      returns: "Optimizer", example: "Adamax(0.002)",
      details: """
        `m = beta1 * m + (1 - beta1) * g; u = max(beta2 * u, |g|)`; outside: `w -= lr / (1 - \
        beta1**t) * m / (u + epsilon)`; inside: epsilon joins |g| in the max. \(common) Peers: \
        outside is Keras's form, inside PyTorch's; PyTorch: lr 0.002, epsilon 1e-8. Source: \
        Kingma and Ba 2015, algorithm 2.
        """, makes: OptimizerObject.type
    ) { rate, beta1, beta2, epsilon, place, norm, value, global, decay, form in
      try made(
        rate,
        .adamax(
          rate.schedule, beta1: beta1, beta2: beta2, epsilon: epsilon, place: place),
        norm, value, global, decay, form)
    },
    Entry(
      "Lion", "Steps of one size: only the sign of a mean of gradients counts.",
      rate(0.001), beta1,
      Parameter(
        "beta2", Double.self, "memory of the mean", also: ["beta_2"], where: .within(0, below: 1)
      ) { 0.99 },
      clipNorm, clipValue, clipGlobal, decay, decayForm,
      returns: "Optimizer", example: "Lion(0.0001)",
      details: """
        `w -= lr * sign(beta1 * m + (1 - beta1) * g)`, with the old m; then `m = beta2 * m + (1 \
        - beta2) * g`. Takes a rate about ten times lower than Adam's. \(common) Peers: Keras's \
        defaults; the paper's rate is 1e-4. Source: Chen et al. 2023.
        """, makes: OptimizerObject.type
    ) { rate, beta1, beta2, norm, value, global, decay, form in
      try made(
        rate,
        .lion(rate.schedule, beta1: beta1, beta2: beta2),
        norm, value, global, decay, form)
    },
  ]

  /// Those that set weights to exactly 0.
  private static let sparse: [Entry] = [
    Entry(
      "Ftrl", "Follows the regularized leader; l1 gives exact zeros. For linear models.",
      rate(0.001),
      Parameter(
        "learning_rate_power", Double.self, "exponent of the sum of squares", also: ["lr_power"],
        where: Parameter<Double>.Range("at most 0") { $0 <= 0 }
      ) { -0.5 },
      initial(0.1, .atLeast(0)), l1, l2,
      Parameter(
        "l2_shrinkage", Double.self, "pulls through the gradient, not its square",
        also: ["l2_shrinkage_regularization_strength"], where: .atLeast(0)
      ) { 0 },
      Parameter("beta", Double.self, "joins l2 as beta / (2 lr)", where: .atLeast(0)) { 0 },
      clipNorm, clipValue, clipGlobal, decay, decayForm,
      returns: "Optimizer", example: "Ftrl(0.1, l1=0.01)",
      details: """
        `n' = n + g**2; z += g + 2 * l2_shrinkage * w - (n'**-p - n**-p) / lr * w; w = 0 if |z| \
        <= l1 else (sign(z) * l1 - z) / (n'**-p / lr + 2 * l2 + beta / lr)`, with p the power. z \
        starts at 0, so that little is left of the initial weights after the first step: hidden \
        layers forget what broke their symmetry. \(common) Peers: Keras's defaults; PyTorch has \
        none. Source: McMahan et al. 2013.
        """, makes: OptimizerObject.type
    ) { rate, power, initial, l1, l2, shrinkage, beta, norm, value, global, decay, form in
      try made(
        rate,
        .ftrl(
          rate.schedule,
          Transform.Leader(
            power: power, initial: initial, l1: l1, l2: l2, shrinkage: shrinkage, beta: beta)),
        norm, value, global, decay, form)
    },
    Entry(
      "ProximalGradientDescent", "Gradient descent that pulls small weights to exactly 0.",
      rate(0.01), l1, l2,
      clipNorm, clipValue, clipGlobal, decay, decayForm,
      returns: "Optimizer", example: "ProximalGradientDescent(0.1, l1=0.01)",
      details: """
        `q = w - lr * g; w = sign(q) * max(|q| - lr * l1, 0) / (1 + lr * l2)`. With a squared \
        error and a small rate it comes to the Lasso's solution. \(common) Peers: TensorFlow 1 \
        has it. Source: Duchi and Singer 2009.
        """, makes: OptimizerObject.type
    ) { rate, l1, l2, norm, value, global, decay, form in
      try made(
        rate,
        .proximalGradientDescent(rate.schedule, l1: l1, l2: l2),
        norm, value, global, decay, form)
    },
    Entry(
      "ProximalAdagrad", "Adagrad that pulls small weights to exactly 0.",
      rate(0.01), initial(0.1, .above(0)), l1, l2,
      clipNorm, clipValue, clipGlobal, decay, decayForm,
      returns: "Optimizer", example: "ProximalAdagrad(0.1, l1=0.01)",
      details: """
        `a += g**2; η = lr / √a; q = w - η * g; w = sign(q) * max(|q| - η * l1, 0) / (1 + η * \
        l2)`. \(common) Peers: TensorFlow 1 has it, with initial 0.1, too. Source: Duchi and \
        Singer 2009.
        """, makes: OptimizerObject.type
    ) { rate, initial, l1, l2, norm, value, global, decay, form in
      try made(
        rate,
        .proximalAdagrad(rate.schedule, initial: initial, l1: l1, l2: l2),
        norm, value, global, decay, form)
    },
    Entry(
      "AdagradDA", "Adagrad with dual averaging; l1 gives exact zeros. For linear models.",
      rate(0.01), initial(0.1, .above(0)), l1, l2,
      clipNorm, clipValue, clipGlobal, decay, decayForm,
      returns: "Optimizer", example: "AdagradDA(0.1, l1=0.01)",
      details: """
        `G += g; a += g**2; w = -sign(G) * max(|G| - l1 * t, 0) * lr / (l2 * t * lr + √a)`. The \
        initial weights are lost with the first step; with a strong l1 hidden weights become 0 \
        and stay so. weight_decay must be coupled. \(common) Peers: TensorFlow 1 has it, with \
        initial 0.1, too. Source: Duchi, Hazan and Singer 2011.
        """, makes: OptimizerObject.type
    ) { rate, initial, l1, l2, norm, value, global, decay, form in
      if let decay, decay > 0, form == .decoupled {
        throw Failure(
          .value,
          "AdagradDA makes the weights anew from all gradients, so weight_decay beside the step "
            + "has no effect", help: "give it l2=, or decay_form=\"coupled\"")
      }
      return try made(
        rate,
        .adagradDA(rate.schedule, initial: initial, l1: l1, l2: l2),
        norm, value, global, decay, form)
    },
  ]
}
