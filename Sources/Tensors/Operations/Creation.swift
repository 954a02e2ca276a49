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
    result.fill(value)
    return result
  }
}
