internal import CKernels

/// Integer indices into the first axes of a tensor, stretched to one shape and checked.
struct Picks {
  let shape: Shape
  /// One list of indices per axis, all in bounds.
  let indices: [[Int]]
  /// The sizes the indices were checked against.
  let sizes: [Int]

  /// - Parameter tensors: one i64 tensor for each of the first axes of `target`.
  /// - Throws: `TensorError.index` for an index out of bounds, or shapes that do not stretch.
  init(_ tensors: [Tensor], into target: Shape, axes names: [Int]) throws {
    var common = Shape()
    for tensor in tensors {
      guard let next = Shape.broadcast(common, tensor.shape) else {
        throw TensorError.index(
          "shape mismatch: indexing arrays could not be broadcast together with shapes "
            + tensors.map(\.shape.description).joined(separator: " "))
      }
      common = next
    }
    shape = common
    sizes = Array(target.prefix(tensors.count))
    var lists: [[Int]] = []
    for (axis, tensor) in tensors.enumerated() {
      let size = target[axis]
      var list = try tensor.detached().broadcast(to: common).ints
      for i in list.indices {
        let index = list[i]
        let resolved = index < 0 ? index + size : index
        guard resolved >= 0, resolved < size else {
          throw TensorError.index(
            "index \(index) is out of bounds for axis \(names[axis]) with size \(size)")
        }
        list[i] = resolved
        if i & 0xF_FFFF == 0xF_FFFF { try Workers.check() }
      }
      lists.append(list)
    }
    indices = lists
  }

  /// Offsets of the picked places in elements.
  fileprivate func offsets(_ strides: Shape) throws -> [Int] {
    var result = Array(repeating: 0, count: shape.elements)
    for (axis, list) in indices.enumerated() {
      let step = strides[axis]
      try Workers.check()
      for i in list.indices {
        result[i] += list[i] * step
        if i & 0xF_FFFF == 0xF_FFFF { try Workers.check() }
      }
    }
    return result
  }
}

extension Tensor {
  /// What lies behind the picked axes.
  private func rest(_ picks: Picks) -> (shape: Shape, strides: Shape) {
    var (sizes, steps) = (Shape(), Shape())
    for axis in picks.indices.count..<rank {
      sizes.unchecked(append: shape[axis])
      steps.unchecked(append: strides[axis])
    }
    return (sizes, steps)
  }

  /// The picked elements or sub-tensors: shape of the picks, then the remaining axes.
  func gather(_ picks: Picks) throws -> Tensor {
    let rest = rest(picks)
    let result = try Tensor(uninitialized: Shape(Array(picks.shape) + Array(rest.shape)), dtype)
    let width = rest.shape.elements
    let steps = rest.shape.contiguousStrides
    let walk = Walk(rest.shape, steps, rest.strides, steps)
    let kind = Int32(dtype.rawValue)
    let offsets = try picks.offsets(strides)
    let pace = Swift.max(1, Workers.stretch / Swift.max(width, 1))
    if rest.strides == steps || width == 1 {
      // Whole runs: copied as they are.
      let bytes = width * dtype.size
      for start in stride(from: 0, to: width == 0 ? 0 : offsets.count, by: pace) {
        if start > 0 { try Workers.check() }
        for place in start..<Swift.min(start + pace, offsets.count) {
          unsafe result.pointer(place * width).copyMemory(
            from: pointer(offsets[place]), byteCount: bytes)
        }
      }
    } else {
      for (place, from) in offsets.enumerated() {
        walk.forEach { n, at, step in
          unsafe gk_cast(
            kind, kind, n, result.pointer(place * width + at.0), step.0, pointer(from + at.1),
            step.1)
        }
        if place % pace == pace - 1 { try Workers.check() }
      }
    }
    if let tape = Tape.recording(self) {
      let shape = self.shape
      try tape.record("gather", result, (self, { try $0.scattered(picks, in: shape) }))
    }
    return result
  }

  /// Zeros of `shape` to which the parts of this tensor are added at the picked places.
  func scattered(_ picks: Picks, in shape: Shape) throws -> Tensor {
    let result = try Tensor.zeros(shape, dtype: dtype)
    try result.scatter(self, picks, adding: true)
    if let tape = Tape.recording(self) {
      try tape.record("scatter", result, (self, { try $0.gather(picks) }))
    }
    return result
  }

  /// Writes (or adds) `values`, stretched over the picks and the remaining axes, in order.
  func scatter(_ values: Tensor, _ picks: Picks, adding: Bool) throws {
    let rest = rest(picks)
    var full = picks.shape
    for size in rest.shape { full.unchecked(append: size) }
    let from = values.strides(over: full)
    var (outer, inner) = (Shape(), Shape())
    for axis in 0..<full.count {
      if axis < picks.shape.count {
        outer.unchecked(append: from[axis])
      } else {
        inner.unchecked(append: from[axis])
      }
    }
    let walk = Walk(rest.shape, rest.strides, inner, inner)
    let kind = Int32(dtype.rawValue)
    let valueKind = Int32(values.dtype.rawValue)
    let targets = try picks.offsets(strides)
    var place = 0
    Walk(picks.shape, picks.shape.contiguousStrides, outer, outer).forEach { n, at, step in
      for i in 0..<n {
        let (target, source) = (targets[place], at.1 + i * step.1)
        place += 1
        walk.forEach { n, at, step in
          if adding {
            unsafe gk_binary(
              BinaryKernel.add.rawValue, kind, n, pointer(target + at.0), step.0,
              pointer(target + at.0), step.0, values.pointer(source + at.1), step.1)
          } else {
            unsafe gk_cast(
              kind, valueKind, n, pointer(target + at.0), step.0, values.pointer(source + at.1),
              step.1)
          }
        }
      }
    }
  }
}
