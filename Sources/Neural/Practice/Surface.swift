public import Catalog
public import Tensors

/// A function of two variables to go down on.
public final class Surface: Object {
  public static let type = ObjectType("Surface", "A function of two variables.")
  let function: Function
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>

  init(_ function: Function, x: ClosedRange<Double>, y: ClosedRange<Double>) {
    self.function = function
    self.x = x
    self.y = y
  }

  /// - Parameters:
  ///   - x: the range of the first variable that a picture shows.
  ///   - height: from two numbers to one, by operations of tensors, which give its gradient.
  public convenience init(
    _ name: String, x: ClosedRange<Double> = -5...5, y: ClosedRange<Double> = -5...5,
    height: @escaping (Tensor, Tensor) throws -> Tensor
  ) {
    let own = SwiftFunction(name) { positional, _ in
      guard positional.count == 2, let a = try Tensor.read(positional[0]),
        let b = try Tensor.read(positional[1])
      else { throw Failure(.type, "\(name) takes two numbers", code: "L105") }
      return .object(try height(a, b))
    }
    self.init(Function(own), x: x, y: y)
  }

  public var type: ObjectType { Self.type }
  public var text: String { "<Surface \(function.callable.name)>" }
  public func visit(_ keep: (Value) -> Void) { keep(function.held) }

  /// `bowl(1, 2)`: the value there.
  public func call(_ arguments: Arguments) throws -> Value {
    try function.callable.call(arguments.positional, named: arguments.named)
  }

  func height(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    let value = try function(.object(a), .object(b))
    guard let tensor = try Tensor.read(value), tensor.count == 1 else {
      throw Failure(
        .type, "the surface gave \(value.brief()), expected one number", code: "L105")
    }
    return tensor
  }

  /// Heights on a grid of 40 by 40, the second variable upwards.
  public func facts() throws -> Facts? {
    let side = 40
    var values: [Double] = []
    for row in 0..<side {
      let b = y.upperBound - (y.upperBound - y.lowerBound) * Double(row) / Double(side - 1)
      for column in 0..<side {
        let a = x.lowerBound + (x.upperBound - x.lowerBound) * Double(column) / Double(side - 1)
        values.append(
          try height(Tensor(scalar: a).astype(.f64), Tensor(scalar: b).astype(.f64)).item())
      }
    }
    return .matrix(
      Matrix(
        title: "\(function.callable.name), x \(x.lowerBound) to \(x.upperBound), "
          + "y \(y.lowerBound) to \(y.upperBound)", rows: side, columns: side, values: values))
  }

  static let entry = Entry(
    "surface", "A function of two variables, for looking at how optimizers go down on it.",
    Parameter("function", Function.self, "of two numbers"),
    Parameter("x", [Double].self, "the range of the first") { [-5, 5] },
    Parameter("y", [Double].self, "the range of the second") { [-5, 5] },
    returns: "Surface", example: "surface(lambda x, y: 0.1 * x**2 + 2 * y**2)(1.0, 1.0)",
    details: """
      `z = function(x, y)`; called with two numbers it gives the height, plot() draws lines of \
      equal height. Optimizers see its gradient by automatic differentiation. Shapes: two \
      numbers give one.
      """,
    makes: type
  ) { function, x, y in
    func range(_ ends: [Double], _ name: String) throws -> ClosedRange<Double> {
      guard ends.count == 2, ends[0] < ends[1], ends.allSatisfy(\.isFinite) else {
        throw Failure(.value, "\(name) is a range (low, high), got \(ends)")
      }
      return ends[0]...ends[1]
    }
    return .object(Surface(function, x: try range(x, "x"), y: try range(y, "y")))
  }
}

/// The way an optimizer has gone on a surface.
public final class Descent: Object {
  public static let type = ObjectType("Descent", "The way of an optimizer on a surface.") {
    [
      .attribute(
        of: Descent.self, "x", "The first variable, from the start on.", returns: "Tensor",
        example: "descend(lambda x, y: x**2 + y**2, \"sgd\", steps=3).x"
      ) { .object(try Tensor($0.points.map(\.x))) },
      .attribute(
        of: Descent.self, "y", "The second variable.", returns: "Tensor",
        example: "descend(lambda x, y: x**2 + y**2, \"sgd\", steps=3).y"
      ) { .object(try Tensor($0.points.map(\.y))) },
      .attribute(
        of: Descent.self, "values", "The heights.", returns: "Tensor",
        example: "descend(lambda x, y: x**2 + y**2, \"sgd\", steps=3).values"
      ) { .object(try Tensor($0.points.map(\.value))) },
      .attribute(
        of: Descent.self, "end", "The last point.", returns: "tuple",
        example: "descend(lambda x, y: x**2 + y**2, \"sgd\", steps=3).end"
      ) { descent in
        guard let last = descent.points.last else { return .none }
        return .tuple([.float(last.x), .float(last.y)])
      },
      .method(
        of: Descent.self, "steps_to", "Steps until the height stays below; None: never.",
        Parameter("height", Double.self, "below which"), returns: "int or None",
        example: "descend(lambda x, y: x**2 + y**2, SGD(0.3), steps=50).steps_to(1e-6)"
      ) { descent, height in
        guard let last = descent.points.lastIndex(where: { !($0.value < height) }) else {
          return .int(0)
        }
        return last + 1 < descent.points.count ? .int(last + 1) : .none
      },
    ]
  }

  /// Where it stood, and how high.
  public struct Point: Sendable {
    public let x: Double
    public let y: Double
    public let value: Double
  }

  /// From the start on.
  public let points: [Point]
  public let name: String

  init(_ points: [Point], name: String) {
    self.points = points
    self.name = name
  }

  public var type: ObjectType { Self.type }
  public func length() -> Int { points.count }
  public var text: String {
    guard let first = points.first, let last = points.last else { return "<Descent>" }
    return
      "<Descent of \(name): \(points.count - 1) steps, height \(History.short(first.value)) to "
      + "\(History.short(last.value)) at (\(History.short(last.x)), \(History.short(last.y)))>"
  }

  public func table() -> Table? {
    Table(
      title: name, columns: ["step", "x", "y", "value"].map { Table.Column($0, isNumeric: true) },
      rows: points.enumerated().map { step, point in
        [.whole(step), .number(point.x), .number(point.y), .number(point.value)]
      })
  }

  public func facts() -> Facts? {
    .graph(
      Graph(
        panels: [
          Panel(
            x: Axis("x"), y: Axis("y"),
            series: [Series(name, x: points.map(\.x), y: points.map(\.y))])
        ], summary: text))
  }

  static let entry = Entry(
    "descend", "Goes down on a surface with an optimizer and keeps the way.",
    Parameter("surface", Value.self, "a surface, or a function of two numbers"),
    Parameter("optimizer", OptimizerChoice.self, "how it goes"),
    Parameter("start", [Double].self, "where it begins") { [-4, 3] },
    Parameter("steps", Int.self, "how many", where: .within(0, 10_000_000)) { 100 },
    .context, returns: "Descent",
    example:
      "descend(surface(lambda x, y: 0.1 * x**2 + 2 * y**2), SGD(0.1, momentum=0.9), steps=20)",
    details: """
      `(x, y) = step((x, y), gradient)`, so many times, in f64; it ends early where the height \
      is no finite number. On 0.5 (x² + κ y²) plain descent with rate 1/κ needs about κ steps; \
      the best momentum is ((√κ - 1) / (√κ + 1))². Shapes: x, y and values are (steps + 1,). \
      Source: Polyak 1964.
      """
  ) { ground, optimizer, start, steps, context in
    let surface: Surface
    if case .object(let object) = ground, let known = object as? Surface {
      surface = known
    } else if let function = Function.read(ground) {
      surface = Surface(function, x: -5...5, y: -5...5)
    } else {
      throw Failure(
        .type, "descend() takes a surface or a function of two numbers, got \(ground.brief())",
        code: "L105")
    }
    guard start.count == 2, start.allSatisfy(\.isFinite) else {
      throw Failure(.value, "start is a point (x, y), got \(start)")
    }
    guard optimizer.script == nil else {
      throw Failure(
        .type, "descend() takes built-in optimizers, not a class of the script",
        help: "write the loop: w = w - lr * grad(f)(w)")
    }
    var own = optimizer
    own.object = nil
    return .object(
      try surface.descend(own, from: (start[0], start[1]), steps: steps, context: context))
  }
}

extension Surface {
  /// Goes down with an optimizer, in f64, and keeps the way; ends early where the height is no
  /// finite number.
  public func descend(
    _ optimizer: Optimizer, from start: (x: Double, y: Double) = (-4, 3), steps: Int = 100,
    context: Context
  ) throws -> Descent {
    try descend(OptimizerChoice(optimizer), from: start, steps: steps, context: context)
  }

  func descend(
    _ optimizer: OptimizerChoice, from start: (x: Double, y: Double), steps: Int, context: Context
  ) throws -> Descent {
    let place = try Tensor([start.x, start.y], shape: [2], dtype: .f64)
    let gradient = try Tensor.zeros([2], dtype: .f64)
    let state = OptimizerState(optimizer)
    try state.attach([WeightBlock(weights: place, gradient: gradient)])
    var points: [Descent.Point] = []
    for step in 0...steps {
      try context.check()
      let (value, slope) = try Tape.recording { tape in
        let leaf = try tape.leaf(place.detached())
        let value = try height(leaf.at([.at(0)]), leaf.at([.at(1)]))
        let level = try value.detached().item()
        guard value.isTraced else { return (level, try Tensor.zeros([2], dtype: .f64)) }
        return (level, try tape.gradients(of: value, for: [leaf])[0])
      }
      let now = place.doubles
      points.append(Descent.Point(x: now[0], y: now[1], value: value))
      guard value.isFinite, step < steps else { break }
      Fused.copy(try slope.contiguous(), into: gradient)
      try state.step()
    }
    return Descent(points, name: optimizer.optimizer.text)
  }
}
