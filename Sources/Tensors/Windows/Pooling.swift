// Pooling: the largest or the mean of windows, channel by channel.

extension Tensor {
  /// The largest element of each window; padding counts as -∞, the first of equals wins, NaN wins.
  ///
  /// For images `[batch, height, width, channels]` or sequences `[batch, steps, channels]`.
  ///
  /// - Parameter size: the window, one number for each axis; strides are the same unless given.
  /// - Throws: `TensorError.window` when a window does not fit, `.value`.
  public func maxPooled(_ size: [Int], _ options: WindowOptions? = nil) throws -> Tensor {
    try pooled(size, options) { x, window in
      let y = try Tensor(uninitialized: Shape(window.output), x.dtype)
      let places = try Tensor(uninitialized: Shape(window.output), .i32)
      try Pooling.largest(x.contiguousRows(), window, into: y, places)
      if let tape = Tape.recording(x) {
        try tape.record("max pooling", y, (x, { try Tensor.unpooled($0, places, window) }))
      }
      return y
    }
  }

  /// The mean of each window.
  ///
  /// - Parameter countsPadding: whether padding counts as zeros (PyTorch's default) or is left out
  ///   (Keras's).
  /// - Throws: as `maxPooled`.
  public func averagePooled(
    _ size: [Int], _ options: WindowOptions? = nil, countsPadding: Bool = false
  ) throws -> Tensor {
    try pooled(size, options) { try Tensor.pooledMean($0, $1, countsPadding) }
  }

  private func pooled(
    _ size: [Int], _ options: WindowOptions?, _ body: (Tensor, Window) throws -> Tensor
  ) throws -> Tensor {
    let spatial = rank - 2
    guard spatial == 1 || spatial == 2 else {
      throw TensorError.window(
        "pooling takes images (batch, height, width, channels) or sequences (batch, steps, "
          + "channels), got \(shape)", help: Tensor.missingAxis(shape))
    }
    guard size.count == spatial else {
      throw TensorError.value("a window for \(spatial) axes, got \(TensorError.tuple(size))")
    }
    let axes = try (options ?? WindowOptions(strides: size)).poolAxes(
      Array(shape[1..<(rank - 1)]), kernel: size)
    let x = dtype.isFloating ? self : try astype(.f32)
    let channels = shape[rank - 1]
    let window = Window(
      batch: shape[0], rows: spatial == 1 ? .single : axes[0], columns: axes[spatial - 1],
      channels: channels, filters: channels, groups: 1)
    if spatial == 2 { return try body(x, window) }
    let y = try body(x.expandDims(1), window)
    return try y.reshape([y.shape[0], y.shape[2], y.shape[3]])
  }

  private static func pooledMean(_ x: Tensor, _ window: Window, _ counts: Bool) throws -> Tensor {
    let y = try Tensor(uninitialized: Shape(window.output), x.dtype)
    try Pooling.mean(x.contiguousRows(), window, countsPadding: counts, into: y)
    if let tape = Tape.recording(x) {
      try tape.record("average pooling", y, (x, { try sharedMean($0, window, counts) }))
    }
    return y
  }

  /// The transpose of the mean.
  private static func sharedMean(_ g: Tensor, _ window: Window, _ counts: Bool) throws -> Tensor {
    let x = try Tensor(uninitialized: Shape(window.input), g.dtype)
    try Pooling.share(g.contiguousRows(), window, countsPadding: counts, into: x)
    if let tape = Tape.recording(g) {
      try tape.record("average unpooling", x, (g, { try pooledMean($0, window, counts) }))
    }
    return x
  }

  /// Puts gradients where the largest elements stood.
  private static func unpooled(_ g: Tensor, _ places: Tensor, _ window: Window) throws -> Tensor {
    let x = try Tensor(uninitialized: Shape(window.input), g.dtype)
    try Pooling.spread(g.contiguousRows(), places, window, into: x)
    if let tape = Tape.recording(g) {
      try tape.record("max unpooling", x, (g, { try pooledPick($0, places, window) }))
    }
    return x
  }

  /// Takes elements from where the largest stood.
  private static func pooledPick(_ x: Tensor, _ places: Tensor, _ window: Window) throws -> Tensor {
    let y = try Tensor(uninitialized: Shape(window.output), x.dtype)
    try Pooling.pick(x.contiguousRows(), places, window, into: y)
    if let tape = Tape.recording(x) {
      try tape.record("picking", y, (x, { try unpooled($0, places, window) }))
    }
    return y
  }

  /// Itself when contiguous, else a contiguous copy; no tape follows it.
  private func contiguousRows() throws -> Tensor { isContiguous ? self : try cast(to: dtype) }
}

extension WindowOptions {
  /// The axes of pooling, where every window must have a cell of the input.
  public func poolAxes(_ sizes: [Int], kernel: [Int]) throws(TensorError) -> [WindowAxis] {
    let axes = try axes(sizes, kernel: kernel)
    for axis in axes where max(axis.low, axis.high) >= axis.reach {
      throw .value(
        "padding of \(max(axis.low, axis.high)) leaves windows of \(axis.reach) without any input")
    }
    let (taps, overflow) = kernel.reduce((1, false)) { product, size in
      let (next, over) = product.0.multipliedReportingOverflow(by: size)
      return (next, product.1 || over)
    }
    guard !overflow, taps < 1 << 31 else { throw .value("a pooling window of \(taps) cells") }
    return axes
  }
}
