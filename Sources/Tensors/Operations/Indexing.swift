internal import Catalog

// Indexing as NumPy has it: numbers, slices, new axes, `...`, masks and integer arrays.

/// One part of an index expression.
public enum Index {
  case at(Int)
  case slice(from: Int?, to: Int?, step: Int?)
  case newAxis
  case ellipsis
  /// A mask (bool) or places (integers).
  case picks(Tensor)

  /// `from..<to`.
  public static func range(_ from: Int?, _ to: Int?) -> Index {
    .slice(from: from, to: to, step: nil)
  }

  /// The whole axis.
  public static var all: Index { .slice(from: nil, to: nil, step: nil) }
}

/// An index expression made fit for one shape: first a view, then perhaps picks.
private struct Resolved {
  var region: Region
  /// Axes of the region that numbers remove.
  var dropped: [Int] = []
  /// The shape of the view, new axes included.
  var shape = Shape()
  /// Axes of the view with their index tensors.
  var picks: [(axis: Int, tensor: Tensor)] = []
  /// Where the axes of the picks go; nil: to the front.
  var place: Int?

  init(_ parts: [Index], _ tensor: Tensor) throws {
    let shape = tensor.shape
    region = Region(shape)
    let parts = try Resolved.expand(parts, rank: shape.count)
    let hasPicks = parts.contains { if case .picks = $0 { true } else { false } }
    var axis = 0
    var runs: [Bool] = []
    for part in parts {
      switch part {
      case .newAxis:
        try self.shape.append(1)
        runs.append(false)
      case .ellipsis: break
      case .slice(let from, let to, let step):
        region = try Resolved.cut(region, axis, shape[axis], from, to, step ?? 1)
        try self.shape.append(region.counts[axis])
        axis += 1
        runs.append(false)
      case .at(let index):
        let size = shape[axis]
        let resolved = index < 0 ? index &+ size : index
        guard resolved >= 0, resolved < size else {
          throw TensorError.index(
            "index \(index) is out of bounds for axis \(axis) with size \(size)")
        }
        if hasPicks {
          picks.append((self.shape.count, try Tensor(scalar: resolved)))
          try self.shape.append(size)
          runs.append(true)
        } else {
          region = region.cut(axis, from: resolved, count: 1, step: 1)
          dropped.append(axis)
        }
        axis += 1
      case .picks(let picked) where picked.dtype == .bool:
        for (offset, list) in try Resolved.places(picked, shape, axis).enumerated() {
          picks.append((self.shape.count, try Tensor(list)))
          try self.shape.append(shape[axis + offset])
          runs.append(true)
        }
        axis += picked.rank
      case .picks(let picked):
        guard picked.dtype.isInteger else {
          throw TensorError.index(
            "arrays used as indices must be of integer (or boolean) type")
        }
        picks.append((self.shape.count, picked))
        try self.shape.append(shape[axis])
        axis += 1
        runs.append(true)
      }
    }
    if let first = runs.firstIndex(of: true), let last = runs.lastIndex(of: true),
      runs[first...last].allSatisfy({ $0 })
    {
      place = picks.first?.axis
    }
  }

  /// Replaces `...`, or appends one, so that every axis has a part.
  private static func expand(_ parts: [Index], rank: Int) throws -> [Index] {
    var (used, ellipses) = (0, 0)
    for part in parts {
      switch part {
      case .at, .slice: used += 1
      case .newAxis: break
      case .ellipsis: ellipses += 1
      case .picks(let tensor): used += tensor.dtype == .bool ? tensor.rank : 1
      }
    }
    guard ellipses <= 1 else {
      throw TensorError.index("an index can only have a single ellipsis ('...')")
    }
    guard used <= rank else {
      throw TensorError.index(
        "too many indices for array: array is \(rank)-dimensional, but \(used) were indexed")
    }
    let open = Array(repeating: Index.all, count: rank - used)
    if ellipses == 0 { return parts + open }
    return parts.flatMap { part -> [Index] in
      if case .ellipsis = part { open } else { [part] }
    }
  }

  /// Python's rules for the bounds of a slice.
  private static func cut(
    _ region: Region, _ axis: Int, _ size: Int, _ from: Int?, _ to: Int?, _ step: Int
  ) throws -> Region {
    guard step != 0 else { throw TensorError.value("slice step cannot be zero") }
    let (low, high) = step > 0 ? (0, size) : (-1, size - 1)
    func bound(_ value: Int?, _ missing: Int) -> Int {
      guard let value else { return missing }
      let resolved = value < 0 ? (value < -size ? -1 - size : value) + size : value
      return Swift.min(Swift.max(resolved, low), high)
    }
    let start = bound(from, step > 0 ? 0 : size - 1)
    let stop = bound(to, step > 0 ? size : -1)
    let span = step > 0 ? stop - start : start - stop
    let stride = step > 0 ? step : step == Int.min ? Int.max : -step
    let count = span > 0 ? (span - 1) / stride + 1 : 0
    // A step larger than the axis is only ever taken once, so it may be shortened.
    let limited = count <= 1 ? (step > 0 ? 1 : -1) : step
    return region.cut(axis, from: start, count: count, step: limited)
  }

  /// The places where a mask is true, one list per axis of the mask.
  private static func places(_ mask: Tensor, _ shape: Shape, _ axis: Int) throws -> [[Int]] {
    guard mask.rank > 0 else {
      throw TensorError.index("a mask without axes cannot be used as an index here")
    }
    for i in 0..<mask.rank where mask.shape[i] != shape[axis + i] {
      throw TensorError.index(
        "boolean index did not match indexed array along axis \(axis + i); size of axis is "
          + "\(shape[axis + i]) but size of corresponding boolean axis is \(mask.shape[i])")
    }
    return try mask.nonzeroPlaces()
  }
}

extension Tensor {
  /// For each axis, the indices of the elements that are not zero, in row-major order.
  func nonzeroPlaces() throws -> [[Int]] {
    let marks = dtype == .bool ? values(as: Truth.self) : doubles.map { Truth($0 != 0) }
    let steps = shape.contiguousStrides
    var lists: [[Int]] = Array(repeating: [], count: rank)
    for (place, mark) in marks.enumerated() {
      if place & 0x3_FFFF == 0x3_FFFF { try Workers.check() }
      guard mark.value else { continue }
      for axis in 0..<rank { lists[axis].append(place / steps[axis] % shape[axis]) }
    }
    return lists
  }

  public subscript(_ index: Index...) -> Tensor {
    get throws { try self.at(index) }
  }

  /// The selected part: a view when only numbers, slices and new axes are used, else a copy.
  ///
  /// - Throws: `TensorError.index`, `.value`.
  public func at(_ index: [Index]) throws -> Tensor {
    let resolved = try Resolved(index, self)
    let view = try viewed(resolved)
    guard !resolved.picks.isEmpty else { return view }
    let (moved, picks) = try picked(view, resolved)
    let result = try moved.gather(picks)
    guard let place = resolved.place, place > 0 else { return result }
    // Picks first, then the axes before and after them: put the picks back between.
    let width = picks.shape.count
    let order =
      Array(width..<(width + place)) + Array(0..<width) + Array((width + place)..<result.rank)
    return try result.permute(order)
  }

  private func viewed(_ resolved: Resolved) throws -> Tensor {
    let cut = try self[region: resolved.region]
    if resolved.shape == cut.shape { return cut }
    // Removing and adding axes of size one never copies.
    return try cut.reshape(resolved.shape)
  }

  private func picked(_ view: Tensor, _ resolved: Resolved) throws -> (Tensor, Picks) {
    let axes = resolved.picks.map(\.axis)
    let order = axes + (0..<view.rank).filter { !axes.contains($0) }
    let moved = try view.permute(order)
    return (moved, try Picks(resolved.picks.map(\.tensor), into: moved.shape, axes: axes))
  }

  /// Writes into the selected part; `value` is stretched over it and converted.
  ///
  /// When a gradient follows this tensor or the value, the write is recorded.
  ///
  /// - Throws: `TensorError.index`, `.value`, `.pinned`, `.gradient`.
  public func assign(_ index: [Index], _ value: Tensor) throws {
    if let tape = Tape.recording(self, value) {
      let updated = try detached().copy()
      try updated.assignPlain(index, value.detached())
      let part = try detached().at(index).shape
      try tape.record(
        "assign", updated,
        (
          self,
          { g in
            // The old values do not reach the result where they were overwritten.
            let mask = try Tensor.ones(g.shape, dtype: g.dtype)
            try mask.assignPlain(index, Tensor.zeros([], dtype: g.dtype))
            return try g * mask
          }
        ),
        (value, { try $0.at(index).broadcast(to: part) }))
      return try overwrite(with: updated)
    }
    try assignPlain(index, value)
  }

  private func assignPlain(_ index: [Index], _ value: Tensor) throws {
    let resolved = try Resolved(index, self)
    let cut = unrecorded(resolved.region)
    let source = value.storage === storage ? try value.detached().copy() : value
    if resolved.picks.isEmpty {
      let view = cut.shape == resolved.shape ? cut : try cut.reshape(resolved.shape)
      let fitting = try view.accepting(source)
      try storage.willWrite()
      return view.write(fitting)
    }
    let view = try cut.reshape(resolved.shape)
    let (moved, picks) = try picked(view, resolved)
    var target = picks.shape
    for axis in picks.indices.count..<moved.rank { try target.append(moved.shape[axis]) }
    var fitting = source
    if let place = resolved.place, place > 0, source.rank > 0 {
      // The value's axes stand as in the result; bring those of the picks to the front.
      let width = picks.shape.count
      var shape = Shape()
      for axis in 0..<place { try shape.append(target[width + axis]) }
      for axis in 0..<width { try shape.append(picks.shape[axis]) }
      for axis in (width + place)..<target.count { try shape.append(target[axis]) }
      let stretched = try Tensor.stretch(source, over: shape)
      fitting = try stretched.permute(
        Array(place..<(place + width)) + Array(0..<place) + Array((place + width)..<shape.count))
    }
    fitting = try Tensor.stretch(fitting, over: target)
    try storage.willWrite()
    try moved.scatter(fitting, picks, adding: false)
  }

  private func accepting(_ value: Tensor) throws -> Tensor {
    try Tensor.stretch(value, over: shape)
  }

  private static func stretch(_ value: Tensor, over target: Shape) throws -> Tensor {
    var value = value.detached()
    // Like NumPy, leading axes of size one may be dropped.
    while value.rank > target.count, value.shape[0] == 1 {
      value = try value.reshape(value.shape.removing(0))
    }
    guard Shape.broadcast(value.shape, target) == target else {
      throw TensorError.value(
        "could not broadcast input array from shape \(value.shape) into shape \(target)")
    }
    return try value.broadcast(to: target)
  }

  /// Entries along an axis at integer places; over all elements in row-major order when nil.
  public func take(_ places: Tensor, axis: Int? = nil) throws -> Tensor {
    guard let axis else { return try reshape([count]).take(places, axis: 0) }
    let along = try shape.axis(axis)
    return try at(Array(repeating: .all, count: along) + [.picks(places)])
  }

  /// Rows at integer places: the gather of a batch.
  public func rows(_ places: [Int]) throws -> Tensor {
    try at([.picks(Tensor(places))])
  }

  /// Elements along an axis at the places given for each position, as `take_along_axis`.
  public func takeAlong(_ places: Tensor, axis: Int) throws -> Tensor {
    let along = try shape.axis(axis)
    guard places.rank == rank else {
      throw TensorError.index("`indices` and `arr` must have the same number of dimensions")
    }
    var parts: [Index] = []
    for other in 0..<rank {
      if other == along {
        parts.append(.picks(places))
      } else {
        var sizes = Array(repeating: 1, count: rank)
        sizes[other] = places.shape[other]
        parts.append(.picks(try Tensor(Array(0..<places.shape[other])).reshape(Shape(sizes))))
      }
    }
    return try at(parts)
  }
}

// MARK: Entries

extension Tensor {
  static let indexingEntries: [Entry] = [
    Entry(
      "take", "Entries along an axis at integer places.",
      Parameter("x", Tensor.self, "the elements"),
      Parameter("indices", Tensor.self, "the places"),
      Parameter("axis", Int?.self, "along this axis", default: { nil }), returns: "tensor",
      example: "take(tensor([10, 20, 30]), [2, 0])",
      details: """
        `y_i = x[indices_i]`; the gradients of a place taken twice add up. Shapes: that of x \
        with the axis replaced by the shape of indices; without an axis that of indices. Source: \
        NumPy's `take`.
        """
    ) { x, places, axis in .tensor(try x.take(places, axis: axis)) },
    Entry(
      "take_along_axis", "Elements along an axis, at a place given for each position.",
      Parameter("x", Tensor.self, "the elements"),
      Parameter("indices", Tensor.self, "the places, with as many axes as x"),
      Parameter("axis", Int.self, "along this axis", default: { -1 }), returns: "tensor",
      example: "take_along_axis(tensor([[3, 1, 2]]), tensor([[1, 2, 0]]), 1)",
      details: """
        `y_ij = x_(i, indices_ij)` for axis 1. Shapes: that of indices, equal to x in the other \
        axes. Source: NumPy's `take_along_axis`.
        """
    ) { x, places, axis in .tensor(try x.takeAlong(places, axis: axis)) },
    Entry(
      "nonzero", "For each axis, where the elements that are not zero stand.",
      Parameter("x", Tensor.self, "the elements"), returns: "tuple of tensors",
      example: "nonzero(tensor([0, 3, 0, 5]))",
      details: """
        `x[i_0, i_1, ...] != 0`. Shapes: a tensor (k,) for each axis, k the number of such \
        elements. Source: NumPy's `nonzero`.
        """
    ) { x in .tuple(try x.nonzeroPlaces().map { .object(try Tensor($0)) }) },
  ]

  static let indexingMembers: [Entry] = [
    .method(
      of: Tensor.self, "take", "Entries along an axis at integer places.",
      Parameter("indices", Tensor.self, "the places"),
      Parameter("axis", Int?.self, "along this axis", default: { nil }), returns: "tensor",
      example: "tensor([10, 20, 30]).take([2, 0])"
    ) { x, places, axis in .tensor(try x.take(places, axis: axis)) },
    .method(
      of: Tensor.self, "nonzero", "For each axis, where the elements that are not zero stand.",
      returns: "tuple of tensors", example: "tensor([0, 3, 0, 5]).nonzero()"
    ) { x in .tuple(try x.nonzeroPlaces().map { .object(try Tensor($0)) }) },
  ]
}
