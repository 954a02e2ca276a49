public import Catalog
internal import Tensors

/// How the learning rate follows the steps; steps count from 0.
public indirect enum Schedule: Sendable, Equatable {
  case constant(Double)
  /// rate * decay^(step / steps); in stairs: the exponent is rounded down.
  case exponential(rate: Double, decay: Double, steps: Double, stairs: Bool)
  /// rate / (1 + decay * step / steps).
  case inverseTime(rate: Double, decay: Double, steps: Double, stairs: Bool)
  /// rate / (1 + step / steps)^power.
  case power(rate: Double, steps: Double, power: Double)
  /// The value after the last boundary below the step; a boundary itself still has the old value.
  case piecewise(boundaries: [Double], values: [Double])
  /// rate * gamma for each milestone up to the step; a milestone itself has the new value already.
  case multistep(rate: Double, milestones: [Double], gamma: Double)
  /// (rate - end) (1 - step / steps)^power + end.
  case polynomial(rate: Double, end: Double, steps: Double, power: Double, cycle: Bool)
  /// rate times a factor that goes in a line from `from` to `to`; then as `then` says, counted
  /// from there, or constant.
  case linear(rate: Double, from: Double, to: Double, steps: Double, then: Schedule?)
  /// Half a cosine down to alpha * rate, after a linear rise from rate to `peak` over `warmup`.
  case cosine(rate: Double, steps: Double, alpha: Double, warmup: Double, peak: Double)
  /// Half a cosine from rate to `least` and back, again and again.
  case cosineWave(rate: Double, least: Double, steps: Double)
  /// Half cosines down to `least`; each is `growth` times as long, and starts at `shrink` times
  /// the rate, of the one before. `least` is not shrunk.
  case restarts(rate: Double, least: Double, steps: Double, growth: Double, shrink: Double)
  case oneCycle(OneCycle)
  case cyclic(Cyclic)
  /// A rate, and perhaps a momentum, for each step; the last one stays.
  case given(rates: [Double], momenta: [Double])
  /// A schedule that counts epochs in place of steps.
  case perEpoch(Schedule)

  /// The rate before update number `step` + 1.
  ///
  /// - Parameter epoch: epochs finished by then.
  public func value(_ step: Int, epoch: Int = 0) -> Double {
    let t = Double(step)
    switch self {
    case .constant(let rate): return rate
    case .exponential(let rate, let decay, let steps, let stairs):
      let exponent = t / steps
      return rate * Self.power(decay, stairs ? exponent.rounded(.down) : exponent)
    case .inverseTime(let rate, let decay, let steps, let stairs):
      let share = t / steps
      return rate / (1 + decay * (stairs ? share.rounded(.down) : share))
    case .power(let rate, let steps, let power):
      return rate / Self.power(1 + t / steps, power)
    case .piecewise(let boundaries, let values):
      return values[min(boundaries.count { $0 < t }, values.count - 1)]
    case .multistep(let rate, let milestones, let gamma):
      return rate * Fused.power(gamma, milestones.count { $0 <= t })
    case .polynomial(let rate, let end, let steps, let power, let cycle):
      var length = steps
      var place = min(t, steps)
      if cycle {
        length = steps * max(1, (t / steps).rounded(.up))
        place = t
      }
      return (rate - end) * Self.power(1 - place / length, power) + end
    case .linear(let rate, let from, let to, let steps, let then):
      if let then, t >= steps {
        let passed = Int(exactly: steps.rounded(.up)) ?? step
        return then.value(max(step - passed, 0), epoch: epoch)
      }
      return rate * (from + (to - from) * min(t / steps, 1))
    case .cosine(let rate, let steps, let alpha, let warmup, let peak):
      if warmup > 0, t < warmup { return rate + (peak - rate) * t / warmup }
      let top = warmup > 0 ? peak : rate
      let share = min(t - max(warmup, 0), steps) / steps
      return top * ((1 - alpha) * Self.wave(share) + alpha)
    case .cosineWave(let rate, let least, let steps):
      return least + (rate - least) * Self.wave(t / steps)
    case .restarts(let rate, let least, let steps, let growth, let shrink):
      let (number, share) = Self.cycle(t, steps, growth)
      return least + (rate - least) * Fused.power(shrink, number) * Self.wave(share)
    case .oneCycle(let cycle): return cycle.rate(t)
    case .cyclic(let cycle): return cycle.rate(t)
    case .given(let rates, _): return rates.isEmpty ? 0 : rates[min(step, rates.count - 1)]
    case .perEpoch(let inner): return inner.value(epoch)
    }
  }

  /// The momentum that goes with the rate; nil: the optimizer's own.
  public func momentum(_ step: Int, epoch: Int = 0) -> Double? {
    switch self {
    case .oneCycle(let cycle): return cycle.momentum(Double(step))
    case .cyclic(let cycle): return cycle.momentum(Double(step))
    case .given(_, let momenta):
      return momenta.isEmpty ? nil : momenta[min(step, momenta.count - 1)]
    case .linear(_, _, _, let steps, let then?) where Double(step) >= steps:
      return then.momentum(step - (Int(exactly: steps.rounded(.up)) ?? step), epoch: epoch)
    case .perEpoch(let inner): return inner.momentum(epoch)
    default: return nil
    }
  }

  /// Half a cosine from 1 at 0 to 0 at 1.
  static func wave(_ share: Double) -> Double {
    0.5 * (1 + Elementary.cos(3.141_592_653_589_793 * share))
  }

  /// Which cycle a step is in, from 0, and which share of it is over.
  private static func cycle(_ t: Double, _ steps: Double, _ growth: Double) -> (Int, Double) {
    if growth == 1 {
      let number = (t / steps).rounded(.down)
      return (Int(exactly: number) ?? 0, t / steps - number)
    }
    var (start, length, number) = (0.0, steps, 0)
    // Cycles that shrink come to an end before all steps; the last one stays.
    while t >= start + length, number < 10_000 {
      start += length
      length *= growth
      number += 1
    }
    return (number, min((t - start) / length, 1))
  }

  static func power(_ base: Double, _ exponent: Double) -> Double {
    if base <= 0 { return base == 0 && exponent == 0 ? 1 : 0 }
    if exponent == 0 { return 1 }
    if exponent == 1 { return base }
    return Elementary.exp(exponent * Elementary.log(base))
  }

  /// The first rate.
  public var start: Double { value(0) }

  public var isConstant: Bool {
    if case .constant = self { true } else { false }
  }

  /// As a script would write it.
  public var text: String {
    switch self {
    case .constant(let rate): "\(rate)"
    case .exponential(let rate, let decay, let steps, let stairs):
      "exponential_decay(\(rate), \(steps), \(decay)\(stairs ? ", staircase=True" : ""))"
    case .inverseTime(let rate, let decay, let steps, let stairs):
      "inverse_time_decay(\(rate), \(steps), \(decay)\(stairs ? ", staircase=True" : ""))"
    case .power(let rate, let steps, let power): "power_decay(\(rate), \(steps), \(power))"
    case .piecewise(let boundaries, let values): "piecewise(\(boundaries), \(values))"
    case .multistep(let rate, let milestones, let gamma):
      "multistep(\(rate), \(milestones), \(gamma))"
    case .polynomial(let rate, let end, let steps, let power, let cycle):
      "polynomial_decay(\(rate), \(steps), \(end), \(power)\(cycle ? ", cycle=True" : ""))"
    case .linear(let rate, let from, let to, let steps, let then):
      "linear_warmup(\(rate), \(steps), \(from), \(to)"
        + (then.map { ", then=\($0.text)" } ?? "") + ")"
    case .cosine(let rate, let steps, let alpha, let warmup, let peak):
      "cosine_decay(\(rate), \(steps), \(alpha)"
        + (warmup > 0 ? ", warmup=\(warmup), peak=\(peak))" : ")")
    case .cosineWave(let rate, let least, let steps):
      "cosine_annealing(\(rate), \(steps), \(least))"
    case .restarts(let rate, let least, let steps, let growth, let shrink):
      "cosine_restarts(\(rate), \(steps), growth=\(growth), shrink=\(shrink), least=\(least))"
    case .oneCycle(let cycle): cycle.text
    case .cyclic(let cycle): cycle.text
    case .given(let rates, _): "given_rates(\(rates.count) steps)"
    case .perEpoch(let inner): "per_epoch(\(inner.text))"
    }
  }

  /// About how many steps (or epochs) show its shape.
  var length: Double {
    switch self {
    case .constant, .power: 1000
    case .exponential(_, _, let steps, _), .inverseTime(_, _, let steps, _): steps * 4
    case .polynomial(_, _, let steps, _, let cycle): cycle ? steps * 3 : steps * 1.2
    case .cosine(_, let steps, _, let warmup, _): (steps + max(warmup, 0)) * 1.1
    case .piecewise(let boundaries, _): (boundaries.last ?? 1) * 1.3
    case .multistep(_, let milestones, _): (milestones.last ?? 1) * 1.3
    case .linear(_, _, _, let steps, let then): steps * 1.3 + (then?.length ?? 0)
    case .cosineWave(_, _, let steps): steps * 2
    case .restarts(_, _, let steps, let growth, _):
      steps * (1 + growth + growth * growth)
    case .oneCycle(let cycle): cycle.steps
    case .cyclic(let cycle): (cycle.up + cycle.down) * 3
    case .given(let rates, _): Double(max(rates.count - 1, 1))
    case .perEpoch(let inner): inner.length
    }
  }
}

extension Schedule: Argument {
  public static var kind: String { "float or schedule" }

  public static func read(_ value: Value) throws -> Schedule? {
    if case .object(let object) = value, let object = object as? ScheduleObject {
      return object.schedule
    }
    guard let rate = Double.read(value) else { return nil }
    guard rate >= 0, rate.isFinite else {
      throw Failure(
        .value, "a learning rate is a finite number from 0, got \(rate)", code: "L308",
        help: rate < 0
          ? "steps go down the gradient already: lr=\(-rate)" : "0.01 is a usual first try")
    }
    return .constant(rate)
  }

  public var shown: String { text }
}
