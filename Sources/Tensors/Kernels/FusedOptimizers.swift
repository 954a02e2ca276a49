internal import CKernels

/// Updates of optimizers, each one pass over weights that lie together.
extension Fused {
  /// The element type of a step, after a look at all it writes and reads; what is written has a new
  /// version then.
  private static func writing(_ p: Tensor, _ others: Tensor?..., reading: Tensor...) -> Int32 {
    let kind = kind(p)
    for other in reading { _ = Fused.kind(p, other) }
    p.storage.version += 1
    for case let other? in others {
      _ = Fused.kind(p, other)
      other.storage.version += 1
    }
    return kind
  }

  /// `p -= rate (g + decay p)`.
  public static func sgd(_ p: Tensor, _ g: Tensor, rate: Double, decay: Double = 0) {
    let kind = writing(p, reading: g)
    unsafe gk_sgd(kind, p.count, p.pointer, g.pointer, rate, decay)
  }

  /// `v = momentum v - rate g; p += v`, or with `nesterov` `p += momentum v - rate g`.
  public static func momentum(
    _ p: Tensor, velocity: Tensor, _ g: Tensor, rate: Double, momentum: Double,
    nesterov: Bool = false, decay: Double = 0
  ) {
    let kind = writing(p, velocity, reading: g)
    unsafe gk_momentum(
      kind, p.count, p.pointer, velocity.pointer, g.pointer, rate, momentum, nesterov ? 1 : 0,
      decay)
  }

  /// One step of Adam (Kingma and Ba 2015, algorithm 1); `decay` is decoupled, as in AdamW;
  /// with `largest` AMSGrad (Reddi, Kale and Kumar 2018).
  ///
  /// - Parameter step: counted from 1.
  public static func adam(
    _ p: Tensor, first: Tensor, second: Tensor, largest: Tensor? = nil, _ g: Tensor, step: Int,
    rate: Double,
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7, decay: Double = 0
  ) {
    let kind = writing(p, first, second, largest, reading: g)
    // Powers by repeated multiplication: libm's would differ between processors.
    unsafe gk_adam(
      kind, p.count, p.pointer, first.pointer, second.pointer, largest?.pointer, g.pointer, rate,
      beta1, beta2, epsilon, 1 - power(beta1, step), 1 - power(beta2, step), decay)
  }

  /// `v = momentum v + share g; p -= rate v`, or with `nesterov` `p -= rate (g + momentum v)`:
  /// momentum as PyTorch and TensorFlow 1 have it.
  public static func velocity(
    _ p: Tensor, velocity: Tensor, _ g: Tensor, rate: Double, momentum: Double, share: Double = 1,
    nesterov: Bool = false
  ) {
    let kind = writing(p, velocity, reading: g)
    unsafe gk_velocity(
      kind, p.count, p.pointer, velocity.pointer, g.pointer, rate, momentum, share,
      nesterov ? 1 : 0)
  }

  /// Nadam: `p -= (ahead m + now g) / (sqrt(v / c2) + epsilon)`, the rate in both shares.
  public static func nadam(
    _ p: Tensor, first: Tensor, second: Tensor, _ g: Tensor, step: Int, beta1: Double,
    beta2: Double, epsilon: Double, ahead: Double, now: Double
  ) {
    let kind = writing(p, first, second, reading: g)
    unsafe gk_nadam(
      kind, p.count, p.pointer, first.pointer, second.pointer, g.pointer, beta1, beta2, epsilon,
      ahead, now, 1 - power(beta2, step))
  }

  /// RMSProp: `u = g / (sqrt(v + inside) + outside)`.
  ///
  /// - Parameters:
  ///   - mean: the running mean, when the square is centred.
  ///   - velocity: gathers momentum, when there is any.
  ///   - isLate: the rate is applied after the momentum, as in PyTorch.
  public static func rms(
    _ p: Tensor, square: Tensor, mean: Tensor?, velocity: Tensor?, _ g: Tensor, rate: Double,
    rho: Double, inside: Double, outside: Double, momentum: Double, isLate: Bool
  ) {
    let kind = writing(p, square, mean, velocity, reading: g)
    unsafe gk_rms(
      kind, p.count, p.pointer, square.pointer, mean?.pointer, velocity?.pointer, g.pointer, rate,
      rho, inside, outside, momentum, isLate ? 1 : 0)
  }

  /// Adagrad: `a += g²; p -= rate g / (sqrt(a + inside) + outside)`.
  public static func adagrad(
    _ p: Tensor, sum: Tensor, _ g: Tensor, rate: Double, inside: Double, outside: Double
  ) {
    let kind = writing(p, sum, reading: g)
    unsafe gk_adagrad(kind, p.count, p.pointer, sum.pointer, g.pointer, rate, inside, outside)
  }

  /// Adadelta (Zeiler 2012, algorithm 1).
  public static func adadelta(
    _ p: Tensor, square: Tensor, moves: Tensor, _ g: Tensor, rate: Double, rho: Double,
    epsilon: Double
  ) {
    let kind = writing(p, square, moves, reading: g)
    unsafe gk_adadelta(
      kind, p.count, p.pointer, square.pointer, moves.pointer, g.pointer, rate, rho, epsilon)
  }

  /// AdaMax (Kingma and Ba 2015, algorithm 2), with ε inside the greatest or beside it.
  public static func adamax(
    _ p: Tensor, first: Tensor, largest: Tensor, _ g: Tensor, step: Int, rate: Double,
    beta1: Double, beta2: Double, inside: Double, outside: Double
  ) {
    let kind = writing(p, first, largest, reading: g)
    unsafe gk_adamax(
      kind, p.count, p.pointer, first.pointer, largest.pointer, g.pointer, rate, beta1, beta2,
      inside, outside, 1 - power(beta1, step))
  }

  /// Lion: `p -= rate sign(beta1 m + (1 - beta1) g)`, then `m` follows with beta2.
  public static func lion(
    _ p: Tensor, first: Tensor, _ g: Tensor, rate: Double, beta1: Double, beta2: Double
  ) {
    let kind = writing(p, first, reading: g)
    unsafe gk_lion(kind, p.count, p.pointer, first.pointer, g.pointer, rate, beta1, beta2)
  }

  /// `p *= factor`.
  public static func scale(_ p: Tensor, by factor: Double) {
    let kind = writing(p)
    unsafe gk_scale(kind, p.count, p.pointer, factor)
  }

  /// `p += factor x`.
  public static func mix(_ p: Tensor, _ x: Tensor, by factor: Double) {
    let kind = writing(p, reading: x)
    unsafe gk_mix(kind, p.count, p.pointer, x.pointer, factor)
  }

  /// Cuts every element to -bound...bound; a NaN stays.
  public static func limit(_ p: Tensor, to bound: Double) {
    let kind = writing(p)
    unsafe gk_limit(kind, p.count, p.pointer, bound)
  }

  /// The sum of squares, in an order that the length alone fixes.
  public static func squares(_ x: Tensor) -> Double {
    let kind = kind(x)
    return unsafe gk_squares(kind, x.count, x.pointer)
  }
}
