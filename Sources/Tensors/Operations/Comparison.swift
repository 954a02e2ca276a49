internal import Catalog

/// Comparisons give `bool` tensors and have no gradient.
public enum ComparisonOperation: String, CaseIterable, Sendable {
  case less, greater, equal
  case lessOrEqual = "less_equal"
  case greaterOrEqual = "greater_equal"
  case notEqual = "not_equal"
}

extension Tensor {
  public static func compare(
    _ operation: ComparisonOperation, _ a: Tensor, _ b: Tensor
  ) throws -> Tensor {
    let dtype = DType.promoted(a.dtype, b.dtype)
    guard let shape = Shape.broadcast(a.shape, b.shape) else {
      throw TensorError.broadcast(a.shape, b.shape, operation: operation.rawValue)
    }
    let result = try Tensor(uninitialized: shape, .bool)
    let x = a.dtype == dtype ? a : try a.cast(to: dtype)
    let y = b.dtype == dtype ? b : try b.cast(to: dtype)
    try Workers.filling(result.count) { watch in
      switch operation {
      case .less: result.apply(.less, x, y, watch: watch)
      case .greater: result.apply(.less, y, x, watch: watch)
      case .equal: result.apply(.equal, x, y, watch: watch)
      case .lessOrEqual: result.apply(.lessOrEqual, x, y, watch: watch)
      case .greaterOrEqual: result.apply(.lessOrEqual, y, x, watch: watch)
      case .notEqual: result.apply(.notEqual, x, y, watch: watch)
      }
    }
    return result
  }

  /// Compares with a bare number, which need not fit the dtype.
  public static func compare(
    _ operation: ComparisonOperation, _ a: Tensor, _ b: Operand
  ) throws -> Tensor {
    if case .int(let value) = b, a.dtype != .bool, !a.dtype.integerRange.contains(value) {
      return try compare(operation, a, Tensor(scalar: value))
    }
    return try compare(operation, a, weak(b, beside: a.dtype))
  }

  public func equal(_ other: Double) throws -> Tensor {
    try Tensor.compare(.equal, self, .float(other))
  }
  public func equal(_ other: Tensor) throws -> Tensor { try Tensor.compare(.equal, self, other) }
  public func greater(_ other: Double) throws -> Tensor {
    try Tensor.compare(.greater, self, .float(other))
  }
  public func greater(_ other: Tensor) throws -> Tensor {
    try Tensor.compare(.greater, self, other)
  }
  public func less(_ other: Double) throws -> Tensor {
    try Tensor.compare(.less, self, .float(other))
  }
  public func less(_ other: Tensor) throws -> Tensor { try Tensor.compare(.less, self, other) }

  /// `condition ? a : b`, element by element; a and b are promoted, all three stretched.
  public static func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    let dtype = DType.promoted(a.dtype, b.dtype)
    guard let inner = Shape.broadcast(a.shape, b.shape) else {
      throw TensorError.broadcast(a.shape, b.shape, operation: "where")
    }
    guard let shape = Shape.broadcast(condition.shape, inner) else {
      throw TensorError.broadcast(condition.shape, inner, operation: "where")
    }
    let test = condition.dtype == .bool ? condition : try condition.cast(to: .bool)
    let x = a.dtype == dtype ? a : try a.cast(to: dtype)
    let y = b.dtype == dtype ? b : try b.cast(to: dtype)
    let result = try Tensor(uninitialized: shape, dtype)
    try Workers.filling(result.count) { result.choose(test, x, y, watch: $0) }
    if let tape = Tape.recording(a, b) {
      try tape.record(
        "where", result, needs: [test],
        (a, { g in try select(test, g, zeros([], dtype: g.dtype)) }),
        (b, { g in try select(test, zeros([], dtype: g.dtype), g) }))
    }
    return result
  }
}

// MARK: Entries

extension ComparisonOperation {
  /// Formula, shapes and source.
  fileprivate var details: String {
    let sign =
      switch self {
      case .less: "<"
      case .greater: ">"
      case .equal: "=="
      case .lessOrEqual: "<="
      case .greaterOrEqual: ">="
      case .notEqual: "!="
      }
    return """
      `a \(sign) b`, no gradient. Shapes: both are stretched to one (broadcasting). Source: NumPy's \
      `\(rawValue)`.
      """
  }
}

extension Tensor {
  static let comparisonEntries: [Entry] =
    ComparisonOperation.allCases.map { operation in
      Entry(
        operation.rawValue, "True where the comparison holds.",
        Parameter("a", Tensor.self, "the first operand"),
        Parameter("b", Operand.self, "the second operand"), returns: "tensor",
        example: "\(operation.rawValue)(tensor([1, 2, 3]), 2)", details: operation.details
      ) { a, b in .tensor(try compare(operation, a, b)) }
    } + [
      Entry(
        "where", "Elements of one tensor where a condition holds, of another elsewhere.",
        Parameter("condition", Tensor.self, "truth values"),
        Parameter("a", Operand?.self, "taken where it is true", default: { nil }),
        Parameter("b", Operand?.self, "taken elsewhere", default: { nil }), returns: "tensor",
        example: "where(tensor([True, False]), 1, 0)",
        details: """
          `y = a if condition else b`; with the condition alone it says where it is true, as \
          nonzero does. Shapes: all three are stretched to one (broadcasting). Derivatives: 1 by \
          the one taken, 0 by the other. Source: NumPy's `where`.
          """
      ) { condition, a, b in
        guard let a, let b else {
          guard a == nil, b == nil else {
            throw Failure(.value, "either both or neither of x and y should be given")
          }
          return .tuple(try condition.nonzeroPlaces().map { .object(try Tensor($0)) })
        }
        let (x, y): (Tensor, Tensor) =
          switch (a, b) {
          case (.tensor(let x), _): (x, try weak(b, beside: x.dtype))
          case (_, .tensor(let y)): (try weak(a, beside: y.dtype), y)
          default: (try a.tensor, try b.tensor)
          }
        return .tensor(try select(condition, x, y))
      },
      Entry(
        "isclose", "True where two elements differ by at most atol + rtol * abs(b).",
        Parameter("a", Tensor.self, "the first operand"),
        Parameter("b", Tensor.self, "the second operand"),
        Parameter("rtol", Double.self, "relative tolerance", default: { 1e-5 }),
        Parameter("atol", Double.self, "absolute tolerance", default: { 1e-8 }),
        returns: "tensor", example: "isclose(tensor([1.0]), tensor([1.000001]))",
        details: """
          `abs(a - b) <= atol + rtol * abs(b)`, for finite b; equal infinities are close, NaN is \
          not. Shapes: both are stretched to one (broadcasting). Source: NumPy's `isclose`.
          """
      ) { a, b, rtol, atol in .tensor(try close(a, b, rtol, atol)) },
      Entry(
        "allclose", "Whether all elements of two tensors are close.",
        Parameter("a", Tensor.self, "the first operand"),
        Parameter("b", Tensor.self, "the second operand"),
        Parameter("rtol", Double.self, "relative tolerance", default: { 1e-5 }),
        Parameter("atol", Double.self, "absolute tolerance", default: { 1e-8 }),
        returns: "bool", example: "allclose(tensor([1.0]), tensor([1.000001]))",
        details: """
          `all(abs(a - b) <= atol + rtol * abs(b))`, not symmetric in a and b. Shapes: both are \
          stretched to one (broadcasting). Source: NumPy's `allclose`.
          """
      ) { a, b, rtol, atol in
        .bool(try close(a, b, rtol, atol).all().integer(0) != 0)
      },
      Entry(
        "array_equal", "Whether two tensors have one shape and equal elements.",
        Parameter("a", Tensor.self, "the first operand"),
        Parameter("b", Tensor.self, "the second operand"), returns: "bool",
        example: "array_equal(tensor([1, 2]), tensor([1, 2]))",
        details: """
          `a.shape == b.shape and all(a == b)`. Shapes: any; different ones are not equal. \
          Source: NumPy's `array_equal`.
          """
      ) { a, b in
        .bool(try a.shape == b.shape && a.equal(b).all().integer(0) != 0)
      },
    ]

  private static func close(
    _ a: Tensor, _ b: Tensor, _ rtol: Double, _ atol: Double
  ) throws -> Tensor {
    let (x, y) = (try a.cast(to: .f64), try b.cast(to: .f64))
    let near = try (x - y).abs()
    let within = try compare(.lessOrEqual, near, y.abs() * rtol + atol)
    let finite = try UnaryOperation.isfinite(y)
    return try binary(.or, binary(.and, within, finite), x.equal(y))
  }
}
