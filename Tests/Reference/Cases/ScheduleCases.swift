internal import Catalog
internal import Neural

extension Operations {
  static let schedules: [String: Check] = {
    /// - Parameter keys: every parameter that the operation reads.
    func check(_ keys: Set<String>, _ make: @escaping @Sendable (Case) throws -> Schedule) -> Check
    {
      { c in
        for key in c.parameters.keys where !keys.contains(key) && key != "lr" {
          throw Unsupported("schedule setting \(key)")
        }
        let schedule = try make(c)
        let steps = c.json["expect"]?["steps"]?.array?.compactMap(\.int) ?? []
        let want = c.json["expect"]?["lr"].flatMap(Case.numbers) ?? []
        c.compare(steps.map { schedule.value($0) }, want, "lr")
        if let momenta = c.json["expect"]?["momentum"].flatMap(Case.numbers) {
          c.compare(steps.map { schedule.momentum($0) ?? .nan }, momenta, "momentum")
        }
      }
    }
    @Sendable func n(_ c: Case, _ name: String, _ other: Double = 0) -> Double {
      c.number(name) ?? other
    }
    @Sendable func numbers(_ c: Case, _ name: String) -> [Double] {
      c.parameters[name].flatMap(Case.numbers) ?? []
    }
    @Sendable func momenta(_ c: Case, _ low: Double, _ high: Double) -> ClosedRange<Double>? {
      if let cycles = c.parameters["cycle_momentum"]?.bool, !cycles { return nil }
      let (low, high) = (n(c, "base_momentum", low), n(c, "max_momentum", high))
      return low <= high ? low...high : nil
    }
    return [
      "exponential": check(["decay_rate", "decay_steps", "staircase"]) { c in
        .exponential(
          rate: n(c, "lr"), decay: n(c, "decay_rate"), steps: n(c, "decay_steps"),
          stairs: c.flag("staircase"))
      },
      "exponential_per_step": check(["gamma"]) { c in
        .exponential(rate: n(c, "lr"), decay: n(c, "gamma"), steps: 1, stairs: false)
      },
      "step": check(["gamma", "step_size"]) { c in
        .exponential(
          rate: n(c, "lr"), decay: n(c, "gamma", 0.1), steps: n(c, "step_size"), stairs: true)
      },
      "multistep": check(["milestones", "gamma"]) { c in
        .multistep(
          rate: n(c, "lr"), milestones: numbers(c, "milestones"), gamma: n(c, "gamma", 0.1))
      },
      "inverse_time": check(["decay_rate", "decay_steps", "staircase"]) { c in
        .inverseTime(
          rate: n(c, "lr"), decay: n(c, "decay_rate"), steps: n(c, "decay_steps"),
          stairs: c.flag("staircase"))
      },
      "legacy_decay": check(["decay"]) { c in
        .inverseTime(rate: n(c, "lr"), decay: n(c, "decay"), steps: 1, stairs: false)
      },
      "power": check(["s", "c"]) { c in
        .power(rate: n(c, "lr"), steps: n(c, "s"), power: n(c, "c", 1))
      },
      "piecewise_constant": check(["boundaries", "values"]) { c in
        .piecewise(boundaries: numbers(c, "boundaries"), values: numbers(c, "values"))
      },
      "polynomial": check(["end_lr", "decay_steps", "power", "cycle"]) { c in
        .polynomial(
          rate: n(c, "lr"), end: n(c, "end_lr", 0.0001), steps: n(c, "decay_steps"),
          power: n(c, "power", 1), cycle: c.flag("cycle"))
      },
      "polynomial_torch": check(["total_iters", "power"]) { c in
        .polynomial(
          rate: n(c, "lr"), end: 0, steps: n(c, "total_iters", 5), power: n(c, "power", 1),
          cycle: false)
      },
      "linear_factor": check(["start_factor", "end_factor", "total_iters"]) { c in
        .linear(
          rate: n(c, "lr"), from: n(c, "start_factor", 1.0 / 3), to: n(c, "end_factor", 1),
          steps: n(c, "total_iters", 5), then: nil)
      },
      "cosine": check(["decay_steps", "alpha"]) { c in
        .cosine(
          rate: n(c, "lr"), steps: n(c, "decay_steps"), alpha: n(c, "alpha"), warmup: 0, peak: 0)
      },
      "cosine_warmup": check(["decay_steps", "alpha", "warmup_steps", "warmup_target"]) { c in
        .cosine(
          rate: n(c, "lr"), steps: n(c, "decay_steps"), alpha: n(c, "alpha"),
          warmup: n(c, "warmup_steps"), peak: n(c, "warmup_target"))
      },
      "cosine_restarts": check(["first_decay_steps", "t_mul", "m_mul", "alpha"]) { c in
        .restarts(
          rate: n(c, "lr"), least: n(c, "alpha") * n(c, "lr"), steps: n(c, "first_decay_steps"),
          growth: n(c, "t_mul", 2), shrink: n(c, "m_mul", 1))
      },
      "cosine_torch": check(["T_max", "eta_min"]) { c in
        .cosineWave(rate: n(c, "lr"), least: n(c, "eta_min"), steps: n(c, "T_max"))
      },
      "warm_restarts_torch": check(["T_0", "T_mult", "eta_min"]) { c in
        .restarts(
          rate: n(c, "lr"), least: n(c, "eta_min"), steps: n(c, "T_0"), growth: n(c, "T_mult", 1),
          shrink: 1)
      },
      "onecycle": check([
        "max_lr", "total_steps", "pct_start", "anneal", "div_factor", "final_div_factor",
        "three_phase", "base_momentum", "max_momentum", "cycle_momentum",
      ]) { c in
        let anneal = c.parameters["anneal"]?.string ?? "cos"
        guard ["cos", "linear"].contains(anneal) else { throw Unsupported("anneal \(anneal)") }
        return .oneCycle(
          OneCycle(
            rate: n(c, "max_lr"), steps: n(c, "total_steps"), rise: n(c, "pct_start", 0.3),
            start: n(c, "div_factor", 25), end: n(c, "final_div_factor", 10_000),
            isLinear: anneal == "linear", hasThreePhases: c.flag("three_phase"),
            momenta: momenta(c, 0.85, 0.95)))
      },
      "cyclic": check([
        "base_lr", "max_lr", "step_size_up", "step_size_down", "mode", "gamma", "base_momentum",
        "max_momentum", "cycle_momentum",
      ]) { c in
        let name = c.parameters["mode"]?.string ?? "triangular"
        guard let mode = Cyclic.Mode(rawValue: name) else { throw Unsupported("mode \(name)") }
        return .cyclic(
          Cyclic(
            low: n(c, "base_lr"), high: n(c, "max_lr"), up: n(c, "step_size_up", 2000),
            down: c.number("step_size_down"), mode: mode, gamma: n(c, "gamma", 1),
            momenta: momenta(c, 0.8, 0.9)))
      },
      "plateau_torch": plateau, "plateau_keras": plateau, "early_stopping": stopping,
    ]
  }()

  private static func watched(_ c: Case) throws -> Watched {
    switch c.parameters["mode"]?.string ?? "min" {
    case "min": .lower
    case "max": .higher
    case let mode: throw Unsupported("mode \(mode)")
    }
  }

  private static func known(_ c: Case, _ keys: Set<String>) throws {
    for key in c.parameters.keys where !keys.contains(key) {
      throw Unsupported("setting \(key)")
    }
  }

  private static let plateau: Check = { c in
    try known(
      c,
      [
        "lr", "mode", "factor", "patience", "threshold", "threshold_mode", "cooldown", "min_lr",
        "eps", "min_delta",
      ])
    let isTorch = c.operation == "plateau_torch"
    let mode = c.parameters["threshold_mode"]?.string ?? "rel"
    guard ["rel", "abs"].contains(mode) else { throw Unsupported("threshold_mode \(mode)") }
    var plateau = Plateau(
      try watched(c), factor: c.number("factor") ?? 0.1,
      patience: c.parameters["patience"]?.int ?? 10,
      delta: c.number(isTorch ? "threshold" : "min_delta") ?? 1e-4,
      isRelative: isTorch && mode == "rel", cooldown: c.parameters["cooldown"]?.int ?? 0,
      least: c.number("min_lr") ?? 0, convention: isTorch ? .torch : .keras,
      smallestChange: isTorch ? c.number("eps") ?? 1e-8 : 0)
    var rate = c.number("lr") ?? 0.1
    var rates: [Double] = []
    for value in try c.input("metric").doubles {
      if let new = plateau.see(value, rate: rate) { rate = new }
      rates.append(rate)
    }
    c.compare(rates, c.json["expect"]?["lr_after"].flatMap(Case.numbers) ?? [], "lr_after")
  }

  private static let stopping: Check = { c in
    try known(
      c,
      ["patience", "min_delta", "baseline", "start_from_epoch", "mode", "restore_best_weights"])
    var stopping = Stopping(
      try watched(c), patience: c.parameters["patience"]?.int ?? 0,
      delta: c.number("min_delta") ?? 0, baseline: c.number("baseline"),
      start: c.parameters["start_from_epoch"]?.int ?? 0)
    var stop: Int?
    let metric = try c.input("metric").doubles
    for (epoch, value) in metric.enumerated() where stop == nil {
      if stopping.see(value, epoch: epoch) == .stop { stop = epoch }
    }
    let want = c.json["expect"]
    c.compare([Double(stop ?? -1)], [want?["stop_epoch"]?.double ?? -1], "stop_epoch")
    c.compare([Double(stopping.best.epoch)], [want?["best_epoch"]?.double ?? -1], "best_epoch")
    c.compare([stopping.best.value], [want?["best"]?.double ?? .nan], "best")
    if let restored = want?["weights_restored_from_epoch"]?.double, c.flag("restore_best_weights") {
      c.compare([Double(stopping.best.epoch)], [restored], "weights_restored_from_epoch")
    }
  }
}
