internal import Catalog

/// Declarations of the schedules.
enum ScheduleEntries {
  static let all: [Entry] = [
    Entry(
      "exponential_decay", "A learning rate that shrinks by the same factor every `steps` steps.",
      Parameter("rate", Double.self, "at the start", also: ["initial_learning_rate"]),
      Parameter("steps", Double.self, "steps per factor", also: ["decay_steps"], where: .above(0)),
      Parameter("decay", Double.self, "the factor", also: ["decay_rate"], where: .above(0)) { 0.5 },
      Parameter("staircase", Bool.self, "in stairs") { false },
      returns: "Schedule", example: "SGD(exponential_decay(0.1, steps=100))",
      details: """
        `rate * decay ** (step / steps)`; with staircase the exponent is rounded down. Peers: \
        Keras's ExponentialDecay has no default for decay; PyTorch's ExponentialLR is \
        `per_epoch(exponential_decay(rate, steps=1, decay=gamma))`. Source: Senior et al. 2013, \
        a comparison of schedules.
        """,
      makes: ScheduleObject.type
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
      returns: "Schedule", example: "SGD(inverse_time_decay(0.1, steps=100))",
      details: """
        `rate / (1 + decay * step / steps)`; with staircase step / steps is rounded down. It \
        meets the conditions sum lr = inf, sum lr² < inf. Peers: Keras's InverseTimeDecay. \
        Source: Robbins and Monro 1951.
        """,
      makes: ScheduleObject.type
    ) { rate, steps, decay, stairs in
      .object(
        ScheduleObject(.inverseTime(rate: rate, decay: decay, steps: steps, stairs: stairs)))
    },
    Entry(
      "power_decay", "A learning rate that falls as 1 / (1 + step / steps)^power.",
      Parameter("rate", Double.self, "at the start"),
      Parameter("steps", Double.self, "unit of the steps", where: .above(0)),
      Parameter("power", Double.self, "the exponent") { 1 },
      returns: "Schedule", example: "SGD(power_decay(0.1, steps=100))",
      details: """
        `rate / (1 + step / steps) ** power`. Source: Senior et al. 2013.
        """, makes: ScheduleObject.type
    ) { rate, steps, power in
      .object(ScheduleObject(.power(rate: rate, steps: steps, power: power)))
    },
    Entry(
      "piecewise", "A learning rate that changes at given steps.",
      Parameter("boundaries", [Double].self, "steps after which the next value holds"),
      Parameter("values", [Double].self, "one more than boundaries"),
      returns: "Schedule", example: "SGD(piecewise([100, 200], [0.1, 0.05, 0.01]))",
      details: """
        `values[#(boundaries < step)]`: a boundary itself still has the old value, as in Keras's \
        PiecewiseConstantDecay; PyTorch's MultiStepLR, here `multistep`, has the new one there. \
        Source: Keras.
        """,
      makes: ScheduleObject.type
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
      returns: "Schedule", example: "SGD(polynomial_decay(0.1, steps=100))",
      details: """
        `(rate - end) * (1 - step / steps) ** power + end`, then end; with cycle, steps grows to \
        the next multiple of itself and the rate rises again. Peers: Keras's PolynomialDecay; \
        PyTorch's PolynomialLR has end 0. Source: Liu et al. 2015, ParseNet (the poly rule).
        """,
      makes: ScheduleObject.type
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
      returns: "Schedule", example: "SGD(cosine_decay(0.1, steps=1000))",
      details: """
        `rate * ((1 - alpha) * (1 + cos(pi * step / steps)) / 2 + alpha)`, then the bottom; with \
        warmup first a line from rate to peak, and peak in place of rate. Peers: Keras's \
        CosineDecay. Source: Loshchilov and Hutter 2017.
        """, makes: ScheduleObject.type
    ) { rate, steps, alpha, warmup, peak in
      .object(
        ScheduleObject(
          .cosine(rate: rate, steps: steps, alpha: alpha, warmup: warmup, peak: peak ?? rate)))
    },
    Entry(
      "multistep", "A learning rate that is multiplied by gamma at each milestone.",
      Parameter("rate", Double.self, "at the start", where: .atLeast(0)),
      Parameter("milestones", [Double].self, "steps from which the next value holds"),
      Parameter("gamma", Double.self, "the factor", where: .atLeast(0)) { 0.1 },
      returns: "Schedule", example: "SGD(multistep(0.1, [30, 80]))",
      details: """
        `rate * gamma ** #(milestones <= step)`. PyTorch's MultiStepLR: a milestone has the new \
        value already; piecewise, after Keras, still has the old one there. Source: PyTorch.
        """, makes: ScheduleObject.type
    ) { rate, milestones, gamma in
      .object(ScheduleObject(.multistep(rate: rate, milestones: milestones, gamma: gamma)))
    },
    Entry(
      "linear_warmup", "A learning rate that rises in a line, then stays or follows a schedule.",
      Parameter("rate", Double.self, "the full rate", where: .atLeast(0)),
      Parameter("steps", Double.self, "how long it rises", also: ["total_iters"], where: .above(0)),
      Parameter(
        "start", Double.self, "share of the rate at the first step", also: ["start_factor"],
        where: .atLeast(0)
      ) { 1.0 / 3 },
      Parameter("end", Double.self, "share at the end", also: ["end_factor"], where: .atLeast(0)) {
        1
      },
      Parameter("then", Schedule?.self, "what follows, counted from the end of the rise") { nil },
      returns: "Schedule", example: "SGD(linear_warmup(0.1, 100, then=cosine_decay(0.1, 900)))",
      details: """
        `rate * (start + (end - start) * step / steps)`, then constant, or what `then` says. The \
        default start is PyTorch's, 1/3. Source: Goyal et al. 2017.
        """,
      makes: ScheduleObject.type
    ) { rate, steps, start, end, then in
      .object(
        ScheduleObject(.linear(rate: rate, from: start, to: end, steps: steps, then: then)))
    },
    Entry(
      "cosine_annealing", "A learning rate that swings between two values as a cosine.",
      Parameter("rate", Double.self, "at the start", where: .atLeast(0)),
      Parameter(
        "steps", Double.self, "from the top to the bottom", also: ["T_max"], where: .above(0)),
      Parameter("least", Double.self, "at the bottom", also: ["eta_min"], where: .atLeast(0)) { 0 },
      returns: "Schedule", example: "SGD(cosine_annealing(0.1, 1000))",
      details: """
        `least + (rate - least) * (1 + cos(pi * step / steps)) / 2`. PyTorch's \
        CosineAnnealingLR: after `steps` it rises again; cosine_decay stays down. Source: \
        Loshchilov and Hutter 2017.
        """,
      makes: ScheduleObject.type
    ) { rate, steps, least in
      .object(ScheduleObject(.cosineWave(rate: rate, least: least, steps: steps)))
    },
    Entry(
      "cosine_restarts", "A learning rate that falls as half a cosine, again and again.",
      Parameter(
        "rate", Double.self, "at the start", also: ["initial_learning_rate"], where: .atLeast(0)),
      Parameter(
        "steps", Double.self, "of the first fall", also: ["first_decay_steps", "T_0"],
        where: .above(0)),
      Parameter(
        "growth", Double.self, "how much longer each fall is", also: ["t_mul", "T_mult"],
        where: .above(0)
      ) { 2 },
      Parameter(
        "shrink", Double.self, "how much lower each starts", also: ["m_mul"], where: .atLeast(0)
      ) { 1 },
      Parameter("alpha", Double.self, "share of the rate at the bottom", where: .atLeast(0)) { 0 },
      Parameter("least", Double.self, "rate at the bottom", also: ["eta_min"], where: .atLeast(0)) {
        0
      },
      returns: "Schedule", example: "SGD(cosine_restarts(0.1, steps=100))",
      details: """
        `least + (rate - least) * shrink**k * (1 + cos(pi * share)) / 2` in fall k, share being \
        the part of it that is over; fall k takes `steps * growth**k`. Peers: Keras gives the \
        bottom as alpha, PyTorch as eta_min; PyTorch's growth is 1. Source: Loshchilov and \
        Hutter 2017 (SGDR).
        """, makes: ScheduleObject.type
    ) { rate, steps, growth, shrink, alpha, least in
      .object(
        ScheduleObject(
          .restarts(
            rate: rate, least: least > 0 ? least : alpha * rate, steps: steps, growth: growth,
            shrink: shrink)))
    },
    Entry(
      "one_cycle", "A learning rate that rises once and falls for long, the momentum mirrored.",
      Parameter("rate", Double.self, "the greatest", also: ["max_lr"], where: .above(0)),
      Parameter("steps", Double.self, "in all", also: ["total_steps"], where: .above(1)),
      Parameter(
        "rise", Double.self, "share of the steps that rise", also: ["pct_start"],
        where: .within(0, 1)
      ) { 0.3 },
      Parameter(
        "start", Double.self, "the first rate is rate / start", also: ["div_factor"],
        where: .above(0)
      ) { 25 },
      Parameter(
        "end", Double.self, "the last one is that / end", also: ["final_div_factor"],
        where: .above(0)
      ) { 10_000 },
      Parameter("anneal", Anneal.self, "half cosines or lines", also: ["anneal_strategy"]) { .cos },
      Parameter("three_phase", Bool.self, "back to the first rate, then on to the last") { false },
      Parameter(
        "base_momentum", Double.self, "the least momentum, at the top", where: .within(0, below: 1)
      ) { 0.85 },
      Parameter("max_momentum", Double.self, "the greatest", where: .within(0, below: 1)) { 0.95 },
      Parameter("cycle_momentum", Bool.self, "whether the momentum goes along") { true },
      returns: "Schedule", example: "SGD(one_cycle(0.5, steps=1000), momentum=0.95)",
      details: """
        Half cosines `b + (a - b) * (1 + cos(pi * share)) / 2` from a to b: from rate / start up \
        to rate within the share `rise` of the steps, then down to rate / start / end; the \
        momentum from max_momentum down to base_momentum and back. As PyTorch's OneCycleLR has \
        it: steps - 1 intervals. The momentum of SGD and beta1 of Adam follow; an optimizer \
        without them keeps to the rate. Source: Smith 2018.
        """,
      makes: ScheduleObject.type
    ) { rate, steps, rise, start, end, anneal, three, base, top, cycles in
      guard base <= top else {
        throw Failure(.value, "base_momentum=\(base) is above max_momentum=\(top)")
      }
      return .object(
        ScheduleObject(
          .oneCycle(
            OneCycle(
              rate: rate, steps: steps, rise: rise, start: start, end: end,
              isLinear: anneal == .linear, hasThreePhases: three,
              momenta: cycles ? base...top : nil))))
    },
    Entry(
      "cyclic", "A learning rate that goes up and down between two bounds.",
      Parameter("low", Double.self, "the lower bound", also: ["base_lr"], where: .atLeast(0)),
      Parameter("high", Double.self, "the upper bound", also: ["max_lr"], where: .atLeast(0)),
      Parameter("up", Double.self, "steps of the rise", also: ["step_size_up"], where: .above(0)) {
        2000
      },
      Parameter("down", Double?.self, "steps of the fall; None: as many", also: ["step_size_down"])
      { nil },
      Parameter("mode", Cyclic.Mode.self, "whether the height shrinks") { .triangular },
      Parameter("gamma", Double.self, "factor per step of exp_range", where: .above(0)) { 1 },
      Parameter(
        "base_momentum", Double.self, "the least momentum, at the top", where: .within(0, below: 1)
      ) { 0.8 },
      Parameter("max_momentum", Double.self, "the greatest", where: .within(0, below: 1)) { 0.9 },
      Parameter("cycle_momentum", Bool.self, "whether the momentum goes along") { true },
      returns: "Schedule", example: "SGD(cyclic(0.01, 0.1, 200), momentum=0.9)",
      details: """
        `low + (high - low) * h`, h going in lines from 0 to 1 within `up` steps and back within \
        `down`; triangular2 halves the height with each cycle, exp_range multiplies it by \
        gamma**step. As PyTorch's CyclicLR has it. Source: Smith 2017.
        """, makes: ScheduleObject.type
    ) { low, high, up, down, mode, gamma, base, top, cycles in
      guard base <= top else {
        throw Failure(.value, "base_momentum=\(base) is above max_momentum=\(top)")
      }
      if let down, !(down > 0) { throw Failure(.value, "down must be above 0, got \(down)") }
      return .object(
        ScheduleObject(
          .cyclic(
            Cyclic(
              low: low, high: high, up: up, down: down,
              mode: mode, gamma: gamma,
              momenta: cycles ? base...top : nil))))
    },
    Entry(
      "per_epoch", "A schedule that counts epochs in place of steps.",
      Parameter("schedule", Schedule.self, "the schedule"),
      returns: "Schedule", example: "SGD(per_epoch(exponential_decay(0.1, steps=1, decay=0.9)))",
      details: """
        `schedule(epoch)` in place of `schedule(step)`: within an epoch the rate stays as it is, \
        as PyTorch's schedulers have it by habit. Source: PyTorch.
        """,
      makes: ScheduleObject.type
    ) { schedule in
      if case .perEpoch = schedule { return .object(ScheduleObject(schedule)) }
      return .object(ScheduleObject(.perEpoch(schedule)))
    },
    Entry(
      "given_rates", "A learning rate for each step, and perhaps a momentum; the last one stays.",
      Parameter("rates", [Double].self, "one for each step"),
      Parameter("momenta", [Double].self, "one for each step, or none") { [] },
      returns: "Schedule", example: "SGD(given_rates([0.1, 0.05, 0.01]))",
      details: """
        `rates[min(step, len(rates) - 1)]`, and so the momenta. Source: the equation.
        """,
      makes: ScheduleObject.type
    ) { rates, momenta in
      guard !rates.isEmpty, rates.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
        throw Failure(.value, "rates are finite numbers from 0, at least one")
      }
      guard momenta.allSatisfy({ $0 >= 0 && $0 < 1 }) else {
        throw Failure(.value, "momenta are numbers from 0 and below 1")
      }
      return .object(ScheduleObject(.given(rates: rates, momenta: momenta)))
    },
  ]

  /// How a 1cycle bends.
  enum Anneal: String, Choice {
    case cos
    case linear
  }
}
