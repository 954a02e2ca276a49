internal import Catalog

// Several tensors into one, and one repeated.

extension Tensor {
  /// Tensors one after the other along an axis; all other sizes must be equal.
  public static func concat(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let first = tensors.first else {
      throw TensorError.value("need at least one array to concatenate")
    }
    guard first.rank > 0 else {
      throw TensorError.value("zero-dimensional arrays cannot be concatenated")
    }
    let along = try first.shape.axis(axis)
    var (total, dtype) = (0, first.dtype)
    for (index, tensor) in tensors.enumerated() {
      guard tensor.rank == first.rank else {
        throw TensorError.value(
          "all the input array dimensions except for the concatenation axis must match exactly, "
            + "but array 0 has shape \(first.shape) and array \(index) has \(tensor.shape)")
      }
      for other in 0..<first.rank
      where other != along && tensor.shape[other] != first.shape[other] {
        throw TensorError.value(
          "all the input array dimensions except for the concatenation axis must match exactly, "
            + "but along dimension \(other), the array at index 0 has size \(first.shape[other]) "
            + "and the array at index \(index) has size \(tensor.shape[other])")
      }
      total += tensor.shape[along]
      dtype = DType.promoted(dtype, tensor.dtype)
    }
    var sizes = Array(first.shape)
    sizes[along] = total
    let result = try Tensor(uninitialized: Shape(sizes), dtype)
    var start = 0
    var ranges: [Range<Int>] = []
    for tensor in tensors {
      let range = start..<(start + tensor.shape[along])
      let part = try result.slice(along, range.lowerBound, range.upperBound)
      try Workers.filling(tensor.count) { part.write(tensor, watch: $0) }
      ranges.append(range)
      start = range.upperBound
    }
    if let tape = Tape.recording(tensors) {
      try tape.record(
        "concat", result,
        all: zip(tensors, ranges).map { tensor, range in
          (tensor, { try $0.slice(along, range.lowerBound, range.upperBound) })
        })
    }
    return result
  }

  /// Tensors of one shape along a new axis.
  public static func stack(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let first = tensors.first else {
      throw TensorError.value("need at least one array to stack")
    }
    guard tensors.allSatisfy({ $0.shape == first.shape }) else {
      throw TensorError.value("all input arrays must have the same shape")
    }
    let place = axis < 0 ? axis + first.rank + 1 : axis
    return try concat(tensors.map { try $0.expandDims(axis) }, axis: place)
  }

  /// Every element `count` times in a row along an axis, or over all elements.
  public func repeated(_ count: Int, axis: Int? = nil) throws -> Tensor {
    guard count >= 0 else { throw TensorError.value("repeats may not contain negative values.") }
    guard let axis else { return try reshape([self.count]).repeated(count, axis: 0) }
    let along = try shape.axis(axis)
    let wide = try expandDims(along + 1)
    var sizes = Array(wide.shape)
    sizes[along + 1] = count
    let stretched = try wide.broadcast(to: Shape(sizes))
    sizes.remove(at: along + 1)
    sizes[along] = shape[along] * count
    return try stretched.copy().reshape(Shape(sizes))
  }

  /// The whole tensor `counts` times along each axis.
  public func tiled(_ counts: [Int]) throws -> Tensor {
    guard counts.allSatisfy({ $0 >= 0 }) else {
      throw TensorError.value("negative dimensions are not allowed")
    }
    var result = self
    while result.rank < counts.count { result = try result.expandDims(0) }
    let shift = result.rank - counts.count
    for (i, count) in counts.enumerated() where count != 1 {
      let axis = i + shift
      var sizes = Array(result.shape)
      let (size, overflow) = sizes[axis].multipliedReportingOverflow(by: count)
      if overflow { throw TensorError.value("array is too big: its size does not fit in memory") }
      let wide = try result.expandDims(axis)
      var stretched = Array(wide.shape)
      stretched[axis] = count
      sizes[axis] = size
      result = try wide.broadcast(to: Shape(stretched)).copy().reshape(Shape(sizes))
    }
    return result === self ? try copy() : result
  }

  /// A constant border; `widths` has (before, after) for each axis.
  public func padded(_ widths: [(Int, Int)], value: Double = 0) throws -> Tensor {
    guard widths.count == rank else {
      throw TensorError.value("pad needs one pair of widths per axis, \(rank) here")
    }
    guard widths.allSatisfy({ $0.0 >= 0 && $0.1 >= 0 }) else {
      throw TensorError.value("index can't contain negative values")
    }
    var (sizes, region) = ([Int](), Region(shape))
    for axis in 0..<rank {
      let (sum, overflow) = widths[axis].0.addingReportingOverflow(widths[axis].1)
      let (size, more) = sum.addingReportingOverflow(shape[axis])
      if overflow || more { throw TensorError.value("pad widths are too large") }
      sizes.append(size)
      region = region.cut(axis, from: widths[axis].0, count: shape[axis], step: 1)
    }
    let result = try Tensor.full(Shape(sizes), value, dtype: dtype)
    let inner = result.view(
      shape: shape, strides: result.strides,
      offset: (0..<rank).reduce(0) { $0 + widths[$1].0 * result.strides[$1] })
    try Workers.filling(count) { inner.write(self, watch: $0) }
    if let tape = Tape.recording(self) {
      let shape = self.shape
      try tape.record(
        "pad", result,
        (
          self,
          { gradient in
            var part = gradient
            for axis in 0..<shape.count {
              part = try part.slice(axis, widths[axis].0, widths[axis].0 + shape[axis])
            }
            return part
          }
        ))
    }
    return result
  }
}

// MARK: Entries

extension Tensor {
  /// `pad_width` as NumPy takes it: one number, one pair, or one pair per axis.
  private static func widths(_ value: Value, rank: Int) throws -> [(Int, Int)] {
    if let single = Int.read(value) { return Array(repeating: (single, single), count: rank) }
    let wrong = Failure(
      .type, "pad_width must be a number, a pair, or one pair for each of the \(rank) axes")
    guard case .list(let list) = value else { throw wrong }
    if let pair = try list.integers() {
      guard pair.count == 2 else { throw wrong }
      return Array(repeating: (pair[0], pair[1]), count: rank)
    }
    return try list.elements().map { part in
      guard case .list(let inner) = part, let pair = try inner.integers(), pair.count == 2 else {
        throw wrong
      }
      return (pair[0], pair[1])
    }
  }

  private static func concatenation(_ name: String, also: [String] = []) -> Entry {
    Entry(
      name, "Tensors one after the other along an axis.",
      Parameter("tensors", [Tensor].self, "equal in all other sizes"),
      Parameter("axis", Int.self, "the axis that grows", also: also, default: { 0 }),
      returns: "tensor", example: "\(name)([tensor([1, 2]), tensor([3])])",
      details: """
        `y = [a_0, …, a_(m-1), b_0, …]` along the axis. Shapes: equal but for the axis, whose \
        sizes add up. Source: NumPy's `concatenate`.
        """
    ) { tensors, axis in .tensor(try concat(tensors, axis: axis)) }
  }

  static let joiningEntries: [Entry] = [
    concatenation("concat", also: ["dim"]), concatenation("concatenate"),
    Entry(
      "stack", "Tensors of one shape along a new axis.",
      Parameter("tensors", [Tensor].self, "all of one shape"),
      Parameter("axis", Int.self, "where the new axis stands", also: ["dim"], default: { 0 }),
      returns: "tensor", example: "stack([tensor([1, 2]), tensor([3, 4])])",
      details: """
        `y[k] = tensors[k]` for axis 0. Shapes: one shape for all; the new axis is as long as \
        there are tensors. Source: NumPy's `stack`.
        """
    ) { tensors, axis in .tensor(try stack(tensors, axis: axis)) },
    Entry(
      "tile", "The whole tensor repeated along each axis.",
      Parameter("x", Tensor.self, "the elements"),
      Parameter("reps", Axes.self, "how often, for each axis"), returns: "tensor",
      example: "tile(tensor([1, 2]), (2, 2))",
      details: """
        `y_i = x_(i mod n)`. Shapes: each size times its repetitions. Source: NumPy's `tile`.
        """
    ) { x, counts in .tensor(try x.tiled(counts.values ?? [])) },
    Entry(
      "repeat", "Every element several times in a row.",
      Parameter("x", Tensor.self, "the elements"), Parameter("repeats", Int.self, "how often"),
      Parameter("axis", Int?.self, "along this axis", default: { nil }), returns: "tensor",
      example: "repeat(tensor([1, 2]), 2)",
      details: """
        `y_i = x_(i // repeats)`. Shapes: the axis becomes `repeats` times as long; without an \
        axis all elements stand in a row. Source: NumPy's `repeat`.
        """
    ) { x, count, axis in .tensor(try x.repeated(count, axis: axis)) },
    Entry(
      "pad", "A border around the elements.", Parameter("x", Tensor.self, "the elements"),
      Parameter("pad_width", Value.self, "a number, a pair, or a pair per axis"),
      Parameter("mode", Border.self, "what stands in it: a mode, or a number") {
        Border(mode: .constant)
      },
      Parameter("value", Double.self, "the border", also: ["constant_values"], default: { 0 }),
      returns: "tensor", example: "pad(tensor([1, 2]), (1, 0))",
      details: """
        `y_i = x_(i - before)`, outside by the mode: "constant" puts a value, "reflect" mirrors \
        without the edge, "replicate" ("edge" in NumPy) repeats the edge, "circular" ("wrap") \
        continues from the other end. Shapes: each size grows by before + after. Source: NumPy's \
        `pad`.
        """
    ) { x, amount, border, value in
      let widths = try widths(amount, rank: x.rank)
      guard border.mode.mode == .zeros else {
        return .tensor(try x.padded(widths, mode: border.mode.mode))
      }
      return .tensor(try x.padded(widths, value: border.value ?? value))
    },
  ]

  static let joiningMembers: [Entry] = [
    .method(
      of: Tensor.self, "repeat", "Every element several times in a row.",
      Parameter("repeats", Int.self, "how often"),
      Parameter("axis", Int?.self, "along this axis", default: { nil }), returns: "tensor",
      example: "tensor([1, 2]).repeat(2)"
    ) { x, count, axis in .tensor(try x.repeated(count, axis: axis)) }
  ]
}
