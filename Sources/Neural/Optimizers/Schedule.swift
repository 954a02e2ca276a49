public import Catalog
internal import Tensors

/// How the learning rate follows the steps; steps count from 0.
public enum Schedule: Sendable {
  case constant(Double)
  /// rate * decay^(step / steps); in stairs: the exponent is rounded down.
  case exponential(rate: Double, decay: Double, steps: Double, stairs: Bool)
  /// rate / (1 + decay * step / steps).
  case inverseTime(rate: Double, decay: Double, steps: Double, stairs: Bool)
  /// rate / (1 + step / steps)^power.
  case power(rate: Double, steps: Double, power: Double)
  /// The value after the last boundary below the step; a boundary itself still has the old value.
  case piecewise(boundaries: [Double], values: [Double])
  /// (rate - end) (1 - step / steps)^power + end.
  case polynomial(rate: Double, end: Double, steps: Double, power: Double, cycle: Bool)
  /// Half a cosine down to alpha * rate, after a linear rise from rate to `peak` over `warmup`.
  case cosine(rate: Double, steps: Double, alpha: Double, warmup: Double, peak: Double)

  /// The rate before update number `step` + 1.
  public func value(_ step: Int) -> Double {
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
    case .polynomial(let rate, let end, let steps, let power, let cycle):
      var length = steps
      var place = min(t, steps)
      if cycle {
        length = steps * max(1, (t / steps).rounded(.up))
        place = t
      }
      return (rate - end) * Self.power(1 - place / length, power) + end
    case .cosine(let rate, let steps, let alpha, let warmup, let peak):
      if warmup > 0, t < warmup { return rate + (peak - rate) * t / warmup }
      let top = warmup > 0 ? peak : rate
      let share = min(t - max(warmup, 0), steps) / steps
      let wave = 0.5 * (1 + Elementary.cos(3.141_592_653_589_793 * share))
      return top * ((1 - alpha) * wave + alpha)
    }
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double {
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

  public var text: String {
    switch self {
    case .constant(let rate): "\(rate)"
    case .exponential(let rate, let decay, let steps, _):
      "exponential_decay(\(rate), \(steps), \(decay))"
    case .inverseTime(let rate, let decay, let steps, _):
      "inverse_time_decay(\(rate), \(steps), \(decay))"
    case .power(let rate, let steps, let power): "power_decay(\(rate), \(steps), \(power))"
    case .piecewise(let boundaries, let values): "piecewise(\(boundaries), \(values))"
    case .polynomial(let rate, let end, let steps, let power, _):
      "polynomial_decay(\(rate), \(steps), \(end), \(power))"
    case .cosine(let rate, let steps, let alpha, _, _):
      "cosine_decay(\(rate), \(steps), \(alpha))"
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
      throw Failure(.value, "a learning rate is a finite number from 0, got \(rate)")
    }
    return .constant(rate)
  }

  public var shown: String { text }
}

/// A schedule as a script holds it.
public final class ScheduleObject: Object, Sendable {
  public static let type = ObjectType("Schedule", "A learning rate that follows the steps.")
  public let schedule: Schedule

  public init(_ schedule: Schedule) {
    self.schedule = schedule
  }

  public var type: ObjectType { Self.type }
  public var text: String { schedule.text }

  /// The rate at a step.
  public func call(_ arguments: Arguments) throws -> Value {
    guard arguments.named.isEmpty, arguments.positional.count == 1,
      let step = Int.read(arguments.positional[0]), step >= 0
    else { throw Failure(.type, "a schedule is called with a step, an int from 0", code: "L105") }
    return .float(schedule.value(step))
  }

  /// Its first steps as a curve.
  public func facts() -> Facts? {
    var length = 1000
    switch schedule {
    case .constant, .power: break
    case .exponential(_, _, let steps, _), .inverseTime(_, _, let steps, _),
      .polynomial(_, _, let steps, _, _), .cosine(_, let steps, _, _, _):
      length = Int(exactly: min(max(steps, 1), 1e6).rounded()) ?? length
    case .piecewise(let boundaries, _):
      length = Int(exactly: min(max((boundaries.last ?? 1) * 1.3, 2), 1e6).rounded()) ?? length
    }
    let steps = (0...200).map { $0 * length / 200 }
    return .graph(
      Graph(
        title: text,
        panels: [
          Panel(
            x: Axis("step", scale: .whole), y: Axis("learning rate", includesZero: true),
            series: [Series(x: steps.map(Double.init), y: steps.map(schedule.value))])
        ]))
  }

  static let entries: [Entry] = [
    Entry(
      "exponential_decay", "A learning rate that shrinks by the same factor every `steps` steps.",
      Parameter("rate", Double.self, "at the start", also: ["initial_learning_rate"]),
      Parameter("steps", Double.self, "steps per factor", also: ["decay_steps"], where: .above(0)),
      Parameter("decay", Double.self, "the factor", also: ["decay_rate"], where: .above(0)) { 0.5 },
      Parameter("staircase", Bool.self, "in stairs") { false },
      returns: "Schedule", example: "SGD(exponential_decay(0.1, steps=100))", makes: type
    ) { rate, steps, decay, stairs in
      .object(
        ScheduleObject(.exponential(rate: rate, decay: decay, steps: steps, stairs: stairs)))
    },
    Entry(
      "inverse_time_decay", "A learning rate that falls as 1 / (1 + decay * step / steps).",
      Parameter("rate", Double.self, "at the start", also: ["initial_learning_rate"]),
      Parameter("steps", Double.self, "unit of the steps", also: ["decay_steps"], where: .above(0)),
      Parameter("decay", Double.self, "how fast", also: ["decay_rate"]) { 1 },
      Parameter("staircase", Bool.self, "in stairs") { false },
      returns: "Schedule", example: "SGD(inverse_time_decay(0.1, steps=100))", makes: type
    ) { rate, steps, decay, stairs in
      .object(
        ScheduleObject(.inverseTime(rate: rate, decay: decay, steps: steps, stairs: stairs)))
    },
    Entry(
      "power_decay", "A learning rate that falls as 1 / (1 + step / steps)^power.",
      Parameter("rate", Double.self, "at the start"),
      Parameter("steps", Double.self, "unit of the steps", where: .above(0)),
      Parameter("power", Double.self, "the exponent") { 1 },
      returns: "Schedule", example: "SGD(power_decay(0.1, steps=100))", makes: type
    ) { rate, steps, power in
      .object(ScheduleObject(.power(rate: rate, steps: steps, power: power)))
    },
    Entry(
      "piecewise", "A learning rate that changes at given steps.",
      Parameter("boundaries", [Double].self, "steps after which the next value holds"),
      Parameter("values", [Double].self, "one more than boundaries"),
      returns: "Schedule", example: "SGD(piecewise([100, 200], [0.1, 0.05, 0.01]))", makes: type
    ) { boundaries, values in
      guard values.count == boundaries.count + 1 else {
        throw Failure(
          .value,
          "piecewise needs one value more than boundaries, got \(values.count) values "
            + "and \(boundaries.count) boundaries")
      }
      guard zip(boundaries, boundaries.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw Failure(.value, "the boundaries must rise")
      }
      return .object(ScheduleObject(.piecewise(boundaries: boundaries, values: values)))
    },
    Entry(
      "polynomial_decay", "A learning rate that falls to an end value as a power of what is left.",
      Parameter("rate", Double.self, "at the start", also: ["initial_learning_rate"]),
      Parameter("steps", Double.self, "until the end", also: ["decay_steps"], where: .above(0)),
      Parameter("end", Double.self, "at the end", also: ["end_learning_rate"]) { 0.0001 },
      Parameter("power", Double.self, "the exponent") { 1 },
      Parameter("cycle", Bool.self, "starts again at the end") { false },
      returns: "Schedule", example: "SGD(polynomial_decay(0.1, steps=100))", makes: type
    ) { rate, steps, end, power, cycle in
      .object(
        ScheduleObject(
          .polynomial(rate: rate, end: end, steps: steps, power: power, cycle: cycle)))
    },
    Entry(
      "cosine_decay", "A learning rate that falls as half a cosine, perhaps after a warm-up.",
      Parameter("rate", Double.self, "at the start", also: ["initial_learning_rate"]),
      Parameter("steps", Double.self, "until the end", also: ["decay_steps"], where: .above(0)),
      Parameter("alpha", Double.self, "share of the rate that is left") { 0 },
      Parameter("warmup", Double.self, "steps of a linear rise", also: ["warmup_steps"]) { 0 },
      Parameter("peak", Double?.self, "rate after the rise", also: ["warmup_target"]) { nil },
      returns: "Schedule", example: "SGD(cosine_decay(0.1, steps=1000))", makes: type
    ) { rate, steps, alpha, warmup, peak in
      .object(
        ScheduleObject(
          .cosine(rate: rate, steps: steps, alpha: alpha, warmup: warmup, peak: peak ?? rate)))
    },
  ]
}
