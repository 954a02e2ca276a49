extension Tensor {
  /// A converted copy that no tape follows.
  func cast(to dtype: DType) throws -> Tensor {
    let result = try Tensor(uninitialized: shape, dtype)
    try Workers.filling(count) { result.write(self, watch: $0) }
    return result
  }

  /// The elements converted to another dtype; always a copy.
  ///
  /// Floats become integers by dropping the fraction; what does not fit becomes the lowest value.
  public func astype(_ dtype: DType) throws -> Tensor {
    let result = try cast(to: dtype)
    if let tape = Tape.recording(self) { try tape.record("astype", result, (self, { $0 })) }
    return result
  }

  /// A contiguous copy with storage of its own.
  public func copy() throws -> Tensor { try astype(dtype) }

  /// Itself when contiguous, else a contiguous copy.
  public func contiguous() throws -> Tensor { isContiguous ? self : try copy() }
}
