internal import Catalog

extension Tensor {
  /// A number with the type it was written in.
  private static func isWhole(_ operands: [Operand?]) -> Bool {
    operands.allSatisfy { operand in
      switch operand {
      case nil, .int, .bool: true
      case .float: false
      case .tensor(let tensor): !tensor.dtype.isFloating
      }
    }
  }

  private static func arange(
    _ first: Operand, _ second: Operand?, _ step: Operand?, _ dtype: DType?
  ) throws -> Tensor {
    let (start, stop) = (second == nil ? .int(0) : first, second ?? first)
    if isWhole([start, stop, step]) {
      return try arange(
        start.tensor.integer(0), stop.tensor.integer(0), step: step?.tensor.integer(0) ?? 1,
        dtype: dtype ?? .i64)
    }
    return try arange(
      start.tensor.item(), stop.tensor.item(), step: step?.tensor.item() ?? 1,
      dtype: dtype ?? floating([start, stop, step]))
  }

  /// f64 when one of the operands is an array of it, f32 for bare numbers.
  private static func floating(_ operands: [Operand?]) -> DType {
    for case .tensor(let tensor)? in operands where tensor.dtype == .f64 { return .f64 }
    return .f32
  }

  static let creationEntries: [Entry] = [
    Entry(
      "tensor", "A tensor from a number, nested lists, or another tensor; always a copy.",
      Parameter("data", Value.self, "the elements"),
      Parameter("dtype", DType?.self, "their type; floats are float32 when None", default: { nil }),
      returns: "tensor", example: "tensor([[1.0, 2.0], [3.0, 4.0]])",
      details: """
        Whole numbers become int64, truth values bool, other numbers float32; NumPy takes \
        float64. Shapes: that of the nesting, `[[1, 2, 3]]` gives (1, 3). Source: NumPy's \
        `array`.
        """,
      makes: Tensor.type
    ) { data, dtype in
      guard let tensor = try Tensor.read(data, floating: dtype ?? .f32) else {
        throw Failure(
          .type, "tensor() takes numbers or nested lists of numbers, not \(data.typeName)",
          notes: ["the value is \(data.brief())"])
      }
      return .object(try tensor.astype(dtype ?? tensor.dtype))
    },
    Entry(
      "zeros", "A tensor of zeros.", Parameter("shape", Shape.self, "its sizes"),
      Parameter("dtype", DType.self, "its element type", default: { .f32 }), returns: "tensor",
      example: "zeros((2, 3))",
      details: """
        Shapes: `shape`, an int or a tuple; () gives one number. NumPy's are float64. Source: \
        NumPy's `zeros`.
        """
    ) { shape, dtype in .object(try zeros(shape, dtype: dtype)) },
    Entry(
      "ones", "A tensor of ones.", Parameter("shape", Shape.self, "its sizes"),
      Parameter("dtype", DType.self, "its element type", default: { .f32 }), returns: "tensor",
      example: "ones((2, 3))",
      details: """
        Shapes: `shape`, an int or a tuple; () gives one number. NumPy's are float64. Source: \
        NumPy's `ones`.
        """
    ) { shape, dtype in .object(try ones(shape, dtype: dtype)) },
    Entry(
      "full", "A tensor that repeats one value.", Parameter("shape", Shape.self, "its sizes"),
      Parameter("value", Operand.self, "the value", also: ["fill_value"]),
      Parameter("dtype", DType?.self, "its element type; float32 for floats", default: { nil }),
      returns: "tensor", example: "full((2, 2), 7)",
      details: """
        Shapes: `shape`; a value with axes is stretched to it. Source: NumPy's `full`.
        """
    ) { shape, value, dtype in
      let one = try value.tensor
      let kind = dtype ?? (one.dtype == .f64 ? floating([value]) : one.dtype)
      return .object(try one.broadcast(to: shape).astype(kind))
    },
    Entry(
      "zeros_like", "Zeros with the shape and type of another tensor.",
      Parameter("x", Tensor.self, "the model"),
      Parameter("dtype", DType?.self, "another element type", default: { nil }),
      returns: "tensor", example: "zeros_like(tensor([1.0, 2.0]))",
      details: """
        Shapes: that of x. Source: NumPy's `zeros_like`.
        """
    ) { x, dtype in .object(try zeros(x.shape, dtype: dtype ?? x.dtype)) },
    Entry(
      "ones_like", "Ones with the shape and type of another tensor.",
      Parameter("x", Tensor.self, "the model"),
      Parameter("dtype", DType?.self, "another element type", default: { nil }),
      returns: "tensor", example: "ones_like(tensor([1.0, 2.0]))",
      details: """
        Shapes: that of x. Source: NumPy's `ones_like`.
        """
    ) { x, dtype in .object(try ones(x.shape, dtype: dtype ?? x.dtype)) },
    Entry(
      "full_like", "One value with the shape and type of another tensor.",
      Parameter("x", Tensor.self, "the model"),
      Parameter("value", Operand.self, "the value", also: ["fill_value"]), returns: "tensor",
      example: "full_like(tensor([1.0, 2.0]), 7)",
      details: """
        Shapes: that of x; a value with axes is stretched to it. Source: NumPy's `full_like`.
        """
    ) { x, value in .object(try value.tensor.broadcast(to: x.shape).astype(x.dtype)) },
    Entry(
      "arange", "Numbers in even steps, without the end.",
      Parameter("start", Operand.self, "the first; the end when given alone"),
      Parameter("stop", Operand?.self, "the end, not included", default: { nil }),
      Parameter("step", Operand?.self, "the distance", default: { nil }),
      Parameter("dtype", DType?.self, "int64 for whole numbers, else float32", default: { nil }),
      returns: "tensor", example: "arange(0, 10, 2)",
      details: """
        `y_i = start + i * step`, as long as it is before stop. Shapes: (n,) with `n = \
        max(ceil((stop - start) / step), 0)`. Source: NumPy's `arange`.
        """
    ) { start, stop, step, dtype in .object(try arange(start, stop, step, dtype)) },
    Entry(
      "linspace", "Evenly spaced numbers, both ends included.",
      Parameter("start", Double.self, "the first"), Parameter("stop", Double.self, "the last"),
      Parameter("num", Int.self, "how many", default: { 50 }),
      Parameter("endpoint", Bool.self, "whether the last is included", default: { true }),
      Parameter("dtype", DType.self, "the element type", default: { .f32 }), returns: "tensor",
      example: "linspace(0, 1, 5)",
      details: """
        `y_i = start + i * (stop - start) / (num - 1)`; without the end, num takes the place of \
        num - 1. Shapes: (num,). Source: NumPy's `linspace`.
        """
    ) { start, stop, count, endpoint, dtype in
      .object(try linspace(start, stop, count: count, endpoint: endpoint, dtype: dtype))
    },
    Entry(
      "eye", "A matrix with ones on a diagonal.",
      Parameter("n", Int.self, "rows", where: .atLeast(0)),
      Parameter("m", Int?.self, "columns; as many as rows when None", default: { nil }),
      Parameter("k", Int.self, "the diagonal", default: { 0 }),
      Parameter("dtype", DType.self, "the element type", default: { .f32 }), returns: "tensor",
      example: "eye(3)",
      details: """
        `y_ij = 1 if j == i + k else 0`. Shapes: (n, m), m = n if not given. Source: NumPy's \
        `eye`.
        """
    ) { rows, columns, k, dtype in
      .object(try eye(rows, columns, diagonal: k, dtype: dtype))
    },
  ]

  /// The session's stream that functions called by name draw from.
  private static let stream = "script"

  private static func sizes(_ rest: Rest<Value>) throws -> Shape {
    if rest.values.count == 1, let shape = try Shape.read(rest.values[0]) { return shape }
    return try Shape(
      rest.values.map { value in
        guard let size = Int.read(value) else {
          throw Failure(.type, "'\(value.typeName)' object cannot be interpreted as an integer")
        }
        return size
      })
  }

  private static func drawing(
    _ name: String, _ what: String, _ formula: String,
    _ draw: @escaping @Sendable (inout RandomStream, Shape) throws -> Tensor
  ) -> Entry {
    Entry(
      name, "\(what), from the session's seed.",
      Parameter("shape", Rest<Value>.self, "the sizes", passing: .rest), .context,
      returns: "tensor", example: "\(name)(2, 3).shape",
      details: """
        `\(formula)`. Shapes: the sizes given; without any, one number. Source: NumPy's \
        `random.\(name)`, with numbers of its own.
        """
    ) { shape, context in
      let shape = try sizes(shape)
      return .tensor(try context.draw(from: stream) { try draw(&$0, shape) })
    }
  }

  static let randomEntries: [Entry] = [
    drawing("rand", "Uniform random numbers in [0, 1)", "U(0, 1)") { try $0.uniform($1) },
    drawing("randn", "Normal random numbers with mean 0 and variance 1", "N(0, 1)") {
      try $0.normal($1)
    },
    Entry(
      "randint", "Random integers from low up to, but not including, high.",
      Parameter("low", Int.self, "the smallest; 0 when high is not given"),
      Parameter("high", Int?.self, "the end, not included", default: { nil }),
      Parameter("size", Shape.self, "the sizes", also: ["shape"], default: { [] }), .context,
      returns: "tensor", example: "randint(0, 10, (3,)).shape",
      details: """
        Shapes: `size`; without it, one number. Each value from low to high - 1 is equally \
        likely. Source: NumPy's `random.randint`, with numbers of its own.
        """
    ) { low, high, size, context in
      let (first, end) = high.map { (low, $0) } ?? (0, low)
      let (span, overflow) = end.subtractingReportingOverflow(first)
      guard !overflow, span > 0 else { throw Failure(.value, "low >= high") }
      try StoragePool.shared.reserve(size.elements, of: 16)
      return .tensor(
        try context.draw(from: stream) { stream in
          try Tensor(
            (0..<size.elements).map { _ in first + stream.integer(below: span) }, shape: size)
        })
    },
    Entry(
      "permutation", "The numbers below n in a random order, or a tensor's rows.",
      Parameter("x", Tensor.self, "a number or a tensor"), .context, returns: "tensor",
      example: "permutation(5).shape",
      details: """
        Shapes: (n,) for a number n; that of x for a tensor, whose rows move as wholes. Source: \
        NumPy's `random.permutation`, with numbers of its own.
        """
    ) { x, context in
      if x.rank == 0 {
        let count = x.integer(0)
        guard x.dtype.isInteger, count >= 0 else {
          throw Failure(.value, "permutation() takes a count that is not negative, or a tensor")
        }
        try StoragePool.shared.reserve(count, of: 16)
        return .object(
          try context.draw(from: stream) { try Tensor($0.interruptiblePermutation(count)) })
      }
      return .object(
        try context.draw(from: stream) { try x.rows($0.interruptiblePermutation(x.shape[0])) })
    },
  ]
}
