/// A rectangular selection: for each axis a start, a count and a step.
struct Region {
  private(set) var starts: Shape
  private(set) var counts: Shape
  private(set) var steps: Shape

  /// Everything.
  init(_ shape: Shape) {
    starts = Shape(repeating: 0, count: shape.count)
    counts = shape
    steps = Shape(repeating: 1, count: shape.count)
  }

  /// The same, where one axis is limited.
  func cut(_ axis: Int, from start: Int, count: Int, step: Int) -> Region {
    var result = self
    result.starts[axis] = start
    result.counts[axis] = count
    result.steps[axis] = step
    return result
  }
}

extension Tensor {
  /// A view of a region; the caller has checked its bounds.
  subscript(region region: Region) -> Tensor {
    get throws {
      let result = unrecorded(region)
      if let tape = Tape.recording(self) {
        let shape = self.shape
        try tape.record("slice", result, (self, { try $0.embedded(in: shape, region) }))
      }
      return result
    }
  }

  func unrecorded(_ region: Region) -> Tensor {
    var (start, steps) = (offset, strides)
    for axis in 0..<rank {
      if region.counts[axis] > 0 { start += region.starts[axis] * strides[axis] }
      steps[axis] = strides[axis] * region.steps[axis]
    }
    return view(shape: region.counts, strides: steps, offset: start)
  }

  /// Zeros with this tensor in a region: the pullback of taking the region.
  func embedded(in shape: Shape, _ region: Region) throws -> Tensor {
    let result = try Tensor.zeros(shape, dtype: dtype)
    try Workers.filling(count) { result.unrecorded(region).write(self, watch: $0) }
    if let tape = Tape.recording(self) {
      try tape.record("embed", result, (self, { try $0[region: region] }))
    }
    return result
  }
}
