internal import Tensors

extension OptimizerState {
  /// The whole update in one pass over memory, for the chains that have a kernel.
  ///
  /// - Parameter decay: decoupled; false is returned where the kernel does not do it along.
  func fused(
    _ chain: [Transform], _ span: Span, rate: Double, decay: Double, product: Double
  ) -> Bool {
    let (w, g, memory) = (span.weights, span.gradient, span.memory)
    guard let first = chain.first else { return false }
    let second = chain.dropFirst().first
    switch (first, second, chain.count) {
    case (.scale, nil, 1):
      Fused.sgd(w, g, rate: rate, decay: decay)
      return true
    case (.adam(let beta1, let beta2, let epsilon, let isHat, let amsgrad), .scale?, 2):
      let correction = (1 - Fused.power(beta2, steps)).squareRoot()
      Fused.adam(
        w, first: memory[0], second: memory[1], largest: amsgrad ? memory[2] : nil, g, step: steps,
        rate: rate, beta1: beta1, beta2: beta2, epsilon: isHat ? epsilon / correction : epsilon,
        decay: decay)
      return true
    default: break
    }
    guard decay == 0 else { return false }
    switch (first, second, chain.count) {
    case (.scale, .trace(let momentum, let nesterov, dampening: 0)?, 2):
      Fused.momentum(
        w, velocity: memory[0], g, rate: rate, momentum: momentum, nesterov: nesterov)
    case (.trace(let momentum, let nesterov, let dampening), .scale?, 2):
      Fused.velocity(
        w, velocity: memory[0], g, rate: rate, momentum: momentum,
        share: steps == 1 ? 1 : 1 - dampening, nesterov: nesterov)
    case (.nadam(let beta1, let beta2, let epsilon, let decay), .scale?, 2):
      let now = Transform.nadamMomentum(beta1, decay, steps)
      let next = Transform.nadamMomentum(beta1, decay, steps + 1)
      Fused.nadam(
        w, first: memory[0], second: memory[1], g, step: steps, beta1: beta1, beta2: beta2,
        epsilon: epsilon, ahead: rate * next / (1 - product * next),
        now: rate * (1 - now) / (1 - product))
    case (.rms(let rho, let epsilon, let place, let centered, _), .scale?, 2):
      Fused.rms(
        w, square: memory[0], mean: centered ? memory[1] : nil, velocity: nil, g, rate: rate,
        rho: rho, inside: place == .inside ? epsilon : 0, outside: place == .outside ? epsilon : 0,
        momentum: 0, isLate: false)
    case (.rms(let rho, let epsilon, let place, let centered, _), _, 3):
      // Momentum after the rate (Keras, TensorFlow 1), or before it (PyTorch).
      guard let (momentum, isLate) = trace(chain) else { return false }
      Fused.rms(
        w, square: memory[0], mean: centered ? memory[1] : nil,
        velocity: memory[centered ? 2 : 1], g, rate: rate, rho: rho,
        inside: place == .inside ? epsilon : 0, outside: place == .outside ? epsilon : 0,
        momentum: momentum, isLate: isLate)
    case (.adagrad(_, let epsilon, let place), .scale?, 2):
      Fused.adagrad(
        w, sum: memory[0], g, rate: rate, inside: place == .inside ? epsilon : 0,
        outside: place == .outside ? epsilon : 0)
    case (.adadelta(let rho, let epsilon), .scale?, 2):
      Fused.adadelta(
        w, square: memory[0], moves: memory[1], g, rate: rate, rho: rho, epsilon: epsilon)
    case (.adamax(let beta1, let beta2, let epsilon, let isInside), .scale?, 2):
      Fused.adamax(
        w, first: memory[0], largest: memory[1], g, step: steps, rate: rate, beta1: beta1,
        beta2: beta2, inside: isInside ? epsilon : 0, outside: isInside ? 0 : epsilon)
    case (.lion(let beta1, let beta2), .scale?, 2):
      Fused.lion(w, first: memory[0], g, rate: rate, beta1: beta1, beta2: beta2)
    default: return false
    }
    return true
  }

  /// Plain momentum around the rate: how much, and whether the rate comes after it.
  private func trace(_ chain: [Transform]) -> (momentum: Double, isLate: Bool)? {
    switch (chain[1], chain[2]) {
    case (.scale, .trace(let momentum, nesterov: false, dampening: 0)): (momentum, false)
    case (.trace(let momentum, nesterov: false, dampening: 0), .scale): (momentum, true)
    default: nil
    }
  }
}
