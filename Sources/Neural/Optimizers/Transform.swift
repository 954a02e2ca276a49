internal import Tensors

/// One link of an optimizer: turns a gradient, or what came of it, into the next thing.
///
/// The last link of a chain leaves what is added to the weights.
public enum Transform: Sendable, Equatable {
  /// Where the small number stands that keeps a division finite.
  public enum Epsilon: Sendable {
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
  /// u - rate decay w: weight decay outside the gradient, as in AdamW.
  case decoupledDecay(Double)

  /// How many tensors it remembers per weight, and what they start with.
  var slots: [Double] {
    switch self {
    case .clipValue, .clipNorm, .clipGlobalNorm, .decay, .scale, .decoupledDecay: []
    case .trace, .lion: [0]
    case .adam(_, _, _, _, let amsgrad): amsgrad ? [0, 0, 0] : [0, 0]
    case .adamax, .nadam, .adadelta: [0, 0]
    case .rms(_, _, _, let centered, let initial): centered ? [initial, 0] : [initial]
    case .adagrad(let initial, _, _): [initial]
    }
  }

  /// Whether it must see each weight by itself.
  var isPerWeight: Bool {
    switch self {
    case .clipNorm, .clipGlobalNorm: true
    default: false
    }
  }

  /// Applies it to one block of weights.
  ///
  /// - Parameters:
  ///   - u: what the links before left.
  ///   - w: the weights.
  ///   - memory: this link's tensors, changed in place.
  ///   - step: from 1.
  ///   - norm: the length of all gradients together, for `clipGlobalNorm`.
  func apply(
    _ u: Tensor, _ w: Tensor, _ memory: [Tensor], step: Int, rate: Double, norm: Double
  ) throws -> Tensor {
    /// m = beta m + (1 - beta) x, in place.
    func mix(_ m: Tensor, _ beta: Double, _ x: Tensor) throws {
      Fused.copy(try m * beta + x * (1 - beta), into: m)
    }
    switch self {
    case .clipValue(let limit): return try u.clip(.float(-limit), .float(limit))
    case .clipNorm(let limit):
      let length = try u.square().sum().sqrt().item()
      return length > limit ? try u * (limit / length) : u
    case .clipGlobalNorm(let limit, let softening):
      return norm + softening > limit ? try u * (limit / (norm + softening)) : u
    case .decay(let decay): return try u + w * decay
    case .scale: return try u * -rate
    case .decoupledDecay(let decay): return try u - w * (rate * decay)
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
      func momentum(_ t: Int) -> Double {
        beta1 * (1 - 0.5 * Elementary.exp(Elementary.log(0.96) * Double(t) * decay))
      }
      var product = 1.0
      for t in 1...step { product *= momentum(t) }
      let (now, next) = (momentum(step), momentum(step + 1))
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
    }
  }

  private static func root(_ v: Tensor, _ epsilon: Double, _ place: Epsilon) throws -> Tensor {
    switch place {
    case .outside: try v.sqrt() + epsilon
    case .inside: try (v + epsilon).sqrt()
    }
  }
}
