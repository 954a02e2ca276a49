internal import Catalog

// Elements at other places: stacks, splits, grids, rolls.

extension Tensor {
  /// With at least so many axes, new ones of size one in front.
  func atLeast(_ axes: Int) throws -> Tensor {
    var result = self
    while result.rank < axes { result = try result.expandDims(0) }
    return result
  }

  /// Rows below one another; vectors count as rows.
  public static func rows(_ tensors: [Tensor]) throws -> Tensor {
    try concat(tensors.map { try $0.atLeast(2) }, axis: 0)
  }

  /// Beside one another: vectors end to end, matrices along the second axis.
  public static func beside(_ tensors: [Tensor]) throws -> Tensor {
    let all = try tensors.map { try $0.atLeast(1) }
    return try concat(all, axis: all.first?.rank == 1 ? 0 : 1)
  }

  /// Vectors as the columns of a matrix; matrices beside one another.
  public static func columns(_ tensors: [Tensor]) throws -> Tensor {
    try concat(
      tensors.map { $0.rank < 2 ? try $0.reshape([$0.count, 1]) : $0 }, axis: 1)
  }

  /// Elements moved along an axis, those that leave come in at the other end.
  public func rolled(_ shift: Int, axis: Int? = nil) throws -> Tensor {
    guard let axis else { return try reshape([count]).rolled(shift, axis: 0).reshape(shape) }
    let along = try shape.axis(axis)
    let n = shape[along]
    guard n > 0 else { return try copy() }
    let cut = (n - (shift % n + n) % n) % n
    guard cut != 0 else { return try copy() }
    return try Tensor.concat([slice(along, cut, n), slice(along, 0, cut)], axis: along)
  }

  /// An axis at another place, the others in order.
  public func moveAxis(_ from: Int, to place: Int) throws -> Tensor {
    let (source, target) = (try shape.axis(from), try shape.axis(place))
    var order = (0..<rank).filter { $0 != source }
    order.insert(source, at: target)
    return try permute(order)
  }

  /// Parts along an axis, the earlier ones longer by one where it does not divide.
  public func parts(_ count: Int, axis: Int = 0, even: Bool = true) throws -> [Tensor] {
    let along = try shape.axis(axis)
    let n = shape[along]
    guard count > 0 else {
      throw TensorError.value("number sections must be larger than 0.")
    }
    guard !even || n % count == 0 else {
      throw TensorError.value("array split does not result in an equal division")
    }
    guard count <= 1 << 24 else { throw TensorError.value("\(count) parts are too many") }
    var start = 0
    return try (0..<count).map { part in
      let size = n / count + (part < n % count ? 1 : 0)
      defer { start += size }
      return try slice(along, start, start + size)
    }
  }

  /// Parts along an axis, cut at places.
  public func parts(at places: [Int], axis: Int = 0) throws -> [Tensor] {
    let along = try shape.axis(axis)
    let n = shape[along]
    let ends = places.map { Swift.max(Swift.min($0 < 0 ? $0 + n : $0, n), 0) }
    return try zip([0] + ends, ends + [n]).map {
      try slice(along, Swift.min($0, n), Swift.max($0, $1))
    }
  }

  /// The coordinates of all points of a grid, one tensor for each axis.
  public static func grid(_ axes: [Tensor], swapsFirst: Bool = true) throws -> [Tensor] {
    let flat = try axes.map { try $0.reshape([$0.count]) }
    let swaps = swapsFirst && flat.count > 1
    // The axis of the result along which the i-th coordinate runs.
    let place = { (index: Int) in swaps && index < 2 ? 1 - index : index }
    var sizes = Array(repeating: 1, count: flat.count)
    for (index, axis) in flat.enumerated() { sizes[place(index)] = axis.count }
    let shape = try Shape(sizes)
    return try flat.enumerated().map { index, axis in
      var own = Array(repeating: 1, count: flat.count)
      own[place(index)] = axis.count
      return try axis.reshape(Shape(own)).broadcast(to: shape).copy()
    }
  }

  /// The sum of a matrix's diagonal.
  public func trace(offset: Int = 0) throws -> Tensor {
    guard rank == 2 else { throw TensorError.value("trace takes a matrix, got \(rank) axes") }
    let mask = try Tensor.eye(shape[0], shape[1], diagonal: offset, dtype: .bool)
    return try Tensor.select(mask, self, Tensor.zeros([], dtype: dtype)).sum()
  }
}

// MARK: Entries

extension Tensor {
  private static func joining(
    _ name: String, _ sentence: String, _ example: String, _ details: String,
    _ body: @escaping @Sendable ([Tensor]) throws -> Tensor
  ) -> Entry {
    Entry(
      name, sentence, Parameter("tensors", [Tensor].self, "equal in all other sizes"),
      returns: "tensor", example: example,
      details: "\(details) Source: NumPy's `\(name)`."
    ) { tensors in .tensor(try body(tensors)) }
  }

  private static func splitting(_ name: String, _ sentence: String, even: Bool) -> Entry {
    Entry(
      name, sentence, Parameter("x", Tensor.self, "the elements"),
      Parameter("sections", Axes.self, "how many parts; or a list of places to cut at"),
      Parameter("axis", Int.self, "the axis that is cut", default: { 0 }),
      returns: "list of tensors", example: "\(name)(arange(6), 3)",
      details: """
        `[x[:n], x[n:2 * n], …]` along the axis; \
        \(even ? "it must fall into even parts" : "the first parts may have one more"). Shapes: that \
        of x but for the axis. Source: NumPy's `\(name)`.
        """
    ) { x, sections, axis in
      let places = sections.values ?? []
      // One number alone is a count, in a list a place.
      let parts =
        sections.isSingle
        ? try x.parts(places[0], axis: axis, even: even) : try x.parts(at: places, axis: axis)
      return .array(parts.map { .object($0) })
    }
  }

  /// `split` cuts data sets, so that of arrays is only in modules.
  static let namesakeSplits: [Entry] = [
    splitting("split", "Equal parts along an axis.", even: true)
  ]

  static let arrangingEntries: [Entry] = [
    joining(
      "vstack", "Rows below one another.", "vstack([tensor([1, 2]), tensor([3, 4])])",
      "`y = [a_0, …, b_0, …]`. Shapes: (m, k) and (n, k) give (m + n, k); a vector is a row.", rows),
    joining(
      "hstack", "Beside one another.", "hstack([tensor([1, 2]), tensor([3])])",
      "`y_i = [a_i, b_i]`. Shapes: (k, m) and (k, n) give (k, m + n); (m,) and (n,) give (m + n,).",
      beside),
    joining(
      "column_stack", "Vectors as the columns of a matrix.",
      "column_stack([tensor([1, 2]), tensor([3, 4])])",
      "`y_ij = x_j[i]`. Shapes: k vectors (n,) give (n, k); matrices stand beside them.", columns),
    splitting("array_split", "Parts along an axis, as equal as possible.", even: false),
    Entry(
      "roll", "Elements moved along an axis; those that leave come in at the other end.",
      Parameter("x", Tensor.self, "the elements"), Parameter("shift", Int.self, "how far"),
      Parameter("axis", Int?.self, "the axis; all elements in order when None", default: { nil }),
      returns: "tensor", example: "roll(tensor([1, 2, 3]), 1)",
      details: """
        `y_i = x_((i - shift) mod n)`. Shapes: that of x. Source: NumPy's `roll`.
        """
    ) { x, shift, axis in .tensor(try x.rolled(shift, axis: axis)) },
    Entry(
      "moveaxis", "An axis at another place.", Parameter("x", Tensor.self, "the elements"),
      Parameter("source", Int.self, "the axis"), Parameter("destination", Int.self, "its place"),
      returns: "tensor", example: "moveaxis(zeros((2, 3, 4)), 0, -1).shape",
      details: """
        `y_jki = x_ijk` for source 0 and destination -1. Shapes: that of x with one size \
        elsewhere. Source: NumPy's `moveaxis`.
        """
    ) { x, source, destination in .tensor(try x.moveAxis(source, to: destination)) },
    Entry(
      "meshgrid", "The coordinates of all points of a grid.",
      Parameter("axes", Rest<Tensor>.self, "the numbers along each axis", passing: .rest),
      Parameter("indexing", GridOrder.self, "xy: rows run along y", passing: .keywordOnly) { .xy },
      returns: "tuple of tensors", example: "meshgrid(arange(3), arange(2))",
      details: """
        xy: `X_ij = x_j`, `Y_ij = y_i`; ij: `X_ij = x_i`, `Y_ij = y_j`. Shapes: x (n,) and y \
        (m,) give two of (m, n), with ij (n, m). Source: NumPy's `meshgrid`.
        """
    ) { axes, order in
      .tuple(try grid(axes.values, swapsFirst: order == .xy).map { .object($0) })
    },
    Entry(
      "argwhere", "Where the elements that are not zero stand, a row for each.",
      Parameter("x", Tensor.self, "the elements"), returns: "tensor",
      example: "argwhere(tensor([0, 5, 7]))",
      details: """
        `x[y_k] != 0` for each row y_k. Shapes: (k, axes of x) for k such elements. Source: \
        NumPy's `argwhere`.
        """
    ) { x in
      .tensor(try stack(x.atLeast(1).nonzeroPlaces().map { try Tensor($0) }, axis: 1))
    },
    Entry(
      "count_nonzero", "How many elements are not zero.",
      Parameter("x", Tensor.self, "the elements"),
      Parameter("axis", Axes.self, "the axes that vanish", default: { Axes(nil) }),
      returns: "int", example: "count_nonzero(tensor([0, 5, 7]))",
      details: """
        `sum(x != 0)`. Shapes: that of x without the axes; without axes an int. Source: NumPy's \
        `count_nonzero`.
        """
    ) { x, axes in
      let counts = try x.detached().astype(.bool).sum(axes: axes.values)
      // NumPy gives a plain int for the whole.
      return axes.values == nil ? .int(counts.integer(0)) : .tensor(counts)
    },
    Entry(
      "trace", "The sum of a matrix's diagonal.", Parameter("x", Tensor.self, "a matrix"),
      Parameter("offset", Int.self, "the diagonal", default: { 0 }), returns: "tensor",
      example: "trace(tensor([[1, 2], [3, 4]]))",
      details: """
        `sum_i x_(i, i + offset)`. Shapes: (m, n) gives one number. Source: NumPy's `trace`.
        """
    ) { x, offset in .tensor(try x.trace(offset: offset)) },
    Entry(
      "logspace", "Numbers evenly spaced in their logarithms, both ends included.",
      Parameter("start", Double.self, "exponent of the first"),
      Parameter("stop", Double.self, "exponent of the last"),
      Parameter("num", Int.self, "how many", default: { 50 }),
      Parameter("endpoint", Bool.self, "whether the last is included", default: { true }),
      Parameter("base", Double.self, "raised to the exponents", default: { 10 }),
      Parameter("dtype", DType.self, "the element type", default: { .f32 }), returns: "tensor",
      example: "logspace(0, 2, 3)",
      details: """
        `y_i = base ** (start + i * (stop - start) / (num - 1))`. Shapes: (num,). Source: \
        NumPy's `logspace`.
        """
    ) { start, stop, count, endpoint, base, dtype in
      let powers = try linspace(start, stop, count: count, endpoint: endpoint, dtype: .f64)
      return .tensor(try binary(.power, .float(base), powers).astype(dtype))
    },
    logical("logical_and", "True where both are not zero.", .and),
    logical("logical_or", "True where one is not zero.", .or),
    logical("logical_xor", "True where exactly one is not zero.", .xor),
  ]

  private static func logical(
    _ name: String, _ sentence: String, _ operation: BinaryOperation
  ) -> Entry {
    Entry(
      name, sentence, Parameter("a", Tensor.self, "the first operand"),
      Parameter("b", Tensor.self, "the second operand"), returns: "tensor",
      example: "\(name)(tensor([True, False]), tensor([True, True]))",
      details: """
        `(a != 0) \(operation == .xor ? "!=" : operation == .and ? "and" : "or") (b != 0)`. Shapes: \
        both are stretched to one (broadcasting). Source: NumPy's `\(name)`.
        """
    ) { a, b in .tensor(try binary(operation, a.astype(.bool), b.astype(.bool))) }
  }

  private enum GridOrder: String, Choice {
    case xy
    case ij
  }
}
