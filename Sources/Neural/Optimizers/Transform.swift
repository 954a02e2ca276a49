public import Catalog
internal import Tensors

/// One link of an optimizer: turns a gradient, or what came of it, into the next thing.
///
/// The last link of a chain leaves what is added to the weights.
public enum Transform: Sendable, Equatable {
  /// Where the small number stands that keeps a division finite.
  public enum Epsilon: String, Choice {
    /// Beside the root: g / (√v + ε), as PyTorch has it.
    case outside
    /// Under the root: g / √(v + ε), as Keras has it in RMSProp and Adagrad.
    case inside
  }

  /// Each element cut to -limit...limit.
  case clipValue(Double)
  /// Each weight's gradient shortened to a length.
  case clipNorm(Double)
  /// All gradients shortened together to a length; PyTorch adds `softening` to the length found.
  case clipGlobalNorm(Double, softening: Double = 0)
  /// g + decay w: L2 inside the gradient.
  case decay(Double)
  /// -rate u.
  case scale
  /// v = momentum v + (1 - dampening) u; u = v, or with Nesterov u + momentum v.
  case trace(momentum: Double, nesterov: Bool, dampening: Double)
  /// m̂ / (√v̂ + ε); with `isHat` ε is divided by √(1 - β₂ᵗ), as in Keras.
  case adam(beta1: Double, beta2: Double, epsilon: Double, isHat: Bool, amsgrad: Bool)
  case adamax(beta1: Double, beta2: Double, epsilon: Double, isInside: Bool)
  case nadam(beta1: Double, beta2: Double, epsilon: Double, decay: Double)
  /// u / √v with v = rho v + (1 - rho) u².
  case rms(rho: Double, epsilon: Double, Epsilon, centered: Bool, initial: Double)
  /// u / √a with a = a + u².
  case adagrad(initial: Double, epsilon: Double, Epsilon)
  case adadelta(rho: Double, epsilon: Double)
  /// sign(β₁ m + (1 - β₁) g); m = β₂ m + (1 - β₂) g.
  case lion(beta1: Double, beta2: Double)
  /// Steps that grow while the sign of the gradient stays and shrink when it turns; the first is
  /// as long as the learning rate.
  case rprop(shrink: Double, grow: Double, least: Double, greatest: Double)
  /// Follows the regularized leader: the weights anew from what is remembered.
  case ftrl(Leader)
  /// soft(w - rate u, rate l1) / (1 + rate l2).
  case proximal(l1: Double, l2: Double)
  /// The same with a rate of its own for each weight, rate / √a with a = a + u².
  case proximalAdagrad(initial: Double, l1: Double, l2: Double)
  /// The weights anew from the sum of all gradients.
  case dualAveraging(initial: Double, l1: Double, l2: Double)
  /// u - rate decay w: weight decay outside the gradient, as in AdamW.
  case decoupledDecay(Double)

  /// The settings of FTRL.
  public struct Leader: Sendable, Equatable {
    /// The exponent of the sum of squares, -0.5 or another number up to 0.
    public var power: Double
    /// The sum of squares at the start.
    public var initial: Double
    public var l1: Double
    public var l2: Double
    /// 2 shrinkage w joins the gradient, but not its square.
    public var shrinkage: Double
    /// Added to l2 as beta / (2 rate).
    public var beta: Double

    public init(
      power: Double = -0.5, initial: Double = 0.1, l1: Double = 0, l2: Double = 0,
      shrinkage: Double = 0, beta: Double = 0
    ) {
      self.power = power
      self.initial = initial
      self.l1 = l1
      self.l2 = l2
      self.shrinkage = shrinkage
      self.beta = beta
    }
  }

  /// How many tensors it remembers per weight, and what they start with.
  ///
  /// - Parameter rate: the first learning rate.
  func slots(rate: Double) -> [Double] {
    switch self {
    case .clipValue, .clipNorm, .clipGlobalNorm, .decay, .scale, .decoupledDecay, .proximal: []
    case .rprop: [0, rate]
    case .ftrl(let leader): [leader.initial, 0]
    case .proximalAdagrad(let initial, _, _): [initial]
    case .dualAveraging(let initial, _, _): [initial, 0]
    case .trace, .lion: [0]
    case .adam(_, _, _, _, let amsgrad): amsgrad ? [0, 0, 0] : [0, 0]
    case .adamax, .nadam, .adadelta: [0, 0]
    case .rms(_, _, _, let centered, let initial): centered ? [initial, 0] : [initial]
    case .adagrad(let initial, _, _): [initial]
    }
  }

  /// Whether it gives the new weights, not what is added to them.
  var givesWeights: Bool {
    switch self {
    case .ftrl, .proximal, .proximalAdagrad, .dualAveraging: true
    default: false
    }
  }

  /// Whether the initial weights are lost after the first steps.
  var forgetsStart: Bool {
    switch self {
    case .ftrl, .dualAveraging: true
    default: false
    }
  }

  /// Whether it only prepares the gradient; such links come first and work in place.
  var preparesGradient: Bool {
    switch self {
    case .clipValue, .clipNorm, .clipGlobalNorm, .decay: true
    default: false
    }
  }

  /// The same with the momentum that a schedule asks for, where there is one to replace.
  func with(momentum: Double?) -> Transform {
    guard let momentum else { return self }
    switch self {
    case .trace(_, let nesterov, let dampening):
      return .trace(momentum: momentum, nesterov: nesterov, dampening: dampening)
    case .adam(_, let beta2, let epsilon, let isHat, let amsgrad):
      return .adam(
        beta1: momentum, beta2: beta2, epsilon: epsilon, isHat: isHat, amsgrad: amsgrad)
    default: return self
    }
  }

  /// Applies it to one block of weights.
  ///
  /// - Parameters:
  ///   - u: what the links before left.
  ///   - w: the weights.
  ///   - memory: this link's tensors, changed in place.
  ///   - step: from 1.
  ///   - product: of Nadam's momenta up to this step.
  func apply(
    _ u: Tensor, _ w: Tensor, _ memory: [Tensor], step: Int, rate: Double, product: Double
  ) throws -> Tensor {
    /// m = beta m + (1 - beta) x, in place.
    func mix(_ m: Tensor, _ beta: Double, _ x: Tensor) throws {
      Fused.copy(try m * beta + x * (1 - beta), into: m)
    }
    switch self {
    // What prepares the gradient is done in place before any link is applied, as is decay.
    case .clipValue, .clipNorm, .clipGlobalNorm, .decay, .decoupledDecay: return u
    case .scale: return try u * -rate
    case .trace(let momentum, let nesterov, let dampening):
      let v = memory[0]
      // PyTorch's first step takes the gradient whole.
      let share = step == 1 ? 1 : 1 - dampening
      Fused.copy(try v * momentum + (share == 1 ? u : u * share), into: v)
      return nesterov ? try u + v * momentum : try v.copy()
    case .adam(let beta1, let beta2, let epsilon, let isHat, let amsgrad):
      let (m, v) = (memory[0], memory[1])
      try mix(m, beta1, u)
      try mix(v, beta2, u.square())
      var second = v
      if amsgrad {
        Fused.copy(try Tensor.maximum(memory[2], v), into: memory[2])
        second = memory[2]
      }
      let (c1, c2) = (1 - Fused.power(beta1, step), 1 - Fused.power(beta2, step))
      let small = isHat ? epsilon / c2.squareRoot() : epsilon
      return try (m / c1) / ((second / c2).sqrt() + small)
    case .adamax(let beta1, let beta2, let epsilon, let isInside):
      let (m, largest) = (memory[0], memory[1])
      try mix(m, beta1, u)
      let size = isInside ? try u.abs() + epsilon : try u.abs()
      Fused.copy(try Tensor.maximum(largest * beta2, size), into: largest)
      let bottom = isInside ? largest : try largest + epsilon
      return try (m / (1 - Fused.power(beta1, step))) / bottom
    case .nadam(let beta1, let beta2, let epsilon, let decay):
      let (m, v) = (memory[0], memory[1])
      let now = Self.nadamMomentum(beta1, decay, step)
      let next = Self.nadamMomentum(beta1, decay, step + 1)
      try mix(m, beta1, u)
      try mix(v, beta2, u.square())
      let ahead = try m * (next / (1 - product * next)) + u * ((1 - now) / (1 - product))
      return try ahead / ((v / (1 - Fused.power(beta2, step))).sqrt() + epsilon)
    case .rms(let rho, let epsilon, let place, let centered, _):
      let v = memory[0]
      try mix(v, rho, u.square())
      var spread = v
      if centered {
        try mix(memory[1], rho, u)
        spread = try Tensor.maximum(v - memory[1].square(), 0)
      }
      return try u / Self.root(spread, epsilon, place)
    case .adagrad(_, let epsilon, let place):
      let sum = memory[0]
      Fused.copy(try sum + u.square(), into: sum)
      return try u / Self.root(sum, epsilon, place)
    case .adadelta(let rho, let epsilon):
      let (a, d) = (memory[0], memory[1])
      try mix(a, rho, u.square())
      let move = try (d + epsilon).sqrt() / (a + epsilon).sqrt() * u
      try mix(d, rho, move.square())
      return move
    case .lion(let beta1, let beta2):
      let m = memory[0]
      let direction = try (m * beta1 + u * (1 - beta1)).sign()
      try mix(m, beta2, u)
      return direction
    case .rprop(let shrink, let grow, let least, let greatest):
      let (before, size) = (memory[0], memory[1])
      let turn = try u * before
      let factor = try Tensor.select(
        turn.greater(0), Tensor(scalar: grow, dtype: u.dtype),
        Tensor.select(
          turn.less(0), Tensor(scalar: shrink, dtype: u.dtype),
          Tensor(scalar: 1.0, dtype: u.dtype)))
      Fused.copy(try (size * factor).clip(.float(least), .float(greatest)), into: size)
      // After a turn the weight rests for a step, and the next one counts as no turn.
      Fused.copy(
        try Tensor.select(turn.less(0), Tensor(scalar: 0.0, dtype: u.dtype), u), into: before)
      return try before.sign() * size * -1.0
    case .ftrl(let leader):
      let (n, z) = (memory[0], memory[1])
      let more = try n + u.square()
      let (new, old) = (try Self.raised(more, -leader.power), try Self.raised(n, -leader.power))
      let pull = leader.shrinkage == 0 ? u : try u + w * (2 * leader.shrinkage)
      Fused.copy(try z + pull - (new - old) / rate * w, into: z)
      Fused.copy(more, into: n)
      let bottom = try new / rate + (2 * leader.l2 + leader.beta / rate)
      return try Self.soft(z * -1.0, leader.l1) / bottom
    case .proximal(let l1, let l2):
      return try Self.soft(w - u * rate, rate * l1) / (1 + rate * l2)
    case .proximalAdagrad(_, let l1, let l2):
      let sum = memory[0]
      Fused.copy(try sum + u.square(), into: sum)
      let own = try Tensor.full(u.shape, rate, dtype: u.dtype) / sum.sqrt()
      let moved = try w - own * u
      let shorter = try Tensor.maximum(moved.abs() - own * l1, 0)
      return try moved.sign() * shorter / (own * l2 + 1.0)
    case .dualAveraging(_, let l1, let l2):
      let (squares, sum) = (memory[0], memory[1])
      Fused.copy(try squares + u.square(), into: squares)
      Fused.copy(try sum + u, into: sum)
      let t = Double(step)
      return try Self.soft(sum * -1.0, l1 * t) * rate / (squares.sqrt() + l2 * t * rate)
    }
  }

  /// sign(x) max(|x| - bound, 0).
  private static func soft(_ x: Tensor, _ bound: Double) throws -> Tensor {
    if bound == 0 { return x }
    return try x.sign() * Tensor.maximum(x.abs() - bound, 0)
  }

  private static func raised(_ x: Tensor, _ power: Double) throws -> Tensor {
    switch power {
    case 0.5: try x.sqrt()
    case 0: try Tensor.full(x.shape, 1, dtype: x.dtype)
    case 1: x
    default: try (x.log() * power).exp()
    }
  }

  /// Nadam's momentum at a step: β₁ (1 - 0.96^(t decay) / 2).
  static func nadamMomentum(_ beta1: Double, _ decay: Double, _ step: Int) -> Double {
    beta1 * (1 - 0.5 * Elementary.exp(Elementary.log(0.96) * Double(step) * decay))
  }

  private static func root(_ v: Tensor, _ epsilon: Double, _ place: Epsilon) throws -> Tensor {
    switch place {
    case .outside: try v.sqrt() + epsilon
    case .inside: try (v + epsilon).sqrt()
    }
  }
}
