internal import Catalog

// Orders: sorting, distinct values, encodings by place.

extension Tensor {
  /// The order that sorts an axis, smallest first, equal elements as they stood; NaN last.
  public func argsort(_ axis: Int = -1, descending: Bool = false) throws -> Tensor {
    guard rank > 0 else { return try Tensor.zeros([1], dtype: .i64) }
    let along = try shape.axis(axis)
    let n = shape[along]
    let last = try detached().swapAxes(along, -1).contiguous()
    let order = try last.rowOrder(n, descending: descending)
    return try Tensor(order, shape: last.shape).swapAxes(along, -1).contiguous()
  }

  /// The elements along an axis in order; the gradient goes back to where they stood.
  public func sorted(_ axis: Int? = -1, descending: Bool = false) throws -> Tensor {
    guard let axis else { return try reshape([count]).sorted(0, descending: descending) }
    guard rank > 0 else { return try copy() }
    return try takeAlong(argsort(axis, descending: descending), axis: axis)
  }

  /// The distinct values in order, the first place of each, for each element the number of its
  /// value, and how often each occurs.
  public func unique() throws -> (values: Tensor, first: Tensor, inverse: Tensor, counts: Tensor) {
    let flat = try detached().reshape([count])
    let order = try flat.argsort().ints
    var (first, counts, inverse) = ([Int](), [Int](), Array(repeating: 0, count: count))
    let isFloating = dtype.isFloating
    let doubles = isFloating ? flat.doubles : []
    let ints = isFloating ? [] : flat.ints
    for (rank, place) in order.enumerated() {
      let isNew: Bool
      if rank == 0 {
        isNew = true
      } else if isFloating {
        let (a, b) = (doubles[order[rank - 1]], doubles[place])
        isNew = a != b && !(a.isNaN && b.isNaN)
      } else {
        isNew = ints[order[rank - 1]] != ints[place]
      }
      if isNew {
        first.append(place)
        counts.append(0)
      }
      counts[counts.count - 1] += 1
      if rank & 0x3_FFFF == 0x3_FFFF { try Workers.check() }
      inverse[place] = first.count - 1
    }
    return (
      try flat.rows(first), try Tensor(first), try Tensor(inverse, shape: shape), try Tensor(counts)
    )
  }

  /// Class numbers as rows with a one: a new last axis of `classes`.
  ///
  /// - Throws: `TensorError.value` for a number outside `0..<classes`.
  public func oneHot(_ classes: Int, dtype: DType = .f32) throws -> Tensor {
    guard self.dtype.isInteger else {
      throw TensorError.dtype(
        "one_hot takes class numbers of an integer type, got \(self.dtype.name)",
        help: "convert them first: labels.astype(\"int64\")")
    }
    guard classes >= 0 else { throw TensorError.value("classes must not be negative") }
    let labels = ints
    let result = try Tensor.zeros(Shape([labels.count, classes]), dtype: dtype)
    if let wrong = labels.first(where: { $0 < 0 || $0 >= classes }) {
      throw TensorError.value("class \(wrong) is outside 0..\(classes - 1)")
    }
    try result.assign(
      [.picks(Tensor(Array(labels.indices))), .picks(Tensor(labels))], Tensor(scalar: 1.0))
    return try result.reshape(Shape(Array(shape) + [classes]))
  }
}

// MARK: Entries

extension Tensor {
  static let sortingEntries: [Entry] = [
    Entry(
      "sort", "The elements along an axis in order, NaN last.",
      Parameter("x", Tensor.self, "the elements"),
      Parameter("axis", Int?.self, "the axis; all elements when None", default: { -1 }),
      Parameter(
        "descending", Bool.self, "largest first", passing: .keywordOnly, default: { false }),
      returns: "tensor", example: "sort(tensor([3, 1, 2]))",
      details: """
        `y_i <= y_(i+1)`; the gradient goes back to where the elements stood. Shapes: that of x; \
        (n,) for axis None. Source: NumPy's `sort`.
        """
    ) { x, axis, descending in .tensor(try x.sorted(axis, descending: descending)) },
    Entry(
      "argsort", "The order that sorts an axis; equal elements stay as they stood.",
      Parameter("x", Tensor.self, "the elements"),
      Parameter("axis", Int.self, "the axis", default: { -1 }),
      Parameter(
        "descending", Bool.self, "largest first", passing: .keywordOnly, default: { false }),
      returns: "tensor", example: "argsort(tensor([3, 1, 2]))",
      details: """
        `take_along_axis(x, y, axis)` is sorted. The order is stable; NumPy's is with \
        kind="stable". Shapes: that of x. Source: NumPy's `argsort`.
        """
    ) { x, axis, descending in .tensor(try x.argsort(axis, descending: descending)) },
    Entry(
      "unique", "The distinct values in order.", Parameter("x", Tensor.self, "the elements"),
      Parameter("return_index", Bool.self, "also where each stands first", default: { false }),
      Parameter("return_inverse", Bool.self, "also the number of each value", default: { false }),
      Parameter("return_counts", Bool.self, "also how often each occurs", default: { false }),
      returns: "tensor or tuple", example: "unique(tensor([3, 1, 3]), return_counts=True)",
      details: """
        `y_i < y_(i+1)`; `y[inverse] == x`. Shapes: (k,) for k distinct values of x, of any \
        shape. Source: NumPy's `unique`.
        """
    ) { x, index, inverse, counts in
      let found = try x.unique()
      var parts: [Value] = [.object(found.values)]
      if index { parts.append(.object(found.first)) }
      if inverse { parts.append(.object(found.inverse)) }
      if counts { parts.append(.object(found.counts)) }
      return parts.count == 1 ? parts[0] : .tuple(parts)
    },
    Entry(
      "one_hot", "Class numbers as rows with a single one.",
      Parameter("labels", Tensor.self, "integers from 0"),
      Parameter(
        "classes", Int?.self, "how many; the largest label + 1 when None",
        also: ["num_classes", "depth"], default: { nil }),
      returns: "tensor", example: "one_hot(tensor([0, 2, 1]), 3)",
      details: """
        `y_ij = 1 if labels_i == j else 0`. Shapes: that of labels with one more axis of \
        `classes` at the end. A label outside is an error. Peers: Keras's `to_categorical`, \
        PyTorch's `one_hot`. Source: the equation.
        """
    ) { labels, classes in
      let largest = labels.count > 0 ? try labels.max().integer(0) : -1
      guard classes != nil || largest < 1 << 40 else {
        throw TensorError.value("the largest label is \(largest): give the number of classes")
      }
      return .tensor(try labels.oneHot(classes ?? Swift.max(largest, -1) + 1))
    },
  ]

  static let sortingMembers: [Entry] = [
    .method(
      of: Tensor.self, "argsort", "The order that sorts an axis.",
      Parameter("axis", Int.self, "the axis", default: { -1 }), returns: "tensor",
      example: "tensor([3, 1, 2]).argsort()"
    ) { x, axis in .tensor(try x.argsort(axis)) },
    .method(
      of: Tensor.self, "sort", "Sorts an axis in place, NaN last.",
      Parameter("axis", Int.self, "the axis", default: { -1 }),
      example: "tensor([3, 1, 2]).sort()"
    ) { x, axis in
      try x.overwrite(with: x.sorted(axis))
      return .none
    },
  ]
}
