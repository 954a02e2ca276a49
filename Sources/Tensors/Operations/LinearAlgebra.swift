internal import Catalog

// Products of matrices and vectors.

extension Tensor {
  /// The matrix product, with NumPy's rules for vectors and for stacks of matrices.
  ///
  /// f32 runs on oneDNN in blocks cut by shape; transposed views are read as they lie.
  ///
  /// - Throws: `TensorError.product` when inner sizes differ, `.broadcast` for the stacks,
  ///   `.interrupted`.
  public func matmul(_ other: Tensor) throws -> Tensor {
    guard rank > 0, other.rank > 0 else {
      throw TensorError.value(
        "matmul: Input operand \(rank > 0 ? 1 : 0) does not have enough dimensions "
          + "(it needs at least 1)")
    }
    if rank == 1 { return try expandDims(0).matmul(other).squeeze([other.rank == 1 ? 0 : -2]) }
    if other.rank == 1 { return try matmul(other.expandDims(1)).squeeze([-1]) }
    let (k, n) = (shape[rank - 1], other.shape[other.rank - 1])
    guard k == other.shape[other.rank - 2] else { throw TensorError.product(shape, other.shape) }
    if other.rank == 2, rank > 2, k > 0, isContiguous {
      // A stack times one matrix is one tall product.
      var sizes = shape
      sizes[rank - 1] = n
      return try reshape([count / k, k]).matmul(other).reshape(sizes)
    }
    let outer = Shape.broadcast(try Shape(shape.dropLast(2)), try Shape(other.shape.dropLast(2)))
    guard let outer else { throw TensorError.broadcast(shape, other.shape, operation: "matmul") }
    let dtype = DType.promoted(self.dtype, other.dtype)
    let working = dtype.isFloating ? dtype : .i64
    let full = try Shape(Array(outer) + [shape[rank - 2], n])
    let left = try operand(self, working, outer)
    let right = try operand(other, working, outer)
    var result = try Tensor(uninitialized: full, working)
    try Tensor.multiplyMatrices(left, right, into: result)
    if working != dtype { result = try result.cast(to: dtype) }
    if let tape = Tape.recording(self, other) {
      try tape.record(
        "matmul", result, needs: [self, other],
        (self, { try $0.matmul(other.swapAxes(-1, -2)) }),
        (other, { try self.swapAxes(-1, -2).matmul($0) }))
    }
    return result
  }

  private func operand(_ x: Tensor, _ dtype: DType, _ outer: Shape) throws -> Tensor {
    var plain = x.dtype == dtype ? x.detached() : try x.cast(to: dtype)
    if dtype == .f32 { plain = try plain.packed() }
    return try plain.broadcast(
      to: Shape(Array(outer) + [x.shape[x.rank - 2], x.shape[x.rank - 1]]))
  }

  /// NumPy's `dot`: for matrices and vectors the matrix product, for numbers the product.
  public func dot(_ other: Tensor) throws -> Tensor {
    if rank == 0 || other.rank == 0 { return try self * other }
    guard other.rank > 2 else { return try matmul(other) }
    throw TensorError.value("dot takes a second operand with at most two axes; use matmul")
  }

  /// All products of two vectors' elements.
  public func outer(_ other: Tensor) throws -> Tensor {
    try reshape([count, 1]) * other.reshape([1, other.count])
  }

  /// A matrix with ones on a diagonal.
  public static func eye(_ rows: Int, _ columns: Int? = nil, diagonal: Int = 0, dtype: DType = .f32)
    throws -> Tensor
  {
    let result = try Tensor.zeros(Shape([rows, columns ?? rows]), dtype: dtype)
    let places = (0..<rows).filter { row in
      let (column, overflow) = row.addingReportingOverflow(diagonal)
      return !overflow && column >= 0 && column < columns ?? rows
    }
    if !places.isEmpty {
      try result.assign(
        [.picks(Tensor(places)), .picks(Tensor(places.map { $0 + diagonal }))],
        Tensor(scalar: 1.0))
    }
    return result
  }

  /// The main diagonal of a matrix as a view, or a matrix with the vector on its diagonal.
  public func diagonal() throws -> Tensor {
    if rank == 1 {
      let n = count
      return try reshape([n, 1]) * Tensor.eye(n, dtype: dtype)
    }
    guard rank == 2 else {
      throw TensorError.value("diag takes one or two axes, got \(rank)")
    }
    let places = try Tensor(Array(0..<Swift.min(shape[0], shape[1])))
    return try at([.picks(places), .picks(places)])
  }
}

// MARK: Entries

extension Tensor {
  static let productEntries: [Entry] = [
    Entry(
      "matmul", "The matrix product, as the operator @.",
      Parameter("a", Tensor.self, "the left matrix, vector or stack"),
      Parameter("b", Tensor.self, "the right one"), returns: "tensor",
      example: "matmul(tensor([[1.0, 2.0]]), tensor([[3.0], [4.0]]))",
      details: """
        `y_ij = sum_k a_ik * b_kj`. Shapes: (…, m, k) @ (…, k, n) gives (…, m, n), axes in front \
        are stretched; a vector counts as a row on the left, as a column on the right. \
        Derivatives: `g @ b.T` and `a.T @ g`. Source: NumPy's `matmul`.
        """
    ) { a, b in .tensor(try a.matmul(b)) },
    Entry(
      "dot", "The product of two vectors, or of matrices.",
      Parameter("a", Tensor.self, "the left operand"),
      Parameter("b", Tensor.self, "the right operand"), returns: "tensor",
      example: "dot(tensor([1.0, 2.0]), tensor([3.0, 4.0]))",
      details: """
        `sum_k a_k * b_k`, for matrices `a @ b`. Shapes: (k,) and (k,) give one number, (m, k) \
        and (k, n) give (m, n). Source: NumPy's `dot`.
        """
    ) { a, b in .tensor(try a.dot(b)) },
    Entry(
      "outer", "All products of two vectors' elements.",
      Parameter("a", Tensor.self, "one for each row"),
      Parameter("b", Tensor.self, "one for each column"), returns: "tensor",
      example: "outer(tensor([1, 2]), tensor([3, 4]))",
      details: """
        `y_ij = a_i * b_j`. Shapes: (m,) and (n,) give (m, n). Source: NumPy's `outer`.
        """
    ) { a, b in .tensor(try a.outer(b)) },
    Entry(
      "diag", "The diagonal of a matrix, or a matrix with that diagonal.",
      Parameter("x", Tensor.self, "a matrix or a vector"), returns: "tensor",
      example: "diag(tensor([1, 2]))",
      details: """
        `y_i = x_ii`, and back `y_ij = x_i if i == j else 0`. Shapes: (m, n) gives (min(m, n),), \
        (n,) gives (n, n). Source: NumPy's `diag`.
        """
    ) { x in .tensor(try x.diagonal()) },
    Entry(
      "tril", "The elements on and below a diagonal; zero above.",
      Parameter("x", Tensor.self, "a matrix"),
      Parameter("k", Int.self, "the diagonal; above the main one when positive", default: { 0 }),
      returns: "tensor", example: "tril(ones((3, 3)))",
      details: """
        `y_ij = x_ij if j <= i + k else 0`. Shapes: that of x. Source: NumPy's `tril`.
        """
    ) { x, k in .tensor(try x.triangle(upper: false, diagonal: k)) },
    Entry(
      "triu", "The elements on and above a diagonal; zero below.",
      Parameter("x", Tensor.self, "a matrix"),
      Parameter("k", Int.self, "the diagonal; above the main one when positive", default: { 0 }),
      returns: "tensor", example: "triu(ones((3, 3)))",
      details: """
        `y_ij = x_ij if j >= i + k else 0`. Shapes: that of x. Source: NumPy's `triu`.
        """
    ) { x, k in .tensor(try x.triangle(upper: true, diagonal: k)) },
  ]

  static let productMembers: [Entry] = [
    .method(
      of: Tensor.self, "dot", "The product of two vectors, or of matrices.",
      Parameter("other", Tensor.self, "the right operand"), returns: "tensor",
      example: "tensor([1.0, 2.0]).dot(tensor([3.0, 4.0]))"
    ) { a, b in .tensor(try a.dot(b)) },
    .method(
      of: Tensor.self, "matmul", "The matrix product, as the operator @.",
      Parameter("other", Tensor.self, "the right operand"), returns: "tensor",
      example: "tensor([[1.0, 2.0]]).matmul(tensor([[3.0], [4.0]]))"
    ) { a, b in .tensor(try a.matmul(b)) },
  ]
}
