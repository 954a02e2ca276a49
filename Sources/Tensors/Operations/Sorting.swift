// Orders: sorting, distinct values, encodings by place.

extension Tensor {
  /// The order that sorts an axis, smallest first, equal elements as they stood; NaN last.
  public func argsort(_ axis: Int = -1, descending: Bool = false) throws -> Tensor {
    guard rank > 0 else { return try Tensor.zeros([1], dtype: .i64) }
    let along = try shape.axis(axis)
    let n = shape[along]
    let last = try detached().swapAxes(along, -1).contiguous()
    var order: [Int] = []
    order.reserveCapacity(count)
    if dtype.isFloating {
      let values = last.doubles
      // NaN sorts behind everything, as in NumPy.
      let precedes: (Double, Double) -> Bool = { a, b in
        descending ? a > b || (a.isNaN && !b.isNaN) : a < b || (b.isNaN && !a.isNaN)
      }
      for row in 0..<(n == 0 ? 0 : count / n) {
        let base = row * n
        order += (0..<n).sorted {
          let (a, b) = (values[base + $0], values[base + $1])
          return precedes(a, b) || (!precedes(b, a) && $0 < $1)
        }
      }
    } else {
      let values = last.ints
      for row in 0..<(n == 0 ? 0 : count / n) {
        let base = row * n
        order += (0..<n).sorted {
          let (a, b) = (values[base + $0], values[base + $1])
          return a == b ? $0 < $1 : descending ? a > b : a < b
        }
      }
    }
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
