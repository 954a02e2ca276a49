public import Catalog
internal import Tensors

/// A built-in activation as a script holds it: callable, plottable, usable in a layer.
public final class ActivationFunction: Object, Callable, Sendable {
  public static let type = ObjectType(
    "Activation", "A function that a layer applies to what it computes."
  ) {
    [
      .attribute(
        of: ActivationFunction.self, "name", "Its name.", returns: "str", example: "relu.name"
      ) { .string($0.activation.name) },
      .attribute(
        of: ActivationFunction.self, "formula", "Its formula.", returns: "str",
        example: "elu.formula"
      ) { .string($0.activation.formula) },
      .method(
        of: ActivationFunction.self, "derivative", "Its slope at x, in closed form.",
        Parameter("x", Value.self, "a number or a tensor"),
        returns: "float or Tensor", example: "sigmoid.derivative(0.0)"
      ) { function, x in try function.derivative(x) },
      .method(
        of: ActivationFunction.self, "jacobian",
        "The matrix of all slopes at a row x: how output i changes with input j.",
        Parameter("x", Tensor.self, "one row of numbers"),
        returns: "Tensor", example: "softmax.jacobian(tensor([3.0, 1.0, -3.0]))",
        details: "For softmax s: J = diag(s) - s s^T. Its rows add up to 0."
      ) { function, x in .object(try function.activation.jacobian(x)) },
    ]
  }

  public let activation: Activation

  public init(_ activation: Activation) {
    self.activation = activation
  }

  public var type: ObjectType { Self.type }

  public var text: String {
    // The usual settings go without saying.
    if Activation.named(activation.name) == activation { return activation.name }
    let usual = Activation.named(activation.name)?.options ?? []
    let options = zip(activation.options, usual).filter { $0.value != $1.value }.map {
      "\($0.0.name)=\($0.0.text)"
    }
    return activation.name + (options.isEmpty ? "" : "(" + options.joined(separator: ", ") + ")")
  }

  public var brief: String { "activation \(text)" }

  public func display(_ context: Context) -> Media {
    Media("\(text): \(activation.sentence)\nf(x) = \(activation.formula)")
  }

  public func compare(_ comparison: Comparison, with other: Value) -> Value? {
    guard case .object(let object) = other, let other = object as? ActivationFunction else {
      return nil
    }
    switch comparison {
    case .equal: return .bool(activation == other.activation)
    case .notEqual: return .bool(activation != other.activation)
    default: return nil
    }
  }

  public func hash() -> Int { activation.name.hashValue }

  /// Numbers give numbers, tensors and lists give tensors.
  public var name: String { activation.name }

  public func call(_ arguments: Arguments) throws -> Value {
    try call(arguments.positional, named: arguments.named)
  }

  public func call(
    _ positional: [Value], named: [(name: String, value: Value)]
  ) throws -> Value {
    var function = activation
    var axis = -1
    for (name, value) in named {
      if name == "axis", activation.curve == nil {
        guard let given = Int.read(value) else {
          throw Failure(.type, "axis must be an int, not \(value.typeName)", code: "L105")
        }
        axis = given
        continue
      }
      function = try function.with(name, value)
    }
    // Settings alone make another function: elu(alpha=0.5).
    if positional.isEmpty, !named.isEmpty, axis == -1 {
      return .object(ActivationFunction(function))
    }
    guard positional.count == 1 else {
      throw Failure(
        .type,
        "\(activation.name)() takes 1 positional argument but \(positional.count) were given",
        code: "L105", help: "it is called as \(activation.name)(x)")
    }
    switch positional[0] {
    case .int(let x): return try Self.number(Double(x), function)
    case .float(let x): return try Self.number(x, function)
    case .bool(let x): return try Self.number(x ? 1 : 0, function)
    case let value:
      guard let x = try Tensor.read(value) else {
        throw Failure(
          .type, "\(activation.name)() needs a number or a tensor, not \(value.typeName)",
          code: "L105")
      }
      let floats = x.dtype.isFloating ? x : try x.astype(.f32)
      guard axis != -1 else { return .object(try function(floats)) }
      return .object(try function(floats.swapAxes(axis, -1)).swapAxes(axis, -1))
    }
  }

  private static func number(_ x: Double, _ function: Activation) throws -> Value {
    if let curve = function.curve { return .float(curve.value(x)) }
    return .float(try function(Tensor(scalar: x).reshape([1])).reshape([]).item())
  }

  private func derivative(_ x: Value) throws -> Value {
    guard let curve = activation.curve else {
      throw Failure(
        .value, "\(activation.name) works on rows, so its derivative is a matrix",
        help: "grad() gives the gradient of what you compute with it")
    }
    if let number = Double.read(x) { return .float(curve.derivative(number)) }
    guard let x = try Tensor.read(x) else {
      throw Failure(
        .type, "derivative() needs a number or a tensor, not \(x.typeName)", code: "L105")
    }
    return .object(
      try Tensor(
        x.doubles.map(curve.derivative), shape: x.shape, dtype: x.dtype.isFloating ? x.dtype : .f32)
    )
  }

  /// The function and its derivative from -5 to 5, with kinks and jumps where they are.
  public func facts() throws -> Facts? {
    guard let curve = activation.curve else { return try rowFacts() }
    let count = 401
    var grid = (0..<count).map { -5 + 10 * Double($0) / Double(count - 1) }
    // A jump stands between two points that lie close on both sides of it.
    for kink in curve.kinks where abs(kink) < 5 {
      grid.removeAll { abs($0 - kink) < 1e-9 }
      grid += [kink - 1e-6, kink + 1e-6]
    }
    grid.sort()
    let values = grid.map(curve.value)
    let slopes = grid.map(curve.derivative)
    let jumps = (1..<grid.count).filter { index in
      curve.kinks.contains { grid[index - 1] < $0 && $0 < grid[index] }
        && abs(slopes[index] - slopes[index - 1]) > 1e-3
    }
    let far = [-1e3, 1e3].map(curve.value)
    let near = [-1e2, 1e2].map(curve.value)
    var rules = [Panel.Rule(.vertical, at: 0), Panel.Rule(.horizontal, at: 0)]
    for (limit, before) in zip(far, near) where abs(limit - before) < 1e-3 && limit != 0 {
      rules.append(Panel.Rule(.horizontal, at: limit, label: "limit"))
    }
    return .graph(
      Graph(
        title: text,
        panels: [
          Panel(
            x: Axis("x", range: -5...5), y: Axis("f(x)", includesZero: true),
            series: [
              Series("f", x: grid, y: values, hue: 0),
              Series("f'", x: grid, y: slopes, emphasis: .derived, hue: 0, jumps: jumps),
            ], rules: rules)
        ], summary: "\(text): f(x) = \(activation.formula). \(saturation(curve))"))
  }

  /// Where the slope is nearly gone, in a sentence.
  private func saturation(_ curve: Activation.Curve) -> String {
    let grid = (0...1000).map { -5 + Double($0) / 100 }
    let flat = grid.count { abs(curve.derivative($0)) < 0.01 }
    let share = Int(exactly: (100 * Double(flat) / Double(grid.count)).rounded()) ?? 0
    return share == 0
      ? "Its slope is at least 0.01 everywhere from -5 to 5."
      : "Its slope is below 0.01 on \(share) % of the range from -5 to 5."
  }

  /// What a row becomes: x against 0, for functions of rows.
  private func rowFacts() throws -> Facts? {
    let grid = (0...400).map { -5 + Double($0) / 40 }
    let pairs = try Tensor(grid.flatMap { [$0, 0] }, shape: Shape([grid.count, 2]))
    let shares = try activation(pairs).doubles
    let width = shares.count / grid.count
    let values = grid.indices.map { shares[width * $0] }
    return .graph(
      Graph(
        title: text,
        panels: [
          Panel(
            x: Axis("x", range: -5...5), y: Axis("\(text) of (x, 0)", includesZero: true),
            series: [Series("first", x: grid, y: values, hue: 0)])
        ], summary: "\(text) of the row (x, 0): its first value."))
  }
}

extension Activation {
  /// One entry per built-in function, under its name.
  static var entries: [Entry] {
    all.map { activation in
      let function = ActivationFunction(activation)
      return Entry(
        activation.name, "Activation: \(activation.sentence)", kind: .constant, parameters: [],
        returns: "Activation", examples: [activation.example], details: activation.details,
        body: .constant { _ in .object(function) })
    }
  }

  /// A call, and one with other settings.
  private var example: String {
    if isHalving { return "\(name)(tensor([-1.0, 0.0, 1.0, 2.0]))" }
    return "\(name)(tensor([-1.0, 0.0, 1.0]))"
  }

  /// Formula, settings and source, for help and the manual.
  private var details: String {
    var text = "`f(x) = \(formula)`"
    if !options.isEmpty {
      let settings = options.map { option in
        "\(option.name)=\(option.text)"
          + (option.also.isEmpty ? "" : " (also \(option.also.joined(separator: ", ")))")
      }
      text += ", with \(settings.joined(separator: ", ")). "
      text +=
        "`\(name)(x, \(options[0].name)=…)` computes it with another setting, "
        + "`\(name)(\(options[0].name)=…)` is that function, for a layer."
    } else {
      text += "."
    }
    if let note = Activation.notes[name] { text += " " + note }
    return text + " Source: \(source)."
  }

  /// Where other libraries differ.
  private static let notes: [String: String] = [
    "leaky_relu":
      "Keras takes 0.2 in its function and 0.3 in its layer, PyTorch 0.01.",
    "hard_sigmoid": "Keras 3 and PyTorch have the slope 1/6, Keras 2 had 0.2.",
    "softplus": "PyTorch's threshold is 20; Keras has neither setting.",
    "gelu": "Keras and PyTorch are exact by default, too.",
    "rrelu": "The slopes are PyTorch's.",
    "relu": "Its slope at 0 is 0, as in Keras and PyTorch.",
    "selu":
      "It keeps mean 0 and variance 1 only in a dense sequential net with standardised inputs, "
      + "lecun_normal weights and alpha dropout.",
    "softmax":
      "The largest number of a row is subtracted first. Keep it in the last layer and let the loss "
      + "take what stands before it.",
  ]
}
