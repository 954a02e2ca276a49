/// One axis over which a window runs.
public struct WindowAxis: Sendable, Hashable {
  /// Cells of the input.
  public let size: Int
  /// Taps of the window.
  public let kernel: Int
  /// Cells from one output to the next.
  public let stride: Int
  /// Cells from one tap to the next.
  public let dilation: Int
  /// Padding before and after.
  public let low: Int
  public let high: Int

  /// Kernels, strides, dilations and paddings beyond this throw.
  static let largest = 1 << 24

  /// - Throws: `TensorError.value` for settings that make no sense.
  public init(
    size: Int, kernel: Int, stride: Int = 1, dilation: Int = 1, padding: Padding = .valid,
    axis: Int = 0
  ) throws(TensorError) {
    for (name, value) in [("kernel", kernel), ("stride", stride), ("dilation", dilation)] {
      guard value >= 1, value <= WindowAxis.largest else {
        throw .value("a window's \(name) is at least 1 and at most 2**24, got \(value)")
      }
    }
    let reach = (kernel - 1) * dilation + 1
    var (low, high) = (0, 0)
    switch padding {
    case .valid: break
    case .same:
      let outputs = size / stride + (size % stride == 0 ? 0 : 1)
      let total = max((outputs - 1) * stride + reach - size, 0)
      low = total / 2
      high = total - low
    case .full: (low, high) = (reach - 1, reach - 1)
    case .causal: low = reach - 1
    case .cells(let pairs):
      let pair = pairs.count == 1 ? pairs[0] : pairs[min(axis, pairs.count - 1)]
      (low, high) = (pair.low, pair.high)
      guard min(low, high) >= 0, max(low, high) <= WindowAxis.largest else {
        throw .value("padding is at least 0 and at most 2**24, got \(padding.shown)")
      }
    }
    self.init(
      size: size, kernel: kernel, stride: stride, dilation: dilation, low: low, high: high)
  }

  init(size: Int, kernel: Int, stride: Int, dilation: Int, low: Int, high: Int) {
    self.size = size
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.low = low
    self.high = high
  }

  /// Cells from the first tap to the last.
  public var reach: Int { (kernel - 1) * dilation + 1 }

  /// ⌊(n + low + high - reach) / stride⌋ + 1; 0 when the window does not fit.
  public var outputs: Int {
    let room = size + low + high - reach
    return room < 0 ? 0 : room / stride + 1
  }

  /// The same for an input that has been padded already.
  var padded: WindowAxis {
    WindowAxis(
      size: size + low + high, kernel: kernel, stride: stride, dilation: dilation, low: 0, high: 0)
  }

  /// An axis of one cell, for sequences as images of one row.
  static let single = WindowAxis(size: 1, kernel: 1, stride: 1, dilation: 1, low: 0, high: 0)
}

/// What a convolution or pooling is asked for beside its operands; one value stands for all axes.
public struct WindowOptions: Sendable, Hashable {
  public var strides: [Int]
  public var dilation: [Int]
  public var padding: Padding
  public var mode: PaddingMode
  public var groups: Int

  public init(
    strides: [Int] = [1], dilation: [Int] = [1], padding: Padding = .valid,
    mode: PaddingMode = .zeros, groups: Int = 1
  ) {
    self.strides = strides
    self.dilation = dilation
    self.padding = padding
    self.mode = mode
    self.groups = groups
  }

  /// The axes of an input; `sizes` and `kernel` have one number for each.
  ///
  /// - Throws: `TensorError.value`; `.window` when the window does not fit.
  public func axes(_ sizes: [Int], kernel: [Int]) throws(TensorError) -> [WindowAxis] {
    let count = sizes.count
    for (name, list) in [("strides", strides), ("dilation", dilation)] {
      guard list.count == 1 || list.count == count else {
        throw .value("\(name) is one number or \(count), got \(TensorError.tuple(list))")
      }
    }
    if case .cells(let pairs) = padding, pairs.count != 1, pairs.count != count {
      throw .value("padding is one number, or one number or pair for each of \(count) axes")
    }
    if padding == .causal, count > 1 {
      throw .value("causal padding is for sequences: there is no order in two axes")
    }
    var axes: [WindowAxis] = []
    for axis in 0..<count {
      axes.append(
        try WindowAxis(
          size: sizes[axis], kernel: kernel[axis], stride: strides[strides.count == 1 ? 0 : axis],
          dilation: dilation[dilation.count == 1 ? 0 : axis], padding: padding, axis: axis))
    }
    if let small = axes.firstIndex(where: { $0.outputs < 1 }) {
      let axis = axes[small]
      let padded = axis.low + axis.high == 0 ? "" : " with \(axis.low + axis.high) of padding"
      let spread = axis.dilation == 1 ? "" : " spread over \(axis.reach) cells"
      throw .window(
        "a kernel of \(axis.kernel)\(spread) does not fit an input of \(axis.size)\(padded)",
        help: "use a smaller kernel, padding=\"same\", or larger inputs")
    }
    return axes
  }
}

/// All sizes of a convolution over images `[batch, height, width, channels]`; zeros around them.
struct Window: Hashable, Sendable {
  var batch: Int
  let rows: WindowAxis
  let columns: WindowAxis
  let channels: Int
  let filters: Int
  let groups: Int

  var input: [Int] { [batch, rows.size, columns.size, channels] }
  var kernel: [Int] { [rows.kernel, columns.kernel, groupChannels, filters] }
  var output: [Int] { [batch, rows.outputs, columns.outputs, filters] }
  var groupChannels: Int { channels / max(groups, 1) }
  var groupFilters: Int { filters / max(groups, 1) }
  /// Products behind one number of the output.
  var depth: Int { rows.kernel * columns.kernel * groupChannels }
  /// Operations for one image.
  var work: Double {
    2 * Double(rows.outputs) * Double(columns.outputs) * Double(filters) * Double(depth)
  }
}
