internal import Catalog

// What scripts call: convolutions, pooling, borders.

/// One number for all axes, or one for each.
struct PerAxis: Argument {
  let values: [Int]

  static var kind: String { "int or tuple of ints" }

  static func read(_ value: Value) throws -> PerAxis? {
    try Axes.integers(value).map { PerAxis(values: $0) }
  }

  var shown: String { values.count == 1 ? "\(values[0])" : TensorError.tuple(values) }

  func expanded(_ count: Int, _ name: String) throws(TensorError) -> [Int] {
    guard values.count == 1 || values.count == count else {
      throw .value("\(name) is one number or \(count), got \(TensorError.tuple(values))")
    }
    return values.count == 1 ? Array(repeating: values[0], count: count) : values
  }
}

/// The border of `pad`: our modes and NumPy's names for them.
enum BorderMode: String, Choice {
  case constant, zeros, reflect, replicate, circular, edge, wrap

  var mode: PaddingMode {
    switch self {
    case .constant, .zeros: .zeros
    case .reflect: .reflect
    case .replicate, .edge: .replicate
    case .circular, .wrap: .circular
    }
  }
}

/// What `pad` puts around the elements: a mode, or a number in its place.
struct Border: Argument {
  var mode: BorderMode
  var value: Double?

  static var kind: String { "str or float" }
  static var choices: [String] { BorderMode.choices }

  static func read(_ value: Value) throws -> Border? {
    if let number = Double.read(value) { return Border(mode: .constant, value: number) }
    return try BorderMode.read(value).map { Border(mode: $0) }
  }

  var shown: String { mode.shown }
}

extension Tensor {
  private static let strides = Parameter(
    "strides", PerAxis.self, "cells from one output to the next", also: ["stride"],
    default: { PerAxis(values: [1]) })
  private static let padding = Parameter(
    "padding", Padding.self, "\"valid\", \"same\", \"full\", a number, or pairs (before, after)",
    default: { .valid })
  private static let dilation = Parameter(
    "dilation_rate", PerAxis.self, "cells from one tap to the next", also: ["dilation"],
    default: { PerAxis(values: [1]) })

  private static func convolution(
    _ name: String, _ sentence: String, spatial: Int, example: String
  ) -> Entry {
    let shapes =
      spatial == 2
      ? "x is (batch, height, width, channels), kernel (height, width, channels / groups, filters)"
      : "x is (batch, steps, channels), kernel (taps, channels / groups, filters)"
    return Entry(
      name, sentence, Parameter("x", Tensor.self, spatial == 2 ? "images" : "sequences"),
      Parameter("kernel", Tensor.self, "the weights"),
      Parameter("bias", Tensor?.self, "one number for each filter", default: { nil }), strides,
      padding, dilation,
      Parameter("groups", Int.self, "parts that channels and filters fall into", default: { 1 }),
      Parameter(
        "padding_mode", PaddingMode.self, "what stands in the padding", default: { .zeros }),
      returns: "tensor", example: example,
      details: """
        Cross-correlation, the kernel is not flipped: `y[i] = sum_u x[i * s + u * d - p] * k[u] + b`. \
        Shapes: \(shapes); n cells become `floor((n + p - (k - 1) * d - 1) / s) + 1`, p being the \
        padding of both sides together. "same" makes ⌈n / s⌉ outputs, the odd cell at the end, as TensorFlow does\
        \(spatial == 1 ? "; \"causal\" pads in front only" : ""). Peers: PyTorch has channels before \
        places and kernels (filters, channels / groups, …); its numbers for padding are symmetric, \
        here pairs do that. Source: LeCun et al. 1998.
        """
    ) { x, kernel, bias, strides, padding, dilation, groups, mode in
      guard x.rank == spatial + 2 else {
        throw TensorError.window(
          "\(name) takes \(spatial + 2) axes, got \(x.shape)", help: missingAxis(x.shape))
      }
      return .tensor(
        try x.convolved(
          kernel, bias: bias,
          WindowOptions(
            strides: strides.values, dilation: dilation.values, padding: padding, mode: mode,
            groups: groups)))
    }
  }

  private static func pool(
    _ name: String, _ sentence: String, spatial: Int, mean: Bool
  ) -> Entry {
    Entry(
      name, sentence, Parameter("x", Tensor.self, spatial == 2 ? "images" : "sequences"),
      Parameter("pool_size", PerAxis.self, "the window", default: { PerAxis(values: [2]) }),
      Parameter(
        "strides", PerAxis?.self, "cells from one window to the next; None: the window's size",
        also: ["stride"], default: { nil }), padding,
      Parameter(
        "count_include_pad", Bool.self, "whether padding counts in a mean", passing: .keywordOnly,
        default: { false }),
      returns: "tensor",
      example: spatial == 2 ? "\(name)(ones((1, 4, 4, 1)))" : "\(name)(ones((1, 4, 1)))",
      details: """
        \(mean
          ? "`y[i] = mean_u x[i * s + u]`. Padding is left out, as in Keras; PyTorch counts it, as "
            + "count_include_pad=True does."
          : "`y[i] = max_u x[i * s + u]`. Padding is -inf; of equal elements the first gets the "
            + "gradient.") \
        Shapes: (batch, \(spatial == 2 ? "height, width" : "steps"), channels); n cells become \
        `floor((n + p - k) / s) + 1`. Source: \(mean ? "LeCun et al. 1998" : "Scherer et al. 2010").
        """
    ) { x, size, strides, padding, counts in
      guard x.rank == spatial + 2 else {
        throw TensorError.window(
          "\(name) takes \(spatial + 2) axes, got \(x.shape)", help: missingAxis(x.shape))
      }
      let window = try size.expanded(spatial, "pool_size")
      let options = WindowOptions(strides: strides?.values ?? window, padding: padding)
      return .tensor(
        try mean
          ? x.averagePooled(window, options, countsPadding: counts)
          : x.maxPooled(window, options))
    }
  }

  static let windowEntries: [Entry] = [
    convolution(
      "conv1d", "Convolution of sequences with a kernel.", spatial: 1,
      example: "conv1d(ones((1, 5, 1)), ones((3, 1, 1)), padding=\"same\")"),
    convolution(
      "conv2d", "Convolution of images with a kernel.", spatial: 2,
      example: "conv2d(ones((1, 4, 4, 1)), ones((3, 3, 1, 1)))"),
    Entry(
      "conv2d_transpose", "Transposed convolution of images: each input spreads over a window.",
      Parameter("x", Tensor.self, "images"),
      Parameter("kernel", Tensor.self, "(height, width, filters, channels)"),
      Parameter("bias", Tensor?.self, "one number for each filter", default: { nil }), strides,
      padding, dilation,
      Parameter(
        "output_padding", PerAxis?.self, "cells more at the end of each axis", default: { nil }),
      returns: "tensor",
      example: "conv2d_transpose(ones((1, 2, 2, 1)), ones((3, 3, 1, 1)), strides=2)",
      details: """
        The gradient of conv2d with respect to its input: `y[i * s + u * d - p] += x[i] * k[u]`. \
        Shapes: x (batch, height, width, channels), kernel (height, width, filters, channels). Sizes \
        are Keras's: "valid" n s + max(k - s, 0), "same" n s; with numbers (n - 1) s + k - before - \
        after, as PyTorch's. Source: Zeiler et al. 2010.
        """
    ) { x, kernel, bias, strides, padding, dilation, extra in
      guard x.rank == 4 else {
        throw TensorError.window(
          "conv2d_transpose takes 4 axes, got \(x.shape)", help: missingAxis(x.shape))
      }
      return .tensor(
        try x.transposedConvolution(
          kernel, bias: bias,
          WindowOptions(strides: strides.values, dilation: dilation.values, padding: padding),
          extra: extra?.values))
    },
    pool("max_pool1d", "The largest number of each window of a sequence.", spatial: 1, mean: false),
    pool("max_pool2d", "The largest number of each window of an image.", spatial: 2, mean: false),
    pool("avg_pool1d", "The mean of each window of a sequence.", spatial: 1, mean: true),
    pool("avg_pool2d", "The mean of each window of an image.", spatial: 2, mean: true),
  ]
}
