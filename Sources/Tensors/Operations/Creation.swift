// New tensors from a rule.

extension Tensor {
  /// A tensor of zeros.
  public static func zeros(_ shape: Shape, dtype: DType = .f32) throws -> Tensor {
    try full(shape, 0, dtype: dtype)
  }

  /// A tensor of ones.
  public static func ones(_ shape: Shape, dtype: DType = .f32) throws -> Tensor {
    try full(shape, 1, dtype: dtype)
  }

  /// A tensor that repeats one value.
  public static func full(_ shape: Shape, _ value: Double, dtype: DType = .f32) throws -> Tensor {
    let result = try Tensor(uninitialized: shape, dtype)
    try Workers.filling(result.count) { result.fill(value, watch: $0) }
    return result
  }

  /// Integers from `start` up to, but not including, `stop`.
  ///
  /// - Throws: `TensorError.value` for a step of zero, `.memory` before allocating.
  public static func arange(
    _ start: Int, _ stop: Int, step: Int = 1, dtype: DType = .i64
  ) throws -> Tensor {
    guard step != 0 else { throw TensorError.value("Maximum allowed size exceeded") }
    let (span, overflow) =
      step > 0
      ? stop.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(stop)
    guard !overflow, step != Int.min else {
      throw TensorError.value("Maximum allowed size exceeded")
    }
    let count = span <= 0 ? 0 : (span - 1) / Swift.abs(step) + 1
    try StoragePool.shared.reserve(count, of: 16)
    let values = (0..<count).map { start + $0 * step }
    return dtype == .i64 ? try Tensor(values) : try Tensor(values, dtype: dtype)
  }

  /// Numbers from `start` up to `stop`, as NumPy spaces them: `start + i * step`.
  public static func arange(
    _ start: Double, _ stop: Double, step: Double, dtype: DType = .f32
  ) throws -> Tensor {
    let length = ((stop - start) / step).rounded(.up)
    guard length.isFinite, length < 1e15 else {
      throw TensorError.value("arange: cannot compute length")
    }
    let count = Int(exactly: Swift.max(length, 0)) ?? 0
    try StoragePool.shared.reserve(count, of: 16)
    let delta = (start + step) - start
    return try Tensor((0..<count).map { start + Double($0) * delta }, dtype: dtype)
  }

  /// `count` numbers evenly spaced from `start` to `stop`, both included unless `endpoint` is off.
  public static func linspace(
    _ start: Double, _ stop: Double, count: Int = 50, endpoint: Bool = true, dtype: DType = .f32
  ) throws -> Tensor {
    guard count >= 0 else {
      throw TensorError.value("Number of samples, \(count), must be non-negative.")
    }
    try StoragePool.shared.reserve(count, of: 16)
    let parts = endpoint ? count - 1 : count
    let step = parts > 0 ? (stop - start) / Double(parts) : 0
    var values = (0..<count).map { start + Double($0) * step }
    if endpoint, count > 1 { values[count - 1] = stop }
    return try Tensor(values, dtype: dtype)
  }

  /// The elements where column is at most row + `diagonal` (lower), or at least (upper); else zero.
  public func triangle(upper: Bool, diagonal: Int = 0) throws -> Tensor {
    guard rank >= 2 else { throw TensorError.value("a triangle needs two axes, got \(rank)") }
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    let row = try Tensor.arange(0, rows).reshape([rows, 1])
    let column = try Tensor.arange(0, columns)
    let edge = try Tensor.binary(.add, row, .int(Swift.max(Swift.min(diagonal, 1 << 40), -1 << 40)))
    let keep = try Tensor.compare(upper ? .greaterOrEqual : .lessOrEqual, column, edge)
    return try Tensor.select(keep, self, Tensor.zeros([], dtype: dtype))
  }
}
