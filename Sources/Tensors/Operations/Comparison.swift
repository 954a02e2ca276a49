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
    switch operation {
    case .less: result.apply(.less, x, y)
    case .greater: result.apply(.less, y, x)
    case .equal: result.apply(.equal, x, y)
    case .lessOrEqual: result.apply(.lessOrEqual, x, y)
    case .greaterOrEqual: result.apply(.lessOrEqual, y, x)
    case .notEqual: result.apply(.notEqual, x, y)
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
    result.choose(test, x, y)
    if let tape = Tape.recording(a, b) {
      try tape.record(
        "where", result, needs: [test],
        (a, { g in try select(test, g, zeros([], dtype: g.dtype)) }),
        (b, { g in try select(test, zeros([], dtype: g.dtype), g) }))
    }
    return result
  }
}
