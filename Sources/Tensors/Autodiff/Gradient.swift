public import Catalog

/// The value of `function` at some tensors and its gradients there.
///
/// - Parameter function: must return one number (a tensor with one element).
/// - Throws: `TensorError.gradient`, and whatever `function` throws.
public func valueAndGradient(
  at arguments: [Tensor], of function: ([Tensor]) throws -> Tensor
) throws -> (value: Tensor, gradients: [Tensor]) {
  try Tape.recording { tape in
    let leaves = try arguments.map { try tape.leaf($0) }
    let value = try function(leaves)
    return (value, try tape.gradients(of: value, for: leaves))
  }
}

/// The gradients of `function` at some tensors.
public func gradient(
  at arguments: [Tensor], of function: ([Tensor]) throws -> Tensor
) throws -> [Tensor] {
  try valueAndGradient(at: arguments, of: function).gradients
}

/// The gradient of `function` at one tensor.
public func gradient(
  at argument: Tensor, of function: (Tensor) throws -> Tensor
) throws -> Tensor {
  try gradient(at: [argument]) { try function($0[0]) }[0]
}

/// What `grad(f)` returns to a script: a function of the same arguments that gives gradients.
public final class GradientFunction: Object, Callable {
  public static let type = ObjectType(
    "gradient function", "The derivative of a function, made by grad or value_and_grad.")

  private let function: any Callable
  private let places: [Int]
  private let isTuple: Bool
  private let givesValue: Bool

  init(_ function: any Callable, places: Axes, givesValue: Bool) {
    self.function = function
    self.places = places.values ?? [0]
    self.isTuple = self.places.count != 1
    self.givesValue = givesValue
  }

  public var type: ObjectType { Self.type }
  public var text: String { "<\(givesValue ? "value_and_grad" : "grad") of \(function.name)>" }

  public var name: String { text }

  public func visit(_ keep: (Value) -> Void) {
    keep((function as? any Object).map { .object($0) } ?? .function(function))
  }

  public func call(_ arguments: Arguments) throws -> Value {
    try call(arguments.positional, named: arguments.named)
  }

  public func call(
    _ given: [Value], named: [(name: String, value: Value)]
  ) throws -> Value {
    var positional = given
    let (output, all) = try Tape.recording { tape in
      var leaves: [Tensor] = []
      for place in places {
        guard positional.indices.contains(place) else {
          throw Failure(
            .type, "grad of \(function.name): argument \(place) was not given", code: "L306",
            help: "give the arguments that gradients are for by position")
        }
        leaves.append(try leaf(positional[place], tape))
        positional[place] = .object(leaves[leaves.count - 1])
      }
      let result = try function.call(positional, named: named)
      guard let output = try Operand.read(result)?.tensor else {
        throw Failure(
          .gradient, "\(function.name) returned \(result.typeName), not a number", code: "L306",
          help: "return one number, for example the mean of the losses")
      }
      let gradients = try tape.gradients(of: output, for: leaves)
      if tape.lostNumber, !tape.unreached.isEmpty { throw lost(tape.unreached.map { places[$0] }) }
      return (output, gradients)
    }
    // Outside of it what no gradient around this one follows is a plain number again.
    let gradients = zip(places, all).map { place, gradient in
      isNumber(given[place]) ? plain(gradient) : Value.tensor(gradient)
    }
    let gradient = isTuple ? Value.tuple(gradients) : gradients[0]
    guard givesValue else { return gradient }
    let isPlain = places.allSatisfy { isNumber(given[$0]) }
    return .tuple([isPlain ? plain(output) : .tensor(output), gradient])
  }

  private func isNumber(_ value: Value) -> Bool {
    switch value {
    case .float, .int: true
    default: false
    }
  }

  private func plain(_ tensor: Tensor) -> Value {
    tensor.rank == 0 && tensor.dtype != .f32 && !tensor.isTraced ? tensor.number : .tensor(tensor)
  }

  /// Arguments without a part in the result although a number was taken out of a tensor.
  private func lost(_ arguments: [Int]) -> Failure {
    let known = function.parameters
    let names = arguments.map { place in
      known.indices.contains(place) ? "'\(known[place].name)'" : "argument \(place)"
    }
    return Failure(
      .gradient,
      "the result does not depend on \(names.joined(separator: " and ")), but a number was taken "
        + "out of a tensor with float(), int() or .item(), and numbers carry no gradient",
      code: "L306",
      help: "keep it a tensor until the result; leave out of argnums what the result does not use")
  }

  /// The argument as a traced tensor; numbers become f64, as Python's floats are.
  private func leaf(_ value: Value, _ tape: Tape) throws -> Tensor {
    switch value {
    case .float, .int:
      return try tape.leaf(Operand.read(value)?.tensor.cast(to: .f64) ?? .zeros([]))
    default:
      guard let tensor = try Tensor.read(value) else {
        throw Failure(
          .type, "gradients are taken for tensors and numbers, not \(value.typeName)",
          code: "L306")
      }
      return try tape.leaf(tensor)
    }
  }

  static let entries: [Entry] = [
    Entry(
      "grad", "The derivative of a function that returns one number.",
      Parameter("f", Function.self, "from tensors to one number"),
      Parameter(
        "argnums", Axes.self, "for which arguments, by position",
        default: { Axes([0]) }),
      returns: "function", example: "grad(lambda x: x * x)(3.0)",
      details: """
        `grad(f)(x) = df/dx`, by going back over a record of what f did (reverse mode). f \
        returns one number. Gradients of gradients work: `grad(grad(f))`. Shapes: that of the \
        argument; for several argnums a tuple. Peers: the form is JAX's; PyTorch goes back with \
        `backward()`, which Gradus has not. Source: Linnainmaa 1976; Baydin et al. 2018, a \
        survey.
        """
    ) { f, places in .object(GradientFunction(f.callable, places: places, givesValue: false)) },
    Entry(
      "value_and_grad", "A function that gives both the value and the derivative.",
      Parameter("f", Function.self, "from tensors to one number"),
      Parameter(
        "argnums", Axes.self, "for which arguments, by position",
        default: { Axes([0]) }),
      returns: "function", example: "value_and_grad(lambda x: x * x)(3.0)",
      details: """
        `value_and_grad(f)(x) = (f(x), df/dx)`, with one run of f. Shapes: one number, and that \
        of the argument; for several argnums a tuple. Source: as `grad`.
        """
    ) { f, places in .object(GradientFunction(f.callable, places: places, givesValue: true)) },
  ]
}
