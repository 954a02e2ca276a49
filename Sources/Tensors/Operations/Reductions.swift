internal import Catalog

// Folds over axes: sums, means, extremes, and where these stand.

extension Tensor {
  /// The axes to fold, resolved and checked; nil means all.
  func resolve(_ axes: [Int]?) throws(TensorError) -> [Bool] {
    var folded = Array(repeating: axes == nil, count: rank)
    for axis in axes ?? [] {
      let resolved = try shape.axis(axis)
      if folded[resolved] { throw .value("duplicate value in 'axis'") }
      folded[resolved] = true
    }
    return folded
  }

  private func shape(folding folded: [Bool], keep: Bool) -> Shape {
    var result = Shape()
    for axis in 0..<rank {
      if !folded[axis] {
        result.unchecked(append: shape[axis])
      } else if keep {
        result.unchecked(append: 1)
      }
    }
    return result
  }

  private func folded(
    _ kernel: FoldKernel, _ marks: [Bool], dtype: DType, keepdims: Bool, identity: Double?
  ) throws -> Tensor {
    let source = self.dtype == dtype ? self : try cast(to: dtype)
    let full = try Tensor(uninitialized: shape(folding: marks, keep: true), dtype)
    if let identity {
      full.fill(identity)
      source.fold(kernel, marks, into: full)
    } else if full.count > 0 {
      // Extremes start from the first element of each group.
      var first = source
      for axis in 0..<rank where marks[axis] { first = try first.slice(axis, 0, 1) }
      full.write(first)
      source.fold(kernel, marks, into: full)
    }
    if keepdims { return full }
    let kept = shape(folding: marks, keep: false)
    return full.view(shape: kept, strides: kept.contiguousStrides, offset: 0)
  }

  /// The gradient of a fold, shaped so that it stretches over the folded axes again.
  private func unfold(_ gradient: Tensor, _ marks: [Bool]) throws -> Tensor {
    try gradient.reshape(shape(folding: marks, keep: true))
  }

  /// The sum over axes (all when nil).
  ///
  /// Integers and truth values add up in i64.
  ///
  /// Along the innermost axis floats are added pairwise, as NumPy adds them.
  public func sum(axes: [Int]? = nil, keepdims: Bool = false) throws -> Tensor {
    let marks = try resolve(axes)
    let result = try folded(
      .sum, marks, dtype: dtype.isFloating ? dtype : .i64, keepdims: keepdims, identity: 0)
    if let tape = Tape.recording(self) {
      let shape = self.shape
      try tape.record("sum", result, (self, { try self.unfold($0, marks).broadcast(to: shape) }))
    }
    return result
  }

  public func sum(_ axis: Int, keepdims: Bool = false) throws -> Tensor {
    try sum(axes: [axis], keepdims: keepdims)
  }

  /// The product over axes.
  public func product(axes: [Int]? = nil, keepdims: Bool = false) throws -> Tensor {
    let marks = try resolve(axes)
    let result = try folded(
      .product, marks, dtype: dtype.isFloating ? dtype : .i64, keepdims: keepdims, identity: 1)
    if let tape = Tape.recording(self) {
      try tape.record(
        "prod", result, needs: [self],
        (self, { try self.unfold($0, marks) * self.productOfOthers(marks) }))
    }
    return result
  }

  /// For each element the product of the others in its group, right for zeros too.
  private func productOfOthers(_ marks: [Bool]) throws -> Tensor {
    // Folded axes to the end, merged, then exclusive running products from both sides.
    let order = (0..<rank).filter { !marks[$0] } + (0..<rank).filter { marks[$0] }
    let moved = try permute(order)
    let group = marks.indices.filter { marks[$0] }.map { shape[$0] }.reduce(1, *)
    let outer = group == 0 ? 0 : count / group
    let flat = try moved.reshape([outer, group])
    let one = try Tensor.ones([outer, 1], dtype: dtype)
    let inner = Swift.max(group - 1, 0)
    let before = try Tensor.concat([one, flat.slice(1, 0, inner).cumulativeProduct(1)], axis: 1)
    let reversed = try flat.flip([1]).slice(1, 0, inner).cumulativeProduct(1)
    let after = try Tensor.concat([reversed.flip([1]), one], axis: 1)
    let others = try (before * after).reshape(moved.shape)
    var back = Array(repeating: 0, count: rank)
    for (place, axis) in order.enumerated() { back[axis] = place }
    return try others.permute(back)
  }

  /// How many elements fall into one group.
  private func groupSize(_ marks: [Bool]) -> Int {
    var product = 1
    for axis in 0..<rank where marks[axis] { product *= shape[axis] }
    return product
  }

  /// The mean over axes; integers give f64.
  ///
  /// Without elements it is NaN.
  public func mean(axes: [Int]? = nil, keepdims: Bool = false) throws -> Tensor {
    let n = groupSize(try resolve(axes))
    let total = try (dtype.isFloating ? self : try astype(.f64)).sum(axes: axes, keepdims: keepdims)
    return try total / Double(n)
  }

  public func mean(_ axis: Int, keepdims: Bool = false) throws -> Tensor {
    try mean(axes: [axis], keepdims: keepdims)
  }

  /// The mean squared distance from the mean, divided by `n - ddof`.
  public func variance(
    axes: [Int]? = nil, ddof: Double = 0, keepdims: Bool = false
  ) throws -> Tensor {
    let n = groupSize(try resolve(axes))
    let distance = try self - mean(axes: axes, keepdims: true)
    let total = try distance.square().sum(axes: axes, keepdims: keepdims)
    return try total / Swift.max(Double(n) - ddof, 0)
  }

  /// The square root of the variance.
  public func deviation(
    axes: [Int]? = nil, ddof: Double = 0, keepdims: Bool = false
  ) throws -> Tensor {
    try variance(axes: axes, ddof: ddof, keepdims: keepdims).root()
  }

  private func extreme(
    _ kernel: FoldKernel, _ axes: [Int]?, _ keepdims: Bool
  ) throws -> Tensor {
    let marks = try resolve(axes)
    if groupSize(marks) == 0 {
      throw TensorError.value(
        "zero-size array to reduction operation "
          + "\(kernel == .maximum ? "maximum" : "minimum") which has no identity")
    }
    let result = try folded(kernel, marks, dtype: dtype, keepdims: keepdims, identity: nil)
    if let tape = Tape.recording(self) {
      // Elements that tie share the gradient.
      try tape.record(
        "extreme", result, needs: [self, result],
        (
          self,
          { g in
            let hits = try self.equal(self.unfold(result.detached(), marks)).astype(self.dtype)
            let ties = try hits.sum(
              axes: marks.indices.filter { marks[$0] }, keepdims: true)
            return try self.unfold(g, marks) * (hits / ties)
          }
        ))
    }
    return result
  }

  /// The largest element; NaN when one is among them.
  public func max(axes: [Int]? = nil, keepdims: Bool = false) throws -> Tensor {
    try extreme(.maximum, axes, keepdims)
  }

  /// The smallest element; NaN when one is among them.
  public func min(axes: [Int]? = nil, keepdims: Bool = false) throws -> Tensor {
    try extreme(.minimum, axes, keepdims)
  }

  /// Where the first largest (or smallest) element stands along an axis, or in row-major order.
  public func argExtreme(
    largest: Bool, axis: Int? = nil, keepdims: Bool = false
  ) throws -> Tensor {
    let name = largest ? "argmax" : "argmin"
    guard let axis else {
      guard count > 0 else {
        throw TensorError.value("attempt to get \(name) of an empty sequence")
      }
      let flat = try detached().reshape([count])
      let result = try Tensor(uninitialized: [], .i64)
      flat.findExtreme(largest: largest, axis: 0, into: result)
      return keepdims ? try result.reshape(Shape(repeating: 1, count: rank)) : result
    }
    let along = try shape.axis(axis)
    guard shape[along] > 0 else {
      throw TensorError.value("attempt to get \(name) of an empty sequence")
    }
    let result = try Tensor(uninitialized: shape.removing(along), .i64)
    findExtreme(largest: largest, axis: along, into: result)
    return keepdims ? try result.expandDims(along) : result
  }

  public func argmax(_ axis: Int? = nil) throws -> Tensor {
    try argExtreme(largest: true, axis: axis)
  }

  public func argmin(_ axis: Int? = nil) throws -> Tensor {
    try argExtreme(largest: false, axis: axis)
  }

  /// Whether any element of a group is not zero.
  public func any(axes: [Int]? = nil, keepdims: Bool = false) throws -> Tensor {
    try cast(to: .bool).folded(
      .maximum, resolve(axes), dtype: .bool, keepdims: keepdims, identity: 0)
  }

  /// Whether all elements of a group are not zero.
  public func all(axes: [Int]? = nil, keepdims: Bool = false) throws -> Tensor {
    try cast(to: .bool).folded(
      .minimum, resolve(axes), dtype: .bool, keepdims: keepdims, identity: 1)
  }

  /// Running sums along an axis, or over all elements in row-major order.
  public func cumulativeSum(_ axis: Int? = nil) throws -> Tensor {
    guard let axis else { return try reshape([count]).cumulativeSum(0) }
    let along = try shape.axis(axis)
    let source = dtype.isFloating ? self : try cast(to: .i64)
    let result = try Tensor(uninitialized: shape, source.dtype)
    try Workers.filling(count) {
      source.accumulate(.sum, axis: along, into: result, watch: $0)
    }
    if let tape = Tape.recording(self) {
      try tape.record(
        "cumsum", result,
        (self, { try $0.flip([along]).cumulativeSum(along).flip([along]) }))
    }
    return result
  }

  /// Running products along an axis.
  public func cumulativeProduct(_ axis: Int? = nil) throws -> Tensor {
    guard let axis else { return try reshape([count]).cumulativeProduct(0) }
    let along = try shape.axis(axis)
    let source = dtype.isFloating ? self : try cast(to: .i64)
    let result = try Tensor(uninitialized: shape, source.dtype)
    try Workers.filling(count) {
      source.accumulate(.product, axis: along, into: result, watch: $0)
    }
    if let tape = Tape.recording(self) {
      try tape.record(
        "cumprod", result, needs: [self, result],
        (
          self,
          { g in
            if try self.detached().equal(0).any().integer(0) != 0 {
              return try self.throughZeros(g, along)
            }
            let flow = try (g * result).flip([along]).cumulativeSum(along).flip([along])
            return try flow / self
          }
        ))
    }
    return result
  }

  /// The gradient of running products where an element is zero and cannot be divided out.
  ///
  /// For element k it sums g_i times the product of all up to i but k; quadratic in the length.
  private func throughZeros(_ g: Tensor, _ along: Int) throws -> Tensor {
    let x = try swapAxes(along, -1)
    let n = x.shape.last ?? 0
    // [..., k, i]: the elements with 1 in place of element k, multiplied up to i.
    let isOwn = try Tensor.eye(n, n, dtype: dtype).greater(0)
    let others = try Tensor.select(isOwn, Tensor.ones([], dtype: dtype), x.expandDims(-2))
    let products = try others.cumulativeProduct(-1)
    let reached = try Tensor.ones([n, n], dtype: dtype).triangle(upper: true, diagonal: 0)
    let flow = try g.swapAxes(along, -1).expandDims(-2)
    return try (products * reached * flow).sum(-1).swapAxes(along, -1)
  }

  /// The Euclidean norm (order 2), or the sum of absolute values (1), or their maximum (infinity).
  public func norm(
    _ order: Double = 2, axes: [Int]? = nil, keepdims: Bool = false
  ) throws -> Tensor {
    let x = dtype.isFloating ? self : try astype(.f64)
    switch order {
    case 2: return try x.square().sum(axes: axes, keepdims: keepdims).root()
    case 1: return try x.abs().sum(axes: axes, keepdims: keepdims)
    case .infinity: return try x.abs().max(axes: axes, keepdims: keepdims)
    case -Double.infinity: return try x.abs().min(axes: axes, keepdims: keepdims)
    default:
      let total = try Tensor.power(x.abs(), order).sum(axes: axes, keepdims: keepdims)
      guard Tape.recording(total) != nil else { return try Tensor.power(total, 1 / order) }
      let (isZero, safe) = try total.withoutZeros()
      return try Tensor.select(
        isZero, Tensor.zeros([], dtype: total.dtype), Tensor.power(safe, 1 / order))
    }
  }

  /// The square root, whose gradient at 0 counts as 0, as that of a length does.
  private func root() throws -> Tensor {
    guard Tape.recording(self) != nil else { return try sqrt() }
    let (isZero, safe) = try withoutZeros()
    return try Tensor.select(isZero, Tensor.zeros([], dtype: dtype), safe.sqrt())
  }

  /// Where it is zero, and the elements with 1 there.
  private func withoutZeros() throws -> (isZero: Tensor, safe: Tensor) {
    let isZero = try detached().equal(0)
    return (isZero, try Tensor.select(isZero, Tensor.ones([], dtype: dtype), self))
  }
}
