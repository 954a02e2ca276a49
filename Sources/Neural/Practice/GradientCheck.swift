public import Catalog
internal import Data
internal import Tensors

/// Gradients from the tape beside gradients from differences, place by place.
public final class GradientCheck {
  /// One weight, or one argument of a function.
  public struct Row: Sendable {
    public let name: String
    public let checked: Int
    public let count: Int
    /// |a - n| / max(|a|, |n|) at its worst place.
    public let error: Double
    public let place: [Int]
    public let analytic: Double
    public let numeric: Double
  }

  public let rows: [Row]
  let title: String
  let isDouble: Bool

  init(_ rows: [Row], title: String, isDouble: Bool) {
    self.rows = rows
    self.title = title
    self.isDouble = isDouble
  }

  public var worst: Row? { rows.max { $0.error < $1.error } }

  /// Beyond this a gradient is wrong (CS231n); below the first edge it is right.
  ///
  /// Kinks, as in ReLU, lie between: a difference across one is no slope. In f32 rounding alone
  /// gives 1e-3.
  static let edges = (right: 1e-6, doubtful: 1e-4, wrong: 1e-2)

  public var passed: Bool {
    (worst?.error ?? 0) <= (isDouble ? GradientCheck.edges.doubtful : 0.02)
  }

  public var verdict: String {
    guard let worst else { return "nothing to check: no weights learn" }
    let figure = History.short(worst.error)
    let place =
      "'\(worst.name)'\(worst.place.isEmpty ? "" : " at \(worst.place)"): "
      + "\(History.short(worst.analytic)) against \(History.short(worst.numeric))"
    if !isDouble {
      return passed
        ? "right as far as f32 can tell: worst relative error \(figure), \(place)"
        : "wrong, or too rough for f32: relative error \(figure), \(place)"
    }
    if worst.error <= GradientCheck.edges.right {
      return "right: worst relative error \(figure), \(place)"
    }
    if worst.error <= GradientCheck.edges.doubtful {
      return "right, with kinks such as those of ReLU: worst relative error \(figure), \(place)"
    }
    if worst.error <= GradientCheck.edges.wrong {
      return "doubtful: relative error \(figure), \(place); at a kink it may be right, try other "
        + "inputs"
    }
    return "wrong: relative error \(figure), \(place)"
  }

  /// Central differences of a tensor's values.
  ///
  /// - Parameters:
  ///   - places: flat indices.
  ///   - value: what is differentiated, computed anew.
  static func row(
    _ name: String, _ tensor: Tensor, _ gradient: Tensor, places: [Int], step: Double,
    context: Context, _ value: () throws -> Double
  ) throws -> Row {
    let own = gradient.doubles
    let kept = tensor.doubles
    let flat = try tensor.detached().copy().reshape([kept.count])
    defer { _ = try? tensor.assign([.ellipsis], flat.reshape(tensor.shape)) }
    func set(_ place: Int, _ number: Double) throws {
      var values = kept
      values[place] = number
      try tensor.assign(
        [.ellipsis], Tensor(values, shape: tensor.shape, dtype: tensor.dtype))
    }
    var worst = (error: 0.0, place: places.first ?? 0, numeric: own.first ?? 0)
    // Below this an error is rounding, not a slope.
    let floor = 1e-7 * max(1, own.reduce(0) { max($0, abs($1)) })
    for place in places {
      try context.check()
      let width = step * max(1, abs(kept[place]))
      try set(place, kept[place] + width)
      let above = try value()
      try set(place, kept[place] - width)
      let below = try value()
      let numeric = (above - below) / (2 * width)
      let size = max(abs(numeric), abs(own[place]), floor)
      let error = abs(numeric - own[place]) / size
      if error > worst.error || !error.isFinite || place == places.first {
        worst = (error.isFinite ? error : .infinity, place, numeric)
      }
      if !error.isFinite { break }
    }
    var index: [Int] = []
    var rest = worst.place
    for size in tensor.shape.reversed() where size > 0 {
      index.insert(rest % size, at: 0)
      rest /= size
    }
    return Row(
      name: name, checked: places.count, count: kept.count, error: worst.error, place: index,
      analytic: own.indices.contains(worst.place) ? own[worst.place] : 0, numeric: worst.numeric)
  }
}

extension Sequential {
  /// Compares the gradients of all weights with central differences, in f64 on a copy.
  ///
  /// - Parameter limit: places checked of each weight, evenly spread.
  public func gradientCheck(
    _ examples: Examples, loss: LossChoice? = nil, step: Double = 1e-5, limit: Int = 30,
    context: Context
  ) throws -> GradientCheck {
    let probe = try Probe(
      doubled(examples, context) ?? self, examples, loss: loss, context: context)
    let isDouble = probe.model.dtype == .f64
    let (_, gradients) = try probe.gradient()
    let rows = try zip(probe.model.namedWeights.filter { $0.weight.isTrainable }, gradients)
      .map { named, gradient in
        try GradientCheck.row(
          named.name, named.weight.tensor, gradient,
          places: Probe.spread(named.weight.tensor.count, limit),
          step: isDouble ? step : max(step, 1e-2), context: context, probe.total)
      }
    return GradientCheck(rows, title: "gradient check of '\(name)'", isDouble: isDouble)
  }

  /// A copy that computes in f64; nil when only the script knows how layers are made.
  private func doubled(_ examples: Examples, _ context: Context) throws -> Sequential? {
    guard dtype != .f64, let twin = try? redrawn() else { return nil }
    let own = Probe.quiet(context)
    let (x, _) = try inputs(examples.x)
    try own.draw(from: "init") {
      try twin.build(Array(x.shape.dropFirst()), dtype: .f64, from: &$0)
    }
    if isBuilt {
      for (new, old) in zip(twin.weights, weights) {
        try new.tensor.assign([.ellipsis], old.tensor.astype(.f64))
      }
    }
    for (new, old) in zip(twin.layers, layers) { new.state.isTrainable = old.state.isTrainable }
    return twin
  }
}

extension GradientCheck: Object {
  public static let type = ObjectType("GradientCheck", "Gradients beside differences.") {
    [
      .attribute(
        of: GradientCheck.self, "passed", "Whether all gradients are right.", returns: "bool",
        example: "gradient_check(sum, randn(3)).passed"
      ) { .bool($0.passed) },
      .attribute(
        of: GradientCheck.self, "verdict", "The same in a sentence, with the worst place.",
        returns: "str", example: "gradient_check(sum, randn(3)).verdict"
      ) { .string($0.verdict) },
      .attribute(
        of: GradientCheck.self, "worst", "The largest relative error.", returns: "float",
        example: "gradient_check(sum, randn(3)).worst"
      ) { .float($0.worst?.error ?? 0) },
    ]
  }

  public var type: ObjectType { Self.type }
  public var text: String { "<GradientCheck: \(verdict)>" }
  public var brief: String { verdict }
  public func length() -> Int { rows.count }
  public func truth() -> Bool { passed }

  private var rowTable: Table {
    Table(
      title: title,
      columns: [Table.Column("weight")]
        + ["checked", "relative error", "gradient", "difference"].map {
          Table.Column($0, isNumeric: true)
        } + [Table.Column("at")],
      rows: rows.map { row in
        [
          .text(row.name), .text("\(row.checked) of \(row.count)"), .number(row.error),
          .number(row.analytic), .number(row.numeric), .text("\(row.place)"),
        ]
      }, notes: [verdict])
  }

  public func table() -> Table? { rowTable }
  public func facts() -> Facts? { .table(rowTable) }
  public func display(_ context: Context) -> Media { TableText.media(rowTable) }

  static let entry = Entry(
    "gradient_check", "Compares gradients with central differences and names the worst place.",
    Parameter("what", Value.self, "a model, or a function of a tensor that gives a number"),
    Parameter("x", ExamplesArgument.self, "inputs, or a data set", also: ["data", "on"]),
    Parameter("y", Tensor?.self, "targets of a model, when x are inputs") { nil },
    Parameter("loss", LossChoice?.self, "of a model; None: chosen by its last layer") { nil },
    Parameter("h", Double.self, "the width of a difference", where: .above(0)) { 1e-5 },
    Parameter("limit", Int.self, "places checked of each weight", where: .within(1, 1 << 20)) {
      30
    },
    .context, returns: "GradientCheck",
    example: "gradient_check(Sequential(Dense(4, \"tanh\"), Dense(2, \"softmax\")), moons(10))",
    "gradient_check(lambda x: (x * x * x).sum(), randn(3)).passed",
    details: """
      Relative error `|a - n| / max(|a|, |n|)` with `n = (f(w + h) - f(w - h)) / (2 * h)`, in \
      f64 on a copy (a model whose layers only the script can make is checked as it is). Below \
      1e-6 a smooth function is right; with kinks, as of ReLU, up to 1e-4; above 1e-2 it is \
      wrong. Dropout is off; batch normalization uses the batch. Source: the notes of CS231n.
      """
  ) { what, data, y, loss, step, limit, context in
    if case .object(let object) = what, let model = object as? Sequential {
      return .object(
        try model.gradientCheck(
          data.examples(y, in: "gradient_check"), loss: loss, step: step, limit: limit,
          context: context))
    }
    guard let function = Function.read(what) else {
      throw Failure(
        .type, "gradient_check() takes a model or a function, got \(what.brief())", code: "L105")
    }
    let given =
      switch data {
      case .dataset(let data): data.x
      case .inputs(let x): x
      }
    let x = try given.detached().astype(.f64).copy()
    func result(_ x: Tensor) throws -> Tensor {
      let value = try function(.object(x))
      guard let tensor = try Tensor.read(value), tensor.count == 1 else {
        throw Failure(
          .type, "the function returned \(value.brief()), expected a tensor of one number",
          code: "L105", help: "end it with .sum() or .mean()")
      }
      return tensor
    }
    let gradient = try Tape.recording { tape in
      let leaf = try tape.leaf(x)
      let value = try result(leaf)
      guard value.isTraced else {
        throw Failure(
          .gradient, "the function's result does not depend on its argument by tensor operations",
          code: "L306")
      }
      return try tape.gradients(of: value, for: [leaf])[0]
    }
    let row = try GradientCheck.row(
      "x", x, gradient, places: Probe.spread(x.count, limit), step: step, context: context
    ) {
      // An untraced sum comes back as a plain number, in double precision.
      let value = try function(.object(x.detached()))
      return try Double.read(value) ?? result(x.detached()).item()
    }
    return .object(
      GradientCheck([row], title: "gradient check of \(function.callable.name)", isDouble: true))
  }
}
