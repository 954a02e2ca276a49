// Convolution as networks mean it: cross-correlation, images [batch, height, width, channels],
// kernels [height, width, channels / groups, filters].
//
// Three operations carry everything: correlation, its transpose in the input, and its transpose in
// the kernel. Each one's pullbacks are the other two, so derivatives of any order follow.

extension Tensor {
  /// y[i, j, o] = Σ x[i s + u d - p, j s + v d - p, c] k[u, v, c, o] + b[o].
  ///
  /// Sequences `[batch, steps, channels]` take kernels `[taps, channels / groups, filters]`.
  ///
  /// - Throws: `TensorError.window` when shapes do not agree, `.value` for settings that make no
  ///   sense, `.interrupted`.
  public func convolved(
    _ kernel: Tensor, bias: Tensor? = nil, _ options: WindowOptions = WindowOptions()
  ) throws -> Tensor {
    let spatial = rank - 2
    guard spatial == 1 || spatial == 2, kernel.rank == rank else {
      throw TensorError.window(
        "a convolution takes images (batch, height, width, channels) with a kernel (height, width, "
          + "channels, filters), or sequences (batch, steps, channels) with (taps, channels, "
          + "filters), got \(shape) and \(kernel.shape)", help: Tensor.missingAxis(shape))
    }
    let groups = options.groups
    let (channels, filters) = (shape[rank - 1], kernel.shape[rank - 1])
    try Tensor.checkGroups(groups, channels: channels, filters: filters)
    guard kernel.shape[rank - 2] == channels / groups else {
      throw TensorError.window(
        "the kernel \(kernel.shape) is for \(kernel.shape[rank - 2] * groups) channels"
          + (groups == 1 ? "" : " in \(groups) groups") + ", the input \(shape) has \(channels)",
        help: "kernels are (…, channels / groups, filters), channels stand last in the input")
    }
    if let bias, bias.shape != [filters] {
      throw TensorError.window(
        "the bias \(bias.shape) does not fit \(filters) filters", help: "its shape is (filters,)")
    }
    let sizes = Array(shape[1..<(rank - 1)])
    let axes = try options.axes(sizes, kernel: Array(kernel.shape.prefix(spatial)))
    let dtype = Tensor.windowType(self, kernel)
    var x = self.dtype == dtype ? self : try astype(dtype)
    let k = kernel.dtype == dtype ? kernel : try kernel.astype(dtype)
    let b = bias?.dtype == dtype ? bias : try bias?.astype(dtype)
    var plain = axes
    if options.mode != .zeros {
      x = try x.padded([(0, 0)] + axes.map { ($0.low, $0.high) } + [(0, 0)], mode: options.mode)
      plain = axes.map(\.padded)
    }
    let window = Window(
      batch: shape[0], rows: spatial == 1 ? .single : plain[0], columns: plain[spatial - 1],
      channels: channels, filters: filters, groups: groups)
    if spatial == 2 { return try Tensor.correlate(x, k, b, window) }
    let y = try Tensor.correlate(x.expandDims(1), k.expandDims(0), b, window)
    return try y.reshape([y.shape[0], y.shape[2], y.shape[3]])
  }

  /// The transposed convolution, which spreads each input over a window of a larger output: the
  /// gradient of a convolution with respect to its input.
  ///
  /// Sizes are Keras's: valid n s + max(k - s, 0), same n s; with cells (n - 1) s + k - low - high.
  ///
  /// - Parameters:
  ///   - kernel: `[height, width, filters, channels]`, or `[taps, filters, channels]`.
  ///   - extra: cells more at the end of each axis; one number stands for all; nil: as the size.
  /// - Throws: as `convolved`.
  public func transposedConvolution(
    _ kernel: Tensor, bias: Tensor? = nil, _ options: WindowOptions = WindowOptions(),
    extra: [Int]? = nil
  ) throws -> Tensor {
    let spatial = rank - 2
    guard spatial == 1 || spatial == 2, kernel.rank == rank else {
      throw TensorError.window(
        "a transposed convolution takes images (batch, height, width, channels) with a kernel "
          + "(height, width, filters, channels), or sequences (batch, steps, channels) with (taps, "
          + "filters, channels), got \(shape) and \(kernel.shape)", help: Tensor.missingAxis(shape))
    }
    let (channels, filters) = (shape[rank - 1], kernel.shape[rank - 2])
    guard kernel.shape[rank - 1] == channels else {
      throw TensorError.window(
        "the kernel \(kernel.shape) is for \(kernel.shape[rank - 1]) channels, the input \(shape) "
          + "has \(channels)",
        help: "kernels of transposed convolutions are (…, filters, channels)")
    }
    if let bias, bias.shape != [filters] {
      throw TensorError.window(
        "the bias \(bias.shape) does not fit \(filters) filters", help: "its shape is (filters,)")
    }
    let axes = try options.transposedAxes(
      Array(shape[1..<(rank - 1)]), kernel: Array(kernel.shape.prefix(spatial)), extra: extra)
    let dtype = Tensor.windowType(self, kernel)
    let g = dtype == self.dtype ? self : try astype(dtype)
    let k = kernel.dtype == dtype ? kernel : try kernel.astype(dtype)
    let window = Window(
      batch: shape[0], rows: spatial == 1 ? .single : axes[0], columns: axes[spatial - 1],
      channels: filters, filters: channels, groups: 1)
    var y: Tensor
    if spatial == 2 {
      y = try Tensor.scattered(g, k, window)
    } else {
      y = try Tensor.scattered(g.expandDims(1), k.expandDims(0), window)
      y = try y.reshape([y.shape[0], y.shape[2], y.shape[3]])
    }
    guard let bias else { return y }
    return try y + (bias.dtype == dtype ? bias : bias.astype(dtype))
  }

  static func checkGroups(_ groups: Int, channels: Int, filters: Int) throws(TensorError) {
    guard groups >= 1, groups <= Swift.max(channels, 1), channels % groups == 0,
      filters % groups == 0
    else {
      throw .window(
        "groups=\(groups) does not divide \(channels) channels and \(filters) filters",
        help: "each group takes an equal part of both")
    }
  }

  /// Floats stay, the wider of two wins, all else becomes the other's type or f32.
  private static func windowType(_ x: Tensor, _ kernel: Tensor) -> DType {
    switch (x.dtype.isFloating, kernel.dtype.isFloating) {
    case (true, true): DType.promoted(x.dtype, kernel.dtype)
    case (true, false): x.dtype
    case (false, true): kernel.dtype
    case (false, false): .f32
    }
  }

  /// A way out for images that lack an axis.
  static func missingAxis(_ shape: Shape) -> String {
    shape.count == 3 || shape.count == 2
      ? "images without channels get that axis by x[..., None]"
      : "channels stand last; a single image gets an axis in front by x[None]"
  }
}

extension WindowOptions {
  /// The axes of a transposed convolution: those of the convolution it transposes.
  public func transposedAxes(
    _ sizes: [Int], kernel: [Int], extra: [Int]?
  ) throws -> [WindowAxis] {
    guard mode == .zeros else {
      throw TensorError.value("a transposed convolution has zeros around it, not \(mode.rawValue)")
    }
    if padding == .causal { throw TensorError.value("a transposed convolution is not causal") }
    if let extra, extra.count != 1, extra.count != sizes.count {
      throw TensorError.value("output_padding is one number or \(sizes.count)")
    }
    // A window on one cell checks the settings before sizes are computed from them.
    var probe = self
    if case .cells = padding {} else { probe.padding = .full }
    let settings = try probe.axes(sizes.map { _ in WindowAxis.largest * 4 }, kernel: kernel)
    return try settings.enumerated().map { axis, set in
      let n = sizes[axis]
      let more = extra.map { $0[$0.count == 1 ? 0 : axis] }
      guard n >= 1, n <= 1 << 32 else {
        throw TensorError.window(
          "a transposed convolution needs at least one cell on each axis, got \(n)",
          help: "give it larger inputs")
      }
      if let more, more < 0 || more >= Swift.max(set.stride, set.dilation) {
        throw TensorError.value(
          "output_padding is at least 0 and below the stride, \(set.stride), got \(more)")
      }
      let (low, high, whole): (Int, Int, Int)
      let spread = (n - 1) * set.stride + set.reach
      switch padding {
      case .valid:
        (low, high) = (0, 0)
        whole = more.map { spread + $0 } ?? n * set.stride + max(set.reach - set.stride, 0)
      case .same:
        if let more {
          (low, high) = (set.reach / 2, set.reach / 2)
          whole = spread - low - high + more
        } else {
          whole = n * set.stride
          let total = max(spread - whole, 0)
          (low, high) = (total / 2, total - total / 2)
        }
      case .full, .causal:
        (low, high) = (set.reach - 1, set.reach - 1)
        whole = spread - low - high + (more ?? 0)
      case .cells:
        (low, high) = (set.low, set.high)
        whole = spread - low - high + (more ?? 0)
      }
      guard whole >= 1 else {
        throw TensorError.window(
          "a transposed convolution of \(n) cells would have \(whole) outputs",
          help: "use less padding, or larger inputs")
      }
      // Cells behind the last window belong to its padding on the other side.
      let ending = spread - low - whole
      let made = WindowAxis(
        size: whole, kernel: set.kernel, stride: set.stride, dilation: set.dilation, low: low,
        high: max(ending, 0))
      guard made.outputs == n else {
        throw TensorError.value(
          "no convolution with such padding makes \(n) cells out of \(whole)")
      }
      return made
    }
  }
}

extension Tensor {
  /// The correlation of images with a kernel, all of one floating dtype.
  static func correlate(
    _ x: Tensor, _ k: Tensor, _ bias: Tensor? = nil, _ window: Window
  ) throws -> Tensor {
    let y = try Tensor(uninitialized: Shape(window.output), x.dtype)
    try Convolving.forward(x.packedRows(), k.packedRows(), bias?.packedRows(), into: y, window)
    if let tape = Tape.recording([x, k] + (bias.map { [$0] } ?? [])) {
      var inputs: [(Tensor, (Tensor) throws -> Tensor)] = [
        (x, { try scattered($0, k, window) }), (k, { try kernelGradient(x, $0, window) }),
      ]
      if let bias { inputs.append((bias, { try $0.sum(axes: [0, 1, 2]) })) }
      try tape.record("convolution", y, needs: [x, k], all: inputs)
    }
    return y
  }

  /// The transpose of the correlation in its input.
  static func scattered(_ g: Tensor, _ k: Tensor, _ window: Window) throws -> Tensor {
    let x = try Tensor(uninitialized: Shape(window.input), g.dtype)
    try Convolving.inputGradient(g.packedRows(), k.packedRows(), into: x, window)
    if let tape = Tape.recording(g, k) {
      try tape.record(
        "transposed convolution", x, needs: [g, k], (g, { try correlate($0, k, nil, window) }),
        (k, { try kernelGradient($0, g, window) }))
    }
    return x
  }

  /// The transpose of the correlation in its kernel.
  static func kernelGradient(_ x: Tensor, _ g: Tensor, _ window: Window) throws -> Tensor {
    let k = try Tensor(uninitialized: Shape(window.kernel), x.dtype)
    try Convolving.kernelGradient(x.packedRows(), g.packedRows(), into: k, bias: nil, window)
    if let tape = Tape.recording(x, g) {
      try tape.record(
        "kernel correlation", k, needs: [x, g], (x, { try scattered(g, $0, window) }),
        (g, { try correlate(x, $0, nil, window) }))
    }
    return k
  }

  /// Itself when contiguous, else a contiguous copy; no tape follows it.
  private func packedRows() throws -> Tensor { isContiguous ? self : try cast(to: dtype) }
}
