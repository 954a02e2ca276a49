internal import Catalog

// Views: other shapes and orders over the same storage, where strides allow it.

extension Tensor {
  /// A view that a tape follows with `pull`.
  private func traced(
    _ name: StaticString, _ view: Tensor, _ pull: @escaping (Tensor) throws -> Tensor
  ) throws -> Tensor {
    if let tape = Tape.recording(self) { try tape.record(name, view, (self, pull)) }
    return view
  }

  /// The same elements in row-major order under another shape: a view if possible, else a copy.
  ///
  /// - Throws: `TensorError.reshape` when the element counts differ.
  public func reshape(_ target: Shape) throws -> Tensor {
    guard target.elements == count else {
      throw TensorError.reshape(from: shape, to: Array(target))
    }
    let from = shape
    let result: Tensor
    if let strides = viewStrides(for: target) {
      result = view(shape: target, strides: strides, offset: offset)
    } else {
      result = try cast(to: dtype).view(
        shape: target, strides: target.contiguousStrides, offset: 0)
    }
    return try traced("reshape", result) { try $0.reshape(from) }
  }

  /// The same, where one size may be -1 and follows from the count.
  public func reshape(sizes: [Int]) throws -> Tensor {
    guard let open = sizes.firstIndex(of: -1) else {
      guard sizes.allSatisfy({ $0 >= 0 }), let product = checkedProduct(sizes), product == count
      else { throw TensorError.reshape(from: shape, to: sizes) }
      return try reshape(Shape(sizes))
    }
    var known = sizes
    known.remove(at: open)
    guard !known.contains(-1) else {
      throw TensorError.value("can only specify one unknown dimension")
    }
    guard known.allSatisfy({ $0 >= 0 }), let product = checkedProduct(known),
      product > 0, count % product == 0
    else { throw TensorError.reshape(from: shape, to: sizes) }
    known.insert(count / product, at: open)
    return try reshape(Shape(known))
  }

  private func checkedProduct(_ sizes: [Int]) -> Int? {
    var product = 1
    for size in sizes {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// Strides that give `target` over this storage, or nil when elements must move.
  private func viewStrides(for target: Shape) -> Shape? {
    if isContiguous { return target.contiguousStrides }
    if count == 0 { return target.contiguousStrides }
    // Groups of old axes and of new axes with the same product, matched from the left.
    var result = Shape(repeating: 0, count: target.count)
    let old = (0..<rank).filter { shape[$0] != 1 }
    var (i, j) = (0, 0)
    while i < old.count {
      var (iEnd, jEnd) = (i + 1, j + 1)
      guard j < target.count else { return nil }
      var (a, b) = (shape[old[i]], target[j])
      while a != b {
        if a < b {
          guard iEnd < old.count else { return nil }
          a *= shape[old[iEnd]]
          iEnd += 1
        } else {
          guard jEnd < target.count else { return nil }
          b *= target[jEnd]
          jEnd += 1
        }
      }
      for k in i..<(iEnd - 1)
      where strides[old[k]] != strides[old[k + 1]] * shape[old[k + 1]] { return nil }
      var step = strides[old[iEnd - 1]]
      for k in stride(from: jEnd - 1, through: j, by: -1) {
        result[k] = step
        step *= target[k]
      }
      (i, j) = (iEnd, jEnd)
    }
    return result
  }

  /// The axes in another order.
  ///
  /// - Throws: `TensorError.value` when `order` is not a permutation of the axes.
  public func permute(_ order: [Int]) throws -> Tensor {
    guard order.count == rank else { throw TensorError.value("axes don't match array") }
    var (sizes, steps) = (Shape(), Shape())
    var inverse = Array(repeating: -1, count: rank)
    for (place, axis) in order.enumerated() {
      let resolved = try shape.axis(axis)
      guard inverse[resolved] < 0 else { throw TensorError.value("repeated axis in transpose") }
      inverse[resolved] = place
      sizes.unchecked(append: shape[resolved])
      steps.unchecked(append: strides[resolved])
    }
    return try traced("transpose", view(shape: sizes, strides: steps, offset: offset)) {
      try $0.permute(inverse)
    }
  }

  /// The axes in reverse order.
  public var transposed: Tensor {
    get throws { try permute(Array((0..<rank).reversed())) }
  }

  /// Two axes exchanged.
  public func swapAxes(_ a: Int, _ b: Int) throws -> Tensor {
    var order = Array(0..<rank)
    order.swapAt(try shape.axis(a), try shape.axis(b))
    return try permute(order)
  }

  /// A view that repeats axes of size one, without copying.
  public func broadcast(to target: Shape) throws -> Tensor {
    guard Shape.broadcast(shape, target) == target else {
      throw TensorError.broadcast(shape, target, operation: "broadcast_to")
    }
    // The pullback's result is summed back by the tape.
    return try traced(
      "broadcast_to", view(shape: target, strides: strides(over: target), offset: offset)
    ) { $0 }
  }

  /// A new axis of size one.
  public func expandDims(_ axis: Int) throws -> Tensor {
    let place = axis < 0 ? axis + rank + 1 : axis
    guard place >= 0, place <= rank else { throw TensorError.axis(axis, rank: rank + 1) }
    return try reshape(shape.inserting(1, at: place))
  }

  /// Without axes of size one: those given, or all.
  public func squeeze(_ axes: [Int]? = nil) throws -> Tensor {
    var marks = Array(repeating: false, count: rank)
    for axis in axes ?? (0..<rank).filter({ shape[$0] == 1 }) {
      let resolved = try shape.axis(axis)
      guard shape[resolved] == 1 else {
        throw TensorError.value(
          "cannot select an axis to squeeze out which has size not equal to one")
      }
      marks[resolved] = true
    }
    var sizes = Shape()
    for axis in 0..<rank where !marks[axis] { sizes.unchecked(append: shape[axis]) }
    return try reshape(sizes)
  }

  /// Elements in the opposite order along axes (all when nil): a view.
  public func flip(_ axes: [Int]? = nil) throws -> Tensor {
    let marks = try resolve(axes)
    var (steps, start) = (strides, offset)
    for axis in 0..<rank where marks[axis] {
      steps[axis] = -strides[axis]
      start += strides[axis] * Swift.max(shape[axis] - 1, 0)
    }
    return try traced("flip", view(shape: shape, strides: steps, offset: start)) {
      try $0.flip(axes)
    }
  }

  /// Elements `from..<to` along one axis: a view without bounds beyond the axis.
  func slice(_ axis: Int, _ from: Int, _ to: Int) throws -> Tensor {
    try self[region: Region(shape).cut(axis, from: from, count: Swift.max(to - from, 0), step: 1)]
  }
}

// MARK: Entries

extension Tensor {
  /// `reshape(2, 3)` and `reshape((2, 3))`.
  private static func sizes(_ rest: Rest<Value>) throws -> [Int] {
    if rest.values.count == 1, let sizes = try Axes.integers(rest.values[0]) { return sizes }
    return try rest.values.map { value in
      guard let size = Int.read(value) else {
        throw Failure(.type, "'\(value.typeName)' object cannot be interpreted as an integer")
      }
      return size
    }
  }

  static let shapingEntries: [Entry] = [
    Entry(
      "reshape", "The same elements under another shape; one size may be -1.",
      Parameter("x", Tensor.self, "the elements"),
      Parameter("shape", Axes.self, "the new sizes"), returns: "tensor",
      example: "reshape(arange(6), (2, -1))",
      details: """
        The elements keep their order, the last axis fastest: `y.flatten() == x.flatten()`. \
        Shapes: `shape`; -1 stands for what the others leave. Source: NumPy's `reshape`.
        """
    ) { x, shape in .tensor(try x.reshape(sizes: shape.values ?? [-1])) },
    Entry(
      "transpose", "The axes reversed, or in a given order.",
      Parameter("x", Tensor.self, "the elements"),
      Parameter("axes", Axes.self, "the order of the axes", default: { Axes(nil) }),
      returns: "tensor", example: "transpose(tensor([[1, 2], [3, 4]]))",
      details: """
        `y_ji = x_ij`. Shapes: (m, n) gives (n, m); with axes, size i is that of axis axes[i]. \
        Source: NumPy's `transpose`.
        """
    ) { x, axes in .tensor(try axes.values.map { try x.permute($0) } ?? x.transposed) },
    Entry(
      "expand_dims", "A new axis of size one.", Parameter("x", Tensor.self, "the elements"),
      Parameter("axis", Int.self, "where it stands"), returns: "tensor",
      example: "expand_dims(tensor([1, 2]), 0)",
      details: """
        `y[0, i] = x[i]` for axis 0. Shapes: that of x with a 1 at the place. Source: NumPy's \
        `expand_dims`.
        """
    ) { x, axis in .tensor(try x.expandDims(axis)) },
    Entry(
      "squeeze", "Without axes of size one.", Parameter("x", Tensor.self, "the elements"),
      Parameter("axis", Axes.self, "which of them; all when None", default: { Axes(nil) }),
      returns: "tensor", example: "squeeze(tensor([[1, 2]]))",
      details: """
        `y[i] = x[0, i]` for axis 0. Shapes: that of x without the axes of size 1. Source: \
        NumPy's `squeeze`.
        """
    ) { x, axes in .tensor(try x.squeeze(axes.values)) },
    Entry(
      "broadcast_to", "A view that repeats axes of size one.",
      Parameter("x", Tensor.self, "the elements"), Parameter("shape", Shape.self, "the new sizes"),
      returns: "tensor", example: "broadcast_to(tensor([1, 2]), (3, 2))",
      details: """
        `y[i, j] = x[0, j]` where x has size 1; gradients add up there. Shapes: `shape`; its \
        sizes equal those of x, counted from the end, or x has 1 there. Source: NumPy's \
        `broadcast_to`.
        """
    ) { x, shape in .tensor(try x.broadcast(to: shape)) },
    Entry(
      "swapaxes", "Two axes exchanged.", Parameter("x", Tensor.self, "the elements"),
      Parameter("a", Int.self, "the first"), Parameter("b", Int.self, "the second"),
      returns: "tensor", example: "swapaxes(tensor([[1, 2], [3, 4]]), 0, 1)",
      details: """
        `y_ji = x_ij` for two axes. Shapes: that of x with two sizes exchanged. Source: NumPy's \
        `swapaxes`.
        """
    ) { x, a, b in .tensor(try x.swapAxes(a, b)) },
    Entry(
      "flip", "Elements in the opposite order.", Parameter("x", Tensor.self, "the elements"),
      Parameter("axis", Axes.self, "along these axes", default: { Axes(nil) }), returns: "tensor",
      example: "flip(tensor([1, 2, 3]))",
      details: """
        `y_i = x_(n-1-i)`. Shapes: that of x. Source: NumPy's `flip`.
        """
    ) { x, axes in .tensor(try x.flip(axes.values)) },
  ]

  static let shapingMembers: [Entry] = [
    .method(
      of: Tensor.self, "reshape", "The same elements under another shape; one size may be -1.",
      Parameter("shape", Rest<Value>.self, "the new sizes", passing: .rest), returns: "tensor",
      example: "arange(6).reshape(2, -1)"
    ) { x, shape in .tensor(try x.reshape(sizes: sizes(shape))) },
    .method(
      of: Tensor.self, "transpose", "The axes reversed, or in a given order.",
      Parameter("axes", Rest<Value>.self, "the order of the axes", passing: .rest),
      returns: "tensor", example: "tensor([[1, 2], [3, 4]]).transpose()"
    ) { x, axes in .tensor(try axes.values.isEmpty ? x.transposed : x.permute(sizes(axes))) },
    .method(
      of: Tensor.self, "permute", "The axes in another order.",
      Parameter("axes", Rest<Value>.self, "the order of the axes", passing: .rest),
      returns: "tensor", example: "zeros((2, 3, 4)).permute(2, 0, 1).shape"
    ) { x, axes in .tensor(try x.permute(sizes(axes))) },
    .method(
      of: Tensor.self, "swapaxes", "Two axes exchanged.", Parameter("a", Int.self, "the first"),
      Parameter("b", Int.self, "the second"), returns: "tensor",
      example: "tensor([[1, 2], [3, 4]]).swapaxes(0, 1)"
    ) { x, a, b in .tensor(try x.swapAxes(a, b)) },
    .method(
      of: Tensor.self, "squeeze", "Without axes of size one.",
      Parameter("axis", Axes.self, "which of them; all when None", default: { Axes(nil) }),
      returns: "tensor", example: "tensor([[1, 2]]).squeeze()"
    ) { x, axes in .tensor(try x.squeeze(axes.values)) },
    .method(
      of: Tensor.self, "flatten", "All elements along one axis, copied.", returns: "tensor",
      example: "tensor([[1, 2], [3, 4]]).flatten()"
    ) { x in .tensor(try x.copy().reshape([x.count])) },
    .method(
      of: Tensor.self, "ravel", "All elements along one axis, a view where possible.",
      returns: "tensor", example: "tensor([[1, 2], [3, 4]]).ravel()"
    ) { x in .tensor(try x.reshape([x.count])) },
  ]
}
