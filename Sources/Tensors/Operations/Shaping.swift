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
