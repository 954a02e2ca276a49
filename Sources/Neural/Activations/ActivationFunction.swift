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
    let options = activation.options.map { "\($0.name)=\($0.value)" }
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
      guard let setting = Double.read(value) else {
        throw Failure(.type, "\(name) must be a number, not \(value.typeName)", code: "L105")
      }
      function = try function.with(name, setting)
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
    let values = grid.indices.map { shares[2 * $0] }
    return .graph(
      Graph(
        title: text,
        panels: [
          Panel(
            x: Axis("x", range: -5...5), y: Axis("\(text) of (x, 0)", includesZero: true),
            series: [Series("first of two", x: grid, y: values, hue: 0)])
        ], summary: "\(text) of the row (x, 0): the first of its two values."))
  }
}

extension Activation {
  /// The same function with another setting.
  func with(_ name: String, _ value: Double) throws -> Activation {
    switch (self.name, name) {
    case ("leaky_relu", "slope"), ("leaky_relu", "negative_slope"), ("leaky_relu", "alpha"):
      return .leakyReLU(value)
    case ("elu", "alpha"): return .elu(value)
    default:
      throw Failure(
        .type, "\(self.name)() got an unexpected keyword argument '\(name)'", code: "L105",
        help: Nearest.question(name, among: options.map(\.name)))
    }
  }

  /// One entry per built-in function, under its name.
  static var entries: [Entry] {
    all.map { activation in
      let function = ActivationFunction(activation)
      return .constant(
        activation.name, "Activation: \(activation.sentence)", returns: "Activation",
        example: "\(activation.name)(tensor([-1.0, 0.0, 1.0]))"
      ) { _ in .object(function) }
    }
  }
}
