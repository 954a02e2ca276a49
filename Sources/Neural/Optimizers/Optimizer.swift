public import Catalog
internal import Tensors

/// Turns gradients into steps: a chain of transforms and a learning rate.
///
/// The chain starts with what prepares the gradient (clipping, coupled decay); decoupled decay
/// stands last.
public struct Optimizer: Sendable {
  public internal(set) var name: String
  public private(set) var chain: [Transform]
  public var rate: Schedule
  /// Its settings as a script would write them, beside the rate.
  public private(set) var settings: String

  public init(_ name: String, _ rate: Schedule, _ chain: [Transform], settings: String = "") {
    self.name = name
    self.rate = rate
    self.chain = chain
    self.settings = settings
  }

  public var text: String {
    "\(name)(\(rate.text)\(settings.isEmpty ? "" : ", ")\(settings))"
  }

  /// Whether the initial weights are lost after the first steps, so that it suits linear models.
  public var forgetsStart: Bool { chain.contains(where: \.forgetsStart) }

  /// The same with gradients clipped first.
  public func clipping(_ links: [Transform]) -> Optimizer {
    var changed = self
    changed.chain = links + chain
    for link in links {
      switch link {
      case .clipNorm(let limit): changed.note("clipnorm", limit)
      case .clipValue(let limit): changed.note("clipvalue", limit)
      case .clipGlobalNorm(let limit, _): changed.note("global_clipnorm", limit)
      default: break
      }
    }
    return changed
  }

  /// The same with weight decay: outside the gradient (w -= rate decay w, as in AdamW and in all
  /// of Keras), or coupled (g += decay w, as in PyTorch).
  public func decaying(_ decay: Double, coupled: Bool = false) -> Optimizer {
    guard decay > 0 else { return self }
    var changed = self
    if coupled {
      let place = chain.firstIndex { !$0.preparesGradient } ?? chain.count
      changed.chain.insert(.decay(decay), at: place)
    } else {
      changed.chain.append(.decoupledDecay(decay))
    }
    changed.note("weight_decay", decay)
    if coupled { changed.add("decay_form=\"coupled\"") }
    return changed
  }

  private mutating func note(_ name: String, _ value: Double) { add("\(name)=\(value)") }

  private mutating func add(_ text: String) { settings += (settings.isEmpty ? "" : ", ") + text }

  /// Settings that differ from their defaults, as a script would write them.
  private static func settings(_ all: (String, Double, usual: Double)..., flags: String...)
    -> String
  {
    (all.filter { $0.1 != $0.usual }.map { "\($0.0)=\($0.1)" } + flags.filter { !$0.isEmpty })
      .joined(separator: ", ")
  }

  /// How momentum and learning rate go together; equal while the rate is constant.
  public enum MomentumForm: String, Choice {
    /// v = momentum v - rate g; w += v.
    case keras
    /// v = momentum v + (1 - dampening) g; w -= rate v.
    case torch
  }

  /// Gradient descent, with momentum in Keras's form (the rate is baked into the velocity) or in
  /// PyTorch's.
  public static func sgd(
    _ rate: Schedule = .constant(0.01), momentum: Double = 0, nesterov: Bool = false,
    dampening: Double = 0, form: MomentumForm = .keras, clip: [Transform] = [], decay: Double = 0
  ) -> Optimizer {
    var chain: [Transform] = [.scale]
    if momentum > 0 {
      let trace = Transform.trace(momentum: momentum, nesterov: nesterov, dampening: dampening)
      chain = form == .keras ? [.scale, trace] : [trace, .scale]
    }
    let settings =
      momentum > 0
      ? settings(
        ("momentum", momentum, 0), ("dampening", dampening, 0),
        flags: nesterov ? "nesterov=True" : "", form == .torch ? "momentum_form=\"torch\"" : "")
      : ""
    return Optimizer("SGD", rate, chain, settings: settings).clipping(clip).decaying(decay)
  }

  /// Adam (Kingma and Ba 2015, algorithm 1); `isHat`: Keras's place of epsilon.
  public static func adam(
    _ rate: Schedule = .constant(0.001), beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-7, isHat: Bool = true, amsgrad: Bool = false, clip: [Transform] = [],
    decay: Double = 0
  ) -> Optimizer {
    Optimizer(
      decay > 0 ? "AdamW" : "Adam", rate,
      [
        .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, isHat: isHat, amsgrad: amsgrad), .scale,
      ],
      settings: settings(
        ("beta1", beta1, 0.9), ("beta2", beta2, 0.999), ("epsilon", epsilon, 1e-7),
        flags: isHat ? "" : "epsilon_place=\"outside\"", amsgrad ? "amsgrad=True" : "")
    ).clipping(clip).decaying(decay)
  }

  /// RMSProp (Tieleman and Hinton 2012); the mean square starts at `initial`, 1 in TensorFlow 1.
  public static func rmsprop(
    _ rate: Schedule = .constant(0.001), rho: Double = 0.9, momentum: Double = 0,
    epsilon: Double = 1e-7, place: Transform.Epsilon = .inside, centered: Bool = false,
    initial: Double = 0, form: MomentumForm = .keras, clip: [Transform] = []
  ) -> Optimizer {
    var chain: [Transform] = [
      .rms(rho: rho, epsilon: epsilon, place, centered: centered, initial: initial), .scale,
    ]
    if momentum > 0 {
      let trace = Transform.trace(momentum: momentum, nesterov: false, dampening: 0)
      chain.insert(trace, at: form == .keras ? 2 : 1)
    }
    return Optimizer(
      "RMSProp", rate, chain,
      settings: settings(
        ("rho", rho, 0.9), ("momentum", momentum, 0), ("epsilon", epsilon, 1e-7),
        ("initial", initial, 0), flags: place == .outside ? "epsilon_place=\"outside\"" : "",
        centered ? "centered=True" : "",
        momentum > 0 && form == .torch ? "momentum_form=\"torch\"" : "")
    ).clipping(clip)
  }

  /// Adam with Nesterov's look ahead (Dozat 2016); momentum_t = β₁ (1 - 0.96^(t psi) / 2).
  public static func nadam(
    _ rate: Schedule = .constant(0.001), beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-7, momentumDecay: Double = 1, clip: [Transform] = []
  ) -> Optimizer {
    Optimizer(
      "Nadam", rate,
      [.nadam(beta1: beta1, beta2: beta2, epsilon: epsilon, decay: momentumDecay), .scale],
      settings: settings(
        ("beta1", beta1, 0.9), ("beta2", beta2, 0.999), ("epsilon", epsilon, 1e-7),
        ("momentum_decay", momentumDecay, 1))
    ).clipping(clip)
  }

  /// Adagrad (Duchi, Hazan and Singer 2011).
  public static func adagrad(
    _ rate: Schedule = .constant(0.001), initial: Double = 0.1, epsilon: Double = 1e-7,
    place: Transform.Epsilon = .inside, clip: [Transform] = []
  ) -> Optimizer {
    Optimizer(
      "Adagrad", rate, [.adagrad(initial: initial, epsilon: epsilon, place), .scale],
      settings: settings(
        ("initial", initial, 0.1), ("epsilon", epsilon, 1e-7),
        flags: place == .outside ? "epsilon_place=\"outside\"" : "")
    ).clipping(clip)
  }

  /// Adadelta (Zeiler 2012), with the paper's rate of 1.
  public static func adadelta(
    _ rate: Schedule = .constant(1), rho: Double = 0.95, epsilon: Double = 1e-7,
    clip: [Transform] = []
  ) -> Optimizer {
    Optimizer(
      "Adadelta", rate, [.adadelta(rho: rho, epsilon: epsilon), .scale],
      settings: settings(("rho", rho, 0.95), ("epsilon", epsilon, 1e-7))
    ).clipping(clip)
  }

  /// AdaMax (Kingma and Ba 2015, algorithm 2).
  public static func adamax(
    _ rate: Schedule = .constant(0.001), beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-7, place: Transform.Epsilon = .outside, clip: [Transform] = []
  ) -> Optimizer {
    Optimizer(
      "Adamax", rate,
      [
        .adamax(beta1: beta1, beta2: beta2, epsilon: epsilon, isInside: place == .inside), .scale,
      ],
      settings: settings(
        ("beta1", beta1, 0.9), ("beta2", beta2, 0.999), ("epsilon", epsilon, 1e-7),
        flags: place == .inside ? "epsilon_place=\"inside\"" : "")
    ).clipping(clip)
  }

  /// Steps by the sign of a mean of gradients (Lion, Chen and others 2023).
  public static func lion(
    _ rate: Schedule = .constant(0.001), beta1: Double = 0.9, beta2: Double = 0.99,
    clip: [Transform] = []
  ) -> Optimizer {
    Optimizer(
      "Lion", rate, [.lion(beta1: beta1, beta2: beta2), .scale],
      settings: settings(("beta1", beta1, 0.9), ("beta2", beta2, 0.99))
    ).clipping(clip)
  }

  /// Steps by sign, for full batches; the rate is the first step's length (iRprop-, Igel and Hüsken 2000).
  public static func rprop(
    _ rate: Schedule = .constant(0.01), shrink: Double = 0.5, grow: Double = 1.2,
    least: Double = 1e-6, greatest: Double = 50, clip: [Transform] = []
  ) -> Optimizer {
    Optimizer(
      "Rprop", rate, [.rprop(shrink: shrink, grow: grow, least: least, greatest: greatest)],
      settings: settings(
        ("eta_minus", shrink, 0.5), ("eta_plus", grow, 1.2), ("step_min", least, 1e-6),
        ("step_max", greatest, 50))
    ).clipping(clip)
  }

  /// Follows the regularized leader, per coordinate (McMahan and others 2013).
  public static func ftrl(
    _ rate: Schedule = .constant(0.001), _ leader: Transform.Leader = Transform.Leader(),
    clip: [Transform] = []
  ) -> Optimizer {
    Optimizer(
      "Ftrl", rate, [.ftrl(leader)],
      settings: settings(
        ("learning_rate_power", leader.power, -0.5), ("initial", leader.initial, 0.1),
        ("l1", leader.l1, 0), ("l2", leader.l2, 0), ("l2_shrinkage", leader.shrinkage, 0),
        ("beta", leader.beta, 0))
    ).clipping(clip)
  }

  /// Proximal gradient descent: l1 gives exact zeros.
  public static func proximalGradientDescent(
    _ rate: Schedule = .constant(0.01), l1: Double = 0, l2: Double = 0, clip: [Transform] = []
  ) -> Optimizer {
    Optimizer(
      "ProximalGradientDescent", rate, [.proximal(l1: l1, l2: l2)],
      settings: settings(("l1", l1, 0), ("l2", l2, 0))
    ).clipping(clip)
  }

  /// Proximal Adagrad (Duchi and Singer 2009, with Adagrad's rates).
  public static func proximalAdagrad(
    _ rate: Schedule = .constant(0.01), initial: Double = 0.1, l1: Double = 0, l2: Double = 0,
    clip: [Transform] = []
  ) -> Optimizer {
    Optimizer(
      "ProximalAdagrad", rate, [.proximalAdagrad(initial: initial, l1: l1, l2: l2)],
      settings: settings(("initial", initial, 0.1), ("l1", l1, 0), ("l2", l2, 0))
    ).clipping(clip)
  }

  /// Adagrad with dual averaging (Duchi, Hazan and Singer 2011); for linear models.
  public static func adagradDA(
    _ rate: Schedule = .constant(0.01), initial: Double = 0.1, l1: Double = 0, l2: Double = 0,
    clip: [Transform] = []
  ) -> Optimizer {
    Optimizer(
      "AdagradDA", rate, [.dualAveraging(initial: initial, l1: l1, l2: l2)],
      settings: settings(("initial", initial, 0.1), ("l1", l1, 0), ("l2", l2, 0))
    ).clipping(clip)
  }

  /// All with their usual settings.
  public static let all: [Optimizer] = [
    sgd(), adam(), adam(.constant(0.001), decay: 0.004), rmsprop(), nadam(), adagrad(), adadelta(),
    adamax(), lion(), rprop(), ftrl(), proximalGradientDescent(), proximalAdagrad(), adagradDA(),
  ]

  public static func named(_ name: String) -> Optimizer? {
    let wanted = name.lowercased().filter { $0 != "_" && $0 != "-" }
    if wanted == "momentum" { return sgd(momentum: 0.9) }
    return all.first { $0.name.lowercased() == wanted }
  }
}
