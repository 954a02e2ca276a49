internal import Catalog

// Linear systems, and what follows from their solution.

extension Tensor {
  private static func singular(_ shape: Shape) -> TensorError {
    .linear(
      "Singular matrix",
      help: "its columns depend on one another; linalg.lstsq and linalg.pinv take such matrices")
  }

  /// x with self x = b; `b` is one vector when it has one axis, else matrices.
  ///
  /// - Throws: `TensorError.linear` for a singular matrix; a `ShapeError` when sizes differ.
  public func solve(_ b: Tensor) throws -> Tensor {
    if b.rank == 1 { return try solve(b.expandDims(1)).squeeze([-1]) }
    guard b.rank >= 2 else {
      throw TensorError.linear(
        "0-dimensional array given. Array must be at least one-dimensional", help: nil)
    }
    if rank >= 2, shape[rank - 1] == shape[rank - 2], shape[rank - 1] != b.shape[b.rank - 2] {
      throw Failure(
        .shape,
        "solve of \(shape) and \(b.shape): the matrix has \(shape[rank - 1]) rows, "
          + "the right side \(b.shape[b.rank - 2])",
        code: "L302",
        help: b.shape[b.rank - 1] == shape[rank - 1] ? "b would fit transposed: b.T" : nil)
    }
    guard let stack = Shape.broadcast(outer, b.outer) else {
      throw TensorError.broadcast(shape, b.shape, operation: "solve")
    }
    let a = try columns(square: true, outer: stack, operation: "solve")
    let x = try b.columns(square: false, outer: stack, operation: "solve")
    if a.count > 0, x.count > 0 {
      guard try LAPACK.solve(a, x).code == 0 else { throw Tensor.singular(shape) }
    }
    let kind = try Tensor(uninitialized: [0], DType.promoted(linearDType, b.linearDType))
    let result = try x.matrices(like: kind, outer: stack)
    if let tape = Tape.recording(self, b) {
      try tape.record(
        "solve", result, needs: [self, result],
        (
          self,
          { g in
            let back = try self.swapAxes(-1, -2).solve(g)
            return try back.matmul(result.swapAxes(-1, -2)) * -1
          }
        ),
        (b, { try self.swapAxes(-1, -2).solve($0) }))
    }
    return result
  }

  /// The inverse matrices.
  ///
  /// - Throws: `TensorError.linear` for a singular matrix.
  public func inverse() throws -> Tensor {
    let a = try columns(square: true, operation: "inv")
    let n = a.shape[1]
    let x = try Tensor.eye(n, dtype: .f64).broadcast(to: a.shape).copy()
    if a.count > 0 {
      guard try LAPACK.solve(a, x).code == 0 else { throw Tensor.singular(shape) }
    }
    let result = try x.matrices(like: self)
    if let tape = Tape.recording(self) {
      try tape.record(
        "inv", result, needs: [result],
        (
          self,
          { g in
            let turned = try result.swapAxes(-1, -2)
            return try turned.matmul(g).matmul(turned) * -1
          }
        ))
    }
    return result
  }

  /// Sign and logarithm of the absolute value of the determinants: 0 and -inf when singular.
  private func logDeterminant() throws -> (sign: [Double], logarithm: [Double], value: [Double]) {
    let a = try columns(square: true, operation: "det")
    let (count, n) = (a.shape[0], a.shape[1])
    var (sign, logarithm) = (
      [Double](repeating: 1, count: count), [Double](repeating: 0, count: count)
    )
    var value = sign
    guard a.count > 0 else { return (sign, logarithm, value) }
    let pivots = try Tensor(uninitialized: Shape([count, n]), .i32)
    _ = try LAPACK.factors(a, pivots: pivots)
    let (factors, places) = (a.doubles, pivots.ints)
    for matrix in 0..<count {
      for i in 0..<n {
        let entry = factors[matrix * n * n + i * (n + 1)]
        let isSwapped = places[matrix * n + i] != i + 1
        let signed = isSwapped ? -entry : entry
        value[matrix] *= signed
        sign[matrix] *= signed > 0 ? 1 : signed < 0 ? -1 : signed
        logarithm[matrix] += Elementary.log(Swift.abs(entry))
      }
      if sign[matrix] == 0 { logarithm[matrix] = -.infinity }
    }
    return (sign, logarithm, value)
  }

  /// The determinants; 0 for singular matrices.
  ///
  /// - Throws: in the gradient, `TensorError.linear` for a singular matrix.
  public func determinant() throws -> Tensor {
    let result = try Tensor(logDeterminant().value, shape: outer, dtype: linearDType)
    if let tape = Tape.recording(self) {
      try tape.record(
        "det", result, needs: [self, result],
        (
          self,
          { g in
            let scale = try (g * result).expandDims(-1).expandDims(-1)
            return try scale * self.inverse().swapAxes(-1, -2)
          }
        ))
    }
    return result
  }

  /// The sign of the determinants and the logarithm of their absolute values.
  ///
  /// For matrices whose determinant is too large or too small for a float.
  public func signAndLogDeterminant() throws -> (sign: Tensor, logarithm: Tensor) {
    let (sign, logarithm, _) = try logDeterminant()
    let result = try Tensor(logarithm, shape: outer, dtype: linearDType)
    if let tape = Tape.recording(self) {
      try tape.record(
        "slogdet", result, needs: [self],
        (
          self,
          { g in
            try g.expandDims(-1).expandDims(-1) * self.inverse().swapAxes(-1, -2)
          }
        ))
    }
    return (try Tensor(sign, shape: outer, dtype: linearDType), result)
  }

  /// What `lstsq` gives.
  public struct LeastSquares {
    public let solution: Tensor
    /// The sums of squared distances, one per column; empty unless there are more rows than the
    /// rank, and the rank is full.
    public let residuals: Tensor
    public let rank: Int
    public let singularValues: Tensor
  }

  /// The x that makes the length of self x - b smallest, and of several the shortest.
  ///
  /// - Parameter limit: singular values below it, relative to the largest, count as 0; nil: the
  ///   dtype's precision times the larger size.
  public func leastSquares(_ b: Tensor, limit: Double? = nil) throws -> LeastSquares {
    guard rank == 2, b.rank == 1 || b.rank == 2 else {
      throw TensorError.linear(
        "lstsq takes a matrix and a vector or matrix, got shapes \(shape) and \(b.shape)", help: nil
      )
    }
    if Tape.recording(self, b) != nil {
      throw TensorError.gradient(
        "lstsq has no gradient here", help: "solve(a.T @ a, a.T @ b) has one")
    }
    guard shape[0] == b.shape[0] else {
      throw TensorError.linear("Incompatible dimensions", help: "shapes \(shape) and \(b.shape)")
    }
    let right = b.rank == 1 ? try b.expandDims(1) : b
    let (m, n, width) = (shape[0], shape[1], right.shape[1])
    let a = try columns(square: false, operation: "lstsq")
    try a.requireFinite("SVD did not converge in Linear Least Squares")
    try right.requireFinite("SVD did not converge in Linear Least Squares")
    let tall = Swift.max(m, n)
    let place = try Tensor.zeros(Shape([1, width, Swift.max(tall, 1)]), dtype: .f64)
    try place.assign([.at(0), .all, .range(0, m)], right.detached().transposed)
    let s = try Tensor.zeros(Shape([Swift.max(Swift.min(m, n), 1)]), dtype: .f64)
    let fit = limit ?? precision * Double(Swift.max(m, n))
    var found = 0
    if m > 0, n > 0, width > 0 {
      let (outcome, rank) = try LAPACK.leastSquares(a, place, singular: s, limit: fit)
      guard outcome.code == 0 else {
        throw TensorError.linear("SVD did not converge in Linear Least Squares", help: nil)
      }
      found = rank
    }
    let solved = try place.reshape([width, Swift.max(tall, 1)]).transposed
    let dtype = DType.promoted(linearDType, b.linearDType)
    var solution = try solved.slice(0, 0, n).cast(to: dtype)
    if b.rank == 1 { solution = try solution.reshape([n]) }
    let hasRest = found == n && m > n
    let rest =
      hasRest
      ? try solved.slice(0, n, m).square().sum(axes: [0]).cast(to: dtype)
      : try Tensor.zeros([0], dtype: dtype)
    return LeastSquares(
      solution: solution, residuals: rest, rank: found,
      singularValues: try s.slice(0, 0, Swift.min(m, n)).cast(to: linearDType))
  }

  /// The distance of 1 to the next larger number of this tensor's precision.
  private var precision: Double {
    dtype == .f32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
  }

  /// The pseudo-inverse of Moore and Penrose.
  ///
  /// - Parameter limit: singular values below it, relative to the largest, count as 0.
  public func pseudoInverse(limit: Double = 1e-15) throws -> Tensor {
    let (u, s, vt) = try cast(to: .f64).sameTrace(as: self).svd(full: false)
    guard s.count > 0 else {
      return try Tensor.zeros(
        Shape(Array(outer) + [shape[rank - 1], shape[rank - 2]]), dtype: linearDType)
    }
    let cut = try s.max(axes: [-1], keepdims: true) * limit
    let isKept = try Tensor.compare(.greater, s, .tensor(cut))
    let one = try Tensor.ones([], dtype: .f64)
    let inverse = try Tensor.select(
      isKept, 1 / Tensor.select(isKept, s, one), Tensor.zeros([], dtype: .f64))
    let scaled = try vt.swapAxes(-1, -2) * inverse.expandDims(-2)
    return try scaled.matmul(u.swapAxes(-1, -2)).cast(to: linearDType)
  }

  /// Refuses a traced tensor, whose copy would lose its gradient silently.
  private func sameTrace(as source: Tensor) throws -> Tensor {
    guard Tape.recording(source) == nil else {
      throw TensorError.gradient(
        "pinv has no gradient here", help: "linalg.inv and linalg.solve have one")
    }
    return self
  }

  /// The number of singular values above `tolerance`.
  ///
  /// - Parameter tolerance: nil: the largest times the dtype's precision times the larger size.
  public func matrixRank(tolerance: Double? = nil) throws -> Tensor {
    if rank < 2 {
      let isAny = doubles.contains { $0 != 0 }
      return try Tensor(scalar: isAny ? 1 : 0)
    }
    let s = try singularValues()
    guard s.shape[s.rank - 1] > 0 else { return try Tensor.zeros(outer, dtype: .i64) }
    let size = Double(Swift.max(shape[rank - 1], shape[rank - 2]))
    let cut: Tensor
    if let tolerance {
      cut = try Tensor(scalar: tolerance)
    } else {
      cut = try s.max(axes: [-1], keepdims: true).cast(to: .f64) * (size * precision)
    }
    return try Tensor.compare(.greater, s, .tensor(cut)).sum(-1)
  }

  /// The largest singular value over the smallest: how much an error can grow in `solve`.
  public func conditionNumber() throws -> Tensor {
    let s = try singularValues()
    guard s.shape[s.rank - 1] > 0 else {
      throw TensorError.linear("cond is not defined on empty arrays", help: nil)
    }
    let count = s.shape[s.rank - 1]
    let last = s.rank - 1
    return try s.slice(last, 0, 1).squeeze([-1]) / s.slice(last, count - 1, count).squeeze([-1])
  }

  /// The matrix times itself, `exponent` factors; the inverse for negative ones.
  public func matrixPower(_ exponent: Int) throws -> Tensor {
    guard rank >= 2, shape[rank - 1] == shape[rank - 2] else {
      throw TensorError.linear(
        "Last 2 dimensions of the array must be square", help: "this one has shape \(shape)")
    }
    if exponent == 0 {
      return try Tensor.eye(shape[rank - 1], dtype: dtype).broadcast(to: shape).copy()
    }
    var left = exponent.magnitude
    var square = exponent < 0 ? try inverse() : self
    var result: Tensor?
    while true {
      if left & 1 == 1 { result = try result?.matmul(square) ?? square }
      left >>= 1
      if left == 0 { break }
      square = try square.matmul(square)
    }
    return result ?? square
  }
}
