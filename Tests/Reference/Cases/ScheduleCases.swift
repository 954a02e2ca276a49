internal import Catalog
internal import Neural

extension Operations {
  static let schedules: [String: Check] = {
    func check(_ make: @escaping @Sendable (Case) -> Schedule) -> Check {
      { c in
        let schedule = make(c)
        let steps = c.json["expect"]?["steps"]?.array?.compactMap(\.int) ?? []
        let want = c.json["expect"]?["lr"].flatMap(Case.numbers) ?? []
        c.compare(steps.map(schedule.value), want, "lr")
      }
    }
    @Sendable func n(_ c: Case, _ name: String, _ other: Double = 0) -> Double {
      c.number(name) ?? other
    }
    return [
      "exponential": check { c in
        .exponential(
          rate: n(c, "lr"), decay: n(c, "decay_rate"), steps: n(c, "decay_steps"),
          stairs: c.flag("staircase"))
      },
      "exponential_per_step": check { c in
        .exponential(rate: n(c, "lr"), decay: n(c, "gamma"), steps: 1, stairs: false)
      },
      "step": check { c in
        .exponential(rate: n(c, "lr"), decay: n(c, "gamma"), steps: n(c, "step_size"), stairs: true)
      },
      "inverse_time": check { c in
        .inverseTime(
          rate: n(c, "lr"), decay: n(c, "decay_rate"), steps: n(c, "decay_steps"),
          stairs: c.flag("staircase"))
      },
      "legacy_decay": check { c in
        .inverseTime(rate: n(c, "lr"), decay: n(c, "decay"), steps: 1, stairs: false)
      },
      "power": check { c in .power(rate: n(c, "lr"), steps: n(c, "s"), power: n(c, "c", 1)) },
      "piecewise_constant": check { c in
        .piecewise(
          boundaries: c.parameters["boundaries"].flatMap(Case.numbers) ?? [],
          values: c.parameters["values"].flatMap(Case.numbers) ?? [])
      },
      "polynomial": check { c in
        .polynomial(
          rate: n(c, "lr"), end: n(c, "end_lr"), steps: n(c, "decay_steps"),
          power: n(c, "power", 1),
          cycle: c.flag("cycle"))
      },
      "cosine": check { c in
        .cosine(
          rate: n(c, "lr"), steps: n(c, "decay_steps"), alpha: n(c, "alpha"), warmup: 0, peak: 0)
      },
      "cosine_warmup": check { c in
        .cosine(
          rate: n(c, "lr"), steps: n(c, "decay_steps"), alpha: n(c, "alpha"),
          warmup: n(c, "warmup_steps"), peak: n(c, "warmup_target"))
      },
    ]
  }()
}
