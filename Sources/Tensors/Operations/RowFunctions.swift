internal import Catalog

// Functions of whole rows: softmax and its relatives.

extension Tensor {
  private func softmaxRows(_ axis: Int, logarithm: Bool) throws -> Tensor {
    let along = try shape.axis(axis)
    guard dtype.isFloating else {
      return try astype(.f64).softmaxRows(axis, logarithm: logarithm)
    }
    if along != rank - 1 {
      return try swapAxes(along, -1).softmaxRows(-1, logarithm: logarithm).swapAxes(along, -1)
    }
    let input = try detached().contiguous()
    let y = try Tensor(uninitialized: shape, dtype)
    try Workers.filling(count) { y.fillSoftmax(of: input, logarithm: logarithm, watch: $0) }
    if let tape = Tape.recording(self) {
      try tape.record(
        logarithm ? "log_softmax" : "softmax", y, needs: [y],
        (
          self,
          { g in
            // dx = g - exp(y) sum(g), and dx = y (g - sum(g y)).
            if logarithm { return try g - y.exp() * g.sum(-1, keepdims: true) }
            return try y * (g - (g * y).sum(-1, keepdims: true))
          }
        ))
    }
    return y
  }

  /// Exponentials that add up to one along an axis; the maximum is subtracted first.
  public func softmax(_ axis: Int = -1) throws -> Tensor {
    try softmaxRows(axis, logarithm: false)
  }

  /// The logarithm of softmax, without taking the logarithm of small numbers.
  public func logSoftmax(_ axis: Int = -1) throws -> Tensor {
    try softmaxRows(axis, logarithm: true)
  }

  /// The logarithm of the sum of exponentials over axes.
  public func logSumExp(axes: [Int]? = nil, keepdims: Bool = false) throws -> Tensor {
    let shift = try detached().max(axes: axes, keepdims: true)
    let finite = try Tensor.select(
      UnaryOperation.isfinite(shift), shift, Tensor.zeros([], dtype: shift.dtype))
    let total = try (self - finite).exp().sum(axes: axes, keepdims: true).log() + finite
    if keepdims { return total }
    let marks = try resolve(axes)
    return try total.squeeze(marks.indices.filter { marks[$0] })
  }
}

// MARK: Entries

extension Tensor {
  static let rowEntries: [Entry] = [
    Entry(
      "softmax", "Exponentials that add up to one along an axis.",
      Parameter("x", Tensor.self, "the logits"),
      Parameter("axis", Int?.self, "the axis; all elements when None", default: { -1 }),
      returns: "tensor", example: "softmax(tensor([1.0, 2.0, 3.0]))",
      details: "`exp(x_i - m) / sum_k exp(x_k - m)`, m the largest. Gradient: "
        + "`s * (g - sum(g * s))`. Shapes: that of x. Source: Bridle 1990."
    ) { x, axis in
      guard let axis else { return .tensor(try x.reshape([x.count]).softmax().reshape(x.shape)) }
      return .tensor(try x.softmax(axis))
    },
    Entry(
      "log_softmax", "The logarithm of softmax, right for large and small numbers.",
      Parameter("x", Tensor.self, "the logits"),
      Parameter("axis", Int?.self, "the axis; all elements when None", default: { -1 }),
      returns: "tensor", example: "log_softmax(tensor([1.0, 2.0, 3.0]))",
      details: "`x_i - m - log(sum_k exp(x_k - m))`, m the largest. Gradient: "
        + "`g - softmax(x) * sum(g)`. Shapes: that of x. Source: the logarithm of softmax."
    ) { x, axis in
      guard let axis else {
        return .tensor(try x.reshape([x.count]).logSoftmax().reshape(x.shape))
      }
      return .tensor(try x.logSoftmax(axis))
    },
  ]
}
