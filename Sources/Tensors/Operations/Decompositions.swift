public import Catalog

// Matrices taken apart, by LAPACK in f64; f32 goes in and comes out as f32.

extension Tensor {
  /// The matrices of a stack in f64, column by column: axes matrix, column, row.
  ///
  /// - Throws: `TensorError.linear` unless the last two axes are a matrix (square if wanted) of a
  ///   size that LAPACK takes.
  func columns(square: Bool, outer: Shape? = nil, operation: String) throws -> Tensor {
    guard rank >= 2 else {
      throw TensorError.linear(
        "\(rank)-dimensional array given. Array must be at least two-dimensional",
        help: "\(operation) takes matrices on the last two axes")
    }
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    if square, rows != columns {
      throw TensorError.linear(
        "Last 2 dimensions of the array must be square",
        help: "this one has shape \(shape)")
    }
    guard rows <= LAPACK.largest, columns <= LAPACK.largest else {
      throw TensorError.value(
        "\(operation) takes at most \(LAPACK.largest) rows and columns, got \(rows) x \(columns)")
    }
    let stack = outer ?? self.outer
    let count = stack.elements
    // The copy, and as much again for LAPACK's own workspace.
    try StoragePool.shared.reserve(count * rows * columns + 2 * rows * columns, of: 8)
    let full = try Shape(Array(stack) + [rows, columns])
    return try detached().broadcast(to: full).swapAxes(-1, -2).cast(to: .f64)
      .reshape([count, columns, rows])
  }

  /// The axes before the last two.
  var outer: Shape { (try? Shape(shape.dropLast(2))) ?? [] }

  /// The dtype of what linear algebra gives for this tensor.
  var linearDType: DType { dtype == .f32 ? .f32 : .f64 }

  /// Results of LAPACK back in row order, with the axes of the stack, in the dtype of `source`.
  func matrices(like source: Tensor, outer: Shape? = nil) throws -> Tensor {
    let (columns, rows) = (shape[1], shape[2])
    let target = try Shape(Array(outer ?? source.outer) + [rows, columns])
    return try swapAxes(1, 2).cast(to: source.linearDType).reshape(target)
  }

  func vectors(like source: Tensor) throws -> Tensor {
    try reshape(Shape(Array(source.outer) + [shape[1]])).cast(to: source.linearDType)
  }

  func requireFinite(_ message: String) throws {
    guard doubles.allSatisfy(\.isFinite) else {
      throw TensorError.linear(message, help: "the matrix holds NaN or infinity")
    }
  }

  private static func converged(_ outcome: LAPACK.Outcome, _ message: String) throws {
    guard outcome.code == 0 else { throw TensorError.linear(message, help: nil) }
  }

  private func refuseGradient(_ operation: String) throws {
    guard Tape.recording(self) != nil else { return }
    throw TensorError.gradient(
      "\(operation) has no gradient here", help: "detach the matrix first: x.detach()")
  }

  /// Eigenvalues in rising order and orthonormal eigenvectors (as columns) of symmetric matrices.
  ///
  /// Only one triangle is read. The gradient (Giles 2008) needs distinct eigenvalues.
  ///
  /// - Throws: `TensorError.linear` for matrices that are not square, or when it does not converge.
  public func eigh(lower: Bool = true) throws -> (values: Tensor, vectors: Tensor) {
    let a = try columns(square: true, operation: "eigh")
    try a.requireFinite("Eigenvalues did not converge")
    let w = try Tensor(uninitialized: [a.shape[0], a.shape[1]], .f64)
    if a.count > 0 {
      try Tensor.converged(
        LAPACK.eigen(a, into: w, vectors: true, lower: lower), "Eigenvalues did not converge")
    }
    let (values, vectors) = (try w.vectors(like: self), try a.matrices(like: self))
    if let tape = Tape.recording(self) {
      let turned = { try vectors.swapAxes(-1, -2) }
      try tape.record(
        "eigh", vectors, needs: [vectors],
        (
          self,
          { g in
            let gap = try values.expandDims(-2) - values.expandDims(-1)
            let equal = try gap.equal(Tensor.zeros([], dtype: values.dtype))
            let inverse = try Tensor.select(
              equal, Tensor.zeros([], dtype: values.dtype),
              1 / Tensor.select(equal, Tensor.ones([], dtype: values.dtype), gap))
            return try vectors.matmul(inverse * turned().matmul(g)).matmul(turned())
          }
        ))
      try tape.record(
        "eigvalsh", values, needs: [vectors],
        (self, { try (vectors * $0.expandDims(-2)).matmul(turned()) }))
    }
    return (values, vectors)
  }

  /// The eigenvalues of symmetric matrices, in rising order.
  public func eigvalsh(lower: Bool = true) throws -> Tensor {
    if Tape.recording(self) != nil { return try eigh(lower: lower).values }
    let a = try columns(square: true, operation: "eigvalsh")
    try a.requireFinite("Eigenvalues did not converge")
    let w = try Tensor(uninitialized: [a.shape[0], a.shape[1]], .f64)
    if a.count > 0 {
      try Tensor.converged(
        LAPACK.eigen(a, into: w, vectors: false, lower: lower), "Eigenvalues did not converge")
    }
    return try w.vectors(like: self)
  }

  /// x = u diag(s) vt, singular values in falling order.
  ///
  /// - Parameter full: square u and vt; else only the first min(m, n) vectors of each.
  /// - Throws: `TensorError.linear` when it does not converge, `.gradient` when traced.
  public func svd(full: Bool = true) throws -> (u: Tensor, s: Tensor, vt: Tensor) {
    try refuseGradient("svd")
    let a = try columns(square: false, operation: "svd")
    let (count, n, m) = (a.shape[0], a.shape[1], a.shape[2])
    let k = Swift.min(m, n)
    guard k > 0, count > 0 else {
      let (left, right) = full ? (m, n) : (k, k)
      let stack = Array(outer)
      let dtype = linearDType
      return (
        try Tensor.eye(m, left, dtype: dtype).broadcast(to: Shape(stack + [m, left])).copy(),
        try Tensor.zeros(Shape(stack + [k]), dtype: dtype),
        try Tensor.eye(right, n, dtype: dtype).broadcast(to: Shape(stack + [right, n])).copy()
      )
    }
    try a.requireFinite("SVD did not converge")
    let u = try Tensor(uninitialized: Shape([count, full ? m : k, m]), .f64)
    let s = try Tensor(uninitialized: [count, k], .f64)
    let vt = try Tensor(uninitialized: Shape([count, n, full ? n : k]), .f64)
    try Tensor.converged(
      LAPACK.singular(a, job: full ? 65 : 83, u: u, s: s, vt: vt), "SVD did not converge")
    return (
      try u.matrices(like: self), try s.vectors(like: self), try vt.matrices(like: self)
    )
  }

  /// The singular values alone, in falling order.
  public func singularValues() throws -> Tensor {
    try refuseGradient("svdvals")
    let a = try columns(square: false, operation: "svdvals")
    let k = Swift.min(a.shape[1], a.shape[2])
    let s = try Tensor(uninitialized: [a.shape[0], k], .f64)
    if a.count > 0 {
      try a.requireFinite("SVD did not converge")
      let none = try Tensor(uninitialized: [1, 1, 1], .f64)
      try Tensor.converged(
        LAPACK.singular(a, job: 78, u: none, s: s, vt: none), "SVD did not converge")
    }
    return try s.vectors(like: self)
  }

  /// How much of Q there is.
  public enum QRMode: String, Choice {
    /// min(m, n) columns.
    case reduced
    /// m columns.
    case complete
    /// Only R.
    case r
  }

  /// x = q r: orthonormal columns times an upper triangle; q is empty for mode `r`.
  ///
  /// - Throws: `TensorError.gradient` when traced.
  public func qr(_ mode: QRMode = .reduced) throws -> (q: Tensor, r: Tensor) {
    try refuseGradient("qr")
    let a = try columns(square: false, operation: "qr")
    let (count, n, m) = (a.shape[0], a.shape[1], a.shape[2])
    let k = Swift.min(m, n)
    let tau = try Tensor(uninitialized: Shape([count, k]), .f64)
    if a.count > 0 {
      try Tensor.converged(LAPACK.reflections(a, tau: tau), "QR did not converge")
    }
    let width = mode == .complete ? m : k
    let triangle = try a.swapAxes(1, 2).triangle(upper: true)
    var r = try triangle.slice(1, 0, k)
    if mode == .complete, m > k {
      r = try Tensor.concat([r, Tensor.zeros(Shape([count, m - k, n]), dtype: .f64)], axis: 1)
    }
    let target = try Shape(Array(outer) + [width, n])
    let upper = try r.cast(to: linearDType).reshape(target)
    guard mode != .r else { return (try Tensor.zeros([0], dtype: linearDType), upper) }
    // The columns beyond the reflections start as those of the identity.
    var q = try a.slice(1, 0, Swift.min(width, n)).copy()
    if width > n {
      let rest = try Tensor.zeros(Shape([count, width - n, m]), dtype: .f64)
      q = try Tensor.concat([q, rest], axis: 1)
    }
    if count > 0, m > 0, width > 0 {
      try Tensor.converged(LAPACK.orthonormal(q, tau: tau, count: k), "QR did not converge")
    }
    return (try q.matrices(like: self), upper)
  }

  /// The lower triangle L with x = L Lᵀ, of symmetric matrices with positive eigenvalues.
  ///
  /// Only the lower triangle is read. The gradient is Murray's (2016), symmetrised.
  ///
  /// - Throws: `TensorError.linear` when a matrix is not positive definite.
  public func cholesky() throws -> Tensor {
    let a = try columns(square: true, operation: "cholesky")
    if a.count > 0 {
      let outcome = try LAPACK.cholesky(a)
      guard outcome.code == 0 else {
        throw TensorError.linear(
          "Matrix is not positive definite",
          help: "all eigenvalues must be above 0; a covariance needs more examples than features, "
            + "or a little added to its diagonal")
      }
    }
    let result = try a.matrices(like: self).triangle(upper: false)
    if let tape = Tape.recording(self) {
      try tape.record(
        "cholesky", result, needs: [result],
        (
          self,
          { g in
            let turned = try result.swapAxes(-1, -2)
            let product = try turned.matmul(g)
            let half =
              try product.triangle(upper: false)
              + product.triangle(upper: false, diagonal: -1)
            let middle = try half / 2
            // Lᵀ⁻¹ middle L⁻¹, by two solutions.
            let left = try turned.solve(middle)
            let both = try turned.solve(left.swapAxes(-1, -2)).swapAxes(-1, -2)
            return try (both + both.swapAxes(-1, -2)) / 2
          }
        ))
    }
    return result
  }
}
