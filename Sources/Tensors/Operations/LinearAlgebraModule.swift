internal import Catalog

// The module `linalg`, with NumPy's names and meanings.

extension Tensor {
  static let linalgModule = ModuleFacts(
    "linalg", "Linear algebra: systems of equations and decompositions, by LAPACK.",
    entries: { linalgEntries })

  /// The module's name, there without an import.
  static let linalgConstant: [Entry] = [
    .constant(
      "linalg", "Linear algebra: systems of equations and decompositions.", returns: "module",
      example: "linalg.inv(tensor([[2.0, 0.0], [0.0, 4.0]]))"
    ) { context in .object(Module(linalgModule, context: context)) }
  ]

  private static let precision = """
    It is computed in float64; float32 goes in and comes out as float32. Matrices stand on the \
    last two axes, stacks of them before.
    """

  private static let squareInput = Parameter(
    "a", Tensor.self, "a square matrix, or a stack of them")
  private static let matrixInput = Parameter("a", Tensor.self, "a matrix, or a stack of them")
  private static let triangleInput = Parameter(
    "UPLO", Triangle.self, "which triangle is read: \"L\" below, \"U\" above",
    default: { .lower })

  /// Which half of a symmetric matrix is read.
  enum Triangle: String, Choice {
    case lower = "L"
    case upper = "U"
  }

  static let linalgEntries: [Entry] =
    decompositionEntries + solvingEntries + [
      Entry(
        "norm", "The length of a vector, or a norm of a matrix.",
        Parameter("x", Tensor.self, "the elements"),
        Parameter(
          "ord", NormOrder.self, "2, 1, inf …; \"fro\" or \"nuc\" for matrices",
          default: { .number(nil) }),
        Parameter("axis", Axes.self, "the axes that vanish", default: { Axes(nil) }),
        Parameter("keepdims", Bool.self, "keep them with size one", default: { false }),
        returns: "tensor", example: "linalg.norm(tensor([3.0, 4.0]))",
        details: """
          Without `ord` the square root of the sum of all squares. For a matrix and no axis: 2 is \
          the largest singular value, -2 the smallest, 1 the largest column sum of absolute \
          values, inf the largest row sum, "fro" the root of the sum of squares, "nuc" the sum of \
          singular values. Else the norm of the vectors along the axis.
          """
      ) { x, order, axes, keep in .tensor(try x.norm(order, axes: axes, keepdims: keep)) }
    ]

  private static let decompositionEntries: [Entry] = [
    Entry(
      "eigh", "Eigenvalues in rising order and eigenvectors of a symmetric matrix.",
      squareInput, triangleInput, returns: "tuple of tensors",
      example: "values, vectors = linalg.eigh(tensor([[2.0, 1.0], [1.0, 2.0]]))",
      details: """
        `a @ v = w * v`; the eigenvectors are the columns of the second result, of length 1, and \
        each is free up to its sign. Only one triangle is read. The gradient needs distinct \
        eigenvalues (Giles 2008). LAPACK's dsyevd, as NumPy.

        """ + precision
    ) { a, triangle in
      let (values, vectors) = try a.eigh(lower: triangle == .lower)
      return .tuple([.object(values), .object(vectors)])
    },
    Entry(
      "eigvalsh", "The eigenvalues of a symmetric matrix, in rising order.", squareInput,
      triangleInput,
      returns: "tensor", example: "linalg.eigvalsh(tensor([[2.0, 1.0], [1.0, 2.0]]))",
      details: precision
    ) { a, triangle in .object(try a.eigvalsh(lower: triangle == .lower)) },
    Entry(
      "svd", "The singular value decomposition a = u @ diag(s) @ vh.", matrixInput,
      Parameter(
        "full_matrices", Bool.self, "square u and vh; else min(m, n) vectors of each",
        default: { true }),
      Parameter("compute_uv", Bool.self, "whether u and vh are wanted", default: { true }),
      returns: "tuple of tensors",
      example: "u, s, vh = linalg.svd(tensor([[3.0, 0.0], [4.0, 5.0]]))",
      details: """
        The singular values come in falling order. The signs of a pair of vectors are free. \
        LAPACK's dgesdd, as NumPy.

        """ + precision
    ) { a, full, wantsVectors in
      guard wantsVectors else { return .object(try a.singularValues()) }
      let (u, s, vh) = try a.svd(full: full)
      return .tuple([.object(u), .object(s), .object(vh)])
    },
    Entry(
      "svdvals", "The singular values of a matrix, in falling order.", matrixInput,
      returns: "tensor",
      example: "linalg.svdvals(tensor([[3.0, 0.0], [4.0, 5.0]]))", details: precision
    ) { a in .object(try a.singularValues()) },
    Entry(
      "qr", "Orthonormal columns and an upper triangle: a = q @ r.", matrixInput,
      Parameter(
        "mode", QRMode.self, "q with min(m, n) columns, with m columns, or only r",
        default: { .reduced }),
      returns: "tuple of tensors",
      example: "q, r = linalg.qr(tensor([[3.0, 1.0], [4.0, 2.0]]))",
      details: "Householder reflections; LAPACK's dgeqrf, as NumPy.\n\n" + precision
    ) { a, mode in
      let (q, r) = try a.qr(mode)
      return mode == .r ? .object(r) : .tuple([.object(q), .object(r)])
    },
    Entry(
      "cholesky", "The lower triangle L of a positive definite matrix: a = L @ L.T.", squareInput,
      returns: "tensor", example: "linalg.cholesky(tensor([[4.0, 2.0], [2.0, 3.0]]))",
      details: "Only the lower triangle is read. It has a gradient.\n\n" + precision
    ) { a in .object(try a.cholesky()) },
  ]

  private static let solvingEntries: [Entry] = [
    Entry(
      "solve", "The x with a @ x = b.", squareInput,
      Parameter("b", Tensor.self, "a vector, or a matrix whose columns are solved for each"),
      returns: "tensor",
      example: "linalg.solve(tensor([[2.0, 1.0], [1.0, 3.0]]), tensor([3.0, 5.0]))",
      details: """
        A singular matrix raises LinAlgError. It has a gradient for both arguments. LAPACK's dgesv.

        """ + precision
    ) { a, b in .object(try a.solve(b)) },
    Entry(
      "inv", "The inverse of a matrix.", squareInput, returns: "tensor",
      example: "linalg.inv(tensor([[2.0, 1.0], [1.0, 3.0]]))",
      details: """
        `solve(a, b)` is faster and more exact than `inv(a) @ b`. A singular matrix raises \
        LinAlgError. It has a gradient.

        """ + precision
    ) { a in .object(try a.inverse()) },
    Entry(
      "det", "The determinant of a matrix; 0 when it is singular.", squareInput, returns: "tensor",
      example: "linalg.det(tensor([[2.0, 1.0], [1.0, 3.0]]))",
      details: "The gradient is det(a) times the transposed inverse.\n\n" + precision
    ) { a in .tensor(try a.determinant()) },
    Entry(
      "slogdet", "The sign of the determinant and the logarithm of its absolute value.",
      squareInput,
      returns: "tuple of tensors",
      example: "sign, logarithm = linalg.slogdet(tensor([[2.0, 1.0], [1.0, 3.0]]))",
      details: "For determinants too large or too small for a float.\n\n" + precision
    ) { a in
      let (sign, logarithm) = try a.signAndLogDeterminant()
      return .tuple([.tensor(sign), .tensor(logarithm)])
    },
    Entry(
      "lstsq", "The x that makes the length of a @ x - b smallest.",
      Parameter("a", Tensor.self, "a matrix"),
      Parameter("b", Tensor.self, "a vector, or a matrix whose columns are fitted for each"),
      Parameter(
        "rcond", Double?.self,
        "singular values below it, relative to the largest, count as 0; None: the precision "
          + "times the larger size", default: { nil }),
      returns: "tuple",
      example:
        "x, residuals, rank, s = linalg.lstsq(tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]), "
        + "tensor([1.0, 3.0, 5.0]))",
      details: """
        Gives the solution, the sums of squared distances (empty when the rank is not full), the \
        rank and the singular values. Of several solutions the shortest. LAPACK's dgelsd.

        """ + precision
    ) { a, b, limit in
      let found = try a.leastSquares(b, limit: limit)
      return .tuple([
        .object(found.solution), .object(found.residuals), .int(found.rank),
        .object(found.singularValues),
      ])
    },
    Entry(
      "pinv", "The pseudo-inverse of Moore and Penrose.", matrixInput,
      Parameter(
        "rcond", Double.self, "singular values below it, relative to the largest, count as 0",
        default: { 1e-15 }),
      returns: "tensor", example: "linalg.pinv(tensor([[1.0, 2.0], [2.0, 4.0]]), rcond=1e-6)",
      details: precision
    ) { a, limit in .object(try a.pseudoInverse(limit: limit)) },
    Entry(
      "matrix_rank", "How many columns of a matrix do not depend on the others.", matrixInput,
      Parameter(
        "tol", Double?.self,
        "singular values above it count; None: the largest times the precision times the size",
        default: { nil }),
      returns: "int", example: "linalg.matrix_rank(tensor([[1.0, 2.0], [2.0, 4.0]]))",
      details: precision
    ) { a, tolerance in .tensor(try a.matrixRank(tolerance: tolerance)) },
    Entry(
      "cond", "The largest singular value over the smallest.", matrixInput, returns: "tensor",
      example: "linalg.cond(tensor([[100.0, 0.0], [0.0, 1.0]]))",
      details: "About as much larger an error of b can be in the solution of a @ x = b."
    ) { a in .tensor(try a.conditionNumber()) },
    Entry(
      "matrix_power", "A square matrix times itself, n factors; the inverse for negative n.",
      squareInput, Parameter("n", Int.self, "the exponent"), returns: "tensor",
      example: "linalg.matrix_power(tensor([[1.0, 1.0], [0.0, 1.0]]), 10)"
    ) { a, n in .object(try a.matrixPower(n)) },
  ]
}

/// The order of a norm: a number, `fro` or `nuc`.
enum NormOrder: Argument {
  case number(Double?)
  case frobenius
  case nuclear

  static var kind: String { "float, str or None" }
  static var choices: [String] { ["fro", "nuc"] }

  static func read(_ value: Value) throws -> NormOrder? {
    switch value {
    case .none: return .number(nil)
    case .string("fro"): return .frobenius
    case .string("nuc"): return .nuclear
    case .string(let name): throw Failure.unknownOption(name, among: choices)
    default: return Double.read(value).map { .number($0) }
    }
  }

  var shown: String {
    switch self {
    case .number(let order): order.shown
    case .frobenius: "\"fro\""
    case .nuclear: "\"nuc\""
    }
  }
}

extension Tensor {
  /// NumPy's norm: of a whole matrix for two axes, of vectors for one.
  func norm(_ order: NormOrder, axes: Axes, keepdims: Bool) throws -> Tensor {
    if case .number(let order) = order {
      guard let order, rank == 2, axes.values == nil || axes.values?.count == 2 else {
        return try norm(order ?? 2, axes: axes.values, keepdims: keepdims)
      }
      switch order {
      case 1, -1, .infinity, -.infinity:
        let sums = try abs().sum(axes: [Swift.abs(order) == 1 ? 0 : 1], keepdims: keepdims)
        return order > 0 ? try sums.max(keepdims: keepdims) : try sums.min(keepdims: keepdims)
      case 2, -2:
        let s = try singularValues()
        let found = order > 0 ? try s.max() : try s.min()
        return keepdims ? try found.reshape([1, 1]) : found
      default: throw TensorError.value("Invalid norm order for matrices.")
      }
    }
    guard rank == 2, axes.values == nil || axes.values?.count == 2 else {
      throw TensorError.value("Invalid norm order '\(order.shown)' for vectors")
    }
    if case .frobenius = order { return try norm(2, keepdims: keepdims) }
    let total = try singularValues().sum()
    return keepdims ? try total.reshape([1, 1]) : total
  }
}
